"""How far two passes of coding agreed before they were settled."""

from __future__ import annotations

from afteach.naming import unknown
from afteach.record import datapackage, tables
from afteach.words import say
from afteach.workbook import workbook


def of(column: str) -> tuple[int, float, float]:
    """How far two passes of coding agreed before they were settled: (claims, raw share, Cohen's kappa)."""
    coded = coded_columns()
    if column not in coded:
        raise unknown("coded_column", column, coded)
    fields = tables.resource(codings_table())["schema"]
    claim = datapackage.one(fields["foreignKeys"][0]["fields"])
    by_pass = next(field for field in fields["fields"] if "enum" in field.get("constraints", {}))
    passes: dict[str, dict[str, str]] = {code: {} for code in by_pass["constraints"]["enum"][:2]}
    for line in tables.records(codings_table()):
        passes.setdefault(line[by_pass["name"]], {})[line[claim]] = line[column]
    first, second = list(passes.values())[:2]
    return kappa([(first[c], second[c]) for c in first if c in second])


def kappa(pairs: list[tuple[str, str]]) -> tuple[int, float, float]:
    """Raw agreement and Cohen's kappa of pairs of codes: (pairs, raw share, kappa); kappa is NaN where undefined."""
    if not pairs:
        return 0, float("nan"), float("nan")
    total = len(pairs)
    raw = sum(a == b for a, b in pairs) / total
    codes = {code for pair in pairs for code in pair}
    by_chance = sum(sum(a == c for a, _ in pairs) * sum(b == c for _, b in pairs) for c in codes) / total**2
    return total, raw, float("nan") if by_chance == 1 else (raw - by_chance) / (1 - by_chance)


def in_words(name: str) -> list[str]:
    """How far the coding of a table agreed, in words; nothing for a table that was not coded twice."""
    if name != twice_coded_table():
        return []
    out = [f"{workbook().credits.get(codings_table()) or say('describe.two_passes')}:"]
    for column in coded_columns():
        total, raw, value = of(column)
        out.append("- " + say("describe.agreed", column=column, share=f"{raw:.0%}", n=total, kappa=f"{value:.2f}"))
    return [*out, ""]


def codings_table() -> str:
    """The table of the passes of coding; empty where a workbook has none."""
    named = workbook().roles.codings
    return named if named in tables.names() else ""


def twice_coded_table() -> str:
    """The table whose rows were coded twice; empty where none was."""
    keys = tables.resource(codings_table())["schema"].get("foreignKeys", []) if codings_table() else []
    return keys[0]["reference"]["resource"] if keys else ""


def coded_columns() -> list[str]:
    """The columns that were coded twice."""
    return list(code_lists())


def code_lists() -> dict[str, set[str]]:
    """The codes of each column that was coded twice; none where the tables hold no codings."""
    if not twice_coded_table():
        return {}
    fields = tables.fields(codings_table()).items()
    # The first of them tells the passes apart.
    coded = [(name, field["constraints"]["enum"]) for name, field in fields if "enum" in field.get("constraints", {})][
        1:
    ]
    return {name: set(map(str, codes)) for name, codes in coded}
