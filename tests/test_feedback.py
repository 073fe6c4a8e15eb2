"""A page for each student: what they answered and what it shows, nobody else in it, called as a platform wants it back."""

from __future__ import annotations

import json
import re
import time
import zipfile

import lms
import pytest
import sample
from test_report import NASTY, Page
from test_seal import FORECASTS

from afteach.cli import main
from afteach.grading import deadline
from afteach.questions.model import bank, fingerprint
from afteach.record import citations


@pytest.fixture
def place(tmp_path, monkeypatch):
    sample.build(tmp_path)
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(tmp_path))
    (tmp_path / "in").mkdir()
    return tmp_path


@pytest.fixture
def sealed(place):
    """The small workbook, its events sealed until three forecasts are recorded."""
    file = place / "data" / "workbook.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[roles]", '[roles]\noutcomes = ["events"]'), encoding="utf-8")
    with (place / "data" / "questions" / "00-example.toml").open("a", encoding="utf-8") as bank_file:
        bank_file.write(FORECASTS)
    return place


def lines(name, given, at="2026-05-03T10:00:00Z"):
    """A file to hand in: (question, answer, how sure) as they were given."""
    out = [{"v": 1, "header": True, "name": name, "version": "0", "bank": "x", "at": at}]
    for number, (question_id, answer, *sure) in enumerate(given, 1):
        out.append({"v": 1, "id": f"{name}-{number}", "q": question_id, "f": fingerprint(bank()[question_id]),
                    "answer": answer, "at": f"2026-05-03T09:00:{number:02}.000Z", "try": number,
                    "sure": sure[0] if sure else ""})  # fmt: skip
    return "\n".join(map(json.dumps, out)) + "\n"


def feedback(place, *options):
    """The pages that come of what lies in the folder, by name."""
    given = ["grade", str(place / "in"), "--out", str(place / "out"), "--feedback", str(place / "back")]
    assert main([*given, *options]) == 0
    return {path.name: Page(path.read_text(encoding="utf-8")) for path in (place / "back").glob("*.html")}


def test_a_page_says_what_was_answered_first_and_in_the_end_and_what_shows_it(place):
    (place / "in" / "answers-anna.jsonl").write_text(lines("Anna", [("ex-01", "b", "certain"), ("ex-01", "a")]))
    page = feedback(place)["answers-anna.html"]
    assert "Feedback for Anna" in page.text and "Handed in on 3 May 2026." in page.text
    one = page.sections["n-0"]
    assert "Right ex-01: Who met Boris?" in one and "First: Not yet. In the end: Right. 2 tries" in one
    assert "First: Clara" in one and "you said: certain" in one
    assert bank()["ex-01"].explain in one and str(citations.cite(bank()["ex-01"].evidence[0])) in one
    assert "certain 0 / 1" in page.sections["glance"]


def test_what_is_not_right_in_the_end_is_listed_first_and_told_with_the_right_answer(place):
    given = [("ex-01", "b"), ("ex-06", "Zurich")]
    (place / "in" / "anna.jsonl").write_text(lines("Anna", given))
    page = feedback(place)["anna.html"]
    assert "Look at these again ex-01 Who met Boris?" in page.sections["glance"]
    assert "Right answer: " + bank()["ex-01"].say() in page.sections["n-0"]
    assert ("a", {"href": "#ex-01"}) in page.tags and ("article", {"class": "card", "id": "ex-01"}) in page.tags
    assert "Not answered:" in page.sections["n-0"] and "ex-02" in page.sections["n-0"].partition("Not answered:")[2]


def test_no_other_student_stands_in_a_page(place):
    reflect = next(one.id for one in bank().values() if one.keeps_text)
    for name in ("Anna", "Bogdan"):
        (place / "in" / f"{name}.jsonl").write_text(lines(name, [(reflect, f"I, {name}, doubt it."), ("ex-01", "b")]))
    pages = feedback(place)
    assert "I, Anna, doubt it." in pages["Anna.html"].text and "Bogdan" not in pages["Anna.html"].text
    assert (
        "I, Bogdan, doubt it." in pages["Bogdan.html"].text
        and "Anna"
        not in pages["Bogdan.html"].text.replace(" Anna met", "").replace("Anna (P01", "").partition("At a glance")[0]
    )
    rubric = bank()[reflect].public()["rubric"]
    assert all(line in pages["Anna.html"].text for line in rubric)


def test_a_page_runs_no_students_script_and_asks_nobody_for_anything(place):
    reflect = next(one.id for one in bank().values() if one.keeps_text)
    (place / "in" / "x.jsonl").write_text(lines(NASTY[:60], [(reflect, NASTY), ("ex-06", NASTY)]))
    page = feedback(place)["x.html"]
    assert page.loads == [] and NASTY in page.text
    assert not [tag for tag, _ in page.tags if tag in ("script", "img")]


@pytest.mark.parametrize("way", [lms.moodle, lms.moodle_flat])
def test_moodle_finds_the_student_of_every_page(place, way):
    """As its importer reads: the first part of a path with a number behind the name, a kind and a plug-in behind that."""
    with zipfile.ZipFile(place / "in" / "all.zip", "w") as archive:
        for person in lms.CLASS:
            archive.writestr(way(person, "answers-x.jsonl"), lines(person.signed, [("ex-01", "a")]))
    feedback(place)
    with zipfile.ZipFile(place / "back" / "feedback-moodle.zip") as archive:
        assert len(archive.namelist()) == len(lms.CLASS)
        for name in archive.namelist():
            _, number, kind, plugin, rest = name.split("_", 4)
            person = next(one for one in lms.CLASS if one.number == number)
            assert (kind, plugin, rest) == ("assignsubmission", "file", "answers-x.html")
            assert (
                f"Feedback for {person.name}" in Page(archive.read(name).decode()).text
                or person.signed in Page(archive.read(name).decode()).text
            )


def test_canvas_finds_the_student_of_every_page(place):
    """As its importer reads: the first two parts between low lines that are numbers, of the user and of the file."""
    with zipfile.ZipFile(place / "in" / "all.zip", "w") as archive:
        sent = {lms.canvas(person, "answers-x.jsonl"): person for person in lms.CLASS}
        for name, person in sent.items():
            archive.writestr(name, lines(person.signed, [("ex-01", "a")]))
    feedback(place)
    with zipfile.ZipFile(place / "back" / "feedback-canvas.zip") as archive:
        numbers = {tuple(re.findall(r"(?:^|(?<=_))\d+(?=_|$)", name)[:2]) for name in archive.namelist()}
        assert all(name.endswith(".html") and "/" not in name for name in archive.namelist())
    assert numbers == {tuple(re.findall(r"(?:^|(?<=_))\d+(?=_|$)", name)[:2]) for name in sent}
    assert not (place / "back" / "feedback-moodle.zip").exists()


def test_two_files_of_one_name_become_two_pages(place):
    for name in ("Anna", "Bogdan"):
        (place / "in" / name).mkdir()
        file = "answers.jsonl" if name == "Anna" else "Answers.jsonl"
        (place / "in" / name / file).write_text(lines(name, [("ex-01", "a")]))
    assert sorted(feedback(place)) == ["Answers-bogdan.html", "answers.html"]


@pytest.mark.parametrize(
    ("file", "head"),
    [
        ("../../x_501_assignsubmission_file_/answers.jsonl", "x_501_assignsubmission_file_"),
        ("a:b*?_501_assignsubmission_file_an\tswers.jsonl", "a-b--_501_assignsubmission_file_"),
    ],
)
def test_a_name_in_a_zip_leads_to_no_other_folder(place, file, head):
    with zipfile.ZipFile(place / "in" / "all.zip", "w") as archive:
        archive.writestr(file, lines("Anna", [("ex-01", "a")]))
    (name,) = feedback(place)
    assert name.startswith(head) and {path.name for path in (place / "back").iterdir()} == {name, "feedback-moodle.zip"}
    assert zipfile.ZipFile(place / "back" / "feedback-moodle.zip").namelist() == [name]


def test_what_came_is_told_only_to_who_foretold_all_of_it(sealed):
    first, second = "ex-21", "ex-22"
    (sealed / "in" / "some.jsonl").write_text(lines("Anna", [(first, 0.7), ("ex-04", ["one", "two", "three", "four"])]))
    (sealed / "in" / "all.jsonl").write_text(lines("Bogdan", [(first, 0.7), (second, 0.2)]))
    pages = feedback(sealed)
    waits = "opens once all your forecasts are recorded"
    assert waits in pages["some.html"].text and waits not in pages["all.html"].text
    for text in (
        bank()[first].explain,
        str(citations.cite("ev01")),
        "it came",
        "First meeting",
        bank()["ex-04"].explain,
    ):
        assert text not in pages["some.html"].text
    assert bank()[first].explain in pages["all.html"].text and "Your forecasts and what came" in pages["all.html"].text
    assert "70 %" in pages["all.html"].sections["glance"]


def test_a_late_hand_in_is_marked_for_teacher_and_student(place, capsys):
    for name, at in (("Anna", "2026-05-03T10:00:00Z"), ("Bogdan", "2026-05-05T10:00:00Z")):
        (place / "in" / f"{name}.jsonl").write_text(lines(name, [("ex-01", "a")], at))
    pages = feedback(place, "--late", "2026-05-04")
    assert "after 4 May 2026" in pages["Bogdan.html"].text and "after 4 May" not in pages["Anna.html"].text
    book = (place / "out" / "gradebook.csv").read_text(encoding="utf-8-sig")
    assert '"Bogdan","","handed in late"' in book and '"Anna","","handed in"' in book
    assert "1 handed in late" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01", "", " "])
def test_a_date_that_is_none_is_refused_before_anything_is_read(place, capsys, text):
    given = ["grade", str(place / "in"), "--out", str(place / "out"), "--late", text]
    if text:
        assert main(given) == 2
        assert "--late needs a date" in capsys.readouterr().err and not (place / "out").exists()
    else:
        assert main(given) == 0


def test_a_date_alone_lasts_to_its_end_and_a_zone_is_heeded(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Kabul")
    time.tzset()
    try:
        assert deadline.read("2026-05-03").isoformat() == "2026-05-03T19:29:59.999999+00:00"
        assert deadline.read("2026-05-03T17:00").isoformat() == "2026-05-03T12:30:00+00:00"
        assert deadline.read("2026-05-03T17:00+02:00").isoformat() == "2026-05-03T15:00:00+00:00"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_pages_of_an_earlier_run_within_the_folder_are_nobodys_hand_in(place):
    (place / "in" / "anna.jsonl").write_text(lines("Anna", [("ex-01", "a")]))
    given = ["grade", str(place / "in"), "--out", str(place / "out"), "--feedback", str(place / "in" / "back")]
    assert main(given) == main(given) == 0
    assert (place / "out" / "problems.csv").read_text(encoding="utf-8-sig").count("\n") == 1


def test_pages_of_an_earlier_run_are_named_and_never_taken_for_hand_ins(place, capsys):
    for name in ("anna", "bob"):
        (place / "in" / f"{name}.jsonl").write_text(lines(name.title(), [("ex-01", "a")]))
    given = ["grade", str(place / "in"), "--out", str(place / "out"), "--feedback", str(place / "in" / "back")]
    assert main(given) == 0
    assert "Not of this run" not in capsys.readouterr().out
    (place / "in" / "bob.jsonl").rename(place / "in" / "bob-2.jsonl")
    (place / "in" / "back" / "own.html").write_text("<p>the teacher's own page</p>")
    assert main(given) == 0
    told = capsys.readouterr().out
    assert "Not of this run" in told and "bob.html. Delete" in told and "own.html" not in told
    (place / "in" / "back" / "own.html").unlink()
    assert main(given[:4]) == 0
    assert (place / "out" / "problems.csv").read_text(encoding="utf-8-sig").count("\n") == 1


def test_sixty_pages_of_the_whole_bank_take_less_than_five_seconds(tmp_path):
    """Seconds of the processor, so that a busy machine does not decide."""
    every = [(one.id, one.right_answers()[0]) for one in bank().values() if one.right_answers()]
    (tmp_path / "in").mkdir()
    for number in range(60):
        (tmp_path / "in" / f"s{number}.jsonl").write_text(lines(f"Student {number}", every))
    start = time.process_time()
    pages = feedback(tmp_path)
    spent = time.process_time() - start
    print(f"60 hand-ins marked and 60 pages of {len(every)} questions: {spent:.1f} s of the processor")
    assert len(pages) == 60 and spent < 5
