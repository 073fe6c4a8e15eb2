"""What to practise next, by the answers alone: what was missed comes back after 1, 3, 7 and 21 days."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from afteach.answers.lines import Line
from afteach.questions import drill, marking
from afteach.questions.question import PRACTICE

# Expanding and even spaces teach alike, so the ladder is fixed and can be told to a student.
DAYS = (1, 3, 7, 21)


class Round(NamedTuple):
    """One time that an item was dealt and answered, by the first answer."""

    at: str
    is_right: bool


def deal(lines: Iterable[Line], now: dt.datetime) -> str:
    """The id of the question to ask now; empty where there is nothing to practise.

    What is due comes first, the longest overdue before all. Else the sort and the answer that came least often so far, so
    that no answer pays by being frequent: first what is new, then what was seen longest ago.
    """
    lines = list(lines)
    rounds = _rounds(lines)
    due = sorted((day, key) for key, past in rounds.items() if (day := due_at(past)) and day <= now.isoformat())
    if due:
        return _named(due[0][1], rounds)
    items = drill.items()
    if not items:
        return ""
    codes = {(one.sort, one.row): one.code for one in items}
    times = Counter((key[0], codes[key]) for key, past in rounds.items() if key in codes for _ in past)
    sorts = Counter(sort for sort, _ in times.elements())
    seed = min((line.id for line in lines), default="")

    def turn(one: drill.Item) -> tuple:
        past = rounds.get((one.sort, one.row), [])
        chance = hashlib.sha256(f"{seed}{one.sort}{one.row}".encode()).hexdigest()
        return sorts[one.sort], times[one.sort, one.code], past[-1].at if past else "", chance

    # What waits for its day is not dealt before it.
    free = [one for one in items if not due_at(rounds.get((one.sort, one.row), []))] or list(items)
    chosen = min(free, key=turn)
    return _named((chosen.sort, chosen.row), rounds)


def due_at(past: list[Round]) -> str:
    """When an item comes back; empty for what was never missed, and for what has gone up the whole ladder."""
    rung, due = -1, ""
    for one in past:
        if not one.is_right:
            rung = 0
        elif due and one.at >= due:
            rung += 1
        else:
            continue
        due = _after(one.at, DAYS[rung]) if rung < len(DAYS) else ""
    return due


def _after(at: str, days: int) -> str:
    try:
        return (dt.datetime.fromisoformat(at) + dt.timedelta(days=days)).isoformat()
    except OverflowError:
        return ""  # a clock at the end of all years


def _rounds(lines: list[Line]) -> dict[tuple[str, str], list[Round]]:
    firsts: dict[str, Line] = {}
    for line in lines:
        if (
            line.q.startswith(PRACTICE)
            and _is_moment(line.at)
            and (line.q not in firsts or line.order < firsts[line.q].order)
        ):
            firsts[line.q] = line
    found: dict[tuple[str, str], list[Round]] = {}
    asked = drill.all_made() if firsts else {}
    for line in sorted(firsts.values(), key=lambda one: one.at):
        # A row that is no more is not asked about again.
        if question := asked.get(key := drill.key_of(line.q)):
            at = dt.datetime.fromisoformat(line.at).isoformat()
            is_right = marking.judge(question, line.answer).outcome == "right"
            found.setdefault(key, []).append(Round(at, is_right))
    return found


def _is_moment(at: str) -> bool:
    """Whether a time that looks like one is one: of a file that somebody wrote in, the 30th of February is left out."""
    try:
        dt.datetime.fromisoformat(at)
    except ValueError:
        return False
    return True


def _named(key: tuple[str, str], rounds: dict) -> str:
    return f"{PRACTICE}{key[0]}.{key[1]}.{len(rounds.get(key, [])) + 1}"
