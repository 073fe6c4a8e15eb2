"""Pages that open from disk: no network, no font, readable without script, on paper and in the dark.

The templates beside this file write all HTML, and escape every text on the way into it.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import jinja2
from markupsafe import Markup, escape

from afteach.pages.drawing import Drawing, percent

FOLDER = Path(__file__).resolve().parent


class Table(NamedTuple):
    """A table; the first cell of a row is its heading. `numbers` are columns set to the right, `rich` those with marks."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[object]]
    numbers: Sequence[int] = ()
    rich: Sequence[int] = ()


class Figure(NamedTuple):
    """A chart and the table that says the same; beside each other, or below each other where the table is wide."""

    drawing: Drawing
    table: Table
    wide: bool = False


def render(template: str, script: str = "", **values: object) -> str:
    """A whole page by the template of that name; `script` names a file beside it that the page can do without."""
    source = (FOLDER / script).read_text(encoding="utf-8") if script else ""
    digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
    # The script is a file of this package, and the page allows no other.
    about = {"script": Markup(source), "script_digest": digest}
    return _templates().get_template(template).render(**about, **values)


@functools.cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"percent": percent, "rich": rich}
    return environment


def rich(text: object) -> Markup:
    """Text with back-ticks and *emphasis*, as HTML."""
    return _rich(str(text))


# The texts of a bank stand on the page of every student.
@functools.lru_cache(maxsize=4096)
def _rich(text: str) -> Markup:
    safe = str(escape(text)).strip()
    safe = re.sub(r"`([^`\n]+)`", r"<code>\1</code>", safe)
    safe = re.sub(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])", r"<em>\1</em>", safe)
    return Markup(safe.replace("\n\n", "<br><br>"))
