"""Lines in order, some of which do not belong: what an order is worth, and what is said of it."""

from __future__ import annotations

import itertools

import hypothesis.strategies as st
import pytest
import sample
from hypothesis import assume, given

from afteach import check
from afteach.answers import log as answers
from afteach.authoring import guide
from afteach.questions import marking
from afteach.questions import model as questions
from afteach.questions.kinds.order import OrderQuestion
from afteach.questions.question import Choice


@pytest.fixture
def place(tmp_path, monkeypatch):
    sample.build(tmp_path)
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(tmp_path))
    monkeypatch.setenv("AFTEACH_ANSWERS", str(tmp_path / "answers"))
    return tmp_path


def change(place, old, new):
    path = place / "data" / "questions" / "00-example.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def made(key, distractors):
    choices = [Choice(id=one, text=one, says="No.") for one in reversed([*key, *distractors])]
    about = {"id": "q", "prompt": "?", "goal": "g", "level": "apply", "evidence": ["x"], "hint": "h", "explain": "e"}
    return OrderQuestion(**about, choices=choices, key=list(key), distractors=list(distractors))


@st.composite
def ordered(draw):
    """A question with distractors and some of its lines in some order."""
    lines = "abcdefg"[: draw(st.integers(3, 7))]
    cut = draw(st.integers(2, len(lines) - 1))
    question = made(lines[:cut], lines[cut:])
    answer = draw(st.permutations(lines))[: draw(st.integers(1, len(lines)))]
    return question, list(answer)


@given(ordered())
def test_the_key_scores_one_and_whatever_keeps_every_line_nothing(given_question):
    question, _ = given_question
    assert question.judge(question.key).score == 1
    for rest in itertools.islice(itertools.permutations([*question.key, *question.distractors]), 50):
        assert question.judge(list(rest)).score == 0


@given(ordered())
def test_whatever_is_not_the_key_scores_less_than_one_and_no_less_than_nothing(given_question):
    question, answer = given_question
    score = question.judge(answer).score
    assert 0 <= score <= 1 and (score == 1) == (answer == question.key)


@given(ordered())
def test_to_leave_out_what_does_not_belong_never_costs(given_question):
    question, answer = given_question
    better = [one for one in answer if one not in question.distractors]
    assume(better)
    assert question.judge(better).score >= question.judge(answer).score


@given(ordered(), st.data())
def test_to_mend_one_pair_of_neighbours_never_costs(given_question, data):
    question, answer = given_question
    belong = [one for one in answer if one in question.key]
    wrong = [i for i in range(len(belong) - 1) if belong[i] > belong[i + 1]]
    assume(wrong)
    at = data.draw(st.sampled_from(wrong))
    better = [*belong[:at], belong[at + 1], belong[at], *belong[at + 2 :]]
    assert question.judge(better).score >= question.judge(belong).score


@given(ordered(), st.data())
def test_to_put_a_missing_line_where_it_belongs_never_costs(given_question, data):
    question, answer = given_question
    belong = sorted(one for one in answer if one in question.key)
    missing = sorted(set(question.key) - set(belong))
    assume(belong and missing)
    more = sorted([*belong, data.draw(st.sampled_from(missing))])
    assert question.judge(more).score >= question.judge(belong).score


@pytest.mark.parametrize(
    ("answer", "score"),
    [
        (["a", "b", "c"], 1),
        (["b", "a", "c"], 1 / 3),  # one of three pairs, which costs two shares
        (["a", "b"], 1 / 3),  # two pairs lack a line, which costs one share each
        (["a", "b", "c", "x"], 0.5),  # one of two that do not belong
        (["a", "b", "c", "x", "y"], 0),
        (["c"], 0),
        (["x"], 0),
    ],
)
def test_what_an_order_is_worth(answer, score):
    assert made("abc", "xy").judge(answer).score == pytest.approx(score)


def test_what_is_said_names_the_line_that_does_not_belong_and_never_the_one_that_is_missing(place):
    one = questions.question("ex-14")
    assert marking.judge(one, ["set", "keep", "count"]).message == (
        "Not yet. One line does not belong. One sign gives a value, two compare."
    )
    missing = marking.judge(one, ["mask", "count"])
    assert missing.message == "Partly. A line that belongs is left out. 1 in place from the top. Look again at ev01."
    assert (
        marking.judge(one, ["mask", "mask"]).message
        == "Put in order what belongs, each once. There are: count, keep, mask, set."
    )
    assert marking.judge(questions.question("ex-04"), ["one", "two"]).outcome == "unreadable"


def test_of_an_order_with_a_line_too_many_only_that_line_is_marked(place):
    one = questions.question("ex-14")
    assert marking.marks(one, ["mask", "set", "keep"]) == {"set": "wrong"}
    assert marking.marks(one, ["mask", "count", "keep"]) == {"mask": "right", "count": "wrong"}


def test_lines_of_code_are_typed_by_their_ids_or_as_they_stand(place):
    assert check("ex-14", ["mask", "keep", "count"]).outcome == "right"
    lines = ['russia = events["relationship"] == "russia"', "rows = events[russia]", "len(rows)"]
    assert check("ex-14", lines).outcome == "right"
    assert [line.answer for line in answers.read().lines] == [["mask", "keep", "count"]]
    assert check("ex-14", ['russia = events["relationship"] = "russia"', *lines[1:]]).outcome == "not yet"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('distractors = ["set"]', "distractors = []", "key must list every choice id once"),
        ('distractors = ["set"]', 'distractors = ["set", "odd"]', "key and distractors must list every choice id once"),
        (
            'distractors = ["set"]',
            'distractors = ["set", "keep"]',
            "key and distractors must list every choice id once",
        ),
        (', says = "One sign gives a value, two compare."', "", "distractor 'set' has no feedback (says)"),
    ],
)
def test_a_fault_of_an_author_is_named(place, old, new, fault):
    change(place, old, new)
    assert any(fault in one and "ex-14" in one for one in questions.draft().faults), questions.draft().faults


def test_a_teacher_reads_the_lines_as_code_and_the_idea_behind_a_line_that_does_not_belong(place):
    text = guide.as_markdown(questions.bank())
    assert "- `keep` `rows = events[russia]`" in text, "what is asked"
    assert (
        '*Right:*\n\n- `russia = events["relationship"] == "russia"`\n- `rows = events[russia]`\n- `len(rows)`' in text
    )
    assert 'russia = events["relationship"] = "russia", which does not belong | One sign gives a value' in text
