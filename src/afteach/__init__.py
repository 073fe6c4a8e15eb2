"""afteach: read one article as evidence. The names a student types, each loaded on first use."""

from __future__ import annotations

import importlib
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # what an editor and a type checker see; the names themselves are found in _PLACES
    from typing import Any

    from afteach import charts as charts
    from afteach.answers.citing import cite as cite
    from afteach.answers.seal import describe as describe
    from afteach.answers.seal import load as load
    from afteach.card.card import ask as ask
    from afteach.card.contents import contents as contents
    from afteach.card.measuring import measure as measure
    from afteach.card.practising import practice as practice
    from afteach.overview import progress as progress
    from afteach.student import check as check
    from afteach.student import hint as hint
    from afteach.student import solution as solution
    from afteach.student import submit as submit

_PLACES = {
    "load": "answers.seal",
    "describe": "answers.seal",
    "cite": "answers.citing",
    "check": "student",
    "hint": "student",
    "solution": "student",
    "progress": "overview",
    "submit": "student",
    "ask": "card.card",
    "contents": "card.contents",
    "measure": "card.measuring",
    "practice": "card.practising",
    "charts": "charts",
}

__all__ = [
    "ask",
    "charts",
    "check",
    "cite",
    "contents",
    "describe",
    "hint",
    "load",
    "measure",
    "practice",
    "progress",
    "solution",
    "submit",
]


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        module = importlib.import_module(f"afteach.{_PLACES[name]}")
        return module if name == _PLACES[name] else getattr(module, name)
    if name == "__version__":
        return importlib.import_module("afteach.answers.submission").own_version()
    try:
        # `from afteach import words` asks here first, and looking for a name that is near would cost it a millisecond.
        return importlib.import_module(f"afteach.{name}")
    except ModuleNotFoundError as fault:
        if not f"afteach.{name}".startswith(str(fault.name)):
            raise
    import difflib

    near = difflib.get_close_matches(name, __all__, n=1)
    tip = f" Did you mean '{near[0]}'?" if near else f" There are: {', '.join(__all__)}."
    raise AttributeError(f"afteach has no name '{name}'.{tip}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


def _at_home_in_a_notebook() -> None:
    # Only where IPython runs, which costs its own start anyhow.
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is not None:
        importlib.import_module("afteach.slips").watch(shell)
        importlib.import_module("afteach.display").register(shell)


_at_home_in_a_notebook()
