"""Several of several choices are right."""

from __future__ import annotations

from typing import Any

from afteach.questions import reading
from afteach.questions.kinds.choosing import ChoosingQuestion
from afteach.questions.marking import Verdict, not_yet, right
from afteach.words import say

MOST_SPOKEN_TO = 2


class ManyQuestion(ChoosingQuestion, tag="many", kw_only=True):
    """Tick all that fit."""

    typed_as = '["id", ...]'

    def judge(self, answer: Any) -> Verdict:
        ticked = {reading.known(self.choices, entry).id for entry in reading.listed(answer)}
        fitting = [c for c in self.choices if c.right]
        others = [c for c in self.choices if not c.right]
        if self.guess:
            return Verdict("recorded", "")
        false = [c for c in others if c.id in ticked]
        missing = [c for c in fitting if c.id not in ticked]
        if not false and not missing:
            return right(self)
        score = credit(len(fitting), len(missing), len(others), len(false))
        says = [c.says for c in false[:MOST_SPOKEN_TO]]
        return not_yet(self, *says, say("many.more") if missing else "", score=score)

    def marks(self, answer: Any) -> dict[str, str]:
        ticked = [reading.known(self.choices, entry) for entry in reading.listed(answer)]
        return ticked_marks([c.id for c in ticked if c.right], [c.id for c in ticked if not c.right])

    def read(self, given: Any, typed: bool) -> list[str]:
        ticked = {choice.id for choice in reading.find_all(self.choices, given)}
        return [choice.id for choice in self.choices if choice.id in ticked]

    def picks(self, answer: Any) -> tuple[str, ...]:
        return tuple(sorted(set(reading.listed(answer))))

    def faults(self) -> list[str]:
        found = super().faults()
        if not self.guess and len({c.right for c in self.choices}) < 2:
            found.append("at least one choice must be right and one wrong")
        return found

    def right_answers(self) -> list[Any]:
        return [[c.id for c in self.choices if c.right]]

    def foreseen_slips(self) -> list[Any]:
        return [[c.id] for c in self.choices if not c.right]


def credit(fitting: int, missing: int, others: int, false: int) -> float:
    """The share of what fits that is ticked, less the share of what does not; ticking everything scores nothing."""
    return max(0.0, (fitting - missing) / fitting - false / others)


def ticked_marks(fitting: list[str], false: list[str]) -> dict[str, str]:
    """The marks on what is ticked: the wrong ones that are spoken to, and the right ones only where none is wrong.

    Otherwise whoever ticks everything would be shown the key.
    """
    return dict.fromkeys(false[:MOST_SPOKEN_TO], "wrong") if false else dict.fromkeys(fitting, "right")
