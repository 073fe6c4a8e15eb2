"""Every chart, with its text alternative. A chart is drawn from the rows it is given and from nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from afteach.charts import counts
from afteach.charts.figure import Figure
from afteach.charts.forecasts import forecasts
from afteach.charts.ladder import ladder
from afteach.charts.matrix import matrix
from afteach.charts.places import places
from afteach.charts.stances import stances
from afteach.charts.timeline import timeline
from afteach.charts.wording import wording

__all__ = ["Figure", "forecasts", "ladder", "matrix", "places", "stances", "timeline", "wording"]


if not TYPE_CHECKING:  # or a checker would take every misspelt name for a chart of counts

    def __getattr__(name: str) -> Any:
        return counts.chart(name, [*__all__[1:], *counts.names()])


def __dir__() -> list[str]:
    return [*__all__, *counts.names()]
