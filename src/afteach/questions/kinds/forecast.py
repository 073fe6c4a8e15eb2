"""The chance of something whose outcome is sealed until the chance is given."""

from __future__ import annotations

from typing import Any

from afteach.errors import Unreadable
from afteach.questions import numerals, reading
from afteach.questions.marking import Verdict
from afteach.questions.question import Question
from afteach.words import say

PER_CENT = "per cent"


class ForecastQuestion(Question, tag="forecast", kw_only=True):
    """Say how likely it is; `resolved` says whether it came."""

    resolved: bool

    typed_as = "0.5"
    judged = False
    foretells = True
    is_free = True
    # A chance is logged from 0 to 1, and read again a 1 would be one per cent.
    read_again = False

    def judge(self, answer: Any) -> Verdict:
        chance = reading.as_number(answer)
        if not 0 <= chance <= 1:
            raise Unreadable(say("forecast.chance"))
        return Verdict("recorded", say("forecast.recorded", chance=self.shown(answer)))

    def read(self, given: Any, typed: bool) -> float:
        found = reading.written(given, PER_CENT)
        first = found[0]
        if not numerals.same_unit(first.unit, PER_CENT):
            raise Unreadable(say("forecast.chance"))
        if len(found) > 1:
            raise reading.which([number.value for number in found])
        if typed and not first.unit and first.value == 1:
            raise Unreadable(say("forecast.one"))
        chance = first.value / 100 if first.unit or first.value > 1 else first.value
        if not 0 <= chance <= 1:
            raise Unreadable(say("forecast.chance"))
        return chance

    def say(self) -> str:
        return say("forecast.yes") if self.resolved else say("forecast.no")

    def shown(self, answer: Any) -> str:
        """A chance as logged, in per cent."""
        return f"{round(100 * reading.as_number(answer), 6):g} %"

    def came(self) -> bool:
        return self.resolved

    def picks(self, answer: Any) -> tuple[str, ...]:
        return reading.short(answer)
