"""Several of several choices are right."""

from __future__ import annotations

from typing import Any

from afteach.questions import reading
from afteach.questions.kinds.choice import silent_choices, wrong_choices
from afteach.questions.marking import Verdict, not_yet, right
from afteach.questions.question import Choice, Question
from afteach.words import say


class ManyQuestion(Question, tag="many", kw_only=True):
    """Tick all that fit."""

    choices: list[Choice]

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
        score = max(0.0, (len(fitting) - len(missing)) / len(fitting) - len(false) / len(others))
        says = [c.says for c in false[:2]]
        return not_yet(self, *says, say("many.more") if missing else "", score=score)

    def read(self, given: Any, typed: bool) -> list[str]:
        ticked = {choice.id for choice in reading.find_all(self.choices, given)}
        return [choice.id for choice in self.choices if choice.id in ticked]

    def say(self) -> str:
        return "; ".join(c.text for c in self.choices if c.right)

    def picks(self, answer: Any) -> tuple[str, ...]:
        return tuple(sorted(set(reading.listed(answer))))

    def wrong_ideas(self) -> list[tuple[str, str]]:
        return wrong_choices(self.choices, self.guess)

    def offers(self) -> dict[str, list[Choice]]:
        return {"choices": self.choices}

    def faults(self) -> list[str]:
        found = super().faults()
        if not self.guess and len({c.right for c in self.choices}) < 2:
            found.append("at least one choice must be right and one wrong")
        return found + silent_choices(self.choices, self.guess)

    def right_answers(self) -> list[Any]:
        return [[c.id for c in self.choices if c.right]]

    def all_picks(self) -> dict[str, str]:
        return {c.id: c.text for c in self.choices}

    def wrong_picks(self) -> dict[str, str]:
        return {} if self.guess else {c.id: c.text for c in self.choices if not c.right}
