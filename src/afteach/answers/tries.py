"""Which answers are a try of their own: the same answer given again is none."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import msgspec

from afteach.answers.lines import Line
from afteach.questions.marking import Unreadable, canonical
from afteach.questions.question import Question

Given = TypeVar("Given")
_encode = msgspec.json.Encoder().encode
_encode_sorted = msgspec.json.Encoder(order="sorted").encode


def same_answer(question: Question, one: Any, other: Any) -> bool:
    """Whether two answers to a question, in their logged shape, say the same, however they were written."""
    return saying(question, one) == saying(question, other)


def saying(question: Question, answer: Any) -> bytes:
    """What an answer says, as bytes that are equal for equal answers; `answer` is in its logged shape."""
    try:
        if question.read_again:
            answer = canonical(question, answer)
    except (Unreadable, RecursionError):
        pass
    answer = question.alike(answer)
    try:
        return _encode(answer) if question.keys_have_order else _encode_sorted(answer)
    except RecursionError:
        return b"too deep to be compared"


def tries(question: Question, lines: Iterable[Line]) -> list[Line]:
    """The lines that are a try of their own at a question, earliest first, whatever files they come from.

    A line that stands twice counts once, and so does an answer that is given again right after itself.
    """
    own = {line.id: line for line in lines if line.q == question.id}
    said = {line.id: (line.f, saying(question, line.answer)) for line in own.values()}
    ordered = sorted(own.values(), key=lambda line: line.order)
    return not_repeated(ordered, lambda before, line: said[before.id] == said[line.id])


def not_repeated(given: Iterable[Given], same: Callable[[Given, Given], bool]) -> list[Given]:
    """The answers that say something else than the one right before them; the first of all is one of them."""
    ordered = list(given)
    return ordered[:1] + [one for before, one in itertools.pairwise(ordered) if not same(before, one)]
