"""A word or a name that is typed."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import msgspec

from afteach.errors import Unreadable
from afteach.questions import reading
from afteach.questions.marking import Verdict, not_yet, right
from afteach.questions.question import Question
from afteach.questions.spelling import clean, fold, slip_of
from afteach.words import say


class TextQuestion(Question, tag="text", kw_only=True):
    """Write a word; `accept` lists spellings, and `slips` says something to likely wrong words."""

    accept: list[str]
    slips: dict[str, str] = msgspec.field(default_factory=dict)

    typed_as = '"your words"'
    is_free = True

    def judge(self, answer: Any) -> Verdict:
        if not isinstance(answer, str):
            raise Unreadable(say("read.word"))
        reading.not_too_long(answer)
        # What is many times longer than a spelling is none, and folding it would take a marker's time.
        folded = fold(answer) if len(answer) <= 100 + 4 * max(map(len, self.accept)) else ""
        if folded in {fold(text) for text in self.accept if folded}:
            return right(self)
        slips = {fold(text): says for text, says in self.slips.items()}
        return not_yet(self, slips.get(folded, ""))

    def read(self, given: Any, typed: bool) -> str:
        if not isinstance(given, str):
            raise Unreadable(say("read.word"))
        reading.not_too_long(given, reading.MOST_LETTERS_OF_A_WORD)
        text, folded = clean(given), fold(given)
        if not folded:
            raise Unreadable(say("read.word"))
        spellings = {fold(spelling) for spelling in (*self.accept, *self.slips)}
        if folded not in spellings and _nearest(text, self.accept) <= min(_nearest(text, self.slips), 2):
            raise Unreadable(say("text.spelling"))
        return text

    def say(self) -> str:
        return self.accept[0]

    def picks(self, answer: Any) -> tuple[str, ...]:
        return reading.short(answer)

    def wrong_ideas(self) -> list[tuple[str, str]]:
        return list(self.slips.items())

    def texts(self) -> list[str]:
        return super().texts() + list(self.slips.values())

    def faults(self) -> list[str]:
        found = [] if any(text.strip() for text in self.accept) else ["accept is empty"]
        # Marks are not compared: an answer of marks alone would be like every other and like none.
        found += [f"'{text}' in accept has no letter and no digit" for text in self.accept if not _has_letter(text)]
        return found + [f"'{text}' in slips has no letter and no digit" for text in self.slips if not _has_letter(text)]

    def alike(self, answer: Any) -> Any:
        return fold(answer) if isinstance(answer, str) else answer

    def right_answers(self) -> list[Any]:
        return list(self.accept)

    def foreseen_slips(self) -> list[Any]:
        return list(self.slips)


def _has_letter(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


def _nearest(text: str, spellings: Iterable[str]) -> float:
    return min((slip_of(text, spelling) or math.inf for spelling in spellings), default=math.inf)
