"""The records that can be opened on a desk: by what they are known before that, what they say, and for what they speak."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from afteach.errors import AfteachError, DataFault
from afteach.record import citations, lookup, tables
from afteach.words import say
from afteach.workbook import workbook

VERDICT = "verdict"


class Record(NamedTuple):
    """One record: what stands on its cover, what it says once it is opened, and what it was found to say in the end."""

    title: str
    publisher: str
    about: str  # publisher, date, language and who pays, in words
    note: str
    url: str
    finding: str


def source_of(row_id: str) -> str:
    """The source behind a row: the row itself where it is one, with a publisher of its own; empty where it names none."""
    table, line = lookup.row(row_id)
    return row_id if table == workbook().roles.sources or "publisher" in line else line.get("source_id", "")


def record(row_id: str) -> Record:
    """A row as a record. Errors: UnknownName for an id that does not exist; DataFault for a row without a source."""
    table, line = lookup.row(row_id)
    from afteach.record import source_card  # a bank without a desk need not wait for it

    source_id = source_of(row_id)
    if not source_id:
        raise DataFault(f"{row_id} names no source, so that it cannot be opened as a record.")
    _, source = lookup.row(source_id)
    about = [
        source.get("publisher", ""),
        citations.source_date(source),
        source.get("language", ""),
        say("source.funding", funding=source["funding"]) if source.get("funding") else "",
    ]
    parts = [line.get("note", "")] if "note" in line else source_card.said(table, line)
    if line.get("searched"):
        parts.append(say("source.searched", searched=line["searched"]))
    return Record(
        title=source["title"],
        publisher=source.get("publisher", ""),
        about=" · ".join(filter(None, about)),
        note=" ".join(filter(None, parts)) or source["title"],
        url=source.get("url", "") if source_card.WEB.fullmatch(source.get("url", "")) else "",
        finding=_label(table, line),
    )


def support(row_ids: Iterable[str]) -> Literal["for", "mixed", "against"]:
    """What the verdicts of some checks say together of a statement.

    The settled verdicts go from the best to the worst. All at the best speak for it; some at the worst and none at the
    best speak against it; else they neither bear it out nor contradict it. Errors: AfteachError for rows without a verdict.
    """
    settled = list(tables.field(workbook().roles.checks, VERDICT).get("roles", {}).get("settled", []))
    found = set()
    for row_id in row_ids:
        table, line = lookup.row(row_id)
        if table != workbook().roles.checks or not settled:
            raise AfteachError(f"{row_id} has no verdict; say in support whether the records speak for it.")
        found.add(line[VERDICT])
    said = found & set(settled)
    if said == {settled[0]}:
        return "for"
    if settled[-1] in said and settled[0] not in said:
        return "against"
    return "mixed"


def is_settled(row_id: str) -> bool:
    """Whether a check has a verdict that settles something."""
    table, line = lookup.row(row_id)
    return line.get(VERDICT, "") in tables.field(table, VERDICT).get("roles", {}).get("settled", [])


def _label(table: str, line: dict[str, str]) -> str:
    code = line.get(VERDICT, "") if table == workbook().roles.checks else ""
    return tables.field(table, VERDICT).get("labels", {}).get(code, code)
