"""Put off compiling a grammar that altair never uses until somebody in the kernel asks for it.

altair imports jsonschema, and jsonschema imports rfc3987_syntax for the formats "iri" and "iri-reference". The import
compiles a grammar and takes longer than the rest of altair, and no schema of altair's has these formats.
"""

from __future__ import annotations

import importlib.util
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

GRAMMAR = "rfc3987_syntax"
_one_at_a_time = threading.Lock()


class _StandIn(ModuleType):
    """What jsonschema imports: it knows where the real module lies, and imports that for whoever uses it."""

    def __init__(self, spec: ModuleSpec) -> None:
        super().__init__(GRAMMAR, "Stands in until the real module is used.")
        self.__file__, self.__path__ = spec.origin, spec.submodule_search_locations or []

    def is_valid_syntax(self, term: str, value: str) -> bool:
        return _real().is_valid_syntax(term, value)

    def __getattr__(self, name: str) -> Any:
        # The import system and inspect look for such names in every module; that is no use of it.
        if name.startswith("__"):
            raise AttributeError(f"module '{GRAMMAR}' has no attribute '{name}'")
        return getattr(_real(), name)


def _real() -> ModuleType:
    if isinstance(sys.modules.get(GRAMMAR), _StandIn):
        del sys.modules[GRAMMAR]
    return importlib.import_module(GRAMMAR)


@contextmanager
def postponed() -> Iterator[None]:
    """Within this block jsonschema gets a stand-in for the grammar; afterwards every import gets the real one.

    Where jsonschema or the grammar is imported already, or the grammar is not installed, nothing is changed.
    """
    with _one_at_a_time:
        untouched = not {GRAMMAR, "jsonschema", "jsonschema._format"} & set(sys.modules)
        spec = importlib.util.find_spec(GRAMMAR) if untouched else None
        if spec is None:
            yield
            return
        stand_in = sys.modules[GRAMMAR] = _StandIn(spec)
        try:
            yield
        finally:
            if sys.modules.get(GRAMMAR) is stand_in:
                del sys.modules[GRAMMAR]
