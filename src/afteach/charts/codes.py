"""The codes by which charts draw, as datapackage.json names them: in their order, with their labels and roles."""

from __future__ import annotations

from afteach.record import tables
from afteach.workbook import workbook


def named(table: str, column: str) -> tuple[str, ...]:
    """The codes of a column in their order; none where any text may stand there."""
    return tuple(str(code) for code in tables.field(table, column).get("constraints", {}).get("enum", ()))


def role(table: str, column: str, of: str) -> tuple[str, ...]:
    """The codes of a column that have a role, such as the verdicts that settle a check."""
    return tuple(tables.field(table, column).get("roles", {}).get(of, ()))


def labels(table: str, column: str) -> dict[str, str]:
    """The label of each code of a column."""
    own = tables.field(table, column).get("labels", {})
    return {code: own.get(code, code) for code in named(table, column)}


def certainties() -> tuple[str, ...]:
    """How sure a wording can be, the surest first."""
    return named(workbook().roles.claims, "certainty")


def plain() -> str:
    """The surest wording."""
    return next(iter((*role(workbook().roles.claims, "certainty", "plain"), *certainties())), "")


def speakers() -> tuple[str, ...]:
    """Who can say a claim, the author first."""
    return named(workbook().roles.claims, "attribution")


def standings() -> tuple[str, ...]:
    """The standings of events and steps, as all tables name them."""
    return tuple(dict.fromkeys(code for table in tables.names() for code in named(table, "standing")))


def sure_standing() -> str:
    """The standing that is not in doubt."""
    sure = (code for table in tables.names() for code in role(table, "standing", "sure"))
    return next(iter((*sure, *standings())), "")


def together(table: str) -> tuple[str, ...]:
    """Kinds of events at which two sides sat together, as far as is said; all kinds where the table does not say."""
    return role(table, "kind", "together") or named(table, "kind")


def verdicts() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The verdicts that the record gives, from the best for a claim to the worst; and those that leave it open."""
    table = workbook().roles.checks
    settled = role(table, "verdict", "settled")
    return settled, tuple(code for code in named(table, "verdict") if code not in settled)


def tables_with(columns: set[str]) -> list[str]:
    """The tables that have some columns."""
    return [name for name in tables.names() if columns <= set(tables.fields(name))]
