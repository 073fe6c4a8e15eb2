"""Every fault of a workbook in one run: its tables, links, charts, questions and notebooks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from afteach import words
from afteach.authoring import guide, notebooks
from afteach.charts import drawn, entries
from afteach.errors import AfteachError, UnknownName
from afteach.questions import marking, measured
from afteach.questions import model as questions
from afteach.questions.model import Bank, Question
from afteach.record import citations, descriptions, soundness, tables
from afteach.workbook import notebook_files, notebooks_dir, workbook


def faults() -> list[str]:
    """Every fault of the workbook, each with file, place and reason; where there is none, everything was tried once."""
    draft = questions.draft()
    files = notebook_files()
    unlisted = [file for file in sorted(notebooks_dir().glob("*.ipynb")) if file not in files]
    found = soundness.all_faults()
    sound = not found
    if tables.whole_package().sound:
        found += _description_faults()
        found += entries.faults() or drawn.faults()
    if sound:
        found += _tables_in_use()
        found += measured.faults()
    found += draft.faults
    found += words.faults()
    found += _answers_in_use(draft.bank)
    found += _shown_texts(draft.bank)
    stems = {file.stem for file in files}
    found += [
        f"workbook.toml: there is no notebook {stem}.ipynb." for stem in workbook().notebooks if stem not in stems
    ]
    stems |= {file.stem for file in unlisted}
    found += [f"{stem}.toml: there is no notebook {stem}.ipynb." for stem in draft.bank.chapters if stem not in stems]
    found += [
        f"{stem}.toml: needs names the notebook '{chapter.needs}', which there is not."
        for stem, chapter in draft.bank.chapters.items()
        if chapter.needs and chapter.needs not in stems
    ]
    found += [f"{file.name}: it is in no group of workbook.toml, so nobody would get it." for file in unlisted]
    for file in [*files, *unlisted]:
        found += notebooks.faults(file, draft.bank, draft.named)
    if not found:
        found += _charts_in_use()
        found += _tried("the teacher's guide", lambda: guide.as_html(draft.bank))
    return list(dict.fromkeys(found))


def _description_faults() -> Iterator[str]:
    """What workbook.toml says of tables and ties that are not there."""
    about, there = workbook(), set(tables.names())
    roles = msgspec.structs.asdict(about.roles)
    wanted = [("roles", name) for value in roles.values() for name in ([value] if isinstance(value, str) else value)]
    wanted += [("measure", name) for name in measured.tables_of()]
    wanted += [("credits", name) for name in about.credits if name != "other"]
    # A table with a fault of its own is not missing.
    known = there | set(tables.whole_package().faults)
    yield from (
        f"workbook.toml: {part} names the table '{name}', which there is not."
        for part, name in wanted
        if name and name not in known
    )
    if about.roles.sources in there:
        key = tables.key(about.roles.sources)
        if about.article not in {row[key] for row in tables.reading(about.roles.sources).rows}:
            yield f"workbook.toml: article '{about.article}' is no row of {about.roles.sources}."
    if about.roles.claims in there:
        try:
            coded = set(tables.labels())
        except UnknownName:
            yield f"workbook.toml: the table of claims, {about.roles.claims}, lacks the column relationship."
            return
        yield from (
            f"workbook.toml: ties names '{slug}', which is no relationship of the tables."
            for slug in sorted(set(about.ties) - coded)
        )
        yield from (
            f"workbook.toml: ties lacks '{slug}', so it would have no colour of its own."
            for slug in sorted(coded - set(about.ties))
        )


def bank_faults(place: Path) -> list[str]:
    """Every fault of one question file or of a folder of them."""
    draft = questions.draft(place)
    return [*draft.faults, *_answers_in_use(draft.bank), *_shown_texts(draft.bank)]


def _shown_texts(bank: Bank) -> Iterator[str]:
    """What an answer shows is prose: its dates and figures stand in the rows that it cites."""
    for one in bank.values():
        for paragraph in one.shows.split("\n\n"):
            yield from (
                f"{one.notebook}.toml ({one.id}): shows: {reason}." for reason in notebooks.fact_faults(paragraph)
            )


def _tables_in_use() -> Iterator[str]:
    for name in tables.names():
        path = tables.resource(name)["path"]
        yield from _tried(f"{path}: load('{name}')", partial(tables.load, name))
        yield from _tried(f"{path}: describe('{name}')", partial(lambda one: str(descriptions.Description(one)), name))
        key = tables.key(name)
        for row_id in [row[key] for row in tables.reading(name).sound]:
            yield from _tried(f"{path}: cite('{row_id}')", partial(citations.cite, row_id))


def _charts_in_use() -> Iterator[str]:
    """Each chart drawn once from the tables of its name; one that asks in words for what they lack has no fault."""
    from afteach import charts

    for chart, calls in drawn.draws().items():
        for given in calls:
            loaded = ", ".join(f"load('{table}')" for table in given)
            what = f"charts.{chart}({loaded})"
            yield from _tried(what, partial(_draw, getattr(charts, chart), given))


def _draw(chart: Callable[..., Any], given: tuple[str, ...]) -> None:
    with contextlib.suppress(AfteachError):
        chart(*(tables.load(table) for table in given))


def _tried(what: str, use: Callable[[], object]) -> Iterator[str]:
    """Nothing where it works. What no rule above foresaw must not be left for a student to meet."""
    try:
        use()
    except AfteachError as fault:
        # A table's own fault is listed with the table.
        if str(fault) not in _known_faults():
            yield f"{what} does not work: {str(fault).rstrip('.')}."
    except Exception as fault:
        yield f"{what} does not work: {type(fault).__name__}: {fault}."


def _known_faults() -> Iterable[str]:
    described = tables.whole_package()
    known = set(described.all_faults())
    if described.sound:
        for name in tables.names():
            known |= {*tables.reading(name).faults, *tables.reading(name).spoilt.values()}
    return known


def _answers_in_use(bank: Bank) -> Iterator[str]:
    """The key of each question, given as an answer, is right; and no likely slip is."""
    for one in bank.values():
        place = f"{one.notebook}.toml ({one.id})"
        yield from _tried(f"{place}: its solution", one.say)
        wrong: list[str] = []
        if not one.guess and one.judged:
            yield from _tried(f"{place}: its key", partial(wrong.extend, _wrongly_judged(one)))
        yield from _tried(f"{place}: its feedback", partial(wrong.extend, _never_told(one)))
        yield from (f"{place}: {reason}." for reason in wrong)


def _wrongly_judged(one: Question) -> Iterator[str]:
    for answer in one.right_answers():
        verdict = marking.judge(one, answer)
        if verdict.outcome != "right":
            yield f"its own key is not judged right: {verdict.message.rstrip('.')}"
    for wrong in one.foreseen_slips():
        if marking.judge(one, wrong).outcome == "right":
            yield f"the slip {wrong!r} is judged right"


def _never_told(one: Question) -> Iterator[str]:
    """What the bank says to a wrong answer, or sees behind one, that no answer calls for."""
    slips = one.foreseen_slips()
    if not slips:
        return  # a kind from another package need not foresee any
    told = [marking.judge(one, slip).message for slip in slips]
    behind: dict[str, list[str]] = {}
    for answer, says in one.wrong_ideas():
        behind.setdefault(says, []).append(answer)
    for says, answers in behind.items():
        # The same may be said to several.
        if sum(says in message for message in told) < len(answers):
            yield f"no answer is told '{says}' ({' or '.join(answers)}), so delete it"
    seen = {idea for slip in slips for idea in one.ideas(slip)}
    yield from (f"no answer shows the idea '{name}', so delete it" for name in sorted(one.idea_names() - seen))
