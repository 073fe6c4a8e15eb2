"""How what a student sees is coloured and laid out: plain CSS, used by the card and by what a cell shows."""

from __future__ import annotations

import functools
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
# The colours that the other files name.
TOKENS = "tokens"


@functools.cache
def css(*names: str) -> str:
    """The style of these files, such as "source", with the colours that they need; as short as it can be sent."""
    text = "\n".join((HERE / f"{name}.css").read_text(encoding="utf-8") for name in (TOKENS, *names))
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = " ".join(text.split())
    for mark in "{};,":
        text = text.replace(f" {mark}", mark).replace(f"{mark} ", mark)
    return text.replace(";}", "}")
