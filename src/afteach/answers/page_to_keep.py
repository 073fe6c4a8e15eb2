"""One page of what a student wrote, to keep and to print: open answers, forecasts, results, with the sources they name."""

from __future__ import annotations

import datetime as dt
import os
import stat
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup, escape

from afteach.answers import seal
from afteach.answers.lines import Line
from afteach.answers.log import Log
from afteach.errors import AfteachError
from afteach.look import direction
from afteach.questions import marking
from afteach.questions.model import Question, bank
from afteach.record import citations, dates, lookup, source_card
from afteach.words import say
from afteach.workbook import workbook

# A result that is longer is a table, and reads badly in one cell of another.
LONGEST_RESULT = 120
# Whose page it is stands in front.
HEAD = 4096
GENERATOR = '<meta name="generator" content="afteach submit">'


class Cited(NamedTuple):
    """A row that an answer names, in words, and where it is read."""

    said: str
    place: str = ""


class WrittenAnswer(NamedTuple):
    """One open question, the student's last words on it, and the rows that they name."""

    question: Question
    text: str
    when: str
    cited: list[Cited]


def html(name: str, merged: Log) -> str:
    """The page of one student; no key stands in it, and of a sealed outcome only what it waits for."""
    # Templates take time to load, and only who hands in needs them.
    from afteach.pages.render import render

    log = merged._replace(lines=tuple(seal.counted(merged.lines, seal.forecasts(bank().values()))))
    latest = log.latest()
    asked = [(one, latest[one.id]) for one in bank().values() if one.id in latest]
    written = [_written(one, line, log) for one, line in asked if one.keeps_text and _in_words(one, line)]
    chapters = [
        (f"n-{place}", chapter.title, found)
        for place, (stem, chapter) in enumerate(bank().chapters.items())
        if (found := [answer for answer in written if answer.question.notebook == stem])
    ]
    forecasts = [row for one, line in asked if one.foretells and (row := _foretold(one, line, log))]
    results = [row for one, line in asked if one.in_cell and (row := _result(one, line, log))]
    headings = [(key, title) for key, title, _ in chapters]
    headings += [("forecasts", say("feedback.forecasts"))] if forecasts else []
    headings += [("results", say("keep.results"))] if results else []
    return direction.held(
        render(
            "keep.html.j2",
            described=workbook(),
            word=say,
            name=name,
            generator=Markup(GENERATOR),
            title=say("keep.title", name=name),
            day=dates.readable(dt.date.today().isoformat()),
            counts={"answered": len(asked), "all": len(bank())},
            sections=headings,
            chapters=chapters,
            forecasts=forecasts,
            results=results,
        )
    )


def _written(one: Question, line: Line, log: Log) -> WrittenAnswer:
    text = _in_words(one, line)
    return WrittenAnswer(
        one, text, dates.readable(line.at[:10]), list(filter(None, (_cited(row_id, log) for row_id in _named(text))))
    )


def _foretold(one: Question, line: Line, log: Log) -> list[str]:
    chance = _in_words(one, line)
    if not chance:
        return []
    came = say("feedback.came") if one.came() else say("feedback.did_not_come")
    return [one.id, one.prompt, chance, say("keep.sealed") if seal.shut(one, log) else came]


def _result(one: Question, line: Line, log: Log) -> list[str]:
    said = _in_words(one, line)
    if isinstance(line.answer, list) or not 0 < len(said) <= LONGEST_RESULT:
        return []
    how = say("keep.sealed") if seal.shut(one, log) else marking.named(marking.judge(one, line.answer).outcome)
    return [one.id, one.prompt, said, how]


def _in_words(one: Question, line: Line) -> str:
    """An answer in words without marks that would turn the text around them; empty where it does not fit its question."""
    try:
        said = str(one.shown(line.answer))
    except (AfteachError, ValueError, TypeError, RecursionError):
        return ""
    return "\n".join(_without_controls(part).strip() for part in said.splitlines()).strip()


def _without_controls(text: str) -> str:
    # The joiners are letters of words in Persian and in scripts of India.
    return "".join(c for c in text if c in "\u200c\u200d\t" or unicodedata.category(c)[0] != "C")


def _named(text: str) -> Iterable[str]:
    """The rows and paragraphs that a text names, each once, in its own order; a reader may write an id in any case."""
    return dict.fromkeys(_as_in_its_table(found[0]) for found in citations.pattern().finditer(text))


def _as_in_its_table(name: str) -> str:
    try:
        return citations.full_id(name)
    except AfteachError:
        return name


def _cited(name: str, log: Log) -> Cited | None:
    """A row or a paragraph as a page names it; None for what only looks like an id."""
    if seal.shut_rows([name], log):
        return Cited(f"{name}: {say('keep.sealed')}")
    try:
        said = str(citations.cite(name))
    except AfteachError as fault:
        return Cited(str(fault)) if lookup.id_pattern().fullmatch(name) else None
    if citations.is_paragraph(name):
        return Cited(said)
    table, row = lookup.row(name)
    source = row if table == workbook().roles.sources else lookup.index().get(row.get("source_id", ""), ("", {}))[1]
    place = source.get("url", "")
    return Cited(said.removesuffix(f" <{place}>"), place if source_card.WEB.fullmatch(place) else "")


def is_of(file: Path, name: str) -> bool:
    """Whether a file is such a page, of somebody of that name."""
    try:
        if not stat.S_ISREG(os.lstat(file).st_mode):
            return False
        with file.open("rb") as page:
            head = page.read(HEAD).decode(errors="replace")
    except OSError:
        return False
    return f'{GENERATOR}\n<meta name="author" content="{escape(name)}">' in head
