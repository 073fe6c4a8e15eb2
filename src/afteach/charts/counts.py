"""The charts of counts that a workbook names, ready to be called: charts.NAME(load("..."))."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable

from afteach.charts import entries
from afteach.charts.figure import Figure
from afteach.charts.levels import levels
from afteach.charts.series import series
from afteach.charts.shares import shares
from afteach.errors import AfteachError, UnknownName
from afteach.naming import unknown
from afteach.workbook import workbook

DRAWERS: dict[type, Callable[..., Figure]] = {entries.Levels: levels, entries.Series: series, entries.Shares: shares}


class NoChart(UnknownName, AttributeError):
    """A chart that neither the engine nor the workbook has."""


def names() -> list[str]:
    """The charts of counts of the workbook in use."""
    try:
        return list(workbook().charts)
    except AfteachError:
        return []


def chart(name: str, known: Iterable[str]) -> Callable[..., Figure]:
    """The chart of a name; NoChart, with the nearest of the known names, where the workbook has none."""
    # Python asks a module for much that no reader has typed, before a workbook can be read.
    described = None if name.startswith("_") or name not in names() else entries.entry(name)
    if described is None:
        raise NoChart(str(unknown("chart", name, known)))
    return functools.partial(DRAWERS[type(described)], name, described)
