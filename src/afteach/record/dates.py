"""The dates of the tables: how they are written, which days they can mean, and how a reader would write them."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import NamedTuple

from afteach.words import say

DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


class Span(NamedTuple):
    """The days that a written date can mean; first and last are None where nothing is dated."""

    first: dt.date | None
    last: dt.date | None
    precision: str
    when: str


def span(row: dict[str, str]) -> Span:
    """The days that the date of a row can mean; ValueError says which date is badly written."""
    start = row.get("start") or row.get("as_of") or ""
    end = row.get("end") or start
    if not start:
        return Span(None, None, "none", say("date.none"))
    for text in (start, end):
        if not DATE.fullmatch(text):
            raise ValueError(f"the date '{text}' is not written as YYYY, YYYY-MM or YYYY-MM-DD")
    try:
        first, last = _edge(start, first=True), _edge(end, first=False)
    except ValueError:
        raise ValueError(f"'{start}' to '{end}' is not a date of the calendar") from None
    if last < first:
        raise ValueError(f"the end '{end}' lies before the start '{start}'")
    if start == end:
        return Span(first, last, {4: "year", 7: "month", 10: "day"}[len(start)], readable(start))
    return Span(first, last, "span", _readable_span(start, end))


def _edge(text: str, first: bool) -> dt.date:
    parts = [int(part) for part in text.split("-")]
    year = parts[0]
    month = parts[1] if len(parts) > 1 else (1 if first else 12)
    if len(parts) == 3:
        return dt.date(year, month, parts[2])
    return dt.date(year, month, 1 if first else calendar.monthrange(year, month)[1])


def readable(text: str) -> str:
    """A date of the tables in words: '2020-02-29' is '29 February 2020'."""
    parts = text.split("-")
    words = [parts[0]]
    if len(parts) > 1:
        words.insert(0, say(f"date.month_{int(parts[1])}"))
    if len(parts) > 2:
        words.insert(0, str(int(parts[2])))
    return " ".join(words)


def _readable_span(start: str, end: str) -> str:
    a, b = readable(start).split(), readable(end).split()
    shared = 0
    while len(a) == len(b) and shared < len(a) - 1 and a[-1 - shared] == b[-1 - shared]:
        shared += 1
    return say("date.span", start=" ".join(a[: len(a) - shared]), end=" ".join(b))


def is_date(field: dict) -> bool:
    """Whether a column holds dates as they are written here."""
    pattern = field.get("constraints", {}).get("pattern", "").strip("^$")
    return field["name"] in ("start", "end", "as_of") or pattern == DATE.pattern
