"""The page that submit writes for whoever answered: their own words, with the sources that they name."""

from __future__ import annotations

import pytest
import sample
from test_report import NASTY, Page
from test_seal import FORECASTS

from afteach import student
from afteach.answers import log as answers
from afteach.cli import main
from afteach.questions.model import bank


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(sample.build(tmp_path)))
    monkeypatch.setenv("AFTEACH_ANSWERS", str(tmp_path / "answers"))
    monkeypatch.setattr("afteach.workbook._FIRST_FOLDER", str(tmp_path))
    return tmp_path


@pytest.fixture
def sealed(place):
    file = place / "data" / "workbook.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[roles]", '[roles]\noutcomes = ["events"]'), encoding="utf-8")
    with (place / "data" / "questions" / "00-example.toml").open("a", encoding="utf-8") as bank_file:
        bank_file.write(FORECASTS)
    return place


def kept(place, name="bluebird"):
    text = (place / f"answers-{name}.html").read_text(encoding="utf-8")
    page = Page(text)
    page.loads = [one for one in page.loads if not one.startswith("https://example.org/")]
    return page


def test_what_was_written_stands_there_with_the_sources_that_it_names(place):
    student.check("ex-08", "They met (EV01), as P01 says; so002 agrees. Not ev99, nor ev01 again.")
    said = student.submit("Bluebird")
    page = kept(place)
    assert "answers-bluebird.html holds what you wrote" in said
    assert page.text.count("ev01: First meeting") == 1
    assert "paragraph P01" in page.text and "Daily Paper, “A second view”" in page.text
    assert "There is no row called 'ev99'" in page.text
    assert ("a", {"href": "https://example.org/a"}) in page.tags


def test_the_last_words_stand_there_and_no_key_does(place):
    student.check("ex-08", "First thought.")
    student.check("ex-08", "Second thought.")
    student.check("ex-01", "b")
    student.submit("Bluebird")
    page = kept(place)
    assert "Second thought." in page.text and "First thought." not in page.text
    for one in bank().values():
        assert one.explain not in page.text and (one.judged or one.foretells or one.say() not in page.text)


def test_a_result_stands_there_with_how_it_stands_and_a_table_does_not(place):
    student.check("ex-12", 30)
    student.check("ex-07", sample.WRONG["ex-07"])
    student.submit("Bluebird")
    sections = kept(place).sections
    assert "ex-12 Days between the two? 30 Not yet" in sections["results"] and "ex-07" not in sections["results"]


def test_an_outcome_stands_there_once_it_is_open_and_not_before(sealed):
    student.check("ex-21", 0.7)
    answers.record(bank()["ex-23"], "A lot, see ev01.")
    student.submit("Bluebird")
    page = kept(sealed)
    assert "70 %" in page.sections["forecasts"] and "it came" not in page.text and "First meeting" not in page.text
    student.check("ex-22", 0.1)
    student.check("ex-09", 0.5)
    student.submit("Bluebird")
    page = kept(sealed)
    assert "it came" in page.sections["forecasts"] and "did not come" in page.sections["forecasts"]
    assert "ev01: First meeting" in page.text


def test_what_a_student_wrote_is_text_and_asks_for_nothing(place):
    student.check("ex-08", NASTY + "\u202e turned")
    student.submit(NASTY)
    (file,) = place.glob("answers-*.html")
    page = Page(file.read_text(encoding="utf-8"))
    assert page.loads == [] and "script" not in [tag for tag, _ in page.tags]
    assert not [attrs for _, attrs in page.tags if any(name.startswith("on") for name in attrs)]
    assert 'alert("x")' in page.text and "\u202e" not in page.text


def test_a_page_of_before_is_replaced_and_a_file_of_anything_else_is_not(place):
    (place / "answers-bluebird.html").write_text("mine")
    student.check("ex-08", "One.")
    for words in ("Two.", "Three."):
        student.check("ex-08", words)
        student.submit("Bluebird")
        assert words in kept(place, "bluebird-page-2").text
    assert (place / "answers-bluebird.html").read_text() == "mine"
    assert {path.name for path in place.glob("answers-*")} == {
        "answers-bluebird.html", "answers-bluebird-page-2.html", "answers-bluebird.jsonl"}  # fmt: skip


def test_a_page_that_cannot_be_written_costs_nobody_the_answers(place, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    student.check("ex-08", "One.")
    monkeypatch.setattr("afteach.answers.page_to_keep.html", refuse)
    said = student.submit("Bluebird")
    assert "No page to keep could be written: No space left" in said
    assert [path.name for path in place.glob("answers-*")] == ["answers-bluebird.jsonl"]


def test_the_command_writes_it_too_and_grading_passes_over_it(place, monkeypatch, capsys):
    student.check("ex-08", "One.")
    monkeypatch.chdir(place)
    assert main(["submit", "--name", "Bluebird"]) == 0
    assert "answers-bluebird.html holds what you wrote" in capsys.readouterr().out
    (place / "in").mkdir()
    for file in place.glob("answers-*"):
        file.rename(place / "in" / file.name)
    assert main(["grade", str(place / "in"), "--out", str(place / "out")]) == 0
    assert "answers-bluebird.html" not in (place / "out" / "problems.csv").read_text(encoding="utf-8-sig")


def test_a_page_that_is_handed_in_alone_is_named_with_what_to_ask_for(place):
    student.check("ex-08", "One.")
    student.submit("Bluebird")
    (place / "in").mkdir()
    (place / "answers-bluebird.html").rename(place / "in" / "answers-bluebird.html")
    assert main(["grade", str(place / "in"), "--out", str(place / "out")]) == 0
    problems = (place / "out" / "problems.csv").read_text(encoding="utf-8-sig")
    assert "the page that submit() writes to keep" in problems and "ask for answers-NAME.jsonl" in problems
