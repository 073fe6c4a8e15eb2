"""Two lists whose entries belong together."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from afteach.errors import Unanswered, Unreadable
from afteach.questions import reading
from afteach.questions.marking import Verdict, look_again, mark, not_yet, right
from afteach.questions.question import Choice, Question
from afteach.questions.shapes import blank, is_nothing
from afteach.words import say


class MatchQuestion(Question, tag="match", kw_only=True):
    """Match each on the left with one on the right; `key` maps ids of left to ids of right."""

    left: list[Choice]
    right: list[Choice]
    key: dict[str, str]

    typed_as = '{"left id": "right id", ...}'

    def judge(self, answer: Any) -> Verdict:
        if not isinstance(answer, dict):
            raise Unreadable(say("match.pairs"))
        for left, other in answer.items():
            reading.known(self.left, left)
            if not blank(other):
                reading.known(self.right, other)
        good = sum(answer.get(left) == other for left, other in self.key.items())
        if good == len(self.key):
            return right(self)
        first = next(left for left in self.left if answer.get(left.id) != self.key[left.id])
        fact = say("match.fit", good=good, all=len(self.key))
        return not_yet(self, fact, first.says or look_again(self), score=good / len(self.key))

    def marks(self, answer: Any) -> dict[str, str]:
        # As far as the verdict itself says it: what fits from the top, and the first that does not.
        good = [left.id for left in self.left]
        first = next((place for place, left in enumerate(good) if answer.get(left) != self.key[left]), len(good))
        return {left: mark(place < first) for place, left in enumerate(good[: first + 1])}

    def read(self, given: Any, typed: bool) -> dict[str, str]:
        if isinstance(given, list) and all(isinstance(pair, list) and len(pair) == 2 for pair in given):
            given = {reading.label(left): other for left, other in given}
        if not isinstance(given, dict):
            raise Unreadable(say("match.pairs_typed"))
        found: dict[str, str] = {}
        for left, other in given.items():
            entry = reading.find(self.left, left)
            if is_nothing(other):
                continue
            match = reading.find(self.right, other).id
            if found.setdefault(entry.id, match) != match:
                raise Unreadable(say("match.two", id=entry.id))
        still = [choice.id for choice in self.left if choice.id not in found]
        if still:
            named = ", ".join(still)
            raise Unanswered(say("match.open", open=len(still), all=len(self.left), ids=named))
        return {choice.id: found[choice.id] for choice in self.left}

    def say(self) -> str:
        texts = {c.id: c.text for c in self.right}
        return "; ".join(f"{c.text}: {texts[self.key[c.id]]}" for c in self.left)

    def picks(self, answer: Any) -> tuple[str, ...]:
        return tuple(f"{left}={other}" for left, other in answer.items() if not blank(other))

    def ideas(self, answer: Any) -> tuple[str, ...]:
        wrong = [c for c in self.left if not blank(answer.get(c.id)) and answer.get(c.id) != self.key[c.id]]
        return tuple({c.idea: None for c in wrong if c.idea})

    def wrong_ideas(self) -> list[tuple[str, str]]:
        return [(say("match.wrong", text=c.text), c.says) for c in (*self.left, *self.right) if c.says]

    def offers(self) -> dict[str, list[Choice]]:
        return {"left": self.left, "right": self.right}

    def faults(self) -> list[str]:
        found = super().faults()
        if sorted(self.key) != sorted(c.id for c in self.left):
            found.append("key must map every id of left")
        if set(self.key.values()) - {c.id for c in self.right}:
            found.append("key maps to an id that is not in right")
        return found

    def right_answers(self) -> list[Any]:
        return [self.key]

    def foreseen_slips(self) -> list[Any]:
        return [{**self.key, left: next(c.id for c in self.right if c.id != right)} for left, right in self.key.items()]

    def wrong_picks(self) -> dict[str, str]:
        pairs = [(a, b) for a in self.left for b in self.right if self.key[a.id] != b.id]
        return {f"{a.id}={b.id}": f"{a.text}: {b.text}" for a, b in pairs}

    def coded_key(self, codes: Collection[str]) -> dict[str, str] | None:
        if self.guess or not {c.id for c in self.right} <= set(codes):
            return None
        return dict(self.key)
