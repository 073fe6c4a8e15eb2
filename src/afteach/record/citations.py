"""One reference, ready to read: a paragraph, a row or a source."""

from __future__ import annotations

import functools
import re

from afteach.errors import UnknownName
from afteach.naming import known_name
from afteach.record import dates, lookup, tables
from afteach.words import say
from afteach.workbook import workbook


class Words(str):
    """Text that shows as itself in a terminal and as Markdown in a notebook."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)

    def _repr_markdown_(self) -> str:
        return str(self)


def is_paragraph(name: str) -> bool:
    """Whether a name is written as those of paragraphs are."""
    return bool(re.fullmatch(workbook().paragraph, name.strip(), flags=re.IGNORECASE))


def pattern() -> re.Pattern[str]:
    """What in a text names a row or a paragraph: the id of a row, or what the workbook calls its paragraphs."""
    return _pattern(lookup.id_pattern().pattern, workbook().paragraph)


@functools.lru_cache(maxsize=2)
def _pattern(row_id: str, paragraph: str) -> re.Pattern[str]:
    return re.compile(rf"{row_id}|(?<![\w-])(?:{paragraph})(?![\w-])", re.IGNORECASE)


def paragraphs() -> dict[str, list[str]]:
    """The ids of the article's paragraphs, each with those of the statements that stand in it."""
    claims = workbook().roles.claims
    key = tables.key(claims)
    found: dict[str, list[str]] = {}
    for line in tables.reading(claims).sound:
        found.setdefault(line["paragraph"], []).append(line[key])
    return found


def full_id(name: str) -> str:
    """The id of a paragraph or a row as it stands in its table, however a reader wrote it.

    Errors: UnknownName where there is none; DataFault where its row has a fault.
    """
    name = str(name)
    if is_paragraph(name):
        return known_name(
            "paragraph", name, sorted({line["paragraph"] for line in tables.records(workbook().roles.claims)})
        )
    # Only a reader may write an id in another case: in a key or as evidence it stands as in its table.
    try:
        return known_name("row", name, lookup.index())
    except UnknownName:
        lookup.refuse_spoilt(name)
        raise


def cite(name: str) -> Words:
    """One reference, ready to read: a paragraph ("P12"), a row ("P12-2", "oe31") or a source ("so004").

    Returns text; the id may be written in any case. Errors: UnknownName for an id that does not exist.
    """
    name, roles = full_id(name), workbook().roles
    if is_paragraph(name):
        return Words(say("source.paragraph", article=_article(), paragraph=name))
    table, line = lookup.row(name)
    if table == roles.sources:
        return Words(source_text(line))
    entry = tables.resource(table)
    words = _summary(entry, line)
    dated = dates.span(line)
    parts = [f"{name}: {words.rstrip('.')}" + (f" ({dated.when})" if dated.first else "") + "."]
    if line.get("source_id"):
        parts.append(source_text(lookup.row(line["source_id"])[1]))
    else:
        claim = name if table == roles.claims else line.get("claim_id", "")
        if claim:
            parts.append(say("source.paragraph", article=_article(), paragraph=lookup.row(claim)[1]["paragraph"]))
    return Words(" ".join(parts))


def _summary(entry: dict, line: dict[str, str]) -> str:
    """A row in words, as its table's `summary` has it."""
    return "; ".join(summary_parts(entry, line))


def summary_parts(entry: dict, line: dict[str, str]) -> list[str]:
    """The parts of a table's `summary` of which nothing is empty in a row, such as "{what}; {value} {unit}"."""
    numbers = {f["name"] for f in entry["schema"]["fields"] if f["type"] in ("integer", "number")} - {"year"}
    shown = {name: f"{int(v):,}" if name in numbers and v.isdigit() else v for name, v in line.items()}
    parts = entry.get("summary", "").split("; ")
    full = [part for part in parts if part and all(shown[name] for name in re.findall(r"{(\w+)}", part))]
    return [part.format_map(shown).rstrip(".") for part in full]


def _article() -> str:
    line = lookup.row(workbook().article)[1]
    return f"“{line['title']}” ({source_date(line)})"


def source_date(line: dict[str, str]) -> str:
    """The date of a source as it is read."""
    return dates.readable(line["date"]) if dates.DATE.fullmatch(line["date"]) else line["date"] or say("source.no_date")


def source_text(line: dict[str, str]) -> str:
    """One source as a reference: who published it, its title, its date, its address where one is known."""
    marks = say("source.marks", kind=line["kind"], funding=line["funding"])
    who = f"{line['publisher']}, " if line["publisher"] else ""
    where = f" <{line['url']}>" if line["url"] else ""
    return f"{who}“{line['title']}”, {source_date(line)} ({marks}).{where}"
