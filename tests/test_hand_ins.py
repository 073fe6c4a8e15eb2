"""What learning platforms and people hand over, touched by Excel, Word, macOS and Windows: the right student, or a doubt."""

from __future__ import annotations

import csv
import itertools
import json
import os
import unicodedata
from pathlib import Path

import lms
import pytest
import sample
from lms import CLASS, Person

from afteach import cli
from afteach.answers.lines import parse
from afteach.answers.tries import tries
from afteach.questions import model as questions

AT = "2026-03-{:02}T10:00:00Z"
FINGERPRINTS: dict[str, str] = {}


@pytest.fixture(autouse=True)
def bank(tmp_path, monkeypatch):
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(sample.build(tmp_path)))
    own = questions.bank()
    FINGERPRINTS.update({q.id: questions.fingerprint(q) for q in own.values()})
    return own


def line(who: str, question_id="ex-01", answer: object = "a", number=1, day=1, **more) -> str:
    drawn = f"{abs(hash((who, question_id, number, day))) % 16**16:016x}"
    own = {"v": 1, "id": drawn, "q": question_id, "f": FINGERPRINTS.get(question_id, ""), "answer": answer}
    own |= {"at": AT.format(day), "try": number} | more
    return json.dumps(own, ensure_ascii=False, separators=(",", ":")) + "\n"


def head(name: str, day=1, **more) -> str:
    own = {"v": 1, "header": True, "name": name, "version": "0", "bank": "0", "at": AT.format(day)} | more
    return json.dumps(own, ensure_ascii=False, separators=(",", ":")) + "\n"


def score(person: Person) -> int:
    """Every second person is right, so that one's answers in another's line are seen."""
    return CLASS.index(person) % 2


def signed(person: Person) -> bytes:
    said = "a" if score(person) else "b"
    return (head(person.signed) + line(person.name, answer=said) + line(person.name, "ex-06", "Zürich, oder")).encode()


def grade(tmp_path, *places, roster="", options=()):
    if roster:
        (tmp_path / "roster.csv").write_text(roster, encoding="utf-8")
        options = [*options, "--roster", str(tmp_path / "roster.csv")]
    assert cli.main(["grade", *map(str, places), "--out", str(tmp_path / "out"), *options]) == 0
    return book(tmp_path), table(tmp_path / "out/problems.csv")


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def book(tmp_path) -> dict[str, dict[str, str]]:
    rows = table(tmp_path / "out/gradebook.csv")
    names = [row["student"] for row in rows]
    assert len(set(names)) == len(names), names
    return dict(zip(names, rows, strict=True))


def shown(platform: str, person: Person) -> str:
    return f"{person.last}, {person.first}" if platform == "canvas" else person.name


def expect_all(students, platform, people=CLASS):
    scores = {name: row["ex-01 now"] for name, row in students.items()}
    assert scores == {shown(platform, person): str(score(person)) for person in people}


# Platforms, as they come


@pytest.mark.parametrize("platform", lms.NAMERS)
def test_a_whole_class_is_found_in_what_a_platform_gives(tmp_path, platform):
    zip_ = lms.zipped(tmp_path / "Course-Reading_2026_11_all.zip", lms.download(platform, CLASS, signed))
    students, problems = grade(tmp_path, zip_, roster=lms.roster(platform, CLASS))
    expect_all(students, platform)
    assert all("signed" in p["problem"] for p in problems), problems


@pytest.mark.parametrize("platform", lms.NAMERS)
def test_an_unpacked_download_is_the_same(tmp_path, platform):
    for name, raw in lms.download(platform, CLASS, signed).items():
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    students, _ = grade(tmp_path, tmp_path / "in", roster=lms.roster(platform, CLASS))
    expect_all(students, platform)


@pytest.mark.parametrize("platform", lms.NAMERS)
def test_a_student_whose_file_is_something_else_keeps_a_line(tmp_path, platform):
    files = lms.download(platform, CLASS[:2], signed)
    files |= lms.download(platform, CLASS[2:3], lambda p: lms.word(), "answers.docx")
    files |= lms.download(platform, CLASS[3:4], lambda p: b'{"cells": [], "nbformat": 4}', "01-walk.ipynb")
    files |= lms.download(platform, CLASS[4:5], lambda p: b"", "answers-x.jsonl")
    files |= lms.download(platform, CLASS[5:6], lambda p: b"%PDF-1.7", "print.pdf")
    students, problems = grade(tmp_path, lms.zipped(tmp_path / "all.zip", files), roster=lms.roster(platform, CLASS))
    states = [students[shown(platform, person)]["status"] for person in CLASS]
    assert states == ["handed in"] * 2 + ["cannot be read"] * 4 + ["nothing handed in"]
    told = {p["student"]: p["problem"] for p in problems if p["done"] == "left blank" and p["student"]}
    assert "Word document" in told[shown(platform, CLASS[2])] and "ask for" in told[shown(platform, CLASS[2])]
    assert "Jupyter notebook" in told[shown(platform, CLASS[3])] and "PDF" in told[shown(platform, CLASS[5])]


def test_without_a_class_list_the_platform_says_who_they_are(tmp_path):
    for platform in ("moodle", "brightspace", "blackboard"):
        files = lms.download(platform, CLASS, lambda person: signed(person).partition(b"\n")[2])
        students, _ = grade(tmp_path, lms.zipped(tmp_path / "all.zip", files))
        names = {lms.moodle_clean(p.name) if platform == "moodle" else p.name: str(score(p)) for p in CLASS}
        assert {name: row["ex-01 now"] for name, row in students.items()} == names


@pytest.mark.parametrize("platform", ["moodle", "canvas", "blackboard"])
def test_two_students_of_one_name_are_told_apart_by_their_number(tmp_path, platform):
    twins = [Person("Anna", "Smith", str(number), f"asmith{number}", "Anna Smith") for number in (11, 12)]
    answers_of = {"11": "a", "12": "b"}
    files = lms.download(
        platform, twins, lambda p: (head("Anna Smith") + line(p.number, answer=answers_of[p.number])).encode()
    )
    (tmp_path / "roster.csv").write_text(lms.roster(platform, twins))
    layout = ["--layout", platform] if platform != "blackboard" else []
    zip_ = lms.zipped(tmp_path / "all.zip", files)
    assert (
        cli.main(
            ["grade", str(zip_), "--out", str(tmp_path / "out"), "--roster", str(tmp_path / "roster.csv"), *layout]
        )
        == 0
    )
    rows = table(tmp_path / ("out/gradebook-plain.csv" if layout else "out/gradebook.csv"))
    assert sorted((row["id"], row["ex-01 now"]) for row in rows) == sorted(
        ((lms.ROSTERS[platform](p).get("Identifier") or lms.ROSTERS[platform](p).get("SIS User ID") or p.user), v)
        for p, v in zip(twins, "10", strict=True)) or platform == "moodle"  # fmt: skip
    assert {row["ex-01 now"] for row in rows} == {"0", "1"}
    if layout:
        upload = table(tmp_path / "out/gradebook.csv")
        assert {r["00-example A walk"] for r in upload if "Points" not in r.get("Student", "")} == {"0", "1"}


def test_two_students_of_one_name_without_a_number_are_a_named_doubt(tmp_path):
    files = {
        f"Anna Smith_{n}_assignsubmission_file_/a.jsonl": (head("Anna Smith") + line(str(n))).encode() for n in (1, 2)
    }
    roster = "name,email\nAnna Smith,a@x.org\nAnna Smith,b@x.org\n"
    (tmp_path / "roster.csv").write_text(roster)
    zip_ = lms.zipped(tmp_path / "all.zip", files)
    assert cli.main(["grade", str(zip_), "--out", str(tmp_path / "out"), "--roster", str(tmp_path / "roster.csv")]) == 0
    rows = table(tmp_path / "out/gradebook.csv")
    assert sorted(row["status"] for row in rows) == [
        "handed in",
        "handed in",
        "in doubt: see problems.csv",
        "in doubt: see problems.csv",
    ]
    assert all(row["ex-01 now"] == "" for row in rows if row["id"])
    assert (
        sum("2 students on the class list have this name" in p["problem"] for p in table(tmp_path / "out/problems.csv"))
        == 2
    )


def test_under_anonymous_marking_the_participants_number_says_who(tmp_path):
    files = {f"Participant_{p.number}_assignsubmission_file_/answers-x.jsonl": signed(p) for p in CLASS}
    students, _ = grade(tmp_path, lms.zipped(tmp_path / "all.zip", files), roster=lms.roster("moodle", CLASS))
    expect_all(students, "moodle")
    students, _ = grade(tmp_path, tmp_path / "all.zip", roster="name\n" + "".join(f"{p.name}\n" for p in CLASS))
    assert students["Мария Иванова"]["ex-01 now"] == "1" and students["Seán O'Brien"]["ex-01 now"] == "0"
    assert students["Bluebird"]["status"] == "handed in" and students["علی رحیمی"]["status"] == "nothing handed in"


# Who a name is


def test_what_stands_inside_a_students_folder_cannot_make_it_anothers(tmp_path):
    bob, anna = (
        Person("Bob", "Jones", "13", "bjones", "Bob Jones"),
        Person("Anna", "Smith", "12", "asmith", "Anna Smith"),
    )
    inside = ["x: Anna Smith_12_assignsubmission_file_a.jsonl", "smithanna_12_99_a.jsonl", "W_asmith_attempt_" + lms.STAMP + "_a.jsonl",
              "12-1 - Anna Smith - 25 November 2026 408 PM/a.jsonl"]  # fmt: skip
    for platform, namer in lms.NAMERS.items():
        for file in inside:
            name = namer(bob, file)
            students, _ = grade(tmp_path, lms.zipped(tmp_path / "all.zip", {name: line("bob", answer="b").encode()}),
                                roster=lms.roster(platform, [anna, bob]))  # fmt: skip
            assert students[shown(platform, anna)]["status"] != "handed in", (platform, file)
            own = students[shown(platform, bob)]["ex-01 now"]
            assert own == "0" or students[shown(platform, bob)]["status"].startswith("in doubt"), (platform, file)


@pytest.mark.parametrize(
    "file", ["12_assignsubmission_file_a.jsonl", "smithanna_12_99_a.jsonl", "answers-anna-smith.jsonl"]
)
def test_a_guest_is_nobody_on_the_list_whatever_stands_in_their_folder(tmp_path, file):
    anna = Person("Anna", "Smith", "12", "asmith", "Anna Smith")
    inside = f"Guest One_77_assignsubmission_file_/{'Anna Smith_' if file[0] == '1' else ''}{file}"
    for raw in (line("guest"), head("Anna Smith") + line("guest")):
        zip_ = lms.zipped(tmp_path / "all.zip", {inside: raw.encode()})
        for roster in (lms.roster("moodle", [anna]), lms.roster("canvas", [anna])):
            students, problems = grade(tmp_path, zip_, roster=roster)
            [listed] = [row for name, row in students.items() if "Smith" in name]
            assert listed["ex-01 now"] == "" and students["Guest One"]["ex-01 now"] == "1"
            assert any("Guest One" in p["problem"] and "not on the class list" in p["problem"] for p in problems)


@pytest.mark.parametrize(
    ("file", "others"),
    [
        ("Мария", ["李明", "Марина"]),
        ("রিনা", ["রানী", "রুনা"]),
        ("李明", ["李雷"]),
        ("علی", ["علا"]),
        ("Ann", ["Anna", "An"]),
        ("রনা", ["রুনা"]),
        ("कमार", ["कुमार"]),
    ],
)
def test_a_name_that_is_not_on_the_list_is_nobodys_on_it(tmp_path, file, others):
    (tmp_path / "in").mkdir()
    (tmp_path / f"in/{file}.jsonl").write_text(line(file), encoding="utf-8")
    students, problems = grade(tmp_path, tmp_path / "in", roster="name\n" + "\n".join(others))
    assert {name: row["status"] for name, row in students.items()} == dict.fromkeys(others, "nothing handed in") | {
        file: "handed in"
    }
    assert any("not on the class list" in p["problem"] for p in problems)
    students, _ = grade(tmp_path, tmp_path / "in", roster="name\n" + "\n".join([*others, file]))
    assert students[file]["ex-01 now"] == "1" and len(students) == len(others) + 1


@pytest.mark.parametrize(
    ("written", "listed"),
    [("Jose Garcia", "José García"), ("Muller", "Müller"), ("Mueller", "Müller"), ("Smith Anna", "Anna Smith"),
     ("علي رضا", "علی رضا"), ("Lukasz Zolc", "Łukasz Żółć")],
)  # fmt: skip
def test_another_spelling_counts_for_the_only_one_it_can_be_and_is_listed(tmp_path, written, listed):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/x.jsonl").write_text(head(written) + line("x"), encoding="utf-8")
    students, problems = grade(tmp_path, tmp_path / "in", roster=f"name\n{listed}\n")
    assert list(students) == [listed] and students[listed]["ex-01 now"] == "1"
    assert [p["student"] for p in problems if "is not written like" in p["problem"]] == [listed]


def test_a_like_name_never_takes_the_place_of_the_name_itself(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/1.jsonl").write_text(head("José García") + line("1", answer="a"), encoding="utf-8")
    (tmp_path / "in/2.jsonl").write_text(head("Jose Garcia", day=9) + line("2", answer="b"), encoding="utf-8")
    students, problems = grade(tmp_path, tmp_path / "in", roster="name\nJosé García\n")
    assert students["José García"]["ex-01 now"] == "1" and students["Jose Garcia"]["ex-01 now"] == "0"
    assert any("whose own file is here too" in p["problem"] for p in problems)


def test_a_list_that_names_a_student_twice_counts_them_once(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/1.jsonl").write_text(head("Anna Smith") + line("1"))
    roster = "name,id,group\nAnna Smith,7,A\nAnna Smith,7,A\nAnna Smith,7,B\nBob,8,A\n"
    students, problems = grade(tmp_path, tmp_path / "in", roster=roster)
    assert students["Anna Smith"]["ex-01 now"] == "1" and set(students) == {"Anna Smith", "Bob"}
    assert sum("twice" in p["problem"] for p in problems) == 2


def test_a_student_who_signs_with_their_number_is_found(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/1.jsonl").write_text(head("12345678") + line("1"))
    students, _ = grade(tmp_path, tmp_path / "in", roster="name,student id\nAnna Smith,12345678\n")
    assert students["Anna Smith"]["ex-01 now"] == "1"


# What programs make of a file


TOUCHED = {
    "Excel, one cell a line": lms.as_excel,
    "Excel, tabs and UTF-16": lambda raw: lms.as_excel(raw, "\t", "utf-16"),
    "Excel, commas": lambda raw: lms.as_excel(raw, ","),
    "Excel, cut at commas": lms.as_excel_cut,
    "Notepad, with a mark": lambda raw: b"\xef\xbb\xbf" + raw,
    "Notepad, Unicode": lambda raw: raw.decode().encode("utf-16"),
    "Notepad, ANSI": lambda raw: raw.decode().encode("cp1252", "replace"),
    "old line ends": lambda raw: raw.replace(b"\n", b"\r"),
    "Windows line ends": lambda raw: raw.replace(b"\n", b"\r\n"),
    "a line before the header": lambda raw: b"sep=;\n\n" + raw,
    "curly quotes": lambda raw: raw.replace(b'"', "”".encode()).replace("{”".encode(), "{“".encode()),
}


@pytest.mark.parametrize("touched", TOUCHED)
@pytest.mark.parametrize("ending", ["jsonl", "txt", "csv", "jsonl.txt"])
def test_a_file_that_was_saved_again_is_read(tmp_path, touched, ending):
    raw = (head("Anna Müller") + line("x", "ex-02", ["a", "b"]) + line("x", "ex-06", "Zürich")).encode()
    (tmp_path / "in").mkdir()
    (tmp_path / f"in/answers-anna-müller.{ending}").write_bytes(TOUCHED[touched](raw))
    students, _ = grade(tmp_path, tmp_path / "in", roster="name\nAnna Müller\n")
    assert students["Anna Müller"]["ex-06 now"] == "1" and list(students) == ["Anna Müller"]
    assert students["Anna Müller"]["ex-02 now"] == "1"


def test_a_file_in_a_code_page_that_nobody_can_tell_is_marked_and_named_by_its_file(tmp_path):
    (tmp_path / "in").mkdir()
    for name, page in (("Мария Иванова", "cp1251"), ("李明", "gb18030"), ("احمد", "cp1256")):
        text = head(name) + line(name)
        (tmp_path / f"in/answers-{name.replace(' ', '-')}.jsonl").write_bytes(text.encode(page))
    students, problems = grade(tmp_path, tmp_path / "in", roster="name\nМария Иванова\n李明\nاحمد\n")
    assert {name: row["ex-01 now"] for name, row in students.items()} == {
        "Мария Иванова": "1",
        "李明": "1",
        "احمد": "1",
    }
    assert sum("code page" in p["problem"] for p in problems) == 3


@pytest.mark.parametrize("kind", ["docx", "ipynb", "rtf", "pdf", "xlsx", "png", "rar"])
@pytest.mark.parametrize("where", ["anna-müller.{}", "Anna Müller/work.{}", "answers-anna-müller.{}"])
def test_a_document_in_a_folder_keeps_its_students_line(tmp_path, kind, where):
    raws = {"docx": lms.word(), "ipynb": b'{"cells": [], "nbformat": 4}', "rtf": b"{\\rtf1 x}", "pdf": b"%PDF-1.7", "png": b"\x89PNG\r\n",
            "rar": b"Rar!\x1a", "xlsx": lms.office("xl/workbook.xml")}  # fmt: skip
    path = tmp_path / "in" / where.format(kind)
    path.parent.mkdir(parents=True)
    path.write_bytes(raws[kind])
    students, problems = grade(tmp_path, tmp_path / "in", roster="name\nAnna Müller\nBob\n")
    assert {name: row["status"] for name, row in students.items()} == {
        "Anna Müller": "cannot be read",
        "Bob": "nothing handed in",
    }
    assert any("ask for" in p["problem"] and p["student"] == "Anna Müller" for p in problems)
    students, _ = grade(tmp_path, tmp_path / "in")
    assert [row["status"] for row in students.values()] == ["cannot be read"]


def test_notebooks_beside_the_answers_are_one_line_of_problems(tmp_path):
    own = tmp_path / "in/anna/my-workbook"
    (own / "answers").mkdir(parents=True)
    for number in range(5):
        (own / f"0{number}-walk.ipynb").write_text('{"cells": [], "nbformat": 4}')
    (own / "answers/20261125T160825-17927-0123abcd.jsonl").write_text(line("anna"))
    students, problems = grade(tmp_path, tmp_path / "in")
    assert list(students) == ["anna"] and students["anna"]["ex-01 now"] == "1"
    assert len([p for p in problems if "hold none" in p["problem"]]) == 1 and len(problems) == 2


def test_what_systems_leave_behind_is_nobodys_hand_in(tmp_path):
    (tmp_path / "in/__MACOSX").mkdir(parents=True)
    for name in (
        "__MACOSX/._answers-a.jsonl",
        "._answers-a.jsonl",
        ".DS_Store",
        "desktop.ini",
        "Thumbs.db",
        "~$answers.docx",
        "index.html",
    ):
        (tmp_path / "in" / name).write_bytes(b"\0junk")
    (tmp_path / "in/answers-a.jsonl").write_text(head("Anna") + line("a"))
    students, problems = grade(tmp_path, tmp_path / "in")
    assert list(students) == ["Anna"] and problems == []


@pytest.mark.parametrize(
    "name", ["answers-anna (1)", "answers-anna - Copy", "answers-anna - Kopie (2)", "answers-anna(2)"]
)
def test_a_copy_of_a_download_is_the_same_students(tmp_path, name):
    (tmp_path / "in").mkdir()
    (tmp_path / f"in/{name}.jsonl").write_text(line("a"))
    students, _ = grade(tmp_path, tmp_path / "in", roster="name\nAnna\n")
    assert list(students) == ["Anna"] and students["Anna"]["ex-01 now"] == "1"


# Zips


@pytest.mark.parametrize("platform", ["moodle", "moodle flat", "canvas", "brightspace"])
@pytest.mark.parametrize("page", ["utf-8", "nfd", "mixed"])
def test_names_in_a_zip_of_macos_or_windows_are_read_as_they_were_meant(tmp_path, platform, page):
    people = {"utf-8": CLASS, "nfd": CLASS, "mixed": CLASS[:1]}[page]
    files = lms.download(platform, people, signed)
    if page == "nfd":
        files = {unicodedata.normalize("NFD", name): raw for name, raw in files.items()}
    zip_ = lms.unflagged(tmp_path / "all.zip", files, "utf-8" if page != "mixed" else "cp437")
    students, _ = grade(tmp_path, zip_, roster=lms.roster(platform, people))
    expect_all(students, platform, people)


@pytest.mark.parametrize(
    ("page", "person"), [("cp1252", 0), ("cp437", 0), ("cp850", 0), ("cp866", 1), ("cp1251", 1), ("gb18030", 2)]
)
def test_names_in_the_code_page_of_a_windows_are_read(tmp_path, page, person):
    files = lms.download("moodle", [CLASS[person]], lambda p: line("x").encode())
    zip_ = lms.unflagged(tmp_path / "all.zip", {name.replace("/", "\\"): raw for name, raw in files.items()}, page)
    students, _ = grade(tmp_path, zip_, roster="name\n" + "".join(f"{p.name}\n" for p in CLASS))
    assert students[CLASS[person].name]["ex-01 now"] == "1"


@pytest.mark.parametrize("platform", [*lms.NAMERS, "names"])
@pytest.mark.parametrize("inside", ["my-workbook/answers/20261125T160825-17927-0123abcd.jsonl", "answers-x.jsonl"])
def test_a_zip_of_students_zips_is_opened(tmp_path, platform, inside):
    files = {}
    for person in CLASS:
        inner = lms.zipped(tmp_path / "inner.zip", {inside: signed(person).partition(b"\n")[2]}).read_bytes()
        name = f"{person.name}.zip" if platform == "names" else lms.NAMERS[platform](person, "my workbook.zip")
        files[name] = inner
    roster = "name\n" + "".join(f"{p.name}\n" for p in CLASS) if platform == "names" else lms.roster(platform, CLASS)
    if platform == "names" and inside == "answers-x.jsonl":
        pytest.skip("here the file names somebody")
    students, _ = grade(tmp_path, lms.zipped(tmp_path / "all.zip", files), roster=roster)
    expect_all(students, platform)


def test_the_folder_of_a_workbook_with_the_file_to_hand_in_beside_it_is_one_student(tmp_path):
    own = tmp_path / "in/some folder"
    (own / "answers").mkdir(parents=True)
    first, second = line("anna", answer="b"), line("anna", answer="a", number=2)
    (own / "answers/20261125T160825-17927-0123abcd.jsonl").write_text(first)
    (own / "answers/20261126T160825-17928-0123abcd.jsonl").write_text(second)
    (own / "answers-anna.jsonl").write_text(head("Anna") + first + second)
    students, problems = grade(tmp_path, tmp_path / "in")
    assert list(students) == ["Anna"] and problems == []
    assert [students["Anna"][f"ex-01 {part}"] for part in ("first", "now", "tries")] == ["0", "1", "2"]


def test_a_copy_of_somebodys_raw_answers_in_anothers_folder_stays_the_others(tmp_path):
    text = line("anna")
    files = {lms.moodle(CLASS[0], "a.jsonl"): (head("Anna") + text).encode(),
             lms.moodle(CLASS[1], "20261125T160825-17927-0123abcd.jsonl"): text.encode()}  # fmt: skip
    students, problems = grade(tmp_path, lms.zipped(tmp_path / "all.zip", files), roster=lms.roster("moodle", CLASS))
    assert students[CLASS[1].name]["status"] == "handed in"
    [shared] = [p for p in problems if "same random id" in p["problem"]]
    assert CLASS[0].name in shared["problem"] and CLASS[1].name in shared["problem"]


# Dates, tries, seals


@pytest.mark.parametrize(
    "at", ["2099-01-01T00:00:00Z", "2026-W01-1", "2026-13-01T00:00:00Z", "2026-03-09", "tomorrow", ""]
)
def test_a_date_that_is_none_never_beats_an_honest_one(tmp_path, at):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/1.jsonl").write_text(head("Anna") + line("1", answer="a"))
    (tmp_path / "in/2.jsonl").write_text(head("Anna", at=at) + line("2", answer="b"))
    students, problems = grade(tmp_path, tmp_path / "in")
    assert students["Anna"]["ex-01 now"] == "1" and any("earliest" in p["problem"] for p in problems)


def test_a_later_file_without_an_answer_takes_nothing_away_and_alone_it_says_what_to_ask_for(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "full.jsonl").write_text(head("Anna", day=1) + line("Anna"))
    (tmp_path / "in" / "empty.jsonl").write_text(head("Anna", day=9))
    (tmp_path / "in" / "bob.jsonl").write_text(head("Bob"))
    students, problems = grade(tmp_path, tmp_path / "in")
    assert students["Anna"]["ex-01 now"] == "1" and students["Anna"]["status"] == "handed in"
    [told] = [p for p in problems if p["student"] == "Bob"]
    assert (
        students["Bob"]["status"] == "no answer in it" and "ask whether the answers lie in another" in told["problem"]
    )


def test_what_changed_a_files_quotation_marks_is_told_as_it_was(tmp_path):
    (tmp_path / "in").mkdir()
    plain = head("Anna") + line("Anna")
    (tmp_path / "in" / "word.jsonl").write_text(plain.replace('"', "“"), encoding="utf-8")
    (tmp_path / "in" / "excel.jsonl").write_bytes(lms.as_excel((head("Bob") + line("Bob")).encode()))
    students, problems = grade(tmp_path, tmp_path / "in")
    told = {p["student"]: p["problem"] for p in problems}
    assert students["Anna"]["ex-01 now"] == students["Bob"]["ex-01 now"] == "1"
    assert "word processor" in told["Anna"] and "spreadsheet" in told["Bob"]


def test_dates_with_another_distance_from_utc_are_compared_as_moments(tmp_path):
    (tmp_path / "in").mkdir()
    for file, at, said in (
        ("1", "2026-03-01T23:00:00-05:00", "a"),
        ("2", "2026-03-02T01:00:00+00:00", "b"),
        ("3", "2026-03-02T05:00:00+05:00", "b"),
    ):
        (tmp_path / f"in/{file}.jsonl").write_text(head("Anna", at=at) + line(file, answer=said))
    students, _ = grade(tmp_path, tmp_path / "in")
    assert students["Anna"]["ex-01 now"] == "1" and students["Anna"]["handed in at"] == "2026-03-02T04:00:00Z"


def test_the_same_answer_again_is_no_new_try(tmp_path):
    given = ["b", "b", "a", "a", "b", "b"]
    (tmp_path / "in").mkdir()
    (tmp_path / "in/1.jsonl").write_text(
        head("Anna") + "".join(line("1", answer=a, number=n) for n, a in enumerate(given, 1))
    )
    students, _ = grade(tmp_path, tmp_path / "in")
    assert [students["Anna"][f"ex-01 {part}"] for part in ("first", "now", "tries")] == ["0", "0", "3"]


def test_tries_are_counted_by_the_rule_of_the_students_side(bank):
    from afteach.grading.attempts import Attempts, attempt

    for question_id, given in {"ex-06": ["Zurich", " zürich", "Bern", "Zuerich"], "ex-02": [["a", "b"], ["b", "a"], ["c"]],
                               "ex-03": [{"value": 2400, "unit": "people"}, {"value": 2400.0, "unit": "people"}, 24]}.items():  # fmt: skip
        own = [parse(line("x", question_id, answer, n).encode()) for n, answer in enumerate(given, 1)]
        first = (attempt(own[0]), b"")
        held = Attempts([attempt(one) for one in own], first, first)
        assert [a.order for a in held.tries(bank[question_id])] == [one.order for one in tries(bank[question_id], own)]


def test_any_two_answers_are_as_many_tries_as_on_the_students_side(bank, tmp_path):
    (tmp_path / "in").mkdir()
    expected = {}
    written = {"ex-01": ["a", "A"], "ex-02": [["b", "a"], "a, b"], "ex-03": [2400, "2 400", {"value": 2.4, "unit": "thousand"}],
               "ex-06": [" zürich", "Zuerich"]}  # fmt: skip
    for question_id in sample.RIGHT:
        given = [sample.RIGHT[question_id], sample.WRONG[question_id], *written.get(question_id, [])]
        for one, other in itertools.product(given, repeat=2):
            lines = [line("1", question_id, one, 1), line("2", question_id, other, 2)]
            name = f"Student {len(expected)}"
            (tmp_path / f"in/{len(expected)}.jsonl").write_text(head(name) + "".join(lines))
            expected[name] = (
                f"{question_id} tries",
                str(len(tries(bank[question_id], [parse(x.encode()) for x in lines]))),
            )
    students, _ = grade(tmp_path, tmp_path / "in")
    assert {name: (column, students[name][column]) for name, (column, _) in expected.items()} == expected
    assert {number for _, number in expected.values()} == {"1", "2"}


def test_a_forecast_after_the_outcomes_were_open_is_none(tmp_path):
    sealed = line("1", "seal.after", "opened", day=3)
    (tmp_path / "in").mkdir()
    (tmp_path / "in/1.jsonl").write_text(
        head("Anna") + line("1", "ex-09", 0.3) + sealed + line("1", "ex-09", 0.9, 2, day=4)
    )
    (tmp_path / "in/2.jsonl").write_text(head("Bob") + sealed + line("2", "ex-09", 0.9, day=4) + line("2"))
    (tmp_path / "in/3.jsonl").write_text(head("Clara") + line("3", "ex-09", 0.2))
    students, problems = grade(tmp_path, tmp_path / "in")
    late = "after the outcomes were open"
    told = {name: (row["ex-09 first"], row["ex-09 now"]) for name, row in students.items()}
    assert told == {"Anna": ("recorded", late), "Bob": (late, late), "Clara": ("recorded", "recorded")}
    assert not any("not in this bank" in p["problem"] for p in problems)
    assert sum("ex-09" in p["problem"] and p["done"] == "not scored" for p in problems) == 2
    [item] = [row for row in table(tmp_path / "out/items.csv") if row["question"] == "ex-09"]
    assert item["first answers"] == "0.2: 1; 0.3: 1"


def test_joined_downloads_of_one_student_are_read_whole(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/1.jsonl").write_text(
        head("Anna") + line("1") + head("Anna", day=5) + line("1", "ex-02", ["a", "b"])
    )
    students, _ = grade(tmp_path, tmp_path / "in")
    assert students["Anna"]["answered"] == "2" and students["Anna"]["handed in at"] == AT.format(5)


# What is written


def test_the_same_class_gives_the_same_bytes_whatever_the_seed_and_the_zone(tmp_path):
    import subprocess
    import sys

    zip_ = lms.zipped(tmp_path / "all.zip", lms.download("moodle", CLASS, signed))
    (tmp_path / "roster.csv").write_text(lms.roster("moodle", CLASS), encoding="utf-8")
    made = []
    for number, (seed, zone) in enumerate([("1", "UTC"), ("2", "Asia/Kabul"), ("3", "America/New_York")]):
        out = tmp_path / f"out-{number}"
        command = [
            sys.executable,
            "-m",
            "afteach.cli",
            "grade",
            str(zip_),
            "--out",
            str(out),
            "--roster",
            str(tmp_path / "roster.csv"),
        ]
        subprocess.run(command, check=True, capture_output=True, env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone})
        made.append({path.name: path.read_bytes() for path in out.iterdir()})
    assert made[0] == made[1] == made[2]


def results_of(tmp_path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}


def test_a_gradebook_that_is_open_elsewhere_leaves_all_results_as_they_were(tmp_path, monkeypatch, capsys):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/1.jsonl").write_text(head("Anna") + line("1"))
    grade(tmp_path, tmp_path / "in")
    before = results_of(tmp_path)
    (tmp_path / "in/2.jsonl").write_text(head("Bob") + line("2"))
    replace = os.replace
    for name in ("gradebook.csv", "problems.csv", "report.html"):
        for held in ("old", "new"):

            def refuse(source, target, place=tmp_path / "out" / name, held=held):
                leaves, comes = Path(source) == place, Path(target) == place and Path(source).parent.name == "new"
                if leaves if held == "old" else comes:
                    raise PermissionError(13, "in use")
                replace(source, target)

            monkeypatch.setattr(os, "replace", refuse)
            assert cli.main(["grade", str(tmp_path / "in"), "--out", str(tmp_path / "out")]) == 2
            said = capsys.readouterr().err
            assert f"{name} is open in another program" in said and said.count("\n") == 1
            assert results_of(tmp_path) == before
    monkeypatch.undo()


def test_a_full_disk_leaves_all_results_as_they_were(tmp_path, monkeypatch, capsys):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/1.jsonl").write_text(head("Anna") + line("1"))
    grade(tmp_path, tmp_path / "in")
    before = results_of(tmp_path)
    (tmp_path / "in/2.jsonl").write_text(head("Bob") + line("2"))
    calls = []

    def full(descriptor):
        calls.append(descriptor)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert cli.main(["grade", str(tmp_path / "in"), "--out", str(tmp_path / "out")]) == 2
    assert "No space left" in capsys.readouterr().err and results_of(tmp_path) == before


def test_results_in_the_folder_of_hand_ins_are_not_read_the_second_time(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/1.jsonl").write_text(head("Anna") + line("1"))
    for _ in range(3):
        students, problems = grade(tmp_path, tmp_path / "out")
        assert list(students) == ["Anna"] and problems == []
    assert cli.main(["grade", str(tmp_path / "out"), "--out", str(tmp_path / "elsewhere")]) == 0
    assert table(tmp_path / "elsewhere/problems.csv") == []


@pytest.mark.parametrize("name", ["x;=1+1", "a; =cmd|' /C calc'!A0", "x;@SUM(A1)", "x;＝1", "Müller; -2+3"])
def test_no_name_is_a_formula_to_a_reader_of_semicolons(tmp_path, name):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/1.jsonl").write_text(head(name) + line("1", "ex-06", name) + line("1", "zz", "a"), encoding="utf-8")
    grade(tmp_path, tmp_path / "in")
    for file in ("gradebook.csv", "items.csv", "problems.csv"):
        raw = (tmp_path / "out" / file).read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        for mark in ",;\t":
            for row in csv.reader(raw.decode("utf-8-sig").splitlines(), delimiter=mark):
                assert not [cell for cell in row if cell.strip()[:1] in tuple("=+-@＝＋－＠")], (file, mark, row)


def test_every_text_of_a_table_stands_in_quotation_marks(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/1.jsonl").write_text(head("Anna") + line("1"))
    grade(tmp_path, tmp_path / "in")
    for row in (tmp_path / "out/gradebook.csv").read_text(encoding="utf-8-sig").splitlines():
        assert row.startswith('"')
    assert ',"handed in",' in (tmp_path / "out/gradebook.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("layout", ["moodle", "canvas"])
def test_a_layout_without_anything_to_know_people_by_is_refused(tmp_path, layout, capsys):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/1.jsonl").write_text(head("Anna") + line("1"))
    (tmp_path / "roster.csv").write_text("name\nAnna\n")
    options = ["--roster", str(tmp_path / "roster.csv"), "--layout", layout]
    assert cli.main(["grade", str(tmp_path / "in"), "--out", str(tmp_path / "out"), *options]) == 2
    assert "needs" in capsys.readouterr().err and list((tmp_path / "out").iterdir()) == []
