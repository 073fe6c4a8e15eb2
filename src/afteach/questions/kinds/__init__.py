"""The kinds of question, each in one module: its fields, and how it is judged, read, said, counted and typed."""

from __future__ import annotations

import functools
import importlib
import operator
from typing import Any

from afteach.questions.question import Question

# By name; the module of the same name is read when its kind is first met, since few cards are of many kinds.
KINDS: dict[str, type[Question] | None] = dict.fromkeys(
    ("choice", "many", "order", "match", "mark", "number", "value", "text", "reflect", "forecast", "weigh")
)


def add(kind: type[Question]) -> type[Question]:
    """Let questions be of this kind from now on, also one of another package; serves as a decorator."""
    KINDS[str(kind.__struct_config__.tag)] = kind
    return kind


def named(name: object) -> type[Question] | None:
    """The kind of this name; None where there is none."""
    if not isinstance(name, str) or name not in KINDS:
        return None
    return KINDS[name] or add(getattr(importlib.import_module(f"{__name__}.{name}"), f"{name.capitalize()}Question"))


def any_kind() -> Any:
    """The type of a question of any kind, for whoever reads or describes a question file."""
    return functools.reduce(operator.or_, map(named, KINDS))
