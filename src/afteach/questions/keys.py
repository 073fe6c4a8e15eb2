"""The key of a computed question: a figure, a cell, the days between two rows, or a query on a table."""

from __future__ import annotations

import datetime as dt
import math
import operator
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from afteach.errors import AfteachError, DataFault, UnknownName
from afteach.naming import unknown
from afteach.record import datapackage, dates, lookup, tables

Scalar = str | int | float | bool
ORDER: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
}
OPERATORS = (*ORDER, "!=")
# Of these operators a date that is not given to the day would have two meanings: after 2018 begins, or after it ends.
TO_THE_DAY = (">", "<=")
NUMBERS = ("integer", "number")
AGGREGATES = ("sum", "mean", "min", "max")


class Lookup(msgspec.Struct, frozen=True, forbid_unknown_fields=True, eq=False, weakref=True, kw_only=True):
    """Where a key stands, in one of three forms.

    One cell: table, row, column. A query: table, where, by, agg (or no agg: the rows themselves, in order if sort).
    The days from the start of one dated row to the start of another: days = [from, to].
    `where` asks for a value or one of several, or compares: "year >=", "year >", "year <=", "year <" (numbers as
    numbers, dates as days) and "kind !=".
    Where the rows are asked for, `columns` names those that the answer must have, and no others.
    """

    table: str = ""
    row: str = ""
    column: str = ""
    where: dict[str, Scalar | list[Scalar]] = {}
    by: str | list[str] = ""
    agg: str = ""
    sort: str = ""
    days: list[str] = []
    columns: list[str] = []


Key = str | Lookup
Rows = Iterable[dict[str, str]]


def resolve(key: Key, rows: Callable[[str], Rows] = tables.records) -> Any:
    """Read a key from the tables; `rows` gives those of a table.

    Returns a float or text for one cell and for a query with agg alone; {group: number} for a query with by (groups
    as tuples of text); a list of row ids for a query without agg, in order if sort is given.
    agg: count, nunique:column, sum:column, mean:column, min:column, max:column.
    Errors: AfteachError for a key that asks for what the tables cannot answer.
    """
    if isinstance(key, str):
        return _number(lookup.row(key)[1]["value"], key)
    if key.days:
        first, last = (dates.span(lookup.row(row_id)[1]).first for row_id in key.days)
        if first is None or last is None:
            raise DataFault(f"of the rows {', '.join(key.days)} one has no date")
        return float((last - first).days)
    fields = tables.fields(key.table)
    if key.row:
        text = lookup.row(key.row)[1][key.column]
        return _number(text, key.row) if fields[key.column]["type"] in NUMBERS else text
    chosen = list(rows(key.table))
    for column, wanted in key.where.items():
        holds = condition(fields, column, wanted)
        chosen = [row for row in chosen if holds(row)]
    if not key.agg:
        if key.sort:
            chosen.sort(key=lambda row: _sortable(row, fields[key.sort]))
        return [row[tables.key(key.table)] for row in chosen]
    if not key.by:
        return _aggregate(chosen, key.agg)
    by = [key.by] if isinstance(key.by, str) else key.by
    groups: dict[tuple[str, ...], list] = {}
    for row in chosen:
        if all(row[column] for column in by):
            groups.setdefault(tuple(row[column] for column in by), []).append(row)
    counted = key.agg.partition(":")[2]
    if key.agg.partition(":")[0] in AGGREGATES:
        # As groupby does it, a group without any number has none; it is not nought.
        groups = {group: members for group, members in groups.items() if any(row[counted] for row in members)}
    return {group: _aggregate(members, key.agg) for group, members in groups.items()}


def _number(text: str, row_id: str) -> float:
    try:
        return float(datapackage.value(text, "number"))
    except (TypeError, ValueError):
        raise DataFault(f"the row '{row_id}' has no number there, but '{text}'") from None


# Comparisons


def condition(fields: dict[str, dict], column: str, wanted: Any) -> Callable[[dict[str, str]], bool]:
    """The test that one line of `where` puts to a row; AfteachError where it asks for what its column cannot answer."""
    name, _, sign = column.partition(" ")
    if name not in fields:
        raise unknown("column", name, fields)
    if sign and sign not in OPERATORS:
        raise AfteachError(f"'{column}' compares with '{sign}'; there are: {', '.join(OPERATORS)}")
    field = fields[name]
    if sign in ORDER:
        return _compared(field, column, sign, wanted)
    options = [_plain(field, column, one) for one in (wanted if isinstance(wanted, list) else [wanted])]
    if not options:
        raise AfteachError(f"'{column}' names no value")
    among = sign != "!="
    numbers = field["type"] in NUMBERS
    return lambda row: (_own(row[name], numbers) in options) == among


def _own(text: str, as_number: bool) -> Any:
    return datapackage.value(text, "number") if as_number else text


def _plain(field: dict, column: str, wanted: Any) -> Any:
    """A value to look for, as the column would hold it."""
    if field["type"] in NUMBERS:
        return None if wanted == "" else _as_number(column, wanted)
    if field["type"] == "boolean":
        text = str(wanted).lower()
        if text not in ("true", "false", ""):
            raise AfteachError(f"'{column}' is true or false, and {wanted!r} is neither")
        return text
    if not isinstance(wanted, str):
        raise AfteachError(f"'{column}' holds text; put {wanted!r} in quotation marks")
    codes = [str(code) for code in field.get("constraints", {}).get("enum", [])]
    if codes and wanted and wanted not in codes:
        raise unknown("code_of", wanted, codes, of=field["name"])
    return wanted


def _as_number(column: str, wanted: Any) -> float:
    try:
        found = datapackage.value(wanted, "number") if isinstance(wanted, str) else wanted
        if isinstance(found, bool) or not math.isfinite(found):
            raise ValueError
        return float(found)
    except (TypeError, ValueError, OverflowError):
        raise AfteachError(f"'{column}' compares numbers, and {wanted!r} is none") from None


def _compared(field: dict, column: str, sign: str, wanted: Any) -> Callable[[dict[str, str]], bool]:
    name, compare = field["name"], ORDER[sign]
    if isinstance(wanted, list):
        raise AfteachError(f"'{column}' compares with one value, and {len(wanted)} are given")
    if field["type"] in NUMBERS:
        limit = _as_number(column, wanted)
        return lambda row: row[name] != "" and compare(datapackage.value(row[name], "number"), limit)
    if not dates.is_date(field):
        raise AfteachError(f"'{column}' compares text; only numbers and dates have an order")
    if not isinstance(wanted, str) or not dates.DATE.fullmatch(wanted):
        raise AfteachError(f"'{column}' compares dates, and {wanted!r} is not written as YYYY, YYYY-MM or YYYY-MM-DD")
    if sign in TO_THE_DAY and len(wanted) < len("YYYY-MM-DD"):
        raise AfteachError(f"'{column}' needs a date to the day, such as '{wanted}{'-01' * (2 - wanted.count('-'))}'")
    try:
        day = dates.span({"start": wanted}).first
    except ValueError as fault:
        raise AfteachError(f"'{column}': {fault}") from None

    def holds(row: dict[str, str]) -> bool:
        own = _day(row, name)
        return own is not None and compare(own, day)

    return holds


def _day(row: dict[str, str], column: str) -> dt.date | None:
    """The day by which a row is compared: the last that its end can mean, else the first that the date can mean."""
    if column == "end":
        return dates.span(row).last
    return dates.span({"start": row[column]}).first


def _sortable(row: dict[str, str], field: dict) -> tuple[bool, Any]:
    """Rows without a value come last."""
    text = row[field["name"]]
    if dates.is_date(field):
        day = _day(row, field["name"])
        return (day is None, day or dt.date.max)
    return (text == "", (datapackage.value(text, "number") or 0.0) if field["type"] in NUMBERS else text)


def _aggregate(rows: list[dict[str, str]], agg: str) -> float:
    name, _, column = agg.partition(":")
    if name == "count":
        return float(len(rows))
    values = [row[column] for row in rows if row[column] != ""]
    if name == "nunique":
        return float(len(set(values)))
    if name not in AGGREGATES:
        raise AfteachError(
            f"A key cannot be counted with '{agg}'. There are: count, nunique:, sum:, mean:, min:, max:."
        )
    numbers = [float(value) for value in values]
    if not numbers:
        raise DataFault(f"there is no number in {column} to take the {name} of")
    if name == "mean":
        return sum(numbers) / len(numbers)
    return sum(numbers) if name == "sum" else min(numbers) if name == "min" else max(numbers)


# What is wrong with a key


def faults(key: Key, number: bool = False) -> list[str]:
    """Every reason why a key cannot be used; with `number`, also why it gives no single number."""
    try:
        found = list(_figure_faults(key) if isinstance(key, str) else _lookup_faults(key, number))
        if found:
            return found
        given = resolve(key, lambda table: tables.reading(table).sound)
    except UnknownName as fault:
        return [f"key: {str(fault).rstrip('.')}"]
    except DataFault as fault:
        # A row or table with a fault of its own is listed with its table.
        return [] if _spoilt(key) else [f"key: {str(fault).rstrip('.')}"]
    except AfteachError as fault:
        return [f"key: {str(fault).rstrip('.')}"]
    if number and not isinstance(given, float):
        return [f"the key gives the text '{given}', and one number is asked for"]
    if not isinstance(key, str) and given in ([], {}) and tables.reading(key.table).faults:
        return []
    if given in ("", [], {}):
        return ["the key finds no row"] if given != "" else ["the key's cell is empty"]
    return []


def _spoilt(key: Key) -> bool:
    """Whether a table or a row that the key names has a fault of its own, or may stand in a table that has."""
    try:
        readings = [tables.reading(name) for name in tables.names()]
        if isinstance(key, Lookup) and key.table:
            tables.resource(key.table)
    except DataFault:
        return True
    if any(found.faults and not found.rows for found in readings):
        return True
    named = [key] if isinstance(key, str) else [*key.days, key.row]
    return any(row_id in found.spoilt for row_id in named for found in readings)


def _figure_faults(key: str) -> Iterable[str]:
    table, line = lookup.row(key)
    if "value" not in line:
        yield f"the key '{key}' is a row of {table}, not a figure"


def _lookup_faults(key: Lookup, number: bool) -> Iterable[str]:
    forms = {
        "days": bool(key.days),
        "row and column": bool(key.row or key.column),
        "a query": bool(key.where or key.by or key.agg or key.sort or key.columns),
    }
    if sum(forms.values()) > 1:
        yield f"the key has several forms: {', '.join(name for name, used in forms.items() if used)}"
        return
    if key.days:
        if len(key.days) != 2:
            yield "days names two rows"
        for row_id in key.days:
            if dates.span(lookup.row(row_id)[1]).first is None:
                yield f"the key's row '{row_id}' has no date"
        return
    fields = tables.fields(key.table)
    by = [key.by] if isinstance(key.by, str) else key.by
    name, colon, counted = key.agg.partition(":")
    for column in [*filter(None, [*by, key.sort, key.column, counted]), *key.columns]:
        if column not in fields:
            yield str(unknown("column_of", column, fields, of=key.table)).rstrip(".")
    if bool(key.row) != bool(key.column):
        yield "a key in one cell needs both row and column"
    if key.row and lookup.row(key.row)[0] != key.table:
        yield f"the key's row '{key.row}' is not in {key.table}"
    if any(by) and not key.agg:
        yield "'by' needs 'agg', which says what is counted in each group"
    if number and not key.row and (not key.agg or any(by)):
        yield f"the key gives {'numbers by group' if key.agg else 'rows'}, and one number is asked for"
    if key.agg and (key.sort or key.columns):
        yield "'sort' and 'columns' ask for rows, and 'agg' for a number"
    if key.agg and (name not in ("count", "nunique", *AGGREGATES) or (name == "count") == bool(colon)):
        yield f"a key cannot be counted with '{key.agg}'; there are: count, nunique:, sum:, mean:, min:, max:"
    elif name in AGGREGATES and counted in fields and fields[counted]["type"] not in NUMBERS:
        yield f"agg '{key.agg}' needs numbers, and {counted} is of type {fields[counted]['type']}"
    yield from _where_faults(key, fields)


def _where_faults(key: Lookup, fields: dict[str, dict]) -> Iterable[str]:
    read = tables.reading(key.table)
    for column, wanted in key.where.items():
        try:
            # One mistyped value among several would be missed by asking for all of them at once.
            for one in wanted if isinstance(wanted, list) and not column.endswith("=") else [wanted]:
                holds = condition(fields, column, one)
                if not any(map(holds, read.sound)) and not read.faults:
                    yield f"key: no row of {key.table} has {column} {one!r}"
        except UnknownName as fault:
            yield f"key: {str(fault).rstrip('.')}"
        except AfteachError as fault:
            yield f"key: {fault}"
