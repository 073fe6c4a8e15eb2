"""Which tables and codes each chart draws: a row with another code is left out, which the chart says and validate lists."""

from __future__ import annotations

from collections.abc import Iterator

from afteach.charts import codes, entries
from afteach.record import tables
from afteach.workbook import workbook

EVENT = {"relationship", "title", "start", "standing"}
STEP = {"relationship", "track", "start", "stance", "standing"}


def drawn_by(chart: str, table: str) -> dict[str, tuple[str, ...]]:
    """The columns of a table by whose codes a chart draws, and the codes; no codes where any will do."""
    roles = workbook().roles
    columns = {
        "timeline": ["relationship", "standing"],
        "places": ["relationship", "standing"],
        "stances": ["relationship", "track", "stance", "standing"],
        "ladder": ["relationship", "attribution", "certainty"],
        "matrix": ["relationship", "kind"],
        "wording": ["verdict"] if table == roles.checks else ["relationship", "certainty"],
    }
    found = {column: codes.named(table, column) for column in columns.get(chart, [])}
    if "standing" in found:
        found["standing"] = codes.standings()
    return found or entries.drawn(chart, table)


def draws() -> dict[str, list[tuple[str, ...]]]:
    """Each chart with the tables that it draws: one for each of its arguments."""
    roles = workbook().roles
    events, steps = codes.tables_with(EVENT), codes.tables_with(STEP)
    found: dict[str, list[tuple[str, ...]]] = {
        "timeline": [(name,) for name in events],
        "places": [(name,) for name in events if roles.places],
        "stances": [(name,) for name in steps],
        "ladder": [(roles.claims,)],
        "matrix": [(roles.claims,)],
        "wording": [(roles.claims, roles.checks)],
        **entries.given(),
    }
    there = set(tables.names())
    return {chart: [given for given in calls if there.issuperset(given)] for chart, calls in found.items()}


def faults() -> Iterator[str]:
    """Each row of the tables that a chart would leave out, with file, row and reason."""
    known: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for chart, calls in draws().items():
        for table in dict.fromkeys(table for given in calls for table in given):
            for column, known_codes in drawn_by(chart, table).items():
                known.setdefault((table, column, known_codes), []).append(chart)
    for (table, column, known_codes), drawers in known.items():
        if tables.field(table, column):
            yield from _code_faults(table, column, known_codes, drawers)


def _code_faults(table: str, column: str, known: tuple[str, ...], drawers: list[str]) -> Iterator[str]:
    path, key = tables.resource(table)["path"], tables.key(table)
    by = " and ".join(f"charts.{chart}" for chart in drawers)
    for number, row in enumerate(tables.reading(table).rows, start=2):
        if row[key] in tables.reading(table).spoilt:
            continue
        if not row[column]:
            yield f"{path}, row {number}: {column} is empty, and {by} would leave the row out."
        elif known and row[column] not in known:
            drawn = f"{by} would leave the row out: drawn are {', '.join(known)}"
            yield f"{path}, row {number}: {column} '{row[column]}' is no code that can be drawn; {drawn}."
