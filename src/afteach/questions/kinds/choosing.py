"""What questions share whose answer is picked from choices, each right or wrong."""

from typing import Any

from afteach.questions.question import Choice, Question


class ChoosingQuestion(Question, kw_only=True):
    """One or more of the choices are right, and each has its own feedback."""

    choices: list[Choice]

    def say(self) -> str:
        return "; ".join(c.text for c in self.choices if c.right)

    def wrong_ideas(self) -> list[tuple[str, str]]:
        # Of a guess nothing is wrong, and everything that is told something is listed.
        return [(c.text, c.says) for c in self.choices if c.says and (self.guess or not c.right)]

    def looked_back(self, answer: Any) -> list[tuple[str, bool, bool]]:
        return [(c.text, c.id in self.picks(answer), c.right) for c in self.choices]

    def offers(self) -> dict[str, list[Choice]]:
        return {"choices": self.choices}

    def faults(self) -> list[str]:
        silent = [] if self.guess else [c for c in self.choices if not c.says.strip()]
        return super().faults() + [f"choice '{c.id}' has no feedback (says)" for c in silent]

    def all_picks(self) -> dict[str, str]:
        return {c.id: c.text for c in self.choices}

    def wrong_picks(self) -> dict[str, str]:
        return {} if self.guess else {c.id: c.text for c in self.choices if not c.right}
