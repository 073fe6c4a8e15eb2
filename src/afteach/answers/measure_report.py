"""What the measure says to one student, once both halves are rated: three numbers, each with its interval, and every statement."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from afteach.answers import discernment
from afteach.answers.discernment import Estimate
from afteach.answers.measuring import Half, Rating, Standing
from afteach.pages.render import Table
from afteach.questions import measured
from afteach.record import lookup, tables
from afteach.words import say

TRUE_VERSION, WEIGHT = "true_version", "weight"


class Told(NamedTuple):
    """One statement with what the records say of it, beside the student's own rating and path."""

    text: str
    verdict: str
    true_version: str
    records: list[tuple[str, str, str]]  # title, what it says, what it weighs here
    rating: str
    path: str


class Report(NamedTuple):
    """The sentences, the numbers, and every statement."""

    lines: list[str]
    numbers: Table
    bands: Table
    statements: list[Told]


def report(standing: Standing) -> Report | None:
    """What is said to a student; None as long as something is still to be rated."""
    if not standing.is_open:
        return None
    before, after = standing.halves["before"], standing.halves["after"]
    found = [(name, *_estimates(name, before, after)) for name in ("discernment", "supported", "contradicted")]
    rows = [[say(f"measure.{name}"), *map(_number(name), estimates)] for name, *estimates in found]
    head = [say(f"measure.{name}") for name in ("what", "before", "after", "change")]
    numbers = Table(say("measure.numbers"), head, rows)
    if standing.can_be_compared:
        lines = [_sentence(found[0][3]), _trust(found[1][3], found[2][3])]
    else:
        lines = [say("measure.not_compared")]
    lines.append(say("measure.chance", count=len(before.rated)))
    told = [_told(one) for half in (before, after) for one in half.rated]
    return Report(lines, numbers, _bands(before, after), told)


def _estimates(name: str, before: Half, after: Half) -> tuple[Estimate, Estimate, Estimate]:
    first, last = (
        discernment.discernment(half.leans(True), half.leans(False))
        if name == "discernment"
        else discernment.mean(half.leans(name == "supported"))
        for half in (before, after)
    )
    return first, last, discernment.change(first, last)


def _number(name: str) -> Callable[[Estimate], str]:
    spec = ".2f" if name == "discernment" else ".0f"

    def written(one: Estimate) -> str:
        value, low, high = (format(part, spec).replace("-", "−") for part in one)
        return say("measure.estimate", value=value, low=low, high=high)

    return written


def _sentence(gain: Estimate) -> str:
    if gain.low > 0:
        return say("measure.gain")
    return say("measure.loss" if gain.high < 0 else "measure.no_gain")


def _trust(supported: Estimate, contradicted: Estimate) -> str:
    """What became of trust: only where both means moved the same way beyond chance is that all that can be said."""
    if supported.high < 0 and contradicted.high < 0:
        return say("measure.less_trust")
    if supported.low > 0 and contradicted.low > 0:
        return say("measure.more_trust")
    return say("measure.same_trust")


def _bands(before: Half, after: Half) -> Table:
    rows = []
    for when, half in (("before", before), ("after", after)):
        for band in discernment.bands(half.leans(True), half.leans(False)):
            part = say("measure.part", part=band.supported, count=band.number)
            share = say(
                "measure.share", low=f"{100 * band.share.low:.0f}", high=f"{100 * band.share.high:.0f}", part=part
            )
            rows.append(
                [say(f"measure.{when}"), say("measure.band", low=band.low, high=band.high), f"{band.mean:.0f}", share]
            )
    head = [say(f"measure.{name}") for name in ("half", "rated", "mean", "borne_out")]
    return Table(say("measure.calibration"), head, rows, numbers=[2])


def _told(one: Rating) -> Told:
    row = lookup.row(one.statement.statement)[1]
    weighs = tables.labels(WEIGHT, measured.tables_of()[1])
    records = [lookup.row(record)[1] for record in one.statement.records]
    titles = {name: record["title"] for name, record in zip(one.statement.records, records, strict=True)}
    steps = [
        say("weigh.opened", title=titles[step]) if isinstance(step, str) else say("weigh.leaned", lean=f"{step:g}")
        for step in one.trail
    ]
    return Told(
        one.statement.text,
        measured.label(row["verdict"]),
        row.get(TRUE_VERSION, ""),
        [(record["title"], record.get("note", ""), weighs.get(record[WEIGHT], record[WEIGHT])) for record in records],
        say("measure.you_rated", lean=f"{one.lean:g}"),
        say("measure.your_path", path=say("order.then").join(steps)) if steps else say("measure.no_path"),
    )
