"""A number that is typed on the card."""

from __future__ import annotations

from typing import Any

from afteach.questions import keys, numerals, reading
from afteach.questions.computed import Computed, best, resolved, sure_number
from afteach.questions.marking import Verdict, not_yet
from afteach.words import say


class NumberQuestion(Computed, tag="number", kw_only=True):
    """Write a number, in the unit that is asked for."""

    typed_as = "12"
    is_free = True

    def judge(self, answer: Any) -> Verdict:
        found = reading.written(answer, self.unit, logged=True)
        if self.unit and not numerals.same_unit(found[0].unit, self.unit):
            return not_yet(self, say("number.unit", unit=self.unit))
        return best(self, found, resolved(self))

    def read(self, given: Any, typed: bool) -> dict[str, Any]:
        return {"value": sure_number(self, given), "unit": self.unit}

    def faults(self) -> list[str]:
        return keys.faults(self.key, number=True) + super().faults()
