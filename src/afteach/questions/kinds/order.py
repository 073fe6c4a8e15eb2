"""Lines to be put in order, of which some may not belong."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec

from afteach.errors import Unreadable
from afteach.questions import reading
from afteach.questions.marking import Verdict, look_again, mark, not_yet, right
from afteach.questions.question import Choice, Question
from afteach.words import say


class OrderQuestion(Question, tag="order", kw_only=True):
    """Put these in order; `key` lists the ids as they should stand. What `distractors` names is to be left out.

    `code` says that the choices are lines of code. Of all pairs of the key, one in the wrong order costs two shares and
    one with a line that is left out costs one; each line that does not belong costs its share of those.
    """

    choices: list[Choice]
    key: list[str]
    distractors: list[str] = msgspec.field(default_factory=list)
    code: bool = False

    typed_as = '["id", "id", ...]'

    def judge(self, answer: Any) -> Verdict:
        given = [reading.known(self.choices, entry).id for entry in reading.listed(answer)]
        if max(Counter(given).values()) > 1 or (not self.distractors and len(given) < len(self.key)):
            raise Unreadable(self._what_to_give())
        belong, strange = self._parted(given)
        place = {choice_id: i for i, choice_id in enumerate(self.key)}
        swapped = sum(place[a] > place[b] for i, a in enumerate(belong) for b in belong[i + 1 :])
        pairs, there = _pairs(len(self.key)), _pairs(len(belong))
        if given == self.key:
            return right(self)
        score = 1 - (2 * swapped + pairs - there) / pairs
        if strange:
            score -= len(strange) / len(self.distractors)
        return not_yet(self, *self._told(belong, strange), score=max(0.0, score))

    def _parted(self, given: list[str]) -> tuple[list[str], list[str]]:
        """The lines of an answer that belong, and those that do not."""
        return [one for one in given if one in self.key], [one for one in given if one not in self.key]

    def _told(self, belong: list[str], strange: list[str]) -> list[str]:
        """What is said of an order that is not right: what does not belong first, then what is missing."""
        wrong = self._wrong_line(belong, strange)
        says = wrong.says if wrong else ""
        if strange:
            return [say("order.strange", n=len(strange)), says]
        first = self._first_wrong(belong)
        fact = say("order.in_place", count=first) if first else say("order.first")
        missing = say("order.missing") if len(belong) < len(self.key) else ""
        return [missing, fact, says or look_again(self)]

    def _wrong_line(self, belong: list[str], strange: list[str]) -> Choice | None:
        """The line that an answer is told of; none where it is right or only lacks lines."""
        first = self._first_wrong(belong)
        if not strange and (len(belong) < len(self.key) or first == len(belong)):
            return None
        wrong = strange[0] if strange else belong[first]
        return next(c for c in self.choices if c.id == wrong)

    def _first_wrong(self, belong: list[str]) -> int:
        return next((i for i, (a, b) in enumerate(zip(belong, self.key, strict=False)) if a != b), len(belong))

    def ideas(self, answer: Any) -> tuple[str, ...]:
        wrong = self._wrong_line(*self._parted(reading.listed(answer)))
        return (wrong.idea,) if wrong and wrong.idea else ()

    def _what_to_give(self) -> str:
        ids = sorted(c.id for c in self.choices)
        named = ", ".join(ids)
        return say("order.once", ids=named) if self.distractors else say("order.all", count=len(ids), ids=named)

    def marks(self, answer: Any) -> dict[str, str]:
        given = reading.listed(answer)
        strange = [choice_id for choice_id in given if choice_id in self.distractors]
        if strange:
            return {strange[0]: mark(False)}
        first = next((place for place in range(len(given)) if given[: place + 1] != self.key[: place + 1]), len(given))
        return {choice_id: mark(place < first) for place, choice_id in enumerate(given[: first + 1])}

    def read(self, given: Any, typed: bool) -> list[str]:
        return [choice.id for choice in reading.find_all(self.choices, given)]

    def say(self) -> str:
        texts = {c.id: c.text for c in self.choices}
        lines = [texts[choice_id] for choice_id in self.key]
        return "\n".join(f"`{line}`" for line in lines) if self.code else say("order.then").join(lines)

    def picks(self, answer: Any) -> tuple[str, ...]:
        return (" > ".join(reading.listed(answer)),)

    def wrong_ideas(self) -> list[tuple[str, str]]:
        told = [
            (c, "order.strange_text" if c.id in self.distractors else "order.wrong") for c in self.choices if c.says
        ]
        return [(say(key, text=c.text), c.says) for c, key in told]

    def offers(self) -> dict[str, list[Choice]]:
        return {"choices": self.choices}

    def listed(self) -> list[str]:
        return [f"`{c.id}` `{c.text}`" for c in self.choices] if self.code else []

    def public(self) -> dict[str, Any]:
        return {**super().public(), "spare": len(self.distractors), "code": self.code}

    def faults(self) -> list[str]:
        found = super().faults()
        if sorted([*self.key, *self.distractors]) != sorted(c.id for c in self.choices):
            found.append("key and distractors must list every choice id once" if self.distractors else NOT_ALL)
        elif self.key == [c.id for c in self.choices]:
            found.append("the choices already stand in the right order")
        if len(self.key) < 2:
            found.append("key has fewer than two ids")
        found += [f"distractor '{c.id}' has no feedback (says)" for c in self.choices if self._is_silent(c)]
        return found

    def _is_silent(self, choice: Choice) -> bool:
        return choice.id in self.distractors and not choice.says.strip()

    def refuse(self, answer: Any) -> None:
        if issubclass(type(answer), (set, frozenset)):
            raise Unreadable(say("order.set", example=reading.example(self.choices)))

    def right_answers(self) -> list[Any]:
        return [self.key]

    def foreseen_slips(self) -> list[Any]:
        strange = [[*self.key, choice_id] for choice_id in self.distractors]
        return strange + [[one, *(other for other in self.key if other != one)] for one in self.key[1:]]


NOT_ALL = "key must list every choice id once"


def _pairs(count: int) -> int:
    return count * (count - 1) // 2
