"""Close what a cell showed in runs before: a kernel keeps every widget until it is closed, and tells each card each answer."""

from __future__ import annotations

import sys
import weakref
from typing import Any, NamedTuple

# What the run before showed stays: a click on it may still be on its way to the kernel.
RUNS_KEPT = 2


class Run(NamedTuple):
    """One run of one cell; both are empty where the front end names no cell."""

    cell: str
    message: str


# By cell, its last runs with the widgets that each made and showed.
_shown: dict[str, dict[str, list[weakref.ref[Any]]]] = {}


def now() -> Run:
    """The run that is under way."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    ask_parent = getattr(getattr(shell, "kernel", None), "get_parent", None)
    parent = ask_parent() if ask_parent else None
    if not isinstance(parent, dict):
        return Run("", "")
    cell = (parent.get("metadata") or {}).get("cellId")
    message = (parent.get("header") or {}).get("msg_id")
    return Run(cell, message) if isinstance(cell, str) and isinstance(message, str) else Run("", "")


def show(widget: Any, made_in: Run) -> None:
    """Note that a cell shows a widget, and close what it showed before its last runs.

    A widget that was made in another cell, or in another run of this one, has a name that the student gave it, and stays.
    """
    run = now()
    if not run.cell:
        return
    if run != made_in:
        _forget(widget, made_in)
        return
    runs = _shown.setdefault(run.cell, {})
    runs.setdefault(run.message, []).append(weakref.ref(widget))
    for message in list(runs)[:-RUNS_KEPT]:
        for earlier in runs.pop(message):
            close(earlier())


def _forget(widget: Any, made_in: Run) -> None:
    made = _shown.get(made_in.cell, {}).get(made_in.message, [])
    made[:] = [one for one in made if one() is not widget]


def close(widget: Any) -> None:
    """Close a widget and the layout that ipywidgets made for it."""
    if widget is not None:
        widget.layout.close()
        widget.close()
