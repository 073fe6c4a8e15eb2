"""How far one student is with the measure: which form came first, what is rated, what comes next.

It is read from the answers alone, so that a restart, a reopened notebook and an instructor find the same.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from typing import Literal, NamedTuple

from afteach.answers import log as answers
from afteach.answers import seal
from afteach.answers.lines import Line, is_outdated
from afteach.answers.log import Saved
from afteach.errors import AfteachError
from afteach.questions import marking, measured
from afteach.questions.measured import RatedStatement
from afteach.words import say

When = Literal["before", "after"]


class Rating(NamedTuple):
    """The first rating of a statement, from 0 to 100, and the path to it."""

    statement: RatedStatement
    lean: float
    trail: list
    at: str


class Half(NamedTuple):
    """One form as a student rated it, in the order of rating, and what is still to come, in the order of dealing."""

    form: str
    rated: list[Rating]
    to_come: list[RatedStatement]

    @property
    def is_whole(self) -> bool:
        return bool(self.rated) and not self.to_come

    def leans(self, is_supported: bool) -> list[float]:
        """The ratings of the statements that the records bear out, or of those that they contradict."""
        return [one.lean for one in self.rated if one.statement.is_supported == is_supported]


class Standing(NamedTuple):
    """Both halves of the measure; which form is the first is drawn when one of the halves is begun."""

    drawn: str  # the form that comes before; empty as long as neither half is begun
    halves: dict[When, Half]

    @property
    def is_open(self) -> bool:
        """Whether all is rated, so that what the records say may be told."""
        return all(half.is_whole for half in self.halves.values())

    @property
    def can_be_compared(self) -> bool:
        """Whether both halves are whole, and the one that is called before was."""
        if not self.is_open:
            return False
        before, after = (self.halves[when].rated for when in ("before", "after"))
        return max(one.at for one in before) <= min(one.at for one in after)


def standing(lines: Iterable[Line]) -> Standing:
    """How a student stands by the answers that count; only the first rating of a statement does."""
    known, forms, lines = measured.items(), measured.forms(), list(lines)
    draws = [line for line in lines if line.q == measured.DRAWN and line.answer in forms]
    firsts: dict[str, Line] = {}
    for line in lines:
        one = known.get(line.q)
        # A rating under the words of yesterday would be held against the verdict of today.
        if one and not is_outdated(line, one) and marking.judge(one, line.answer).outcome == "recorded":
            firsts[line.q] = min(firsts.get(line.q, line), line, key=lambda one: one.order)
    draw = min(draws, key=_moment, default=None)
    # A copy of the answers that lacks the draw still tells it by what was rated first.
    drawn = str(draw.answer) if draw else ""
    if not drawn and firsts:
        drawn = known[min(firsts.values(), key=_moment).q].form
    seed = draw.id if draw else ""
    ordered = [drawn, *(form for form in forms if form != drawn)] if drawn else forms
    return Standing(drawn, {"before": _half(ordered[0], firsts, seed), "after": _half(ordered[1], firsts, seed)})


def _half(form: str, firsts: dict[str, Line], seed: str) -> Half:
    own = [one for one in measured.items().values() if one.form == form]
    rated = [
        Rating(one, one.leaning(line.answer), one.trail(line.answer), _moment(line)[0])
        for one in own
        if (line := firsts.get(one.id))
    ]
    # Each student gets another order, so that no statement is always rated by a tired reader.
    to_come = sorted(
        (one for one in own if one.id not in firsts),
        key=lambda one: hashlib.sha256(f"{seed} {one.id}".encode()).digest(),
    )
    return Half(form, sorted(rated, key=lambda one: one.at), to_come)


def _moment(line: Line) -> tuple[str, str]:
    return seal.moment(line), line.id


def read() -> Standing:
    """How the student of this kernel stands. Errors: AfteachError where the workbook has no measure, or none any more."""
    if not measured.items():
        raise AfteachError(say("measure.none"))
    return standing(seal.read().lines)


def begin() -> Saved | None:
    """Draw which form comes before, unless it is drawn already, and record it."""
    if read().drawn:
        return None
    # Chance of the system's own: two students of one hub who begin at once draw apart from one another.
    return answers.note(measured.DRAWN, secrets.choice(measured.forms()))
