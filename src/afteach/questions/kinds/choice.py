"""One of several choices is right."""

from collections.abc import Collection
from typing import Any

from afteach.questions import reading
from afteach.questions.kinds.choosing import ChoosingQuestion
from afteach.questions.marking import Verdict, mark, not_yet, right


class ChoiceQuestion(ChoosingQuestion, tag="choice", kw_only=True):
    """Choose one."""

    typed_as = '"id"'

    def judge(self, answer: Any) -> Verdict:
        chosen = reading.known(self.choices, answer)
        return right(self, chosen.says) if chosen.right else not_yet(self, chosen.says)

    def marks(self, answer: Any) -> dict[str, str]:
        return {answer: mark(reading.known(self.choices, answer).right)}

    def read(self, given: Any, typed: bool) -> str:
        return reading.find(self.choices, given).id

    def picks(self, answer: Any) -> tuple[str, ...]:
        return (answer,)

    def faults(self) -> list[str]:
        found = super().faults()
        count = sum(c.right for c in self.choices)
        if not self.guess and count != 1:
            found.append(f"{count} choices are right; one must be")
        return found

    def right_answers(self) -> list[Any]:
        return [c.id for c in self.choices if c.right]

    def foreseen_slips(self) -> list[Any]:
        return [c.id for c in self.choices if not c.right]

    def coded_key(self, codes: Collection[str]) -> dict[str, str] | None:
        if self.guess or not {c.id for c in self.choices} <= set(codes):
            return None
        return {"": next(c.id for c in self.choices if c.right)}
