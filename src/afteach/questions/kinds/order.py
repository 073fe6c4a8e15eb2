"""Lines to be put in order."""

from __future__ import annotations

from typing import Any

from afteach.errors import Unreadable
from afteach.questions import reading
from afteach.questions.marking import Verdict, look_again, not_yet, right
from afteach.questions.question import Choice, Question
from afteach.words import say


class OrderQuestion(Question, tag="order", kw_only=True):
    """Put these in order; `key` lists the ids as they should stand."""

    choices: list[Choice]
    key: list[str]

    typed_as = '["id", "id", ...]'

    def judge(self, answer: Any) -> Verdict:
        given = [reading.known(self.choices, entry).id for entry in reading.listed(answer)]
        if sorted(given) != sorted(self.key):
            raise Unreadable(say("order.all", count=len(self.key), ids=", ".join(sorted(self.key))))
        pairs = len(given) * (len(given) - 1) // 2
        place = {choice_id: i for i, choice_id in enumerate(self.key)}
        swapped = sum(place[a] > place[b] for i, a in enumerate(given) for b in given[i + 1 :])
        if not swapped:
            return right(self)
        first = next(i for i, choice_id in enumerate(given) if choice_id != self.key[i])
        says = next(c.says for c in self.choices if c.id == given[first])
        fact = say("order.in_place", count=first) if first else say("order.first")
        return not_yet(self, fact, says or look_again(self), score=max(0.0, 1 - 2 * swapped / pairs))

    def read(self, given: Any, typed: bool) -> list[str]:
        return [choice.id for choice in reading.find_all(self.choices, given)]

    def say(self) -> str:
        texts = {c.id: c.text for c in self.choices}
        return say("order.then").join(texts[choice_id] for choice_id in self.key)

    def picks(self, answer: Any) -> tuple[str, ...]:
        return (" > ".join(reading.listed(answer)),)

    def wrong_ideas(self) -> list[tuple[str, str]]:
        return [(say("order.wrong", text=c.text), c.says) for c in self.choices if c.says]

    def offers(self) -> dict[str, list[Choice]]:
        return {"choices": self.choices}

    def faults(self) -> list[str]:
        found = super().faults()
        if sorted(self.key) != sorted(c.id for c in self.choices):
            found.append("key must list every choice id once")
        elif self.key == [c.id for c in self.choices]:
            found.append("the choices already stand in the right order")
        return found

    def refuse(self, answer: Any) -> None:
        if issubclass(type(answer), (set, frozenset)):
            raise Unreadable(say("order.set", example=reading.example(self.choices)))

    def right_answers(self) -> list[Any]:
        return [self.key]
