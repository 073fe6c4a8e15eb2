"""Keep outcomes shut until the forecasts on them are recorded, or until a reader opens them.

A table is one of outcomes where workbook.toml gives it that role. Its forecasts are the forecast questions whose
evidence stands in it. The tables of a measure are sealed too, until every statement of both halves is rated. What an
author or an instructor runs reads the tables directly and is never kept out.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, overload

from afteach.answers import log as answers
from afteach.answers.lines import Line
from afteach.answers.log import Log
from afteach.questions import marking
from afteach.questions.model import Question, bank
from afteach.record import lookup, tables
from afteach.words import say
from afteach.workbook import data_dir, workbook

if TYPE_CHECKING:
    import pandas as pd

    from afteach.record.descriptions import Description, Tables

# An answer line of this name says that a reader opened a table: {"q": "seal.TABLE", "answer": "opened"}.
PREFIX, OPENED = "seal.", "opened"


@overload
def load() -> Tables: ...
@overload
def load(name: str, unseal: bool = False) -> pd.DataFrame: ...
def load(name: str | None = None, unseal: bool = False) -> pd.DataFrame | Tables:
    """Read a table, with dates already parsed; without a name, list the tables.

    Arguments: name, a table such as "events"; unseal=True opens a table of outcomes to a reader who will not forecast
    first, and that is recorded.
    Returns a new DataFrame with the columns of describe(name). Where a table is dated, `start` and `end` are the
    first and last day that the date can mean, and `precision` and `when` are added. Missing values are NaN or NaT.
    A sealed table has its columns, no rows, and says what it waits for; of a source that it alone names there is
    the id, and what is coded of it.
    Errors: UnknownName for a table that does not exist; DataFault for a file that cannot be used.
    Source: the table's own, see describe(name).
    """
    if name is None:
        from afteach.record.descriptions import Tables

        return Tables()
    missing = due(name)
    if missing and unseal:
        answers.note(PREFIX + name, OPENED)
    elif missing:
        return _without_rows(tables.load(name), sentence(name, missing))
    frame = tables.load(name)
    return _without_told_sources(frame) if name == workbook().roles.sources else frame


def describe(name: str) -> Description:
    """The card of a table: what a row is, columns, codebook, who counted, limits, sources.

    Errors: UnknownName for a table that does not exist.
    """
    from afteach.record.descriptions import Description

    missing = due(name)
    return Description(name, sealed=sentence(name, missing) if missing else "")


def sealed_tables() -> list[str]:
    """The names of the tables of outcomes and of those of a measure."""
    there = tables.names()
    return [name for name in (*workbook().roles.outcomes, *workbook().measure_tables) if name in there]


def table_of(row_id: str) -> str:
    """The table of outcomes in which a row stands, or which alone names a source; empty where there is none."""
    return _table_of(_state(), row_id)


# The folder, what changes with its tables, and which of them are sealed.
State = tuple[Path, tuple[int | None, ...], tuple[str, ...]]


def _state() -> State:
    """What changes whenever a row could stand elsewhere; asked once for many rows, since it asks the disk."""
    return data_dir(), tables.stamp(), tuple(sealed_tables())


# A forecast has every card of a notebook told where it stands, and each of them asks this of every row of the forecasts.
@functools.lru_cache(maxsize=4096)
def _table_of(state: State, row_id: str) -> str:
    # Of all tables only these are read: the first card of a notebook waits for this.
    for table in state[2]:
        if tables.holds(table, row_id):
            return table
    sources = workbook().roles.sources
    return _told_sources(*state).get(row_id, "") if sources in tables.names() and tables.holds(sources, row_id) else ""


@functools.lru_cache(maxsize=2)
def _told_sources(_folder: Path, _stamp: tuple[int | None, ...], outcomes: tuple[str, ...]) -> dict[str, str]:
    """The sources that tables of outcomes alone name, each with the table: the title of one would tell its outcome."""
    row_id = lookup.id_pattern()
    shut: dict[str, str] = {}
    others: set[str] = set()
    for table in tables.names():
        if table != workbook().roles.sources:
            text = "\n".join(cell for line in tables.records(table) for cell in line.values())
            ids = set(row_id.findall(text))
            others |= ids if table not in outcomes else set()
            shut |= dict.fromkeys(ids, table) if table in outcomes else {}
    return {source: table for source, table in shut.items() if source not in others}


def forecasts(questions: Iterable[Question]) -> dict[str, list[Question]]:
    """For each table of outcomes, the forecasts on it."""
    rated = workbook().measure_tables
    found: dict[str, list[Question]] = {name: [] for name in sealed_tables() if name not in rated}
    foretelling = [one for one in questions if one.foretells] if found else []
    state = _state() if foretelling else None
    for one in foretelling:
        for table in _outcomes_of(one.evidence, state):
            found[table].append(one)
    return found


def awaited(questions: Iterable[Question]) -> dict[str, list[Question]]:
    """For each sealed table what is recorded before it opens: the forecasts on it, or the statements of the measure."""
    found, rated = forecasts(questions), workbook().measure_tables
    if rated:
        from afteach.questions import measured

        found |= {name: list(measured.items().values()) for name in sealed_tables() if name in rated}
    return found


def opened(lines: Iterable[Line], table: str, waits: Iterable[Question]) -> str | None:
    """When a table of outcomes opened: once each of its forecasts had a first record, or when a reader opened it.

    Returns the time as text that sorts by time; None while it is shut.
    """
    asked, lines = list(waits), list(lines)
    moments = [moment(line) for line in lines if line.q == PREFIX + table and line.answer == OPENED]
    first = _first_records(lines, asked)
    if len(first) == len(asked):
        moments.append(max(first.values(), default=""))
    return min(moments, default=None)


def _first_records(lines: Iterable[Line], waits: Iterable[Question]) -> dict[str, str]:
    asked = {one.id: one for one in waits}
    first: dict[str, str] = {}
    for line in lines:
        if line.q in asked and marking.judge(asked[line.q], line.answer).outcome == "recorded":
            first[line.q] = min(first.get(line.q, moment(line)), moment(line))
    return first


def counted(lines: Iterable[Line], waits: Mapping[str, Iterable[Question]]) -> list[Line]:
    """The answers that count: all but the forecasts that were given after their outcome had opened.

    Arguments: lines, the merged answers of one student; waits, what forecasts() says of the bank.
    """
    kept = list(lines)
    for table, asked in waits.items():
        since, ids = opened(kept, table, asked), {one.id for one in asked}
        if since is not None:
            kept = [line for line in kept if line.q not in ids or moment(line) <= since]
    return kept


def moment(line: Line) -> str:
    """When a line was logged, as text that sorts by time."""
    # "…:07Z" and "…:07.5Z" sort by time once the mark of UTC, which all carry, is off.
    return line.at.removesuffix("Z").removesuffix("+00:00")


def read() -> Log:
    """The student's answers that count."""
    log = answers.read()
    return log._replace(lines=tuple(counted(log.lines, awaited(bank().values())))) if sealed_tables() else log


def log_of(asked: Question) -> Log:
    """The answers of which those to one question count; the bank is read for a forecast alone."""
    return read() if asked.foretells else answers.read()


def waits(table: str) -> list[str]:
    """What a table waits for as long as nothing is recorded."""
    return [one.id for one in awaited(bank().values())[table]]


def due(table: str, log: Log | None = None) -> list[str]:
    """The forecasts or statements that a table still waits for; none where it is open."""
    if table not in sealed_tables():
        return []
    waits = awaited(bank().values())[table]
    log = log or read()
    if opened(log.lines, table, waits) is not None:
        return []
    given = _first_records(log.lines, waits)
    return [one.id for one in waits if one.id not in given]


def shut(asked: Question, log: Log | None = None) -> str:
    """Why what stands behind a question is shut, in words; empty where it is open."""
    return shut_rows(asked.evidence, log)


def shut_text(text: str, log: Log | None = None) -> str:
    """Why a text that cites rows is shut, in words; empty where it is open."""
    return shut_rows(lookup.id_pattern().findall(text), log) if sealed_tables() else ""


def shut_rows(row_ids: Iterable[str], log: Log | None = None) -> str:
    """Why one of these rows is shut, in words; empty where all are open."""
    for table in _outcomes_of(row_ids):
        missing = due(table, log)
        if missing:
            return sentence(table, missing)
    return ""


def is_open(asked: Question) -> bool:
    """Whether a question rests on a table of outcomes, and on none that is shut."""
    return bool(_outcomes_of(asked.evidence)) and not shut(asked)


def sentence(table: str, missing: list[str]) -> str:
    """What a sealed table says of itself."""
    if table in workbook().measure_tables:
        return say("seal.measure", n=len(missing), code=f'load("{table}", unseal=True)')
    total = len(forecasts(bank().values())[table])
    # A list of ten ids is not read.
    named = missing if len(missing) <= 4 else [*missing[:3], say("seal.more", count=len(missing) - 3)]
    to_come = say("seal.and").join(filter(None, [", ".join(named[:-1]), named[-1]]))
    return say("seal.wait", n=total, ids=to_come, code=f'load("{table}", unseal=True)')


def _outcomes_of(row_ids: Iterable[str], state: State | None = None) -> list[str]:
    state = state or _state()
    return list(dict.fromkeys(filter(None, (_table_of(state, row_id) for row_id in row_ids))))


def _without_told_sources(frame: pd.DataFrame) -> pd.DataFrame:
    """The sources, with the id and the coded columns alone of those that tell what is sealed."""
    name = workbook().roles.sources
    missing = {table: due(table) for table in sealed_tables()}
    why = {
        row_id: sentence(table, missing[table]) for row_id, table in _told_sources(*_state()).items() if missing[table]
    }
    ids, summary = frame[tables.key(name)], tables.resource(name).get("summary", "")
    rows = ids.isin(why)
    for column, field in tables.fields(name).items():
        if column != tables.key(name) and "enum" not in field.get("constraints", {}):
            # What a row is called by says why it is held back.
            frame.loc[rows, column] = ids[rows].map(why) if f"{{{column}}}" in summary else None
    return frame


def _without_rows(frame: pd.DataFrame, said: str) -> pd.DataFrame:
    out = _sealed_frame()(frame.iloc[:0])
    out.attrs["sealed"] = said
    return out


@functools.cache
def _sealed_frame() -> type:
    import pandas as pd

    class Sealed(pd.DataFrame):
        """A table without its rows; it and what is cut from it show what they wait for."""

        @property
        def _constructor(self) -> type:
            return Sealed

        def __repr__(self) -> str:
            return self._said() or super().__repr__()

        def _repr_html_(self) -> str:
            import html

            return f"<p>{html.escape(self._said(), quote=False)}</p>" if self._said() else super()._repr_html_()

        def _said(self) -> str:
            return "" if len(self) else self.attrs.get("sealed", "")

    return Sealed
