"""Bars and columns as shapes with places, for a template to write as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

SERIES = "abc"  # the classes that the style sheet colours
LONGEST_LABEL = 20


class Line(NamedTuple):
    """A line of the grid."""

    x1: float
    y1: float
    x2: float
    y2: float


class Box(NamedTuple):
    """A bar, a column or a sign of the legend."""

    x: float
    y: float
    width: float
    height: float
    series: str = SERIES[0]


class Label(NamedTuple):
    """A text; `anchor` as SVG has it, `soft` for what is read second."""

    text: str
    x: float
    y: float
    anchor: str = "start"
    soft: bool = False


@dataclass(slots=True)
class Drawing:
    """One chart: `key` is its id on the page, `description` tells in words what is to be seen."""

    key: str
    title: str
    description: str
    width: float
    height: float
    lines: list[Line] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)


def percent(share: float | None) -> str:
    """A share as whole per cent; a dash where there is none."""
    return "–" if share is None else f"{100 * share:.0f} %"


def bars(
    key: str, title: str, description: str, rows: Sequence[tuple[str, Sequence[float | None]]], series: Sequence[str]
) -> Drawing:
    """Horizontal bars of shares from 0 to 1, one group a row."""
    left, width, thick, gap = 150, 420, 15, 12
    group = thick * len(series) + gap
    top = 26 if len(series) > 1 else 8
    height = top + group * len(rows) + 26
    chart = Drawing(key, title, description, left + width + 50, height)
    for quarter in range(5):
        x = left + width * quarter / 4
        chart.lines.append(Line(x, top, x, height - 22))
        chart.labels.append(Label(f"{25 * quarter} %", x, height - 6, "middle", soft=True))
    if len(series) > 1:
        for place, name in enumerate(series):
            x = left + place * 170
            chart.boxes.append(Box(x, 4, 12, 12, SERIES[place]))
            chart.labels.append(Label(name, x + 18, 15))
    for row, (label, shares) in enumerate(rows):
        y = top + row * group + gap / 2
        short = label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"
        chart.labels.append(Label(short, left - 8, y + (group - gap) / 2 + 5, "end"))
        for place, share in enumerate(shares):
            long = round(width * (share or 0), 1)
            if share is not None:
                chart.boxes.append(Box(left, y + place * thick, long, thick - 3, SERIES[place]))
            chart.labels.append(Label(percent(share), left + long + 5, y + (place + 1) * thick - 4, soft=True))
    return chart


def columns(key: str, title: str, description: str, rows: Sequence[tuple[str, int]]) -> Drawing:
    """Upright columns of counts, one a row."""
    left, height, bottom, top, step = 34, 190, 30, 22, 56
    most = max((count for _, count in rows), default=0) or 1
    chart = Drawing(key, title, description, left + step * len(rows) + 10, top + height + bottom)
    chart.lines.append(Line(left, top + height, left + step * len(rows), top + height))
    for place, (label, count) in enumerate(rows):
        x, y = left + place * step + 6, round(top + height - height * count / most, 1)
        chart.boxes.append(Box(x, y, step - 12, round(top + height - y, 1)))
        middle = x + step / 2 - 6
        chart.labels.append(Label(str(count), middle, y - 5, "middle"))
        chart.labels.append(Label(label, middle, top + height + 18, "middle", soft=True))
    return chart
