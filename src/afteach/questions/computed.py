"""What a typed number and a computed result share: a key in the tables, a unit, a tolerance, likely slips."""

from __future__ import annotations

import functools
import math
from typing import Any

import msgspec

from afteach.errors import Unreadable
from afteach.questions import numerals, reading
from afteach.questions.keys import Key
from afteach.questions.keys import resolve as resolve_key
from afteach.questions.marking import Verdict, not_yet, right
from afteach.questions.question import Question, Slip
from afteach.questions.shapes import number
from afteach.words import say


class Computed(Question, kw_only=True):
    """A question whose key is read from the tables, and never typed."""

    key: Key
    unit: str = ""
    tolerance: float = 0.0
    relative_tolerance: float = 0.0
    slips: list[Slip] = msgspec.field(default_factory=list)

    def say(self) -> str:
        expected = resolved(self)
        if isinstance(expected, dict):
            return "; ".join(f"{say('read.and').join(group)}: {_plain(value)}" for group, value in expected.items())
        if isinstance(expected, list):
            return "; ".join(expected)
        return f"{_plain(expected)} {self.unit}".strip()

    def picks(self, answer: Any) -> tuple[str, ...]:
        return reading.short(answer)

    def wrong_ideas(self) -> list[tuple[str, str]]:
        return [(f"{slip.value:,.10g} {self.unit}".strip(), slip.says) for slip in self.slips]

    def ideas(self, answer: Any) -> tuple[str, ...]:
        try:
            values = [one.value for one in reading.written(answer, self.unit, logged=True)]
        except Unreadable:
            return ()  # a table or a text, to which no slip is foreseen
        expected = resolved(self)
        if not isinstance(expected, (int, float)) or any(near(self, value, expected) for value in values):
            return ()
        # The slip that is told is the first that fits.
        fits = (slip.idea for slip in self.slips if any(near(self, value, slip.value) for value in values))
        return tuple(filter(None, [next(fits, "")]))

    def idea_names(self) -> set[str]:
        return {slip.idea for slip in self.slips if slip.idea}

    def public(self) -> dict[str, Any]:
        return {"unit": self.unit} if self.unit else {}

    def texts(self) -> list[str]:
        return super().texts() + [slip.says for slip in self.slips]

    def faults(self) -> list[str]:
        found = []
        for name, given in (("tolerance", self.tolerance), ("relative_tolerance", self.relative_tolerance)):
            if given < 0:
                found.append(f"{name} is {given:g}: a tolerance cannot be below 0")
            elif not math.isfinite(given):
                found.append(f"{name} is {given:g}, and must be a finite number")
        if math.isfinite(self.relative_tolerance) and self.relative_tolerance >= 1:
            found.append("relative_tolerance is a share and must be below 1: 0.05 is five per cent")
        slips = [slip.value for slip in self.slips if not math.isfinite(slip.value)]
        return found + [f"the slip {value:g} is no finite number" for value in slips]

    def resolve(self) -> None:
        resolved(self)

    def right_answers(self) -> list[Any]:
        return [resolved(self)]

    def foreseen_slips(self) -> list[Any]:
        return [slip.value for slip in self.slips]


@functools.lru_cache(maxsize=2048)
def resolved(question: Computed) -> Any:
    """The key of a question, read from the tables once: a number, text, groups or row ids."""
    return resolve_key(question.key)


def _plain(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.10g}"


def best(question: Computed, found: list[numerals.Written], expected: float) -> Verdict:
    """The verdict on the best reading of a number."""
    # An answer of two readings is asked about before it is kept; one kept by an older edition has the better of both.
    verdicts = (_compared(question, reading.value, expected) for reading in found)
    return max(verdicts, key=lambda verdict: verdict.score or 0.0)


def _compared(question: Computed, value: float, expected: float) -> Verdict:
    if near(question, value, expected):
        return right(question)
    slip = next((slip.says for slip in question.slips if near(question, value, slip.value)), "")
    return not_yet(question, slip)


def near(question: Computed, value: float, expected: float) -> bool:
    """Whether a number is the expected one within the tolerance of its question."""
    allowed = max(question.tolerance, question.relative_tolerance * abs(expected), 1e-9 * abs(expected))
    return abs(value - expected) <= allowed


def sure_number(question: Computed, given: Any) -> int | float:
    """The number that was meant, in the unit of the question; Unreadable asks where it could be two."""
    unit = question.unit
    found = reading.written(given, unit)
    first = found[0]
    if unit and not numerals.same_unit(first.unit, unit):
        raise Unreadable(say("number.other_unit", unit=unit, given=first.unit[:40]))
    if len(found) > 1:
        raise reading.which([number.value for number in found])
    # A dict with a number in it is what was logged, and was asked about before.
    written = not isinstance(given, dict) or isinstance(given["value"], str)
    own = first.unit and not (isinstance(given, dict) and first.unit == given.get("unit"))
    if numerals.is_per_cent(first.unit) and not unit:
        raise reading.which([first.value, number(first.value / 100)], "read.which_no_unit")
    if numerals.is_per_cent(unit) and written and not own and 0 < abs(first.value) < 1:
        whole = number(round(first.value * 100, 10))
        raise Unreadable(say("number.per_cent", small=first.value, whole=whole))
    base = numerals.base_of(unit)
    if base > 1 and written and not first.scaled and abs(first.value) >= base:
        less = number(first.value / base)
        raise Unreadable(
            say(
                "number.thousands",
                unit=unit,
                less=f"{less:,}",
                plain=numerals.plain(less),
                value=f"{first.value:,}",
            )
        )
    return first.value
