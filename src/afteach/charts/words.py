"""Numbers, lists and dates in words, and how wide a text is drawn. Nothing here knows a table."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date

from afteach.record import dates
from afteach.words import say

AROUND = ("about", "more-than", "under", "up-to", "at-least")
WIDE_FACE = 1.06  # the page's own face is wider on some systems than Helvetica, of which the widths below are
MOST_IN_WORDS = 10


def number(value: float) -> str:
    """A count as prose has it: in words up to ten, then in digits."""
    if value == int(value):
        return say(f"count.n_{int(value)}") if 0 <= value <= MOST_IN_WORDS else f"{int(value):,}"
    return f"{value:,.1f}"


def some(value: int, noun: str, /, **about: str) -> str:
    """A count with its noun, by the name of the noun among the words: 'one event', 'two events'."""
    return say(f"count.{noun}", n=value, number=number(value), **about)


def qualified(value: float, qualifier: str) -> str:
    """A count with its hedge: 'more than 2,400'."""
    plain = f"{int(value):,}"
    return say(f"count.{qualifier.replace('-', '_')}", number=plain) if qualifier in AROUND else plain


def listed(parts: Iterable[str], last: str = "and") -> str:
    """'a', 'a and b', 'a, b and c'."""
    parts = list(parts)
    return say(f"read.{last}").join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def with_tie(what: str, tie: str) -> str:
    """What is drawn, and with whom where only one tie is."""
    return say("chart.with", what=what, tie=tie) if tie else what


def years(first: int, last: int) -> str:
    """'2015 to 2020', or the one year."""
    return say("date.span", start=first, end=last) if first < last else str(first)


def sentence(text: str) -> str:
    """The text with a capital letter in front."""
    return text[:1].upper() + text[1:]


def tally(values: Iterable[str], labels: dict[str, str] | None = None) -> list[tuple[str, int]]:
    """Each value with how often it occurs, the most frequent first, then in the order of the labels."""
    found: dict[str, int] = dict.fromkeys(labels or {}, 0)
    for value in values:
        found[value] = found.get(value, 0) + 1
    pairs = [((labels or {}).get(value, value), times) for value, times in found.items() if times]
    return sorted(pairs, key=lambda pair: -pair[1])


def short_date(first: date, last: date, precision: str) -> str:
    """A date for a narrow margin: '11 Sep 2001', 'Nov 2018', '2015', '1980-1989', 'Dec 2018 - Feb 2019'."""
    if precision == "year":
        return str(first.year)
    if precision == "month":
        return _month(first)
    if precision == "day":
        return f"{first.day} {_month(first)}"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return f"{first.year}–{last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {_month(first)}"
    return f"{_month(first)} – {_month(last)}"


def _month(day: date) -> str:
    return f"{say(f'date.short_{day.month}')} {day.year}"


def decimal_year(day: date, end: bool = False) -> float:
    """A day as a number on an axis of years; with end, the moment the day is over."""
    length = 366 if calendar.isleap(day.year) else 365
    return round(day.year + (day.timetuple().tm_yday - (0 if end else 1)) / length, 3)


def whole_years(spans: Iterable[tuple[float, float]]) -> tuple[int, int]:
    """The whole years that hold all spans of decimal years: the first, and the one in which the last is over."""
    starts, ends = zip(*spans, strict=True)
    return int(min(starts)), -int(-max(ends) // 1)


def width(text: str, size: float = 12, bold: bool = False) -> float:
    """About how many pixels wide a line is drawn in a plain sans-serif face."""
    units = 0.0
    for letter in text:
        if letter in "ijl.,:;'|! ":
            units += 0.27
        elif letter in "frtI()-–":
            units += 0.36
        elif letter in "mwMW%":
            units += 0.86
        elif letter.isupper():
            units += 0.69
        else:
            units += 0.56
    return units * size * WIDE_FACE * (1.07 if bold else 1)


def wrap(text: str, room: float, size: float = 12, bold: bool = False) -> list[str]:
    """The text in lines that are no wider than the room, broken between words."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width(longer, size, bold) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def long_month(day: date) -> str:
    """The month of a day in words: 'September 2019'."""
    return dates.readable(f"{day.year}-{day.month:02}")
