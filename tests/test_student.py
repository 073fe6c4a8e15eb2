"""What a student types."""

from __future__ import annotations

import json

import nbformat
import pytest
import sample

from afteach import student
from afteach.answers import log as answers
from afteach.errors import AfteachError, UnknownName
from afteach.overview import progress
from afteach.questions import model as questions
from afteach.workbook import root


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(sample.build(tmp_path)))
    monkeypatch.setenv("AFTEACH_ANSWERS", str(tmp_path / "answers"))
    monkeypatch.setattr(student, "_hints_shown", {})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("afteach.workbook._FIRST_FOLDER", str(tmp_path))
    return tmp_path


def test_check_judges_and_keeps(place):
    assert student.check("ex-01", "b").outcome == "not yet"
    assert student.check("ex-01", "a").outcome == "right"
    assert [line.answer for line in answers.read().of("ex-01")] == ["b", "a"]


def test_several_ids_may_be_typed_one_after_the_other(place):
    assert student.check("ex-02", "a", "b") == student.check("ex-02", ["a", "b"])
    assert student.check("ex-02", "a", "b").outcome == "right"
    assert student.check("ex-01", "a", "b").outcome == "unreadable"


def test_an_unanswered_question_is_not_an_error_and_is_not_kept(place):
    assert repr(student.check("ex-01", ...)) == repr(student.check("ex-01")) == "Not answered yet."
    assert student.check("ex-03", "many").outcome == "unreadable"
    assert student.check("ex-07", object()).outcome == "unreadable"
    assert not answers.read().lines


def test_an_unknown_question_is_named(place):
    with pytest.raises(UnknownName, match="ex_01"):
        student.check("ex_01", "a")


def test_hints_come_one_by_one_and_are_counted(place):
    assert student.hint("ex-01") == "Read P01. (1 more)"
    assert student.hint("ex-01") == student.hint("ex-01") == "Her name is short."
    student.check("ex-01", "b")
    assert answers.read().of("ex-01")[0].hints == 2


def test_the_solution_opens_after_two_tries(place):
    for left, answer in ((2, "b"), (1, "c")):
        assert f"{left} to go" in student.solution("ex-02")
        student.check("ex-02", [answer])
    assert "P01-1" in student.solution("ex-02")


def test_the_same_answer_again_does_not_open_the_solution(place):
    for _ in range(3):
        assert student.check("ex-01", "b").outcome == "not yet"
    assert "1 to go (the same answer again is none)" in student.solution("ex-01")
    assert progress().rows == [("00-example", "A walk", 16, 0, 0, 15)]


def test_the_solution_opens_once_right(place):
    student.check("ex-01", "a")
    assert "Anna did" in student.solution("ex-01")


def test_the_solution_of_an_open_question_opens_once_something_is_recorded(place):
    assert "once you have recorded" in student.solution("ex-08")
    student.check("ex-08", "Those who were left out.")
    assert student.solution("ex-08").startswith("One good answer")


def test_the_solution_of_a_guess_stays_closed(place):
    student.check("ex-11", "a")
    said = student.solution("ex-11")
    assert "nobody judges it" in said and "Evidence" not in said


def test_an_answer_that_could_not_be_saved_is_still_judged_and_said(place, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(answers.os, "fsync", full)
    verdict = student.check("ex-01", "a")
    assert verdict.outcome == "right" and "Not saved: No space left" in verdict.message


def test_progress_counts_first_try_and_now(place):
    student.check("ex-01", "b")
    student.check("ex-01", "a")
    student.check("ex-02", ["b", "a"])
    student.check("ex-03", 24)
    shown = progress()
    assert shown.rows == [("00-example", "A walk", 16, 1, 2, 13)]
    assert "Look at again: ex-03." in repr(shown)
    page = shown._repr_html_()
    assert "<caption>" in page and 'scope="row"' in page and 'scope="col"' in page


def test_a_file_to_hand_in_is_linked_where_the_server_shows_it(place, monkeypatch):
    student.check("ex-01", "a")
    page = student.submit("Anna & <b>")._repr_html_()
    (file,) = place.glob("answers-*.jsonl")
    for name in (file.name, file.with_suffix(".html").name):
        assert f'<a download="{name}" href="{name}">' in page
    assert "<b>" not in page
    monkeypatch.setattr(student, "start_dir", lambda: place / "elsewhere")
    assert "href" not in student.Download("Written.", file)._repr_html_()


def test_progress_names_what_is_open_and_links_to_where_it_is(place):
    student.check("ex-01", "b")
    shown = progress()
    assert "ex-01" not in shown.open["00-example"] and "ex-02" in shown.open["00-example"]
    assert "Still open in what you began: ex-02, ex-03" in repr(shown)
    page = shown._repr_html_()
    assert (
        'Look at again: <a href="00-example.ipynb">ex-01</a>' in page
        and '<td><span><a href="00-example.ipynb">ex-02</a></span>, <span>' in page
    )


def test_progress_leads_to_the_very_cell_that_asks(place):
    """JupyterLab opens a notebook at the cell whose id a link ends in."""
    path = sample.build_notebook(root() / "notebooks")
    ids = {cell.source: cell.id for cell in nbformat.read(path, 4).cells}
    student.check("ex-01", "b")
    page = progress()._repr_html_()
    for name in ("ex-01", "ex-02"):
        cell = ids[f'ask("{name}")']
        assert f'<a href="00-example.ipynb#cell-id={cell}">{name}</a>' in page


def test_progress_says_how_often_a_certain_first_answer_was_right(place):
    one, two, three = (questions.question(name) for name in ("ex-01", "ex-02", "ex-03"))
    student.give(one, "b", sure="certain")
    student.give(one, "a", sure="certain")  # only the first one counts
    student.give(two, ["a", "b"], sure="certain")
    student.give(three, {"value": 24, "unit": ""}, sure="guess")
    student.give(questions.question("ex-11"), "a", sure="certain")  # nobody judges a guess
    assert progress().calibration() == [
        "When you said certain, your first answer was right in 1 of 2.",
        "When you said a guess, it was right in 0 of 1.",
    ]
    assert "right in 1 of 2" in progress()._repr_html_()


def test_progress_names_a_question_that_has_changed_and_a_file_set_aside(place):
    student.check("ex-01", "a")
    file = place / "data" / "questions" / "00-example.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("Who met Boris?", "Whom did he meet?"), encoding="utf-8")
    (place / "answers" / "noise.jsonl").write_bytes(b"\xff\xfe\n\x00")
    shown = repr(progress())
    assert "ex-01" in shown and "noise.jsonl is no answer file" in shown


def test_answers_that_cannot_be_read_are_not_called_none(place):
    (place / "answers").write_text("")
    shown = repr(progress())
    assert "cannot be read: Not a directory" in shown and "Nothing is answered yet" not in shown


def test_a_table_too_large_to_be_kept_is_refused_before_it_is_judged(place):
    import pandas as pd

    table = pd.DataFrame({"event_id": [f"ev{n:02}" for n in range(200)], "title": "x" * 2000})
    verdict = student.check("ex-10", table)
    assert verdict.outcome == "unreadable" and "kB" in verdict.message and verdict.score is None
    assert answers.read() == ((), ())


def test_a_text_that_no_file_can_hold_is_refused_in_words(place):
    assert "half of a sign" in student.check("ex-08", "Anna \ud83d and Boris").message
    assert student.check("ex-08", "Anna and Boris").outcome == "recorded"


def test_a_text_of_numpy_is_an_answer_like_any_other(place):
    import numpy as np

    assert student.check("ex-01", np.array(["a"])[0]).outcome == "right"
    assert type(answers.read().latest()["ex-01"].answer) is str
    assert student.check("ex-05", {np.str_(k): np.str_(v) for k, v in sample.RIGHT["ex-05"].items()}).outcome == "right"


def test_progress_without_answers_says_how_to_begin(place):
    assert "Nothing is answered yet" in repr(progress())


def test_submit_writes_one_file_with_a_header_and_every_attempt(place):
    student.check("ex-01", "b")
    student.check("ex-01", "a")
    said = student.submit(" Bluebird \n of\x00 Zürich ")
    [file] = place.glob("answers-*.jsonl")
    assert file.name == "answers-bluebird-of-zürich.jsonl"
    head, *lines = [json.loads(text) for text in file.read_text(encoding="utf-8").splitlines()]
    assert head["header"] is True and head["name"] == "Bluebird of Zürich"
    assert head["bank"] == questions.bank().fingerprint
    assert [line["answer"] for line in lines] == ["b", "a"]
    assert "answers to 1 of 16 questions" in said and "Every notebook has at least one." in said


def test_submit_asks_for_a_name_and_for_answers(place):
    assert "nothing to hand in" in student.submit("Bluebird")
    student.check("ex-01", "b")
    with pytest.raises(AfteachError, match="A name is needed"):
        student.submit(" \t ")
    student.submit("../../etc/passwd")
    assert {path.name for path in place.glob("answers-*")} == {"answers-etc-passwd.jsonl", "answers-etc-passwd.html"}


def test_whoever_listens_is_told_which_question_was_answered(place, monkeypatch):
    heard = []
    monkeypatch.setattr(student, "listeners", [heard.append])
    student.check("ex-01", "a")
    assert heard == ["ex-01"]
