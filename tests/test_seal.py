"""Outcomes stay shut until the forecasts on them are recorded, and forecasts stay as they were once they are open."""

from __future__ import annotations

import os
import random

import pytest
import sample

import afteach
from afteach import charts, overview, student
from afteach.answers import citing, seal
from afteach.answers import log as answers
from afteach.answers.lines import Line
from afteach.card import card
from afteach.errors import UnknownName
from afteach.questions import model as questions
from afteach.questions.model import bank
from afteach.record import citations, tables

FORECASTS = """
[[question]]
id = "ex-21"
kind = "forecast"
prompt = "Will they meet a first time?"
goal = "read"
level = "evaluate"
evidence = ["P01-1", "ev01"]
hint = "Base rates."
explain = "Decided by ev01, yes."
resolved = true

[[question]]
id = "ex-22"
kind = "forecast"
prompt = "Will there be a truce?"
goal = "read"
level = "evaluate"
evidence = ["ev03"]
hint = "Base rates."
explain = "Decided by ev03, no."
resolved = false

[[question]]
id = "ex-23"
kind = "reflect"
prompt = "What did the first meeting change?"
goal = "read"
level = "evaluate"
evidence = ["ev01"]
hint = "Think."
explain = "There is no single answer."
rubric = {claim = "One sentence.", evidence = "One row.", limit = "One doubt."}
model = "One good answer: nothing (ev01)."
"""
OUTCOMES = ("First meeting", "Second meeting", "Truce", "Undated talk", "2018-11", "9 November")
# What rests on the table of outcomes and would tell it.
RESTS = ["ex-04", "ex-07", "ex-10", "ex-12"]


@pytest.fixture
def place(tmp_path, monkeypatch):
    """The small workbook, its events sealed."""
    sample.build(tmp_path)
    file = tmp_path / "data" / "workbook.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[roles]", '[roles]\noutcomes = ["events"]'), encoding="utf-8")
    with (tmp_path / "data" / "questions" / "00-example.toml").open("a", encoding="utf-8") as bank_file:
        bank_file.write(FORECASTS)
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(tmp_path))
    monkeypatch.setenv("AFTEACH_ANSWERS", str(tmp_path / "answers"))
    return tmp_path


def give_all():
    first, last = student.check("ex-21", 0.7), student.check("ex-22", 0.2)
    assert first.outcome == last.outcome == "recorded"
    assert "open" not in first.message and "the outcomes are open" in last.message


def tell(question_id, **content):
    """What a card answers to one message of a browser, whatever its buttons show."""
    made, said = card.Card(bank()[question_id]), []
    made.send = lambda message, buffers=None: said.append(message)
    made._receive(made, content, [])
    return said


def hides(*shown):
    text = " ".join(map(str, shown))
    return "Sealed until" in text and not [word for word in OUTCOMES if word in text]


def test_a_sealed_table_has_its_columns_no_rows_and_says_what_it_waits_for(place):
    for ways in (afteach.load, seal.load):
        shut = ways("events")
        assert list(shut.columns) == list(tables.load("events").columns)
        assert len(shut) == 0
        assert shut["start"].dtype == tables.load("events")["start"].dtype
        assert hides(repr(shut), shut._repr_html_())
        assert "ex-21 and ex-22" in repr(shut) and 'load("events", unseal=True)' in repr(shut)
    student.check("ex-21", 0.7)
    assert "Still to come: ex-22." in repr(afteach.load("events"))
    assert len(afteach.load("claims")) == 3


def test_what_is_cut_from_a_sealed_table_still_says_so(place):
    shut = afteach.load("events")
    for cut in (shut[["title"]], shut[shut["relationship"] == "iran"][["title", "when"]], shut.sort_values("start")):
        assert hides(repr(cut))
    assert shut["relationship"].value_counts().empty


def test_cite_and_describe_hold_back_the_rows(place):
    for written in ("ev01", " EV01 "):
        cited = afteach.cite(written)
        assert hides(cited, cited._repr_html_(), citing.card(written)) and cited.startswith("ev01")
    assert hides(repr(afteach.describe("events")), afteach.describe("events")._repr_markdown_())
    assert "4 rows" not in repr(afteach.describe("events"))
    assert "Anna" in afteach.cite("P01-1")
    with pytest.raises(UnknownName):
        afteach.cite("ev99")
    with pytest.raises(UnknownName):
        afteach.load("evnts")


def test_a_source_that_a_sealed_table_alone_names_does_not_tell_by_its_title(place):
    """One that another table names too is cited with a row that anybody may read."""
    file = place / "data" / "sources.csv"
    told = ("Anna and Boris signed", "Ministry of walks", "2019-07-03", "https://example.org/signed")
    with file.open("a", encoding="utf-8") as rows:
        rows.write(f"so003,{','.join(told)},newspaper,state\n")
    for table, old, source in (("events", "Second meeting", "so003"), ("claims", "met Boris", "so002")):
        path = place / "data" / f"{table}.csv"
        path.write_text(path.read_text(encoding="utf-8").replace(old, f"{old} ({source})"), encoding="utf-8")
    assert hides(afteach.cite("so003")) and "signed" not in afteach.cite("so003")
    assert "A second view" in afteach.cite("so002")
    shut = afteach.load("sources").set_index("source_id")
    assert not [text for text in told if text in " ".join(map(str, shut.loc["so003"]))]
    assert hides(shut.loc["so003", "title"]) and shut.loc["so003", "kind"] == "newspaper"
    assert shut.loc["so002", "title"] == "A second view"
    assert list(shut.dtypes) == list(tables.load("sources").set_index("source_id").dtypes)
    give_all()
    assert told[0] in afteach.cite("so003")
    assert afteach.load("sources").equals(tables.load("sources"))


def test_many_that_are_to_come_are_counted(place):
    assert "Still to come: a, b, c and 2 more." in seal.sentence("events", list("abcde"))
    assert "Still to come: a, b, c and d." in seal.sentence("events", list("abcd"))
    assert "Still to come: a." in seal.sentence("events", ["a"])


@pytest.mark.parametrize("question_id", ["ex-21", "ex-22", "ex-23", *RESTS])
def test_a_direct_message_to_the_kernel_gets_no_outcome(place, question_id):
    student.check("ex-21", 0.7)
    student.check("ex-23", "Much.")
    for kind in ("evidence", "solution"):
        assert hides(tell(question_id, type=kind))
    state = tell(question_id, type="hello")[0]
    assert (state["evidence"], state["solution"]) == (False, False)


def test_evidence_is_not_given_before_a_first_answer(place):
    assert [one["type"] for one in tell("ex-01", type="evidence")] == ["notice"]
    student.check("ex-01", "b")
    assert [one["type"] for one in tell("ex-01", type="evidence")] == ["evidence"]


@pytest.mark.parametrize("question_id", RESTS)
def test_a_question_that_would_tell_an_outcome_is_neither_asked_nor_judged(place, question_id):
    right, wrong = sample.RIGHT[question_id], sample.WRONG[question_id]
    said = [student.check(question_id, answer) for answer in (right, wrong, ...)]
    assert {one.outcome for one in said} == {"unanswered"} and len({one.message for one in said}) == 1
    assert hides(said[0].message, card.ask(question_id), student.hint(question_id), student.solution(question_id))
    assert hides(tell(question_id, type="answer", answer=right), tell(question_id, type="hint"))
    assert bank()[question_id].prompt not in str(card.ask(question_id))
    assert not answers.read().lines
    give_all()
    assert student.check(question_id, right).outcome == "right"
    assert isinstance(card.ask(question_id), card.Card)


def test_an_open_answer_is_kept_while_what_stands_behind_it_is_shut(place):
    assert isinstance(card.ask("ex-23"), card.Card)
    assert student.check("ex-23", "Much.").outcome == "recorded"
    assert hides(student.solution("ex-23"))
    give_all()
    assert "One good answer" in student.solution("ex-23")


def test_the_last_forecast_opens_everything(place):
    give_all()
    assert len(afteach.load("events")) == 4 and "First meeting" in afteach.cite("ev01")
    assert "4 rows" in repr(afteach.describe("events"))
    assert "First meeting" in str(tell("ex-21", type="evidence"))
    assert "yes" in student.solution("ex-21")


def test_a_reader_may_open_the_seal_and_that_is_recorded_once(place):
    for _ in range(2):
        assert len(afteach.load("events", unseal=True)) == 4
    (line,) = answers.read().lines
    assert (line.q, line.answer, line.f, line.try_) == ("seal.events", "opened", "", 1)
    assert len(afteach.load("events")) == 4
    assert "no" in student.solution("ex-22")
    afteach.load("claims", unseal=True)
    assert len(answers.read().lines) == 1


def test_a_forecast_stands_once_its_outcome_is_open(place):
    student.check("ex-21", 0.3)
    give_all()
    for answer in (0.9, 0.7):
        said = student.check("ex-21", answer)
        assert said.message == "Your forecast of 70 % stands: its outcome is open."
    assert [line.answer for line in answers.read().of("ex-21")] == [0.3, 0.7]
    said = tell("ex-22", type="answer", answer=0.9)
    assert "stands" in said[0]["message"] and said[0]["saved"] is False
    assert said[1]["answer"] == 0.2


def test_after_the_seal_was_opened_a_first_forecast_is_refused_in_words(place):
    student.check("ex-21", 0.7)
    afteach.load("events", unseal=True)
    assert "Not recorded" in student.check("ex-22", 0.1).message
    assert answers.read().of("ex-22") == []


def line(q, answer, at, number=1):
    return Line(v=1, id=f"{q}{at}{number}", q=q, f="", answer=answer, at=at, try_=number)


def days(*entries):
    return [line(q, answer, f"2026-01-{day:02}T10:00:00Z", day) for q, answer, day in entries]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        # The last first record opens; what came up to it counts, and nothing later.
        (days(("ex-21", 0.3, 1), ("ex-21", 0.7, 2), ("ex-22", 0.2, 3), ("ex-21", 1, 4), ("ex-22", 0, 5)), [1, 2, 3]),
        # Opened by hand before.
        (days(("ex-21", 0.3, 1), ("seal.events", "opened", 2), ("ex-21", 1, 3), ("ex-22", 0, 4)), [1, 2]),
        # Opened by hand after all were in: that moment was earlier.
        (days(("ex-21", 0.3, 1), ("ex-22", 0.2, 2), ("ex-21", 1, 3), ("seal.events", "opened", 4)), [1, 2, 4]),
        # Nothing is open yet.
        (days(("ex-21", 0.3, 1), ("ex-21", 0.9, 2)), [1, 2]),
        # What cannot be read as a forecast opens nothing.
        (days(("ex-21", 0.3, 1), ("ex-22", "soon", 2), ("ex-21", 0.9, 3)), [1, 2, 3]),
        (days(("ex-21", 0.3, 1), ("seal.events", "yes", 2), ("seal.claims", "opened", 2), ("ex-21", 1, 3)), [1, 2, 2, 3]),
        # Other questions are not touched.
        (days(("ex-21", 0.3, 1), ("ex-22", 0.2, 2), ("ex-09", 1, 3), ("ex-01", "a", 4)), [1, 2, 3, 4]),
    ],
)  # fmt: skip
def test_a_forecast_given_after_the_opening_does_not_count(place, given, kept):
    random.Random(3).shuffle(given)
    left = seal.counted(given, seal.forecasts(bank().values()))
    assert sorted(one.try_ for one in left) == kept


def test_half_a_second_is_later_than_none(place):
    given = [line("ex-21", 0.3, "2026-01-01T10:00:00Z"), line("ex-22", 0.2, "2026-01-01T10:00:00+00:00")]
    late = line("ex-21", 1, "2026-01-01T10:00:00.5Z", 2)
    assert seal.counted([late, *given], seal.forecasts(bank().values())) == given


def test_progress_cards_and_the_chart_pass_over_what_does_not_count(place):
    give_all()
    answers.record(bank()["ex-21"], 1.0)  # as a file from another machine may hold it
    assert overview.Progress().log.of("ex-21")[-1].answer == 0.7
    assert tell("ex-21", type="hello")[0]["answer"] == 0.7
    assert list(charts.forecasts().table["forecast"]) == [0.7, 0.2]


def test_the_chart_tells_no_outcome_while_forecasts_are_to_come(place):
    student.check("ex-21", 0.7)
    shown = charts.forecasts()
    assert "happened" not in shown.description and "ex-22" in shown.description
    assert shown.table.empty
    student.check("ex-22", 0.2)
    assert len(charts.forecasts().table) == 2


@pytest.mark.parametrize(
    ("chart", "table"),
    [
        ("timeline", "events"), ("stances", "stances"), ("ladder", "claims"), ("wording", "claims"), ("matrix", "claims"),
        ("places", "events"), ("troops", "troop_levels"), ("territory", "district_control"),
        ("casualties", "civilian_casualties"),
    ],
)  # fmt: skip
def test_a_chart_of_a_sealed_table_says_that_it_is_sealed(chart, table):
    shut = seal._without_rows(tables.load(table), "Sealed until noon.")
    beside = {"wording": ["fact_checks"], "territory": ["figures"]}.get(chart, [])
    assert getattr(charts, chart)(shut, *map(tables.load, beside)).description == "Nothing to draw: sealed until noon."


def test_an_author_reads_past_the_seal(place):
    assert len(tables.load("events")) == 4 and "First meeting" in citations.cite("ev01")
    assert "ev01" in student.solution_text(bank()["ex-21"]) and questions.draft().faults == []


def test_a_workbook_without_outcomes_seals_nothing(tmp_path, monkeypatch):
    sample.build(tmp_path)
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(tmp_path))
    monkeypatch.setenv("AFTEACH_ANSWERS", str(tmp_path / "answers"))
    assert seal.sealed_tables() == [] and len(afteach.load("events", unseal=True)) == 4
    assert not answers.read().lines
    assert afteach.charts.forecasts().table.empty


def test_where_a_row_stands_is_looked_up_once_until_a_table_changes(place, monkeypatch):
    """Every card of a notebook is told of a forecast: each would look up every row of all the forecasts."""
    before = seal.forecasts(bank().values())
    asked = []
    monkeypatch.setattr(tables, "holds", lambda *given: asked.append(given) or False)
    assert seal.forecasts(bank().values()) == before and asked == []
    path = next((place / "data").glob("*.csv"))
    os.utime(path, (1, 1))
    seal.forecasts(bank().values())
    assert asked


def test_a_table_that_an_author_seals_no_more_is_open_in_a_kernel_that_lives(place):
    described = place / "data" / "workbook.toml"
    assert seal.table_of("ev01")
    kept = [line for line in described.read_text(encoding="utf-8").splitlines() if not line.startswith("outcomes")]
    described.write_text("\n".join(kept), encoding="utf-8")
    assert seal.table_of("ev01") == ""
