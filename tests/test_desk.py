"""The desk: how far one leans on a statement, what was opened before, and what its records support."""

from __future__ import annotations

import json

import hypothesis.strategies as st
import msgspec
import pytest
import sample
from hypothesis import given

from afteach import check, solution, student
from afteach.answers import log as answers
from afteach.answers.tries import same_answer
from afteach.card import card, opening
from afteach.errors import AfteachError
from afteach.questions import marking
from afteach.questions import model as questions
from afteach.questions.kinds.weigh import BANDS, NEAR, WeighQuestion
from afteach.record import desk

ABOUT = {"prompt": "How far?", "goal": "g", "level": "evaluate", "evidence": ["P07-4"], "hint": "h", "explain": "e"}


@pytest.fixture
def place(tmp_path, monkeypatch):
    sample.build(tmp_path)
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(tmp_path))
    monkeypatch.setenv("AFTEACH_ANSWERS", str(tmp_path / "answers"))
    monkeypatch.setattr(opening, "_opened", {})
    return tmp_path


@pytest.fixture
def asked(place):
    return questions.question("ex-16")


def change(place, old, new):
    path = place / "data" / "questions" / "00-example.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("lean", "opened", "outcome", "score"),
    [
        (35, ["so002"], "right", 1),
        (0, ["so001", "so002"], "right", 1),
        (36, ["so002"], "partly", 0.5),
        (20, [], "partly", 0.5),
        (20, ["so001"], "partly", 0.5),
        (45, ["so001"], "partly", 0.25),
        (46, ["so002"], "not yet", 0),
        (100, ["so002"], "not yet", 0),
    ],
)
def test_one_leans_as_far_as_the_records_go_and_has_looked(asked, lean, opened, outcome, score):
    verdict = marking.judge(asked, {"lean": lean, "trail": opened})
    assert (verdict.outcome, verdict.score) == (outcome, score)


def test_leaning_in_the_middle_scores_nothing_where_the_records_settle_it():
    for support in ("for", "against"):
        low, high = BANDS[support]
        assert max(low - 50, 50 - high) > NEAR


def test_what_is_told_names_no_side_but_the_authors_own_words(asked):
    assert (
        marking.judge(asked, {"lean": 90, "trail": ["so002"]}).message
        == "Not yet. That it is said plainly is no record."
    )
    told = marking.judge(asked, {"lean": 20, "trail": ["so001"]}).message
    assert "the one record that you opened carries little weight" in told.lower() and "so002" not in told


@pytest.mark.parametrize(
    "typed",
    [(10, "so002"), (10, ["so002"]), (10, [60, "SO002 "]), ("10", "so002"), ({"lean": 10, "trail": ["so002"]},)],
)
def test_it_is_typed_as_a_number_and_what_was_opened(place, typed):
    assert check("ex-16", *typed).outcome == "right"
    (line,) = answers.read().lines
    assert line.answer["lean"] == 10 and line.answer["trail"][-1] == "so002"


@pytest.mark.parametrize(
    "typed", [-1, 101, 0.5, "x", True, [10, "so009"], [10, {"a": 1}], {"lean": 10, "trail": "so002x"}]
)
def test_what_is_no_leaning_or_no_record_is_sent_back_and_is_no_try(place, typed):
    assert check("ex-16", typed).outcome == "unreadable"
    assert not answers.read().lines


def test_records_alone_are_no_answer(place):
    assert check("ex-16", {"lean": None, "trail": ["so002"]}).outcome == "unanswered"


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["lean", "trail", "why"]), x),
    )
)
def test_nothing_that_is_sent_makes_judging_fail(answer):
    question = WeighQuestion(
        id="q", **ABOUT, statement="a", records=["b", "c"], budget=1, carries={"b": "w"}, support="for"
    )
    assert marking.judge(question, answer).outcome in marking.OUTCOMES


def test_the_trail_is_kept_without_what_says_nothing_new_and_reads_the_same_again(asked):
    first = marking.canonical(asked, {"lean": 20, "trail": [60, 60, "so001", "so001", 40], "why": " One voice. "})
    assert first == {"lean": 20, "trail": [60, "so001", 40], "why": "One voice."}
    assert marking.canonical(asked, first) == first
    assert asked.shown(first | {"why": 7.5}) == asked.shown(first).removesuffix(" One voice.")
    assert not same_answer(asked, first, {**first, "trail": []})


def test_a_card_is_sent_covers_and_no_note_before_it_is_opened(asked):
    sent = json.dumps(card.public(asked))
    assert "A second view" in sent and "Daily Paper" in sent
    assert "against" not in sent and "not the one that is tested" not in sent and "no record" not in sent
    assert desk.record("so002").note


def test_no_more_is_opened_than_the_budget_until_there_is_an_answer(asked):
    assert [row[0] for row in opening.open_records(asked, ["so001"])] == ["so001"]
    assert opening.open_records(asked, ["so001"]), "what is open stays open"
    with pytest.raises(AfteachError, match="One record may be opened"):
        opening.open_records(asked, ["so002"])
    check("ex-16", 90)
    assert [row[0] for row in opening.open_records(asked, ["so002", "fc999"])] == ["so002"]


@pytest.mark.parametrize("rows", [None, 3, "so001", [["so001"]], [{}], ["P01-1"]])
def test_what_is_no_record_of_it_opens_nothing(asked, rows):
    assert opening.open_records(asked, rows) == []
    assert opening.find_records(asked, rows) in ([], ["so001", "so002"])


def test_records_are_found_by_title_publisher_and_note(asked):
    assert opening.find_records(asked, "second daily") == ["so002"]
    assert opening.find_records(asked, "nowhere") == []


def test_the_rows_behind_a_desk_open_with_its_solution(asked):
    check("ex-16", 90, "so002")
    assert not student.evidence_open(asked, answers.read())
    check("ex-16", 10, "so002")
    assert student.evidence_open(asked, answers.read())
    assert "so002: It was there" in solution("ex-16")


def test_the_reveal_has_the_path_beside_a_worked_one(asked):
    shown = asked.reveal({"lean": 90, "trail": [60, "so001", 80, "so002"]})
    assert shown["path"] == [
        "leaned 60 of 100",
        "opened “The long walk”",
        "leaned 80 of 100",
        "opened “A second view”",
        "leaned 90 of 100",
    ]
    assert shown["worked"] == ["opened “A second view”", "leans from 0 to 35 of 100"]
    assert shown["records"][1][2].startswith("It was there")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('statement = "P01-2"', 'statement = "ev01"', "ev01 is no row with a statement"),
        ('statement = "P01-2"', 'statement = "P91-2"', "There is no row called 'P91-2'"),
        ('records = ["so001", "so002"]', 'records = ["so002"]', "records are two or more"),
        ('records = ["so001", "so002"]', 'records = ["ev01", "so002"]', "ev01 names no source"),
        ("budget = 1", "budget = 3", "budget is 3"),
        ('carries = {so002 = "It was', 'carries = {so009 = "It was', "so009 is none of its records"),
        ('support = "against"\n', "", "say in support"),
        ('support = "against"\n', 'support = "perhaps"\n', "perhaps"),
    ],
)
def test_a_fault_of_an_author_is_named(place, old, new, fault):
    change(place, old, new)
    assert any(fault in one and "ex-16" in one for one in questions.draft().faults), questions.draft().faults


def test_what_the_records_support_follows_from_their_verdicts(monkeypatch):
    monkeypatch.delenv("AFTEACH_WORKBOOK", raising=False)
    assert desk.support(["fc044", "fc045", "fc175"]) == "against", "two differ, one cannot be compared"
    assert desk.support(["fc149", "fc150"]) == "for"
    assert desk.support(["fc012", "fc013", "fc170"]) == "mixed"
    assert desk.support(["fc062", "fc063"]) == "mixed", "what cannot be compared settles nothing"
    with pytest.raises(AfteachError, match="oe01 has no verdict"):
        desk.support(["oe01", "fc044"])


def test_the_schema_describes_it():
    assert {"statement", "records", "budget", "carries"} <= set(
        msgspec.json.schema(WeighQuestion)["$defs"]["WeighQuestion"]["properties"]
    )
