"""The codes that each chart can draw: a row with another one is left out, which the chart says and validate lists."""

from __future__ import annotations

from collections.abc import Iterator

from afteach.record import datapackage, tables

ATTRIBUTIONS = ("author", "named", "unnamed")
CERTAINTIES = ("plain", "reported", "hedged", "estimate")
EDITIONS = ("first", "revised", "statement")
SERIES = ("yearly", "part-year", "cumulative")
STANDINGS = ("documented", "claimed", "disputed")
TRACKS = ("contact", "force")
TROOPS = ("level", "plan", "increment", "withheld")
VERDICTS = ("agrees", "agrees-in-part", "differs", "not-found", "not-checkable", "not-checked")
ANY: tuple[str, ...] = ()  # whatever it is, as long as something stands there

# chart: table: column: codes. A tie or a kind may be any that the tables name.
DRAWS: dict[str, dict[str, dict[str, tuple[str, ...]]]] = {
    "timeline": {table: {"relationship": ANY, "standing": STANDINGS} for table in ("events", "outside_events")},
    "places": {table: {"relationship": ANY, "standing": STANDINGS} for table in ("events", "outside_events")},
    "stances": {"stances": {"relationship": ANY, "track": TRACKS, "stance": ANY, "standing": STANDINGS}},
    "ladder": {"claims": {"relationship": ANY, "attribution": ATTRIBUTIONS, "certainty": CERTAINTIES}},
    "matrix": {"claims": {"relationship": ANY, "kind": ANY}},
    "wording": {"claims": {"relationship": ANY, "certainty": CERTAINTIES}, "fact_checks": {"verdict": VERDICTS}},
    "troops": {"troop_levels": {"measure": TROOPS}},
    "casualties": {"civilian_casualties": {"edition": EDITIONS}, "military_deaths": {"measure": SERIES}},
}


def drawn_by(chart: str, table: str) -> dict[str, tuple[str, ...]]:
    """The codes by which a chart draws the rows of a table: those that it knows, or for ANY those of the tables."""
    drawn = DRAWS[chart]
    # A timeline takes the rows of any table that has its columns.
    columns = drawn.get(table) or next(iter(drawn.values()))
    return {column: codes or _named(table, column) for column, codes in columns.items()}


def _named(table: str, column: str) -> tuple[str, ...]:
    """The codes that datapackage.json gives a column; ANY where it gives none."""
    for entry in tables.package()["resources"]:
        for field in entry["schema"]["fields"]:
            if entry["name"] == table and field["name"] == column:
                return tuple(str(code) for code in field.get("constraints", {}).get("enum", ANY))
    return ANY


def faults() -> Iterator[str]:
    """Each row of the tables that a chart would leave out, with file, row and reason."""
    for table in tables.names():
        columns = {field["name"] for field in tables.resource(table)["schema"]["fields"]}
        known: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for chart, drawn in DRAWS.items():
            for column in drawn.get(table, {}):
                known.setdefault((column, drawn_by(chart, table)[column]), []).append(chart)
        for (column, codes), drawers in known.items():
            if column in columns:
                yield from _code_faults(table, column, codes, drawers)


def _code_faults(table: str, column: str, codes: tuple[str, ...], drawers: list[str]) -> Iterator[str]:
    path, key = tables.resource(table)["path"], datapackage.one(tables.resource(table)["schema"]["primaryKey"])
    by = " and ".join(f"charts.{chart}" for chart in drawers)
    for number, row in enumerate(tables.reading(table).rows, start=2):
        if row[key] in tables.reading(table).spoilt:
            continue
        if not row[column]:
            yield f"{path}, row {number}: {column} is empty, and {by} would leave the row out."
        elif codes and row[column] not in codes:
            drawn = f"{by} would leave the row out: drawn are {', '.join(codes)}"
            yield f"{path}, row {number}: {column} '{row[column]}' is no code that can be drawn; {drawn}."
