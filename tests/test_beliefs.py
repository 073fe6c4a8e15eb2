"""What a class believes, and how well the questions measure, against counts made in another way."""

from __future__ import annotations

import csv
import random
import statistics

import numpy as np
import pytest
import sample

from afteach.answers.lines import FORMAT, Line, encode, header
from afteach.authoring import guide
from afteach.grading import beliefs, paths
from afteach.grading.gradebook import grade
from afteach.grading.matching import read_class
from afteach.questions import model as questions

IDEAS = '\n[ideas]\nname = { says = "takes a name for a witness", teach = "Ask who was there." }\n'


@pytest.fixture
def place(tmp_path, monkeypatch):
    sample.build(tmp_path)
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(tmp_path))
    monkeypatch.setenv("AFTEACH_ANSWERS", str(tmp_path / "answers"))
    described = tmp_path / "data" / "workbook.toml"
    described.write_text(described.read_text() + IDEAS)
    bank = tmp_path / "data" / "questions" / "00-example.toml"
    text = bank.read_text()
    for old in ('says = "Clara is not in P01."', 'says = "Peru is not in the table."'):
        assert old in text
        text = text.replace(old, f'{old}\nidea = "name"' if "Clara" in old else f'{old}, idea = "name"')
    text = text.replace('is no record."}', 'is no record.", idea = "name"}')
    bank.write_text(text)
    return tmp_path


def hand_in(place, name, *answers):
    lines = [
        Line(
            v=FORMAT,
            id=f"{abs(hash((name, n))):016x}"[:16],
            q=q,
            f="",
            answer=a,
            at=f"2026-01-01T10:00:{n:02}Z",
            try_=n + 1,
        )
        for n, (q, a) in enumerate(answers)
    ]
    path = place / f"{name}.jsonl"
    path.write_bytes(header(name, "1", "x") + b"".join(encode(line) + b"\n" for line in lines))
    return path


def test_a_slip_of_a_number_and_a_row_of_a_match_name_an_idea_too(place):
    bank_file = place / "data" / "questions" / "00-example.toml"
    text = bank_file.read_text()
    for old, new in (
        ('says = "You lost two digits."', 'says = "You lost two digits.", idea = "name"'),
        ('says = "Look at Anna again."', 'says = "Look at Anna again.", idea = "name"'),
    ):
        assert old in text
        text = text.replace(old, new)
    bank_file.write_text(text)
    bank = questions.bank()
    spoken = {
        ("ex-03", 24): ("name",), ("ex-03", 2400): (), ("ex-03", 25): (), ("ex-03", "24"): ("name",), ("ex-12", 30): (),
    }  # fmt: skip
    assert {(one, answer): bank[one].ideas(answer) for one, answer in spoken} == spoken
    assert bank["ex-05"].ideas({"anna": "slept", "boris": "came"}) == ("name",)
    assert bank["ex-05"].ideas({"anna": "came", "boris": "came"}) == ()
    assert bank["ex-07"].ideas([{"relationship": "russia", "value": 2}]) == ()
    assert bank["ex-03"].idea_names() == bank["ex-05"].idea_names() == {"name"}
    bank_file.write_text(text.replace('idea = "name"', 'idea = "nomen"'))
    assert any("'nomen' is none of workbook.toml" in fault for fault in questions.draft().faults)


def test_the_line_that_an_order_is_told_of_names_its_idea(place):
    bank_file = place / "data" / "questions" / "00-example.toml"
    text = bank_file.read_text()
    for old in ('text = "Third"', 'says = "One sign gives a value, two compare."'):
        assert old in text
        text = text.replace(old, f'{old}, idea = "name"')
    bank_file.write_text(text)
    bank = questions.bank()
    spoken = [
        ("ex-04", ["three", "one", "two", "four"], ("name",)), ("ex-04", ["one", "three", "two", "four"], ("name",)),
        ("ex-04", ["two", "one", "three", "four"], ()), ("ex-04", ["one", "two", "three", "four"], ()),
        ("ex-14", ["set", "keep", "count"], ("name",)), ("ex-14", ["keep", "mask", "count"], ()),
    ]  # fmt: skip
    assert [(one, answer, bank[one].ideas(answer)) for one, answer, _ in spoken] == spoken


def test_an_idea_is_counted_over_questions_once_a_student_first_and_last(place):
    files = [
        hand_in(place, "Ada", ("ex-01", "b"), ("ex-02", ["a", "c"]), ("ex-01", "a"), ("ex-02", ["a", "b"])),
        hand_in(place, "Ben", ("ex-16", {"lean": 90, "trail": ["so002"]})),
        hand_in(place, "Cem", ("ex-01", "a")),
    ]
    grade(files, place / "out")
    page = (place / "out" / "report.html").read_text(encoding="utf-8")
    row = page.partition("takes a name for a witness")[2].partition("</tr>")[0]
    assert [part.partition("</td>")[0].rpartition(">")[2] for part in row.split("<td")[1:]] == [
        "2",
        "1",
        "Ask who was there.",
    ]


def test_an_idea_that_the_workbook_does_not_know_is_a_fault(place):
    assert questions.draft().faults == []
    bank = place / "data" / "questions" / "00-example.toml"
    bank.write_text(bank.read_text().replace('idea = "name"', 'idea = "nmae"', 1))
    assert any(
        "ex-01" in fault and "the idea 'nmae' is none of workbook.toml" in fault for fault in questions.draft().faults
    )


def test_the_guide_says_what_to_do_about_each_idea(place):
    assert "| takes a name for a witness | Ask who was there. |" in guide.as_markdown(questions.bank())


def test_naming_an_idea_makes_no_answer_outdated(place):
    one = questions.question("ex-01")
    before = questions.fingerprint(one)
    bank = place / "data" / "questions" / "00-example.toml"
    bank.write_text(bank.read_text().replace('\nidea = "name"', "", 1))
    assert questions.fingerprint(questions.question("ex-01")) == before


def test_alpha_and_its_standard_error_are_those_of_the_covariances():
    draw = random.Random(4)
    skills = [draw.gauss(0, 1) for _ in range(60)]
    scores = [[float(draw.gauss(0, 1) < skill) for _ in range(9)] for skill in skills]
    found = beliefs.reliability(scores)
    cov = np.cov(np.array(scores), rowvar=False)
    alpha = 9 / 8 * (1 - np.trace(cov) / cov.sum())
    assert found.alpha == pytest.approx(alpha)
    shares = [statistics.fmean(row) for row in scores]
    assert found.error == pytest.approx(statistics.stdev(shares) * (1 - alpha) ** 0.5)
    assert (found.students, found.questions) == (60, 9)


def test_too_little_to_tell_is_said_to_be_so():
    assert beliefs.reliability([]) is None
    assert beliefs.reliability([[1.0, 0.0], [0.0, 1.0]]) is None
    assert beliefs.reliability([[1.0, 0.0]] * 5) is None, "nobody differs"


def test_fifths_and_choices_that_nobody_takes_wait_for_enough_answers(place):
    files = [
        hand_in(place, f"S{n:02}", ("ex-01", "a" if n % 5 else "b"), ("ex-03", 2400 if n > 12 else 24))
        for n in range(30)
    ]
    grade(files, place / "out")
    page = (place / "out" / "report.html").read_text(encoding="utf-8")
    assert (
        "Right at first try, by fifths" in page
        and "Clara" not in page.partition("Wrong choices that nobody takes")[2][:400]
    )
    grade(files[:9], place / "few")
    few = (place / "few" / "report.html").read_text(encoding="utf-8")
    assert "With fewer than 25 students" in few and "that nobody takes</caption>" not in few


def test_items_csv_has_each_fifth_of_a_class_as_counted_by_hand(place):
    chance, files, given = random.Random(2), [], []
    for number in range(30):
        skill = number / 30
        right = {one: chance.random() < skill for one in ("ex-01", "ex-06")}
        answers = {"ex-01": "a" if right["ex-01"] else "b", "ex-06": "Zürich" if right["ex-06"] else "Bern"}
        files.append(hand_in(place, f"S{number:02}", *answers.items()))
        given.append([float(right["ex-01"]), float(right["ex-06"])])
    grade(files, place / "out")
    with (place / "out" / "items.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["question"]: row for row in csv.DictReader(file)}
    ranked = sorted(given, key=sum)  # in the order of the files where equal
    shares = [statistics.fmean(pair[0] for pair in ranked[6 * n : 6 * n + 6]) for n in range(5)]
    found = [float(rows["ex-01"][f"{name} fifth"]) for name in ("lowest", "second", "third", "fourth", "highest")]
    assert found == pytest.approx(shares, abs=1e-4)
    assert float(rows["ex-01"]["difference"]) == pytest.approx(shares[-1] - shares[0], abs=1e-4)
    assert rows["ex-02"]["lowest fifth"] == "", "nobody answered it"


def test_a_small_class_has_no_fifths_in_items_csv(place):
    grade([hand_in(place, "Ada", ("ex-01", "a"))], place / "out")
    text = (place / "out" / "items.csv").read_text(encoding="utf-8-sig")
    assert "lowest fifth" in text and text.splitlines()[1].endswith('"";"";"";"";"";""'.replace(";", ","))


def test_the_report_has_the_paths_at_a_desk_in_order_with_the_leanings_before_and_after(place):
    files = [
        hand_in(place, "Ada", ("ex-16", {"lean": 20, "trail": [80, "so002", 40]})),
        hand_in(place, "Ben", ("ex-16", {"lean": 60, "trail": [40, 60, "so002", "so001"]}), ("ex-16", {"lean": 0})),
        hand_in(place, "Cem", ("ex-16", {"lean": 40, "trail": []})),
    ]
    (row,) = paths.table(read_class(files, questions.bank())).rows
    assert row == ["ex-16", 3, "1", "A second view (2 of 3)", "70 (2)", "40"]
    grade(files, place / "out")
    assert "A second view (2 of 3)" in (place / "out" / "report.html").read_text(encoding="utf-8")
