"""Questions to practise on, made from the rows: each is a row that is asked about, so that nothing is written twice."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from afteach.errors import AfteachError
from afteach.naming import unknown
from afteach.questions.kinds.choice import ChoiceQuestion
from afteach.questions.kinds.weigh import WeighQuestion
from afteach.questions.question import PRACTICE, Choice, Question
from afteach.record import desk, lookup, tables
from afteach.words import say
from afteach.workbook import data_dir, workbook

FIGURE = "figure"


class Item(NamedTuple):
    """One row that can be asked about in one way, and the code that is the answer."""

    sort: str
    row: str
    code: str


@tables.kept
def items() -> tuple[Item, ...]:
    """All that can be practised with the tables of this workbook; nothing of a table that is sealed."""
    return tuple(
        [*_of_claims("who", "attribution"), *_of_claims("sure", "certainty"), *_held(), *_standing(), *_desks()]
    )


def made(question_id: str) -> Question:
    """The question of an id such as practice.who.P10-3.1. Errors: UnknownName where no row is asked about so."""
    return _made(question_id, data_dir(), tables.stamp())


@tables.kept
def all_made() -> dict[tuple[str, str], Question]:
    """Every item as the question of its first round, by its sort and row."""
    return {(one.sort, one.row): made(f"{PRACTICE}{one.sort}.{one.row}.1") for one in items()}


def key_of(question_id: str) -> tuple[str, str]:
    """The sort and the row of an id, whichever round it is of."""
    sort, _, rest = question_id.removeprefix(PRACTICE).partition(".")
    return sort, rest.rpartition(".")[0]


@functools.lru_cache(maxsize=1024)
def _made(question_id: str, _folder: Path, _stamp: tuple[int | None, ...]) -> Question:
    key = key_of(question_id)
    item = next((one for one in items() if (one.sort, one.row) == key), None)
    if item is None:
        raise unknown("question", question_id, [f"{PRACTICE}{one.sort}.{one.row}.1" for one in items()])
    return _desk(question_id, item) if item.sort == "desk" else _choice(question_id, item)


def _of_claims(sort: str, column: str) -> Iterator[Item]:
    """The claims whose words are quoted: a code is of the article's words, and not of ours."""
    claims = workbook().roles.claims
    key = tables.key(claims)
    if len(_labels(claims, column)) > 1:
        yield from (Item(sort, row[key], row[column]) for row in tables.records(claims) if row.get("wording"))


def _held() -> Iterator[Item]:
    """Dates and numbers, each against one record; not where the note begins with the verdict that is asked for."""
    checks = workbook().roles.checks
    labels = _labels(checks, desk.VERDICT)
    for row in tables.records(checks) if labels else ():
        claim = lookup.row(row["claim_id"])[1] if row["claim_id"] else {}
        told = row["note"].casefold().startswith(tuple(label.casefold() for label in labels.values()))
        if row["source_id"] and not told and (claim.get("start") or claim.get("kind") == FIGURE):
            yield Item("held", row[tables.key(checks)], row[desk.VERDICT])


def _standing() -> Iterator[Item]:
    for name in tables.names():
        if name in workbook().roles.outcomes or not (
            _labels(name, "standing") and {"title", "note"} <= set(tables.fields(name))
        ):
            continue
        key = tables.key(name)
        yield from (Item("standing", row[key], row["standing"]) for row in tables.records(name) if row["note"])


def _desks() -> Iterator[Item]:
    """The claims of which two publishers or more have a record."""
    checks = workbook().roles.checks
    for claim, rows in _checks_of().items() if checks else ():
        if len({desk.record(row).publisher for row in rows}) > 1:
            yield Item("desk", claim, desk.support(rows))


def _checks_of() -> dict[str, list[str]]:
    checks = workbook().roles.checks
    found: dict[str, list[str]] = {}
    key = tables.key(checks)
    for row in tables.records(checks):
        if row["claim_id"] and row["source_id"]:
            found.setdefault(row["claim_id"], []).append(row[key])
    return found


def _labels(table: str, column: str) -> dict[str, str]:
    try:
        return tables.labels(column, table) if table in tables.names() and column in tables.fields(table) else {}
    except AfteachError:
        return {}


COLUMNS = {"who": "attribution", "sure": "certainty", "held": desk.VERDICT, "standing": "standing"}


def _choice(question_id: str, item: Item) -> ChoiceQuestion:
    table, line = lookup.row(item.row)
    labels = _labels(table, COLUMNS[item.sort])
    # A verdict of which no item is the answer would be no choice but a riddle.
    asked = {one.code for one in items() if one.sort == item.sort}
    again = say("drill.again")
    claim = lookup.row(line["claim_id"])[1] if item.sort == "held" else line
    text = say(
        f"drill.{item.sort}",
        statement=claim.get("statement") or line.get("title", ""),
        wording=claim.get("wording", ""),
        note=line.get("note", ""),
    )
    return ChoiceQuestion(
        id=question_id,
        prompt=text,
        goal="",
        level="apply",
        evidence=[item.row],
        hint=say(f"drill.hint_{item.sort}"),
        explain=say("drill.explain", code=labels.get(item.code, item.code), row=item.row),
        choices=[
            Choice(id=code, text=label, says="" if code == item.code else again, right=code == item.code)
            for code, label in labels.items()
            if code in asked
        ],
    )


def _desk(question_id: str, item: Item) -> WeighQuestion:
    records = _checks_of()[item.row]
    support = desk.support(records)
    settled = {row: desk.record(row).finding for row in records if desk.is_settled(row)} or dict.fromkeys(records, "")
    return WeighQuestion(
        id=question_id,
        prompt=say("drill.desk"),
        goal="",
        level="evaluate",
        evidence=[item.row, *records],
        hint=say("drill.hint_desk"),
        explain=say(f"weigh.{support}"),
        statement=item.row,
        support=support,
        records=records,
        budget=max(1, len(records) - 1),
        carries={row: say("drill.carries", finding=finding) for row, finding in settled.items()},
    )
