"""One of several choices is right."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from afteach.questions import reading
from afteach.questions.marking import Verdict, not_yet, right
from afteach.questions.question import Choice, Question


class ChoiceQuestion(Question, tag="choice", kw_only=True):
    """Choose one."""

    choices: list[Choice]

    typed_as = '"id"'

    def judge(self, answer: Any) -> Verdict:
        chosen = reading.known(self.choices, answer)
        return right(self, chosen.says) if chosen.right else not_yet(self, chosen.says)

    def read(self, given: Any, typed: bool) -> str:
        return reading.find(self.choices, given).id

    def say(self) -> str:
        return "; ".join(c.text for c in self.choices if c.right)

    def picks(self, answer: Any) -> tuple[str, ...]:
        return (answer,)

    def wrong_ideas(self) -> list[tuple[str, str]]:
        return wrong_choices(self.choices, self.guess)

    def offers(self) -> dict[str, list[Choice]]:
        return {"choices": self.choices}

    def faults(self) -> list[str]:
        found = super().faults()
        count = sum(c.right for c in self.choices)
        if not self.guess and count != 1:
            found.append(f"{count} choices are right; one must be")
        return found + silent_choices(self.choices, self.guess)

    def right_answers(self) -> list[Any]:
        return [c.id for c in self.choices if c.right]

    def all_picks(self) -> dict[str, str]:
        return {c.id: c.text for c in self.choices}

    def wrong_picks(self) -> dict[str, str]:
        return {} if self.guess else {c.id: c.text for c in self.choices if not c.right}

    def coded_key(self, codes: Collection[str]) -> dict[str, str] | None:
        if self.guess or not {c.id for c in self.choices} <= set(codes):
            return None
        return {"": next(c.id for c in self.choices if c.right)}


def wrong_choices(choices: list[Choice], guess: bool) -> list[tuple[str, str]]:
    """The wrong choices that are told something, all of a guess."""
    return [(c.text, c.says) for c in choices if c.says and (guess or not c.right)]


def silent_choices(choices: list[Choice], guess: bool) -> list[str]:
    """The choices of a judged question without feedback, as faults."""
    return [] if guess else [f"choice '{c.id}' has no feedback (says)" for c in choices if not c.says.strip()]
