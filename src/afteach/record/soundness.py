"""Every fault of the tables: in rows, in links, and in ids that two tables share."""

from __future__ import annotations

from afteach.record import datapackage, tables


def faults(name: str) -> list[str]:
    """Every fault of one table, its keys included, each with file, row and reason."""
    entry = tables.resource(name)
    own = tables.reading(name)
    found = list(own.faults)
    for key in entry["schema"].get("foreignKeys", []):
        column, other = datapackage.one(key["fields"]), key["reference"]["resource"] or name
        if other not in tables.names():
            continue  # the fault of the other table is listed with that table
        target = datapackage.one(key["reference"]["fields"])
        # The rows with a fault of their own count too: a link to one of them leads somewhere.
        there = {row[target] for row in tables.reading(other).rows} | set(tables.reading(other).spoilt)
        if tables.reading(other).faults and not there:
            continue
        for number, row in enumerate(own.rows, start=2):
            if row[column] and row[column] not in there:
                found.append(f"{entry['path']}, row {number}: {column} '{row[column]}' is not in {other}.")
    return found


def all_faults() -> list[str]:
    """Every fault of datapackage.json and of all tables: in rows, in links, and in ids that two tables share."""
    found = tables.whole_package().all_faults()
    if not tables.whole_package().sound:
        return found
    for name in tables.names():
        found += faults(name)
    owner: dict[str, str] = {}
    for name in tables.names():
        key = tables.key(name)
        for line in tables.reading(name).rows:
            first = owner.setdefault(line[key], name)
            if first != name:
                found.append(f"{tables.resource(name)['path']}: the id '{line[key]}' is also used in {first}.")
    return found
