"""Take what a student passes, refuse what cannot be drawn, and say what to pass instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from afteach.charts import drawn, words
from afteach.errors import AfteachError
from afteach.record import tables
from afteach.words import say
from afteach.workbook import workbook

if TYPE_CHECKING:
    import pandas as pd


def needed(frame: object, columns: Iterable[str], chart: str, table: str) -> pd.DataFrame:
    """A copy of the frame, numbered from 0; AfteachError where it is no table or lacks a column."""
    example = f'charts.{chart}(load("{table}"))'
    import pandas as pd  # whoever has a table has it already

    if not isinstance(frame, pd.DataFrame):
        raise AfteachError(say("chart.no_table", chart=chart, given=_shown(frame), example=example))
    lacking = [column for column in columns if column not in frame.columns]
    if lacking:
        which = ", ".join(repr(one) for one in lacking)
        raise AfteachError(say("chart.lacks", n=len(lacking), chart=chart, columns=which, table=table, example=example))
    return frame.reset_index(drop=True).copy()


def drawable(frame: pd.DataFrame, chart: str, table: str) -> tuple[pd.DataFrame, str]:
    """The rows that a chart has a mark for, and a sentence on those that it leaves out, empty where it draws all."""
    import pandas as pd

    keep = pd.Series(True, index=frame.index)
    reasons = []
    for column, known in drawn.drawn_by(chart, table).items():
        if column not in frame.columns:
            continue
        values = frame[column].map(text)
        fits = values.isin(known) if known else values != ""
        for value, times in values[keep & ~fits].value_counts(sort=False).items():
            reasons.append((f"{column} “{value}”" if value else say("chart.no_value", column=column), int(times)))
        keep &= fits
    return frame[keep].reset_index(drop=True), left_out(reasons)


def left_out(reasons: Iterable[tuple[str, int]]) -> str:
    """The sentence on the rows that a chart leaves out, from each reason with its number of rows."""
    reasons = [(why, times) for why, times in reasons if times]
    total = sum(times for _, times in reasons)
    why = "; ".join(say("chart.rows_with", rows=words.some(times, "row"), reason=reason) for reason, times in reasons)
    return words.sentence(say("chart.left_out", n=total, rows=words.some(total, "row"), why=why)) if total else ""


def dated(frame: pd.DataFrame, chart: str, table: str) -> pd.DataFrame:
    """The rows with a date, in the order of time; AfteachError where dates are still text."""
    import pandas as pd

    for column in ("start", "end"):
        if len(frame) and not pd.api.types.is_datetime64_any_dtype(frame[column]):
            found = frame[column].dtype
            raise AfteachError(say("chart.no_dates", chart=chart, column=column, found=found, table=table))
    rows = frame[frame["start"].notna()]
    return rows.assign(end=rows["end"].fillna(rows["start"])).sort_values(["start", "end"], kind="stable")


def of_relationship(frame: pd.DataFrame, relationship: str | None) -> tuple[pd.DataFrame, str]:
    """The rows of one relationship, and its id; all rows and the one id they share, if any, where none is asked."""
    if relationship is not None:
        slug = tables.relationship_id(relationship)
        return frame[frame["relationship"] == slug].reset_index(drop=True), slug
    found = frame["relationship"].dropna().unique()
    return frame, str(found[0]) if len(found) == 1 else ""


def table_of(frame: pd.DataFrame, otherwise: str) -> str:
    """The name of the table a frame was cut from: its id column says which."""
    keys = {name: tables.key(name) for name in tables.names()}
    there = [name for name, key in keys.items() if key in frame.columns]
    # Where a row also names a row of another table, it is not of that table.
    for name in there:
        if not any(name != other and keys[name] in tables.fields(other) for other in there):
            return name
    return otherwise


def row_id(row: Mapping[str, object], table: str) -> str:
    """The id of a row of a table, empty where the frame has lost it."""
    return text(row.get(tables.key(table)))


def missing(value: object) -> bool:
    """Whether a field is empty, in any of the ways that a table says so."""
    import pandas as pd

    return value is None or value is pd.NA or value != value


def text(value: object) -> str:
    """A field as text, empty where it is missing."""
    return "" if missing(value) else str(value)


def relationship_labels() -> dict[str, str]:
    """The label of each relationship."""
    return tables.labels("relationship")


def in_prose(slug: str) -> str:
    """The name of a relationship as it stands within a sentence."""
    tie = workbook().ties.get(slug)
    return (tie.in_prose if tie else "") or relationship_labels().get(slug, slug)


def place_labels() -> dict[str, str]:
    """The name of each place, with its country where that says more."""
    return {
        line["place_id"]: line["label"] if line["label"] == line["country"] else f"{line['label']}, {line['country']}"
        for line in tables.records(workbook().roles.places)
    }


def column(frame: pd.DataFrame, name: str, otherwise: str = "") -> list[str]:
    """A column as text, or the same text for every row where the frame has no such column."""
    return [text(value) for value in frame[name]] if name in frame.columns else [otherwise] * len(frame)


def _shown(value: object) -> str:
    return repr(value) if isinstance(value, str) else say("chart.a_thing", type=type(value).__name__)


def country_in_prose(name: str) -> str:
    """The name of a state as it stands within a sentence."""
    return say("chart.united", name=name) if name.startswith("United ") else name
