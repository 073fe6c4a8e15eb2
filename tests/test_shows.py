"""What the answer of a question shows comes with the answer, and no earlier."""

from __future__ import annotations

import json

import pytest
import sample

from afteach import check, hint, solution, student
from afteach.answers import log as answers
from afteach.answers import seal
from afteach.authoring import guide, validating
from afteach.card import card
from afteach.questions import model as questions

TEXT = "A name stands in the row (P01-1)."
GUESS = 'explain = "Later."\n'


@pytest.fixture
def place(tmp_path, monkeypatch):
    sample.build(tmp_path)
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(tmp_path))
    monkeypatch.setenv("AFTEACH_ANSWERS", str(tmp_path / "answers"))
    monkeypatch.setattr(student, "_hints_shown", {})
    monkeypatch.setattr(student, "_shown", set())
    return tmp_path


def change(place, old, new):
    path = place / "data" / "questions" / "00-example.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def sent(made, **content):
    """All that one message makes the kernel send to the browser."""
    told = []
    made.send = lambda message, buffers=None: told.append(message)
    made._receive(made, content, [])
    return told


def test_a_browser_is_sent_nothing_of_it_before_an_answer(place):
    made = card.ask("ex-01")
    everything = [made.get_state(), *sent(made, type="hello"), *sent(made, type="hint"), *sent(made, type="solution")]
    everything += [*sent(made, type="evidence"), *sent(made, type="answer", answer="b")]
    assert TEXT not in json.dumps(everything, default=str)
    assert TEXT not in card.in_words(questions.question("ex-01"), markdown=True)
    assert TEXT not in str(check("ex-01", "b")) + hint("ex-01") + solution("ex-01")


@pytest.mark.parametrize("given", [["a"], ["b", "a"]])
def test_a_right_answer_opens_it(place, given):
    made = card.ask("ex-01")
    states = [sent(made, type="answer", answer=answer)[-1] for answer in given]
    assert states[-1]["shows"].startswith(TEXT) and not states[-1]["mayShow"]
    assert "What this shows: " + TEXT in solution("ex-01")


def test_two_tries_open_it(place):
    change(place, 'explain = "Both stand in P01."\n', 'explain = "Both stand in P01."\nshows = "Two."\n')
    made = card.ask("ex-02")
    assert [sent(made, type="answer", answer=one)[-1]["shows"] for one in (["c"], ["c"], ["d"])] == ["", "", "Two."]


def test_show_me_opens_it_and_the_next_answer_carries_that_it_was_open(place):
    made = card.ask("ex-01")
    assert sent(made, type="hello")[0]["mayShow"]
    (state,) = sent(made, type="shows")
    assert state["shows"].startswith(TEXT) and not state["mayShow"]
    check("ex-01", "a")
    check("ex-02", ["a", "b"])
    assert [line.shown for line in answers.read().lines] == [True, False]


def test_what_a_guess_shows_waits_for_the_look_back(place):
    change(place, GUESS, GUESS + 'shows = "Many."\n')
    made = card.ask("ex-11")
    assert not sent(made, type="hello")[0]["mayShow"]
    assert sent(made, type="shows")[0]["shows"] == "" and "Many." not in solution("ex-11")
    first = sent(made, type="answer", answer="a")[-1]
    assert (first["shows"], first["mayShow"]) == ("", True)
    assert sent(made, type="answer", answer="b")[-1]["shows"] == "Many."
    assert "Many." in solution("ex-11")


def test_what_it_cites_stays_as_sealed_as_its_table(place):
    """ex-01 rests on a claim; its text cites an event, and the events are the outcomes of a forecast."""
    workbook = place / "data" / "workbook.toml"
    workbook.write_text(workbook.read_text().replace("[roles]", '[roles]\noutcomes = ["events"]'))
    change(place, 'evidence = ["P02-1"]\nhint = "Base rates."', 'evidence = ["ev01"]\nhint = "Base rates."')
    made = card.ask("ex-01")
    states = [sent(made, type="answer", answer="a")[-1], *sent(made, type="shows")]
    assert [(state["shows"], state["mayShow"]) for state in states] == [("", False)] * 2
    assert TEXT not in solution("ex-01")
    seal.load("events", unseal=True)
    assert TEXT in solution("ex-01") and sent(made, type="hello")[0]["shows"].startswith(TEXT)


def test_a_teacher_reads_it_in_the_guide(place):
    assert f"*What this shows:* {TEXT}" in guide.as_markdown(questions.bank())


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("So it is (ev91).", "there is no row 'ev91'"),
        ("It was on 10 November 2018 (ev01).", "the date '10 November 2018' is not in the rows cited beside it"),
        ("It was on 9 November 2018.", "the date '9 November 2018' carries no row id"),
    ],
)
def test_its_ids_dates_and_figures_are_checked_as_those_of_prose(place, text, fault):
    change(place, 'explain = "By start."\n', f'explain = "By start."\nshows = "{text}"\n')
    assert validating.bank_faults(place / "data" / "questions") == [f"00-example.toml (ex-04): shows: {fault}."]
