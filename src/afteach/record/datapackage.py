"""Read datapackage.json, the one description of all tables, and say everything that is wrong with it."""

from __future__ import annotations

import functools
import json
import math
import os
import re
import string
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, NamedTuple

TYPES = ("string", "integer", "number", "boolean")
TEXTS = ("title", "rowMeaning", "limits")
WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,18}")
NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")


class Package(NamedTuple):
    """What can be used of a data package, and everything that cannot: {table or "": faults}."""

    sound: dict[str, Any]
    faults: dict[str, list[str]]

    def all_faults(self) -> list[str]:
        """Every fault, in the order of the file."""
        return [fault for found in self.faults.values() for fault in found]


def read(path: Path) -> Package:
    """Read a data package; a table whose description has a fault is left out of `sound`."""
    try:
        changed = path.stat().st_mtime_ns
    except OSError as fault:
        return Package(
            {}, {"": [f"{path.name} cannot be read: {fault.strerror or fault}. Restore it from the project."]}
        )
    return _read(path, changed)


@functools.lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> Package:
    def unusable(reason: str) -> Package:
        return Package({}, {"": [f"{path.name} {reason}. Restore the file from the project."]})

    try:
        raw = json.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as fault:
        return unusable(f"cannot be read: byte {fault.start} is not UTF-8")
    except (OSError, ValueError, RecursionError) as fault:
        return unusable(f"cannot be read: {fault}")
    if not isinstance(raw, dict):
        return unusable(f"holds {_kind(raw)}, and an object is expected")
    entries = raw.get("resources")
    if not isinstance(entries, list) or not entries:
        return unusable("names no tables: 'resources' must be a list of at least one")
    names = [entry.get("name") for entry in entries if isinstance(entry, dict)]
    faults: dict[str, list[str]] = {"": []}
    sound, folder = [], path.parent.resolve()
    for place, entry in enumerate(entries, start=1):
        named = entry.get("name") if isinstance(entry, dict) else None
        known = isinstance(named, str) and re.fullmatch(r"\w+", named)
        where = f"{path.name}, table '{named}'" if known else f"{path.name}, table {place}"
        found = [f"{where}: {reason}." for reason in _table_faults(entry, raw, folder)]
        if known and names.index(named) < place - 1:
            found.append(f"{where}: the name is taken.")
        if found:
            faults.setdefault(str(named) if known else "", []).extend(found)
        else:
            sound.append(entry)
    return Package({**raw, "resources": sound}, faults)


def _kind(value: Any) -> str:
    names = {list: "a list", dict: "an object", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def _expect(value: Any, kind: type, what: str) -> Iterator[str]:
    called = {str: "a text", list: "a list", dict: "an object", bool: "true or false"}[kind]
    if not isinstance(value, kind):
        yield f"{what} is missing" if value is None else f"{what} must be {called}, and is {_kind(value)}"


def _table_faults(entry: Any, package: dict, folder: Path) -> Iterator[str]:
    if not isinstance(entry, dict):
        yield f"it must be an object, and is {_kind(entry)}"
        return
    name = entry.get("name")
    if not isinstance(name, str) or not re.fullmatch(r"\w+", name):
        yield "'name' must be a word of letters, digits and low lines"
    for text in TEXTS:
        yield from _expect(entry.get(text), str, f"'{text}'")
    if "description" in entry:
        yield from _expect(entry["description"], str, "'description'")
    yield from _path_faults(entry.get("path"), folder)
    sources = entry.get("sources")
    yield from _expect(sources, list, "'sources'")
    if isinstance(sources, list) and not all(isinstance(s, dict) and isinstance(s.get("title"), str) for s in sources):
        yield "each of 'sources' must be an object with a title"
    schema = entry.get("schema")
    yield from _expect(schema, dict, "'schema'")
    if not isinstance(schema, dict):
        return
    fields = schema.get("fields")
    yield from _expect(fields, list, "'fields'")
    if not isinstance(fields, list):
        return
    columns: list[str] = []
    for place, field in enumerate(fields, start=1):
        yield from _field_faults(field, place, columns)
    yield from _summary_faults(entry.get("summary", ""), columns)
    key = one(schema.get("primaryKey"))
    if key not in columns:
        yield f"'primaryKey' must name one of its columns, and names {key!r}"
    foreign = schema.get("foreignKeys", [])
    yield from _expect(foreign, list, "'foreignKeys'")
    for link in foreign if isinstance(foreign, list) else []:
        yield from _link_faults(link, columns, package, entry)


def _path_faults(path: Any, folder: Path) -> Iterator[str]:
    if not isinstance(path, str) or not path.strip():
        yield "'path' must name a file beside datapackage.json"
        return
    # A file elsewhere on the machine would be read aloud in the messages about its rows.
    if re.fullmatch(r"\w+\.csv", path) and not os.path.islink(folder / path):
        return
    parts = {*PurePosixPath(path).parts, *PureWindowsPath(path).parts}
    absolute = PurePosixPath(path).is_absolute() or PureWindowsPath(path).drive or path.startswith("\\")
    outside = absolute or ".." in parts or "\0" in path
    try:
        outside = outside or not (folder / path).resolve().is_relative_to(folder)
    except OSError:
        outside = True
    if outside:
        yield f"the path {path!r} leads out of the folder; name a file beside datapackage.json"


def _field_faults(field: Any, place: int, columns: list[str]) -> Iterator[str]:
    """What is wrong with one column; its name is added to the columns."""
    name = field.get("name") if isinstance(field, dict) else None
    if not isinstance(name, str) or not name:
        yield f"column {place} has no name"
        return
    if name in columns:
        yield f"two columns are called '{name}'"
    columns.append(name)
    if field.get("type") not in TYPES:
        yield f"column '{name}': the type {field.get('type')!r} is none of: {', '.join(TYPES)}"
    yield from _expect(field.get("description"), str, f"column '{name}': its description")
    for part in [part for part in ("labels", "codebook") if part in field]:
        texts = field[part]
        if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
            yield f"column '{name}': '{part}' must map codes to texts"
    roles = field.get("roles", {})
    lists = list(roles.values()) if isinstance(roles, dict) else [None]
    if not all(isinstance(codes, list) and all(isinstance(code, str) for code in codes) for codes in lists):
        yield f"column '{name}': 'roles' must map roles to lists of codes"
    rules = field.get("constraints", {})
    if not isinstance(rules, dict):
        yield f"column '{name}': 'constraints' must be an object, and is {_kind(rules)}"
        return
    codes = rules.get("enum", [""])
    if not isinstance(codes, list) or not codes or not all(isinstance(code, (str, int, float)) for code in codes):
        yield f"column '{name}': 'enum' must be a list of codes"
    for rule in ("required", "unique"):
        if rule in rules and not isinstance(rules[rule], bool):
            yield f"column '{name}': '{rule}' must be true or false, and is {_kind(rules[rule])}"
    try:
        re.compile(rules.get("pattern", ""))
    except (TypeError, re.error) as fault:
        yield f"column '{name}': the pattern {rules['pattern']!r} cannot be used ({fault})"


def _summary_faults(summary: Any, columns: list[str]) -> Iterator[str]:
    """A summary may hold plain {column} marks: anything more would be worked out by Python's own formatting."""
    if not isinstance(summary, str):
        yield f"'summary' must be a text, and is {_kind(summary)}"
        return
    try:
        marks = [
            (name, form, turned) for _, name, form, turned in string.Formatter().parse(summary) if name is not None
        ]
    except ValueError as fault:
        yield f"'summary' cannot be read: {fault}"
        return
    for name, form, turned in marks:
        if form or turned or not re.fullmatch(r"\w+", name):
            yield f"'summary' holds {{{name}}}, and only the plain name of a column can stand in braces"
        elif name not in columns:
            yield f"'summary' names the column '{name}', which the table lacks"


def _link_faults(link: Any, columns: list[str], package: dict, own: dict) -> Iterator[str]:
    reference = link.get("reference") if isinstance(link, dict) else None
    if not isinstance(reference, dict):
        yield "each of 'foreignKeys' must be an object with 'fields' and 'reference'"
        return
    column, other, target = one(link.get("fields")), reference.get("resource"), one(reference.get("fields"))
    if column not in columns:
        yield f"'foreignKeys' names the column {column!r}, which the table lacks"
    tables = (
        [own] if other == "" else [t for t in package["resources"] if isinstance(t, dict) and t.get("name") == other]
    )
    if not tables:
        yield f"'foreignKeys' refers to the table {other!r}, which does not exist"
        return
    schema = tables[0].get("schema")
    fields = schema.get("fields") if isinstance(schema, dict) else None
    there = [field.get("name") for field in fields if isinstance(field, dict)] if isinstance(fields, list) else []
    if target not in there:
        yield f"'foreignKeys' refers to the column {target!r}, which {other or 'the table'} lacks"


def one(key: Any) -> Any:
    """The one column that a key names; None where it names none or several."""
    if isinstance(key, list):
        return key[0] if len(key) == 1 and isinstance(key[0], str) else None
    return key if isinstance(key, str) else None


def value(text: str, kind: str) -> Any:
    """Turn a field as written into a Python value; None where it is empty, ValueError where it is not of its type."""
    if text == "":
        return None
    if kind == "integer" and WHOLE_NUMBER.fullmatch(text):
        return int(text)
    if kind == "number" and NUMBER.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    if kind not in ("integer", "number", "boolean"):
        return text
    raise ValueError(text)
