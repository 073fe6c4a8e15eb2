"""Words to mark in a sentence: what counts, how it is typed, and what an author may write."""

from __future__ import annotations

import json

import hypothesis.strategies as st
import msgspec
import pytest
import sample
from hypothesis import assume, given

from afteach import check
from afteach.answers import log as answers
from afteach.authoring import guide
from afteach.grading import items
from afteach.grading.attempts import picked
from afteach.questions import marking
from afteach.questions import model as questions
from afteach.questions.kinds.mark import MarkQuestion

OLD = 'lines = ["Anna is said to have met Boris.", "A truce was reportedly offered by Anna."]'


@pytest.fixture
def place(tmp_path, monkeypatch):
    sample.build(tmp_path)
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(tmp_path))
    monkeypatch.setenv("AFTEACH_ANSWERS", str(tmp_path / "answers"))
    return tmp_path


@pytest.fixture
def asked(place):
    return questions.question("ex-13")


def change(place, old, new):
    path = place / "data" / "questions" / "00-example.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def quote(place, words):
    """Give the claims the column of the article's own words, those of the first claim."""
    table = place / "data" / "claims.csv"
    first, one, *rest = table.read_text().splitlines()
    table.write_text("\n".join([f"{first},wording", f"{one},{words}", *(f"{line}," for line in rest)]) + "\n")
    path = place / "data" / "datapackage.json"
    package = json.loads(path.read_text())
    claims = next(one for one in package["resources"] if one["name"] == "claims")
    claims["schema"]["fields"].append({"name": "wording", "type": "string", "description": "Its words."})
    path.write_text(json.dumps(package))


def made(key, either, last):
    """A question with so many words of which these are right."""
    lines = [" ".join(f"w{n}" for n in range(1, last + 1))]
    about = {"id": "q", "prompt": "Which?", "goal": "g", "level": "apply", "evidence": [], "hint": "h", "explain": "e"}
    return MarkQuestion(**about, lines=lines, key=sorted(key), either=sorted(either))


@st.composite
def marked(draw):
    """A question and an answer to it."""
    last = draw(st.integers(3, 12))
    places = st.sets(st.integers(1, last))
    key, either, answer = draw(places), draw(places), draw(places)
    either -= key
    assume(key and len(key | either) < last)
    return made(key, either, last), answer


@given(marked())
def test_all_that_is_right_scores_one_and_everything_marked_scores_nothing(given_question):
    question, _ = given_question
    everything = list(range(1, len(question.words()) + 1))
    assert question.judge(question.key).score == question.judge([*question.key, *question.either]).score == 1
    assert question.judge(everything).score == 0


@given(marked(), st.data())
def test_one_right_word_more_never_costs_and_one_wrong_word_more_never_pays(given_question, data):
    question, answer = given_question
    assume(answer)
    before = question.judge(sorted(answer)).score
    word = data.draw(st.integers(1, len(question.words())))
    after = question.judge(sorted(answer | {word})).score
    if word in question.key:
        assert after >= before
    elif word in question.either:
        assert after == before
    else:
        assert after <= before


@pytest.mark.parametrize(
    ("answer", "score"),
    [([3, 11], 1), ([2, 3, 4, 11], 1), ([3], 0.5), ([3, 6], 0.4), ([6], 0), (list(range(1, 15)), 0)],
)
def test_half_of_the_words_is_partly(asked, answer, score):
    assert marking.judge(asked, answer).score == pytest.approx(score)


def test_a_wrong_word_is_spoken_to_and_the_key_is_not_told(asked):
    assert "how is it said" in marking.judge(asked, [3, 6]).message.lower()
    told = marking.judge(asked, [1, 3]).message
    assert told == "Partly. One of the 2 words that you marked does not belong. There is more to mark."
    alone = marking.judge(asked, [1]).message
    assert alone == "Not yet. The word that you marked does not belong. There is more to mark."


def test_no_mark_on_a_word_tells_more_than_the_verdict(asked, place):
    assert marking.marks(asked, [3, 11]) == {"3": "right", "11": "right"}
    assert marking.marks(asked, [2, 3]) == {"2": "right", "3": "right"}
    assert marking.marks(asked, [3, 6]) == {"6": "wrong"}
    assert marking.marks(asked, list(range(1, 15))) == {"1": "wrong", "5": "wrong"}
    many = questions.question("ex-02")
    assert marking.marks(many, ["a", "b", "c", "d"]) == {"c": "wrong", "d": "wrong"}
    assert marking.marks(many, ["a"]) == {"a": "right"}


WAYS = [
    [3, 11], [11, 3, 3], ["3", "11"], ["said", "reportedly"], ["Said", "“reportedly”"], "said, reportedly",
    "said and reportedly", "said reportedly", "3, 11", (3, 11), {"said", 11},
]  # fmt: skip


# Numbered, since a set has another order, and so another name, in each process.
@pytest.mark.parametrize("answer", WAYS, ids=[f"way {n}" for n in range(len(WAYS))])
def test_words_are_given_by_their_places_or_as_they_stand(place, answer):
    assert check("ex-13", answer).outcome == "right"
    assert [line.answer for line in answers.read().lines] == [[3, 11]]


def test_several_words_may_be_typed_one_after_the_other_and_words_in_a_row_as_one(place):
    assert check("ex-13", "said", "reportedly") == check("ex-13", "is said to", "reportedly")
    assert [line.answer for line in answers.read().lines] == [[3, 11], [2, 3, 4, 11]]


@pytest.mark.parametrize(
    "answer", ["perhaps", ["said", "perhaps"], 0, 15, -1, 1.5, True, [[3]], {"a": 1}, "said said x"]
)
def test_what_does_not_stand_there_is_sent_back_and_is_no_try(place, answer):
    verdict = check("ex-13", answer)
    assert verdict.outcome == "unreadable" and "1 to 14" in verdict.message
    assert not answers.read().lines


def test_a_word_that_stands_twice_is_asked_about(place):
    assert check("ex-13", "Anna").message == "“Anna” stands there more than once. Give its place: 1 or 14."
    assert check("ex-13", ["said", "reportedly offered by Anna"]).outcome == "partly"


def test_the_articles_own_words_come_from_their_row_and_the_answer_changes_with_them(place):
    quote(place, "reportedly met Boris")
    change(place, OLD, 'lines = ["P01-1", "A truce was offered."]')
    change(place, "key = [3, 11]\neither = [2, 4]", "key = [1]")
    assert questions.draft().faults == []
    one = questions.question("ex-13")
    assert one.public() == {
        "lines": [["P01-1", ["reportedly", "met", "Boris"]], ["", ["A", "truce", "was", "offered."]]]
    }
    assert one.say() == "reportedly (P01-1)"
    before = questions.fingerprint(one)
    change(place, "A truce was offered.", "No truce was offered.")
    assert questions.fingerprint(questions.question("ex-13")) != before


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("key = [3, 11]", "key = []", "key is empty"),
        ("key = [3, 11]", "key = [3, 15]", "there is no word 15; the lines have 14"),
        ("key = [3, 11]", "key = [3, 6]", "a word of the key stands in either or in slips too"),
        ("either = [2, 4]", "either = [1, 2, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14]", "every word is right"),
        ("slips = {6", "slips = {met", "slips are named by the place of a word"),
        ('"Anna is said to have met Boris."', '"P91-1"', "lines: There is no row called 'P91-1'"),
        ('"Anna is said to have met Boris."', '"P01-1"', "lines: P01-1 has no wording"),
    ],
)
def test_a_fault_of_an_author_is_named(place, old, new, fault):
    change(place, old, new)
    assert any(fault in one and "ex-13" in one for one in questions.draft().faults), questions.draft().faults


def test_a_teacher_sees_the_words_and_which_wrong_one_drew_most(place, asked):
    text = guide.as_markdown(questions.bank())
    assert "- Anna (1) is (2) said (3) to (4)" in text, "what is asked"
    assert "*Right:* said; reportedly" in text and "| met | That she met him is what is said." in text
    item = items.Item(asked, n=3)
    for answer in ([3, 6], [6], [3, 11]):
        item.picks.update(picked(asked, answer))
    assert item.drew_most() == ("6 met", 2)
    assert "3 said: 2" in items.counts(item) and "6 met: 2" in items.counts(item)


def test_the_schema_describes_it():
    assert {"lines", "either"} <= set(msgspec.json.schema(MarkQuestion)["$defs"]["MarkQuestion"]["properties"])
