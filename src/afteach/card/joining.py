"""The modules that run in the browser, joined to the one that anywidget takes."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path

from afteach import words
from afteach.questions.kinds import KINDS

BROWSER = Path(__file__).resolve().parent
DEFAULT = "export default { render };\n"
# A later one uses the earlier ones; the kinds, a module each, come before the last.
MODULES = ("saying", "dom", "keep", "post", "kinds", "fields", "words", "offers", "onward", "lookback")


def joined(last: str = "card") -> str:
    """The modules of the card as the one that anywidget takes; `last` is a module that shows cards in its own way."""
    fields = tuple(
        (foreign or BROWSER / "kinds" / f"{name}.js", bool(foreign))
        for name, kind in KINDS.items()
        for foreign in [kind and kind.field]
    )
    return _joined(fields, json.dumps(words.of_card(), ensure_ascii=False), last)


@functools.cache
def _joined(fields: tuple[tuple[Path, bool], ...], table: str, last: str) -> str:
    own = [_bare(BROWSER / f"{name}.js") for name in MODULES]
    # What another package brings may use any name within it.
    own += [f"{{\n{_bare(path)}}}\n" if is_foreign else _bare(path) for path, is_foreign in fields]
    shown = [_bare(BROWSER / f"{name}.js") for name in dict.fromkeys(("card", last))]
    # Of two that can be shown, the last is.
    shown = [text.replace(DEFAULT, "") for text in shown[:-1]] + shown[-1:]
    return "\n".join([*own, f"Object.assign(table, {table});\n", *shown])


@functools.cache
def contents() -> str:
    """The bar of contents, with what it shares with cards, as the one module that anywidget takes."""
    return "\n".join(_bare(BROWSER / f"{name}.js") for name in ("saying", "dom", "onward", "contents"))


def _bare(path: Path) -> str:
    """The text of a module without what joins it to others."""
    text = re.sub(r"\nimport [^;]*;(?=\n)", "", "\n" + path.read_text(encoding="utf-8"))
    return re.sub(r"\nexport (?!default)", "\n", text)[1:]
