"""A question file written as TOML, as an author would lay it out."""

from __future__ import annotations

import json
import re
from typing import Any

BARE = re.compile(r"[A-Za-z0-9_-]+")


def written(chapter: dict[str, Any]) -> str:
    """A chapter with its questions as TOML."""
    plain = {name: value for name, value in chapter.items() if not isinstance(value, dict) and name != "question"}
    parts = [_lines(plain)]
    parts += [f"[{name}]\n{_lines(value)}" for name, value in chapter.items() if isinstance(value, dict)]
    parts += [f"[[question]]\n{_lines(question)}" for question in chapter["question"]]
    return "\n".join(parts)


def _lines(table: dict[str, Any]) -> str:
    return "".join(f"{_key(name)} = {_value(value)}\n" for name, value in table.items())


def _key(name: str) -> str:
    return name if BARE.fullmatch(name) else _text(name)


def _text(text: str) -> str:
    # TOML writes a text as JSON does, but for one sign that TOML wants written out.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(name)} = {_value(own)}" for name, own in value.items()) + "}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + "".join(f"  {_value(own)},\n" for own in value) + "]"
    if isinstance(value, list):
        return "[" + ", ".join(_value(own) for own in value) + "]"
    return str(value)
