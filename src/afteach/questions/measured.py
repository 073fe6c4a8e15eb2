"""The measure: statements that are rated before and after, each a small desk, made from the rows of two sealed tables.

They stand in no bank: they are neither counted nor marked, and what the records say of them opens when all are rated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from afteach.errors import DataFault
from afteach.naming import unknown
from afteach.questions.kinds.weigh import WeighQuestion
from afteach.questions.marking import Verdict
from afteach.questions.question import MEASURE, Choice
from afteach.record import desk, tables
from afteach.words import say
from afteach.workbook import workbook

# A rating is logged under measure.STATEMENT; which form came first under the name that no statement has.
PREFIX = MEASURE
DRAWN = "measure.drawn"
FORM, TOPIC = "form", "topic"
FORMS = 2
FEWEST_RECORDS = 2
# A reader of English text, and the seconds that choosing records and a rating take: six readers of the first
# statements thought that a half takes 25 to 45 minutes.
WORDS_A_MINUTE, SECONDS_A_RATING, ROUNDED_TO = 200, 45, 5


class RatedStatement(WeighQuestion, tag="weigh", kw_only=True):  # type: ignore[misc]  # frozen, as its base is
    """One statement of the measure: all its records may be opened, and a rating is recorded and not judged."""

    form: str
    topic: str
    text: str
    is_supported: bool

    judged = False

    def judge(self, answer: Any) -> Verdict:
        self.leaning(answer)
        self.trail(answer)
        return Verdict("recorded", say("measure.recorded"))

    def say(self) -> str:
        return say("weigh.for" if self.is_supported else "weigh.against")

    def public(self) -> dict[str, Any]:
        return {
            "statement": self.text,
            "wording": "",
            "says": self.topic,
            "row": "",
            "records": [[row, one.title, one.about] for row in self.records for one in [desk.record(row)]],
            "budget": self.budget,
            "brief": True,
        }

    def offers(self) -> dict[str, list[Choice]]:
        return {"statement": [Choice(id=self.statement, text=self.text)]}

    def reveal(self, answer: Any) -> dict[str, Any]:
        return {}


def tables_of() -> tuple[str, ...]:
    """The tables of the measure, which are sealed; none where the workbook has no measure."""
    return workbook().measure_tables


def items() -> dict[str, RatedStatement]:
    """Every statement of the measure by the id under which it is answered; none where the workbook has no measure."""
    return _items() if workbook().measure else {}


@tables.kept
def _items() -> dict[str, RatedStatement]:
    if reason := next(_unfit(), ""):
        raise DataFault(reason)
    statements, records = tables_of()
    own: dict[str, list[str]] = {}
    for line in tables.records(records):
        own.setdefault(line[tables.key(statements)], []).append(line[tables.key(records)])
    best = settled()[0]
    return {
        PREFIX + row_id: RatedStatement(
            id=PREFIX + row_id,
            prompt=say("measure.prompt"),
            goal="",
            level="evaluate",
            evidence=[row_id],
            hint=[],
            explain="",
            statement=row_id,
            records=own.get(row_id, []),
            budget=max(1, len(own.get(row_id, []))),
            carries={},
            form=line[FORM],
            topic=line.get(TOPIC, ""),
            text=line["statement"],
            is_supported=line[desk.VERDICT] == best,
        )
        for line in tables.records(statements)
        for row_id in [line[tables.key(statements)]]
    }


def settled() -> list[str]:
    """The verdicts of the statements, the one that bears a statement out before the one that contradicts it."""
    return list(tables.field(tables_of()[0], desk.VERDICT).get("roles", {}).get("settled", []))


def label(verdict: str) -> str:
    """A verdict in words."""
    return tables.field(tables_of()[0], desk.VERDICT).get("labels", {}).get(verdict, verdict)


def forms() -> list[str]:
    """The names of the two forms, in the order of the alphabet."""
    return sorted({one.form for one in items().values()})


def minutes() -> int:
    """How long one half takes: its words at a reader's speed, and a moment for each rating."""
    found = list(items().values())
    read = [one.text for one in found]
    read += [f"{told.title} {told.about} {told.note}" for one in found for told in map(desk.record, one.records)]
    words = sum(len(text.split()) for text in read) / FORMS
    taken = words / WORDS_A_MINUTE + len(found) / FORMS * SECONDS_A_RATING / 60
    return max(ROUNDED_TO, round(taken / ROUNDED_TO) * ROUNDED_TO)


def made(question_id: str) -> RatedStatement:
    """The statement that is answered under an id. Errors: UnknownName where there is none."""
    found = items()
    if question_id not in found:
        raise unknown("question", question_id, found)
    return found[question_id]


def _unfit() -> Iterator[str]:
    """What keeps its tables from being a measure at all."""
    statements, records = tables_of()
    place = tables.resource(statements)["path"]
    for name, wanted in (
        (statements, {FORM, "statement", desk.VERDICT}),
        (records, {tables.key(statements), "publisher"}),
    ):
        lacking = wanted - set(tables.fields(name))
        if lacking:
            yield f"{tables.resource(name)['path']}: the measure needs the columns {', '.join(sorted(lacking))}."
            return
    if len(settled()) != FORMS:
        yield f"{place}: 'roles' of verdict must settle two verdicts, the one that bears out first."
        return
    counts = Counter((line[FORM], line[desk.VERDICT]) for line in tables.records(statements))
    known = sorted({form for form, _ in counts})
    if len(known) != FORMS:
        yield f"{place}: there are {len(known)} forms; a measure has two, one before and one after."
        return
    for verdict in settled():
        own = {counts[form, verdict] for form in known}
        if len(own) > 1 or min(own) < FORMS:
            yield f"{place}: each form needs the same number of statements that are {verdict}, two at the least."


def faults() -> Iterator[str]:
    """What is wrong with the measure beyond what its tables' own description says, each with file and reason."""
    if not workbook().measure or not set(tables_of()) <= set(tables.names()):
        return  # a table that is missing is named with workbook.toml
    statements, records = tables_of()
    other = tables.resource(records)["path"]
    if unfit := list(_unfit()):
        yield from unfit
        return
    found = list(items().values())
    for one in found:
        if len(one.records) < FEWEST_RECORDS:
            yield f"{other}: {one.statement} has fewer than {FEWEST_RECORDS} records, so that there is nothing to weigh."
    known = {one.statement for one in found}
    for line in tables.records(records):
        if line[tables.key(statements)] not in known:
            yield f"{other}: {line[tables.key(records)]} belongs to no statement."
