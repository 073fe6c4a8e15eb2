"""The charts of counts that a workbook names: [charts.NAME] of workbook.toml, each of a general kind."""

from __future__ import annotations

import functools
import json
from typing import Annotated, Any

import msgspec

from afteach.charts import codes
from afteach.errors import DataFault
from afteach.record import tables
from afteach.workbook import workbook


class Levels(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="levels"):
    """Levels of one count through time; what a code of `measure` means stands in datapackage.json, in its roles.

    Roles: level, apart (a plan: a mark beside the line), increment (a strip of its own), gap (nothing was published).
    """

    table: str
    number: str  # the column of the count
    subject: str  # what the title begins with
    unit: str  # what is counted, many of them
    thing: str  # a level of it: "troop level"
    axis: str
    tie: str = ""  # whose colour it has
    measure: str = "measure"


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One part of a whole, in the order in which the parts lie from left to right."""

    name: str
    share: str  # the column of its share in per cent
    number: str  # the column of its number
    said: str = ""  # the word by which the article's own figures name it; its name where left out


class Shares(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="shares"):
    """Who counted which shares of a whole, beside the article's own."""

    table: str
    parts: Annotated[dict[str, Part], msgspec.Meta(min_length=1)]
    whole: str  # the column of the whole
    counted: str  # what was counted, many of them: "districts"
    article_unit: str  # the unit of the article's own figures
    of: str  # what the counts are counts of
    tie: str = ""
    held: str = "part"  # what a tooltip calls a part
    another_question: str = "not comparable"  # what a note says where its numbers answer another question


class SeriesTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table of a chart of series.

    Its strips are the numbers by the codes of `by` (editions), or the values of `series`. Roles of `by`: part (of a
    year), total (over years).
    """

    table: str
    numbers: Annotated[dict[str, str], msgspec.Meta(min_length=1)]  # column: what it counts
    by: str
    title: str  # what the title begins with
    series: str = ""
    year: str = ""  # the column of the year, where the table has no dates
    whole: str = ""  # the number that is drawn only where its parts are not given
    first: str = ""  # what the title begins with where it speaks of the first code: "Civilians in first editions"


class Series(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="series"):
    """Counts by edition or by series, never added up."""

    tables: Annotated[list[SeriesTable], msgspec.Meta(min_length=1)]
    nothing: str  # what is said to be missing from an empty table


Entry = Levels | Shares | Series


def entry(name: str) -> Entry | None:
    """What workbook.toml says of a chart of counts; None where it names none. DataFault says what is wrong with it."""
    described = workbook().charts.get(name)
    return None if described is None else _read(name, json.dumps(described))


@functools.lru_cache(maxsize=32)
def _read(name: str, described: str) -> Entry:
    try:
        return msgspec.json.decode(described, type=Entry)
    except msgspec.ValidationError as fault:
        raise DataFault(f"workbook.toml, charts.{name}: {str(fault).replace('`', chr(39))}.") from None


def drawn(chart: str, table: str) -> dict[str, tuple[str, ...]]:
    """The column of a table by whose codes a chart of counts draws, and the codes."""
    known = entry(chart)
    if isinstance(known, Levels):
        return {known.measure: tuple(code for code in codes.named(table, known.measure) if level_role(known, code))}
    if isinstance(known, Series):
        return {one.by: codes.named(table, one.by) for one in known.tables if one.table == table}
    return {}


def level_role(known: Levels, code: str) -> str:
    """What a row with a code of the measure is: level, apart, increment or gap; empty where it is none."""
    roles = ("level", "apart", "increment", "gap")
    return next((role for role in roles if code in codes.role(known.table, known.measure, role)), "")


def given() -> dict[str, list[tuple[str, ...]]]:
    """Each chart of counts with the tables that it draws: one for each of its arguments."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for name in workbook().charts:
        known = entry(name)
        if isinstance(known, Shares):
            found[name] = [(known.table, workbook().roles.figures)]
        elif isinstance(known, Levels):
            found[name] = [(known.table,)]
        elif isinstance(known, Series):
            found[name] = [(one.table,) for one in known.tables]
    return found


def faults() -> list[str]:
    """What a chart of workbook.toml names and the tables lack."""
    found = []
    for name in workbook().charts:
        try:
            known = entry(name)
        except DataFault as fault:
            found.append(str(fault))
            continue
        for table, columns in _named(known):
            if table not in tables.names():
                found.append(f"workbook.toml, charts.{name}: there is no table '{table}'.")
                continue
            found += [
                f"workbook.toml, charts.{name}: the table '{table}' has no column '{column}'."
                for column in columns
                if column and column not in tables.fields(table)
            ]
        if tie := getattr(known, "tie", ""):
            found += [] if tie in workbook().ties else [f"workbook.toml, charts.{name}: there is no tie '{tie}'."]
    return found


def _named(known: Any) -> list[tuple[str, list[str]]]:
    if isinstance(known, Levels):
        return [(known.table, [known.number, known.measure])]
    if isinstance(known, Shares):
        columns = [known.whole, *(column for part in known.parts.values() for column in (part.share, part.number))]
        return [(known.table, columns)]
    return [(one.table, [*one.numbers, one.by, one.series, one.year, one.whole]) for one in known.tables]
