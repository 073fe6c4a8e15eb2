"""The bar that says where a reader is in a notebook."""

from __future__ import annotations

import json
import re

import pytest
import sample

from afteach import student
from afteach.card import card, saving
from afteach.card.contents import contents
from afteach.errors import UnknownName


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(sample.build(tmp_path)))
    monkeypatch.setenv("AFTEACH_ANSWERS", str(tmp_path / "answers"))
    monkeypatch.setattr("afteach.workbook._FIRST_FOLDER", str(tmp_path))
    return tmp_path


def states(bar):
    return {one["id"]: one["state"] for one in bar.shown["questions"]}


def test_the_bar_shows_each_answer_once_it_is_given(place):
    bar = contents("00-example")
    assert set(states(bar).values()) == {"unanswered"}
    assert bar.shown["goOn"] == bar.shown["download"] == ""
    student.check("ex-01", "b")
    assert states(bar)["ex-01"] == "not-yet"
    assert bar.shown["to"] == "ex-01" and bar.shown["words"].startswith("0 of ")
    student.check("ex-01", "a")
    assert states(bar)["ex-01"] == "right"
    assert bar.shown["words"].startswith("1 of ") and bar.shown["to"] == "ex-02"


def test_each_sign_says_its_question_and_its_state_in_words(place):
    student.check("ex-01", "a")
    says = {one["id"]: one["says"] for one in contents("00-example").shown["questions"]}
    assert says["ex-01"] == "ex-01, Right: Who met Boris?".replace("Right", student.say("outcome.right"))
    assert student.say("outcome.unanswered") in says["ex-02"]


def test_the_bar_tells_a_browser_neither_key_nor_feedback(place):
    from afteach.questions.model import bank

    shown = json.dumps(contents("00-example", at_end=True).shown)
    for one in bank().values():
        assert one.explain not in shown


def test_what_is_stored_is_the_same_whatever_was_answered(place):
    bar = contents("00-example")
    data, metadata = bar._repr_mimebundle_()
    student.check("ex-01", "a")
    again, _ = contents("00-example")._repr_mimebundle_()
    assert data["text/plain"] == again["text/plain"] and "Run All Cells" in data["text/plain"]
    output = {"data": dict(data), "metadata": metadata}
    saving.without_cards({"type": "notebook", "content": {"cells": [{"outputs": [output]}]}})
    assert set(output["data"]) == {"text/plain", "text/markdown"}


def test_at_the_end_the_answers_can_be_taken_from_the_browser(place):
    student.check("ex-01", "a")
    bar, sent = contents("00-example", at_end=True), []
    bar.send = sent.append
    assert bar.shown["download"] and not contents("00-example").shown["download"]
    bar._receive(bar, {"type": "download"}, [])
    (file,) = sent
    head, line = file["text"].splitlines()
    assert json.loads(head)["header"] is True and json.loads(line)["q"] == "ex-01"
    bar._receive(bar, "noise", [])
    assert len(sent) == 1


def test_answers_that_are_brought_back_are_seen_in_the_bar(place):
    student.check("ex-01", "a")
    (file,) = (place / "answers").glob("*.jsonl")
    kept = file.read_text(encoding="utf-8").splitlines()
    file.unlink()
    bar, asked = contents("00-example"), card.ask("ex-02")
    assert states(bar)["ex-01"] == "unanswered"
    asked._restore(lambda _: None, kept)
    assert states(bar)["ex-01"] == "right"


def test_an_unknown_notebook_is_named_with_the_nearest(place):
    with pytest.raises(UnknownName, match="Did you mean '00-example'"):
        contents("00-exampel")


def test_a_bar_whose_notebook_has_lost_its_questions_costs_nobody_an_answer(place):
    bar = contents("00-example")
    before = bar.shown
    (file,) = (place / "data" / "questions").glob("*.toml")
    file.rename(file.with_name("01-other.toml"))
    assert student.check("ex-01", "a").outcome == "right"
    assert bar.shown == before


def test_no_style_of_cards_and_boxes_reaches_the_signs_of_the_bar(root):
    """Theirs lies in the page for all; with a class of the same name each sign stood below its circle."""
    there = "".join(path.read_text(encoding="utf-8") for path in (root / "src" / "afteach" / "look").glob("*.css"))
    own = (root / "src" / "afteach" / "card" / "contents.css").read_text(encoding="utf-8")
    assert set(re.findall(r"\.af-[\w-]+", own)) & set(re.findall(r"\.af-[\w-]+", there)) == set()


def test_the_bar_at_the_end_has_a_name_of_its_own(place):
    """Two landmarks of one kind are told apart by their names."""
    assert contents("00-example").shown["label"] != contents("00-example", at_end=True).shown["label"]
