"""Read the tables. Everything known about a table stands in datapackage.json."""

from __future__ import annotations

import csv
import functools
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from afteach.errors import DataFault
from afteach.naming import unknown
from afteach.record import datapackage, dates
from afteach.workbook import data_dir, workbook

if TYPE_CHECKING:
    import pandas as pd


# What `load` adds to a table with dates; the words say what each is.
ADDED = ("start", "end", "precision", "when")
Made = TypeVar("Made")
DTYPES = {"integer": "int64", "number": "float64", "boolean": "boolean"}


def load(name: str) -> pd.DataFrame:
    """Read a table, with dates already parsed.

    Arguments: name, a table such as "events".
    Returns a new DataFrame with the columns of describe(name). Where a table is dated, `start` and `end` are the
    first and last day that the date can mean, and `precision` and `when` are added. Missing values are NaN or NaT.
    Errors: UnknownName for a table that does not exist; DataFault for a file that cannot be used.
    Source: the table's own, see describe(name).
    """
    import pandas as pd

    # The tables hold whole sentences, and pandas shows 50 letters; a width of the student's own choice stays.
    if pd.get_option("display.max_colwidth") == 50:
        pd.set_option("display.max_colwidth", 400)
    texts = "str" if int(pd.__version__.split(".")[0]) >= 3 else object
    described, rows = fields(name), records(name)
    frame = pd.DataFrame(list(rows), columns=list(described))
    for column, field in described.items():
        if field["type"] in DTYPES:
            values = [datapackage.value(value, field["type"]) for value in frame[column]]
            whole = field["type"] == "integer" and None in values
            frame[column] = pd.array(values, dtype="Int64") if whole else pd.Series(values, dtype=DTYPES[field["type"]])
        else:
            frame[column] = frame[column].where(frame[column] != "", None).astype(texts)
    if {"start", "as_of"} & set(described):
        spans = [dates.span(row) for row in rows]
        place = list(described).index("start" if "start" in described else "as_of")
        frame["start"] = pd.to_datetime(pd.Series([s.first for s in spans], dtype=object), errors="raise")
        frame["end"] = pd.to_datetime(pd.Series([s.last for s in spans], dtype=object), errors="raise")
        frame["precision"] = [s.precision for s in spans]
        frame["when"] = [s.when for s in spans]
        order = [c for c in frame.columns if c not in ADDED]
        frame = frame[[*order[:place], "start", "end", "precision", "when", *order[place:]]]
    # What is cut from it can still say where it comes from.
    frame.attrs["table"] = name
    return frame


def names() -> list[str]:
    """The names of all tables."""
    return [entry["name"] for entry in package()["resources"]]


def package() -> dict:
    """datapackage.json as a dict, with the tables that are described well enough to be read."""
    found = whole_package()
    if not found.sound:
        raise DataFault(found.all_faults()[0])
    return found.sound


def whole_package() -> datapackage.Package:
    """datapackage.json as it was read, with all that is wrong in it."""
    return datapackage.read(data_dir() / "datapackage.json")


def resource(name: str) -> dict:
    """What datapackage.json says of one table."""
    for entry in package()["resources"]:
        if entry["name"] == name:
            return entry
    if isinstance(name, str) and whole_package().faults.get(name):
        raise DataFault(whole_package().faults[name][0])
    raise unknown("table", name, names())


def key(name: str) -> str:
    """The column of a table's ids."""
    return datapackage.one(resource(name)["schema"]["primaryKey"])


def fields(name: str) -> dict[str, dict]:
    """What datapackage.json says of each column of a table."""
    return {field["name"]: field for field in resource(name)["schema"]["fields"]}


def field(name: str, column: str) -> dict:
    """What datapackage.json says of one column; empty where it says nothing, or there is no such table."""
    return fields(name).get(column, {}) if name in names() else {}


class Reading(NamedTuple):
    """One table as it was read: every row of the right length, those without a fault, and the faults.

    `spoilt` has the first fault of each row that has one, by its id.
    """

    rows: tuple[dict[str, str], ...]
    sound: tuple[dict[str, str], ...]
    faults: tuple[str, ...]
    spoilt: dict[str, str]


def records(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a table as written, one dict of strings a row; raises DataFault at the first fault."""
    found = reading(name)
    if found.faults:
        raise DataFault(found.faults[0])
    return found.rows


def holds(name: str, row_id: str) -> bool:
    """Whether a table has a row of this id, be it with a fault.

    Errors: DataFault for a table that cannot be read.
    """
    # The first card of a notebook waits for this: where the id stands nowhere, the table is not taken apart.
    path = data_dir() / resource(name)["path"]
    text = _bytes(path, _changed(path))
    if text is not None and row_id.encode() not in text:
        return False
    found = reading(name)
    if found.faults and not found.rows:
        raise DataFault(found.faults[0])
    own = key(name)
    return row_id in found.spoilt or any(line[own] == row_id for line in found.rows)


@functools.lru_cache(maxsize=64)
def _bytes(path: Path, _changed: int | None) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def reading(name: str) -> Reading:
    """A table with all that is wrong in it, links to other tables apart."""
    path = data_dir() / resource(name)["path"]
    return _read(path, _changed(path), name, _changed(data_dir() / "datapackage.json"))


def stamp() -> tuple[int | None, ...]:
    """What changes whenever datapackage.json or a table does."""
    # Asked before every look-up of a row: no Path for each table, and what there is to ask for worked out once.
    described = data_dir() / "datapackage.json"
    changed = _changed(described)
    return (changed, *map(_changed, _files(described, changed)))


def kept(make: Callable[[], Made]) -> Callable[[], Made]:
    """Let what changes with the tables alone be worked out once."""

    @functools.lru_cache(maxsize=2)
    def found(_folder: Path, _stamp: tuple[int | None, ...]) -> Made:
        return make()

    return functools.wraps(make)(lambda: found(data_dir(), stamp()))


@functools.lru_cache(maxsize=4)
def _files(described: Path, _changed: int | None) -> tuple[str, ...]:
    return tuple(os.path.join(described.parent, entry["path"]) for entry in package()["resources"])


def _changed(path: str | Path) -> int | None:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return None


@functools.lru_cache(maxsize=64)
def _read(path: Path, changed: int | None, name: str, _described: int | None) -> Reading:
    def unusable(reason: str) -> Reading:
        return Reading((), (), (f"{path.name}{reason}.",), {})

    if changed is None:
        return unusable(f" is missing from {path.parent}. Restore it from the project")
    described = fields(name)
    columns = list(described)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, [])
            if header != columns:
                odd = sorted(set(header) ^ set(columns)) or ["in another order"]
                return unusable(f", row 1: the columns differ from datapackage.json ({', '.join(odd)[:300]})")
            lines = list(reader)
    except UnicodeDecodeError as fault:
        return unusable(f": byte {fault.start} is not UTF-8. Save the file as UTF-8")
    except csv.Error as fault:
        return unusable(f", row {reader.line_num}: {fault}")
    except OSError as fault:
        return unusable(f" cannot be read: {fault.strerror or fault}")
    rows, sound, found = [], [], []
    spoilt: dict[str, str] = {}
    id_column = key(name)
    single = [c for c, field in described.items() if c == id_column or field.get("constraints", {}).get("unique")]
    seen: dict[str, set[str]] = {column: set() for column in single}
    for number, line in enumerate(lines, start=2):
        if len(line) != len(columns):
            found.append(f"{path.name}, row {number}: {len(line)} fields, {len(columns)} expected.")
            if columns.index(id_column) < len(line):
                spoilt.setdefault(line[columns.index(id_column)], found[-1])
            continue
        row = dict(zip(columns, line, strict=True))
        own = _row_faults(row, described)
        if not row[id_column]:
            own.append(f"{id_column} is empty.")
        for column in single:
            if row[column] and row[column] in seen[column]:
                own.append(f"the {'id' if column == id_column else column} '{row[column]}' is taken.")
            seen[column].add(row[column])
        rows.append(row)
        if own:
            found += [f"{path.name}, row {number}: {reason}" for reason in dict.fromkeys(own)]
            spoilt.setdefault(row[id_column], f"{path.name}, row {number}: {own[0]}")
        else:
            sound.append(row)
    return Reading(tuple(rows), tuple(sound), tuple(found), spoilt)


def _row_faults(row: dict[str, str], described: dict[str, dict]) -> list[str]:
    found = []
    for name, field in described.items():
        value, rule = row[name], field.get("constraints", {})
        if value == "":
            if rule.get("required"):
                found.append(f"{name} is empty.")
            continue
        try:
            datapackage.value(value, field["type"])
        except ValueError:
            found.append(f"{name} '{value}' is not of type {field['type']}.")
        if "enum" in rule and value not in [str(v) for v in rule["enum"]]:
            found.append(f"{name} '{value}' is none of: {', '.join(map(str, rule['enum']))}.")
        if "pattern" in rule and not re.fullmatch(rule["pattern"], value):
            found.append(f"{name} '{value}' is not written as {rule['pattern']}.")
    try:
        dates.span(row)
    except ValueError as fault:
        found.append(f"{fault}.")
    return found


def labels(column: str = "relationship", table: str = "") -> dict[str, str]:
    """The label of each id in a coded column of a table, or of the claims, such as 'first-tie': 'First tie'."""
    there = fields(table or workbook().roles.claims)
    if column not in there:
        raise unknown("column", column, there)
    own = there[column].get("labels", {})
    return {v: own.get(v, v) for v in there[column].get("constraints", {}).get("enum", own)}


def relationship_id(name: str) -> str:
    """The id of a relationship given as id or as label; UnknownName where there is none."""
    known = labels("relationship")
    for slug, label in known.items():
        if str(name).casefold() in (slug, label.casefold()):
            return slug
    raise unknown("relationship", name, known)
