"""The kinds of question, each in one module: its fields, and how it is judged, read, said, counted and typed."""

from __future__ import annotations

import functools
import operator
from typing import Any

from afteach.questions.kinds.choice import ChoiceQuestion
from afteach.questions.kinds.forecast import ForecastQuestion
from afteach.questions.kinds.many import ManyQuestion
from afteach.questions.kinds.mark import MarkQuestion
from afteach.questions.kinds.match import MatchQuestion
from afteach.questions.kinds.number import NumberQuestion
from afteach.questions.kinds.order import OrderQuestion
from afteach.questions.kinds.reflect import ReflectQuestion
from afteach.questions.kinds.text import TextQuestion
from afteach.questions.kinds.value import ValueQuestion
from afteach.questions.kinds.weigh import WeighQuestion
from afteach.questions.question import Question

KINDS: dict[str, type[Question]] = {}


def add(kind: type[Question]) -> type[Question]:
    """Let questions be of this kind from now on, also one of another package; serves as a decorator."""
    KINDS[str(kind.__struct_config__.tag)] = kind
    return kind


for _kind in (
    ChoiceQuestion,
    ManyQuestion,
    OrderQuestion,
    MatchQuestion,
    MarkQuestion,
    NumberQuestion,
    ValueQuestion,
    TextQuestion,
    ReflectQuestion,
    ForecastQuestion,
    WeighQuestion,
):
    add(_kind)


def any_kind() -> Any:
    """The type of a question of any kind, for whoever reads or describes a question file."""
    return functools.reduce(operator.or_, KINDS.values())
