"""An open question: the answer is kept and read by people."""

from __future__ import annotations

from typing import Any

from afteach.errors import Unreadable
from afteach.questions import reading
from afteach.questions.marking import Verdict
from afteach.questions.question import Question, Rubric
from afteach.words import say


class ReflectQuestion(Question, tag="reflect", kw_only=True):
    """Write a few sentences, and read them again with the rubric; `model` is one good answer."""

    rubric: Rubric
    model: str

    typed_as = '"your words"'
    judged = False
    keeps_text = True

    def judge(self, answer: Any) -> Verdict:
        if not isinstance(answer, str):
            raise Unreadable(say("reflect.words"))
        reading.not_too_long(answer)
        return Verdict("recorded", say("reflect.recorded"))

    def read(self, given: Any, typed: bool) -> Any:
        return given.strip() if isinstance(given, str) else given

    def say(self) -> str:
        return self.model

    def public(self) -> dict[str, Any]:
        return {"rubric": [self.rubric.claim, self.rubric.evidence, self.rubric.limit]}

    def texts(self) -> list[str]:
        return [*super().texts(), self.model, self.rubric.claim, self.rubric.evidence, self.rubric.limit]

    def faults(self) -> list[str]:
        good = self.model.startswith("One good answer")
        return [] if good else ["the model answer must begin 'One good answer'"]
