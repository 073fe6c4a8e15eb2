"""Judge an answer. Nothing here asks how it is shown, and nothing a student sends can make it fail."""

from __future__ import annotations

from typing import Any

import msgspec

from afteach.errors import Unanswered, Unreadable
from afteach.questions.question import Question
from afteach.questions.shapes import blank, shape
from afteach.words import say

OUTCOMES = ("right", "partly", "not yet", "unanswered", "unreadable", "recorded")
# After these nothing is left to do.
DONE = ("right", "recorded")


class Verdict(msgspec.Struct, frozen=True):
    """What is said of one answer: outcome, message, and a score from 0 to 1 (None where nothing is scored)."""

    outcome: str
    message: str
    score: float | None = None

    def __repr__(self) -> str:
        return self.message

    def _repr_markdown_(self) -> str:
        return self.message

    def _repr_html_(self) -> str | None:
        # An exercise that waits is no verdict, and stands in every stored notebook.
        from afteach.questions import verdict_box  # for a cell alone, and the first card waits for what is above

        return None if self.outcome == "unanswered" else verdict_box.html(self.outcome, self.message)


def named(outcome: str) -> str:
    """The word for an outcome."""
    return say(f"outcome.{outcome.replace(' ', '_')}")


def judge(question: Question, answer: Any) -> Verdict:
    """Judge an answer in its logged shape; never raises for what a student sent.

    Returns a Verdict. A wrong answer's message points back to the text and does not give the key away.
    """
    if blank(answer):
        return Verdict("unanswered", say("verdict.unanswered"))
    try:
        judged = question.judge(answer)
    except Unreadable as reason:
        return Verdict("unreadable", str(reason))
    if question.guess:
        return Verdict("recorded", say("verdict.guess"))
    return judged


def marks(question: Question, answer: Any) -> dict[str, str]:
    """What is right and what is wrong of what was chosen, by its id; nothing of what nobody judges or can read."""
    if question.guess or judge(question, answer).outcome not in ("right", "partly", "not yet"):
        return {}
    return question.marks(answer)


def mark(is_right: bool) -> str:
    """The word for one part of an answer."""
    return "right" if is_right else "wrong"


def canonical(question: Question, answer: Any, typed: bool = False) -> Any:
    """Turn what was typed or clicked into the one form in which it is logged.

    Ids stand as in the bank, ticks in the order of the choices, a number as {value, unit}, a chance from 0 to 1.
    `typed` says that it comes from a cell, where a bare 1 may be one per cent or a certainty.
    Errors: Unanswered where nothing or only half is given; Unreadable says what to write instead, and asks wherever
    an answer can be read in two ways, whether or not one of them is right, so that asking gives nothing away.
    """
    question.refuse(answer)
    shaped = shape(answer)
    if blank(shaped):
        raise Unanswered(say("verdict.unanswered"))
    return question.read(shaped, typed)


# What the kinds say


def right(question: Question, *more: str) -> Verdict:
    """The verdict on a right answer: why it is right."""
    return Verdict("right", " ".join(filter(None, [say("verdict.right"), *more, question.explain])), 1.0)


def not_yet(question: Question, *says: str, score: float = 0.0) -> Verdict:
    """The verdict on an answer that is not right, or partly; without any feedback it names where to look."""
    message = " ".join(filter(None, says)) or look_again(question)
    if score > 0:
        return Verdict("partly", f"{say('verdict.partly')} {message}", score)
    return Verdict("not yet", f"{say('verdict.not_yet')} {message}", 0.0)


def look_again(question: Question) -> str:
    """The way back to the evidence of a question."""
    return say("verdict.look_again", places=", ".join(question.evidence[:4]))
