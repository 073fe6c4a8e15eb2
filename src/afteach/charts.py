"""Every chart, with its text alternative. A chart is drawn from the rows it is given and from nothing else."""

from __future__ import annotations

from afteach.drawing.casualties import casualties
from afteach.drawing.figure import Figure
from afteach.drawing.forecasts import forecasts
from afteach.drawing.ladder import ladder
from afteach.drawing.matrix import matrix
from afteach.drawing.places import places
from afteach.drawing.stances import stances
from afteach.drawing.territory import territory
from afteach.drawing.timeline import timeline
from afteach.drawing.troops import troops
from afteach.drawing.wording import wording

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
