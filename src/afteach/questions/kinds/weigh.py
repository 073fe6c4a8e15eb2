"""The desk: a statement to lean on, after opening some of the records that speak of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from afteach.errors import AfteachError, DataFault, Unanswered, Unreadable
from afteach.questions import reading
from afteach.questions.marking import Verdict, not_yet, right
from afteach.questions.question import Choice, Part, Question
from afteach.questions.shapes import is_nothing, number
from afteach.record import desk, lookup
from afteach.words import say
from afteach.workbook import workbook

Support = Literal["for", "mixed", "against"]
# How far a statement can be leaned on of which the records say this, from 0 to 100.
BANDS: dict[Support, tuple[int, int]] = {"against": (0, 35), "mixed": (25, 75), "for": (65, 100)}
# Who is off by no more than this is partly right; 50, which says nothing, is further from either end.
NEAR = 10
MOST_STEPS = 200
LONGEST_REASON = 500


class Swing(Part, kw_only=True):
    """What whoever leans too far, or not far enough, is told."""

    says: str
    idea: str = ""


class WeighQuestion(Question, tag="weigh", kw_only=True):
    """Lean on a statement from 0 to 100, once some of its records are opened; `budget` is how many, at first.

    `statement` is a row with a statement, `records` rows of which each names its source. `carries` has the records that
    carry weight, each with its reason, in the order in which a careful reader opens them. What all of them together say
    of the statement follows from their verdicts; `support` says it where they have none, or where it takes a reading.
    """

    statement: str
    records: list[str]
    budget: int
    carries: dict[str, str]
    support: Support | None = None
    too_far: Swing | None = None
    too_little: Swing | None = None

    typed_as = '70, "record", ...'
    is_desk = True

    def supported(self) -> Support:
        """What the records together say of the statement: for it, against it, or neither."""
        return self.support or desk.support(self.records)

    def judge(self, answer: Any) -> Verdict:
        lean, opened = self.leaning(answer), self.opened(answer)
        low, high = BANDS[self.supported()]
        off = max(low - lean, lean - high, 0)
        looked = not self.carries or any(row in self.carries for row in opened)
        if looked and not off:
            return right(self)
        told = []
        if not looked:
            told.append(say("weigh.light", n=len(opened)) if opened else say("weigh.unopened"))
        if off:
            swing = self.too_far if lean > high else self.too_little
            told.append(swing.says if swing else say("weigh.again"))
        score = (1 if not off else 0.5 if off <= NEAR else 0) * (1 if looked else 0.5)
        return not_yet(self, *told, score=score)

    def leaning(self, answer: Any) -> float:
        """How far a logged answer leans on the statement, from 0 to 100."""
        lean = answer.get("lean") if isinstance(answer, dict) else None
        if isinstance(lean, bool) or not isinstance(lean, (int, float)) or not 0 <= lean <= 100:
            raise Unreadable(say("weigh.range"))
        return lean

    def opened(self, answer: Any) -> list[str]:
        """The records that a logged answer opened, in order; of what is no record here nothing is said."""
        return [step for step in self.trail(answer) if isinstance(step, str)]

    def trail(self, answer: Any) -> list[Any]:
        """What came before the last leaning: records by id as they were opened, and leanings between them."""
        steps = answer.get("trail", []) if isinstance(answer, dict) else []
        if not isinstance(steps, list) or len(steps) > MOST_STEPS:
            raise Unreadable(say("weigh.steps", most=MOST_STEPS))
        return [step for step in steps if step in self.records or _is_leaning(step)]

    def read(self, given: Any, typed: bool) -> dict[str, Any]:
        if isinstance(given, dict):
            lean, steps, why = given.get("lean"), given.get("trail") or [], given.get("why") or ""
        else:
            lean, *steps = given if isinstance(given, list) else [given]
            why = ""
        if is_nothing(lean):
            raise Unanswered(say("weigh.first"))
        if not isinstance(steps, list) or not isinstance(why, str):
            raise Unreadable(say("weigh.range"))
        flat = [one for step in steps for one in (step if isinstance(step, list) else [step])]
        if len(flat) > MOST_STEPS:
            raise Unreadable(say("weigh.steps", most=MOST_STEPS))
        found: dict[str, Any] = {"lean": _lean(lean), "trail": list(self._steps(flat))}
        reading.not_too_long(why.strip(), LONGEST_REASON)
        return found | ({"why": why.strip()} if why.strip() else {})

    def _steps(self, given: list[Any]) -> Iterator[Any]:
        """A record counts where it is first opened, a leaning where it is another than the one before."""
        seen: set[Any] = set()
        before = None
        for step in given:
            if _is_leaning(step):
                if step != before:
                    yield number(step)
                before = step
                continue
            row = step.strip().casefold() if isinstance(step, str) else step
            known = next((one for one in self.records if one.casefold() == row), None)
            if known is None:
                raise Unreadable(say("weigh.not_there", ids=", ".join(self.records)))
            if known not in seen:
                seen.add(known)
                yield known

    def say(self) -> str:
        low, high = BANDS[self.supported()]
        reasons = "".join(f"\n{say('weigh.carries', row=row, reason=why)}" for row, why in self.carries.items())
        return f"{say(f'weigh.{self.supported()}')} {say('weigh.band', low=low, high=high)}{reasons}"

    def reveal(self, answer: Any) -> dict[str, Any]:
        """What the records together support, which carry weight and why, and the path of this answer beside another."""
        lean, records = self.leaning(answer), {row: desk.record(row) for row in self.records}
        step = {row: say("weigh.opened", title=one.title) for row, one in records.items()}
        low, high = BANDS[self.supported()]
        path = [step[one] if isinstance(one, str) else say("weigh.leaned", lean=one) for one in self.trail(answer)]
        return {
            "band": [low, high],
            "lean": lean,
            "support": say(f"weigh.{self.supported()}"),
            "publishers": say(
                "weigh.publishers", n=len({one.publisher for one in records.values()}), records=len(records)
            ),
            "records": [[one.title, one.finding, self.carries.get(row, "")] for row, one in records.items()],
            "path": [*path, say("weigh.leaned", lean=f"{lean:g}")],
            "worked": [*(step[row] for row in self.carries), say("weigh.leaned_between", low=low, high=high)],
        }

    def picks(self, answer: Any) -> tuple[str, ...]:
        band = min(int(self.leaning(answer) // 20) * 20, 80)
        return (say("weigh.between", low=band, high=band + 20), *self.opened(answer))

    def all_picks(self) -> dict[str, str]:
        return {row: desk.record(row).title for row in self.records}

    def ideas(self, answer: Any) -> tuple[str, ...]:
        lean, (low, high) = self.leaning(answer), BANDS[self.supported()]
        swing = self.too_far if lean > high else self.too_little if lean < low else None
        return (swing.idea,) if swing and swing.idea else ()

    def idea_names(self) -> set[str]:
        return {swing.idea for swing in (self.too_far, self.too_little) if swing and swing.idea}

    def wrong_ideas(self) -> list[tuple[str, str]]:
        swings = {"weigh.leans_too_far": self.too_far, "weigh.leans_too_little": self.too_little}
        return [(say(key), swing.says) for key, swing in swings.items() if swing]

    def shown(self, answer: Any) -> str:
        opened = ", ".join(self.opened(answer)) or say("weigh.nothing")
        why = answer.get("why", "") if isinstance(answer, dict) else ""
        told = say("weigh.shown", lean=f"{self.leaning(answer):g}", opened=opened)
        # A file that somebody wrote in may give a number as the reason.
        return f"{told} {why}" if why and isinstance(why, str) else told

    def offers(self) -> dict[str, list[Choice]]:
        _, line = lookup.row(self.statement)
        return {
            "statement": [Choice(id=self.statement, text=line.get("statement", ""))],
            "records": [Choice(id=row, text=desk.record(row).title) for row in self.records],
        }

    def public(self) -> dict[str, Any]:
        _, line = lookup.row(self.statement)
        paragraph = line.get("paragraph", "")
        return {
            "statement": line.get("statement", ""),
            "wording": line.get("wording", ""),
            "says": say("source.article", paragraph=paragraph) if paragraph else "",
            "row": self.statement,
            "records": [[row, one.title, one.about] for row in self.records for one in [desk.record(row)]],
            "budget": self.budget,
        }

    def listed(self) -> list[str]:
        _, line = lookup.row(self.statement)
        records = [f"{row}: {one.title} ({one.about})" for row in self.records for one in [desk.record(row)]]
        return [f"{self.statement}: {line.get('statement', '')}", *records, say("weigh.budget", n=self.budget)]

    def texts(self) -> list[str]:
        told = [swing.says for swing in (self.too_far, self.too_little) if swing]
        return [self.prompt, self.explain, self.shows, *self.hints, *self.carries.values(), *told]

    def faults(self) -> list[str]:
        try:
            return list(self._faults())
        except DataFault:
            return []  # told of the table already
        except AfteachError as fault:
            return [str(fault).rstrip(".")]

    def _faults(self) -> Iterator[str]:
        outcomes = workbook().roles.outcomes
        if not lookup.row(self.statement)[1].get("statement"):
            yield f"statement: {self.statement} is no row with a statement"
        for row in self.records:
            if lookup.row(row)[0] in outcomes:
                yield f"records: {row} stands in a table that is sealed"
            elif not desk.source_of(row):
                yield f"records: {row} names no source"
        if len(set(self.records)) < max(2, len(self.records)):
            yield "records are two or more, each once"
        if not 1 <= self.budget <= len(self.records):
            yield f"budget is {self.budget}; it is at least 1 and at most the number of records"
        yield from (f"carries: {row} is none of its records" for row in self.carries if row not in self.records)
        if not self.carries:
            yield "carries is empty; name the records that carry weight, and why"
        self.supported()

    def right_answers(self) -> list[Any]:
        low, high = BANDS[self.supported()]
        return [{"lean": lean, "trail": list(self.carries)[:1]} for lean in (low, high)]

    def foreseen_slips(self) -> list[Any]:
        low, high = BANDS[self.supported()]
        off = {"too_far": (self.too_far, high + NEAR + 1), "too_little": (self.too_little, low - NEAR - 1)}
        return [
            {"lean": lean, "trail": list(self.carries)} for swing, lean in off.values() if swing and 0 <= lean <= 100
        ]


def _is_leaning(step: Any) -> bool:
    return not isinstance(step, bool) and isinstance(step, (int, float)) and 0 <= step <= 100


def _lean(given: Any) -> int | float:
    found = reading.written(given, "")
    if len(found) > 1:
        raise reading.which([number.value for number in found])
    value = found[0].value
    # A share of 1 may be meant; asking is better than taking it for next to nothing, and a card moves in whole steps.
    if not 0 <= value <= 100 or 0 < value < 1 or found[0].unit not in ("", "%"):
        raise Unreadable(say("weigh.range"))
    return number(value)
