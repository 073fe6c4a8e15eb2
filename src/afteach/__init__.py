"""afteach: read one article as evidence. The names a student types, each loaded on first use."""

from __future__ import annotations

import importlib

_PLACES = {
    "load": "tables",
    "describe": "tables",
    "cite": "tables",
    "check": "student",
    "hint": "student",
    "solution": "student",
    "progress": "student",
    "submit": "student",
    "ask": "card",
    "charts": "charts",
}

__all__ = [
    "ask",
    "charts",
    "check",
    "cite",
    "describe",
    "hint",
    "load",
    "progress",
    "solution",
    "submit",
]


def __getattr__(name: str):
    if name in _PLACES:
        module = importlib.import_module(f"afteach.{_PLACES[name]}")
        return module if name == _PLACES[name] else getattr(module, name)
    if name == "__version__":
        return importlib.import_module("afteach.student").own_version()
    import difflib

    near = difflib.get_close_matches(name, __all__, n=1)
    tip = f" Did you mean '{near[0]}'?" if near else f" There are: {', '.join(__all__)}."
    raise AttributeError(f"afteach has no name '{name}'.{tip}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
