"""Every chart, with its text alternative. A chart is drawn from the rows it is given and from nothing else."""

from __future__ import annotations

from afteach.charts.casualties import casualties
from afteach.charts.figure import Figure
from afteach.charts.forecasts import forecasts
from afteach.charts.ladder import ladder
from afteach.charts.matrix import matrix
from afteach.charts.places import places
from afteach.charts.stances import stances
from afteach.charts.territory import territory
from afteach.charts.timeline import timeline
from afteach.charts.troops import troops
from afteach.charts.wording import wording

__all__ = [
    "Figure",
    "casualties",
    "forecasts",
    "ladder",
    "matrix",
    "places",
    "stances",
    "territory",
    "timeline",
    "troops",
    "wording",
]
