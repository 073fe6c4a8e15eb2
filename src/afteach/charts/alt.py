"""Altair by its usual short name, imported when a chart first asks it for something."""

from __future__ import annotations

import functools
from types import ModuleType
from typing import Any

from afteach.charts import iri, render


@functools.cache
def load() -> ModuleType:
    """Altair itself; from the first time on what it draws goes through this package's renderer."""
    with iri.postponed():
        import altair

    if "afteach" not in altair.renderers.names():
        altair.renderers.register("afteach", render.render)
        # Altair's own default asks a server on the internet for its drawing code. Another choice is left alone.
        if altair.renderers.active == "default":
            altair.renderers.enable("afteach")
    return altair


def __getattr__(name: str) -> Any:
    # The import system asks every module for such names; that draws no chart.
    if name.startswith("__"):
        raise AttributeError(f"module 'afteach.charts.alt' has no attribute '{name}'")
    return getattr(load(), name)
