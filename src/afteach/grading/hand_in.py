"""One file that was handed in: what is known of it, what a line of it is, and what is listed where it is odd."""

from __future__ import annotations

import datetime as dt
from array import array
from dataclasses import dataclass, field
from typing import NamedTuple

from afteach.answers.lines import Header, Line, parse, parse_header
from afteach.grading.attempts import Attempts, Result
from afteach.grading.labels import Said

LEFT_BLANK = "left blank"
MARKED = "marked"


class Problem(NamedTuple):
    """One line of problems.csv: where, whose, what is wrong, and what was done about it."""

    file: str
    line: str
    student: str
    problem: str
    done: str


@dataclass(slots=True, eq=False)
class HandIn:
    """One file handed in, marked. `name` is whose it says to be, `kind` what it is where it holds no answers."""

    label: str
    path: tuple[str, ...] = ()
    name: str = ""
    signed: str = ""
    headed: bool = False
    said: list[Said] = field(default_factory=list)
    receipt: tuple[str, str] | None = None
    kind: str = ""
    fault: str = ""
    at: str = ""
    digest: bytes = b""
    readable: bool = False
    results: dict[str, Result] = field(default_factory=dict)
    attempts: dict[str, Attempts] = field(default_factory=dict)
    opened: dict[str, dt.datetime] = field(default_factory=dict)
    rated: dict[str, tuple[tuple, bytes]] = field(default_factory=dict)  # of the measure: the first line of each name
    drawn: array = field(default_factory=lambda: array("q"))
    unkept: int = 0

    @property
    def is_answered(self) -> bool:
        """Whether anything in it was answered."""
        return bool(self.results or self.rated)

    @property
    def number(self) -> str:
        """The number or user name that a platform gave, if one did."""
        return self.said[0].number if self.said else ""


def line_or_header(raw: bytes) -> tuple[Line | None, Header | None, str]:
    """A line read as an answer, or else as a header, or else as neither with the reason."""
    try:
        return parse(raw), None, ""
    except ValueError as fault:
        return None, parse_header(raw), str(fault)
