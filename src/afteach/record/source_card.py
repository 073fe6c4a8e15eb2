"""Rows as source cards: on the left what the article says, on the right one card for each other record of it.

Plain HTML that is read without script and without style; every text is escaped on its way in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from markupsafe import Markup

from afteach.look import direction
from afteach.record import agreement, citations, dates, lookup, tables
from afteach.words import say
from afteach.workbook import workbook

WEB = re.compile(r"https?://[^\s\"'<>]+")


class _Group(NamedTuple):
    """One statement of the article, if there is one, and the rows that belong to it, each once."""

    claim: str
    beside: dict[str, tuple[str, dict[str, str]]]  # rows of the article itself: events, figures
    records: dict[str, tuple[str, dict[str, str]]]  # what others say


def html(row_ids: Iterable[str], checks: bool = False, hidden: Collection[str] = ()) -> Markup:
    """Rows by id as source cards, for a cell or within a card; their style is look.css("source").

    Arguments: checks adds what other records say of each statement; hidden names columns whose codes are not shown.
    Nothing here asks whether a table is sealed. Errors: UnknownName for an id that does not exist.
    """
    groups = _groups(row_ids, checks)
    parts = [_group(group, hidden) for group in groups]
    article = Markup('<p class="af-meta">{}</p>').format(citations.cite(workbook().article).partition(" (")[0])
    named = article if any(group.claim for group in groups) else Markup("")
    whole = Markup('<div class="af-sources"{}>{}{}</div>')
    return Markup(direction.held(whole.format(Markup(direction.attribute()), Markup("").join(parts), named)))


def _groups(row_ids: Iterable[str], checks: bool) -> list[_Group]:
    roles = workbook().roles
    found: dict[str, _Group] = {}
    for row_id in row_ids:
        table, line = lookup.row(row_id)
        claim = row_id if table == roles.claims else line.get("claim_id", "")
        group = found.setdefault(claim, _Group(claim, {}, {}))
        if table != roles.claims:
            is_other = table in (roles.checks, roles.sources) or "source_id" in line
            (group.records if is_other else group.beside)[row_id] = table, line
    if checks and roles.checks in tables.names():
        key = tables.key(roles.checks)
        for line in tables.records(roles.checks):
            if line["claim_id"] in found and line["claim_id"]:
                found[line["claim_id"]].records.setdefault(line[key], (roles.checks, line))
    return list(found.values())


def _group(group: _Group, hidden: Collection[str]) -> Markup:
    said = [_claim(group.claim, hidden)] if group.claim else []
    said += [_beside(row_id, *row, hidden) for row_id, row in group.beside.items()]
    records = [_record(row_id, *row, hidden) for row_id, row in group.records.items()]
    left = Markup('<div class="af-said">{}</div>').format(Markup("").join(said)) if said else ""
    right = Markup('<ul class="af-records">{}</ul>').format(Markup("").join(records)) if records else ""
    return Markup('<div class="af-group">{}{}</div>').format(left, right)


def _claim(claim_id: str, hidden: Collection[str]) -> Markup:
    _, line = lookup.row(claim_id)
    tag = say("source.article", paragraph=line["paragraph"])
    coded = [f"{name}: {line[name]}" for name in agreement.coded_columns() if line.get(name) and name not in hidden]
    quote = line.get("wording", "")
    return Markup('<p class="af-tag">{} <span class="af-ref">{}</span></p><p>{}</p>{}{}').format(
        tag,
        claim_id,
        line["statement"],
        Markup('<blockquote class="af-quote">“{}”</blockquote>').format(quote) if quote else "",
        _meta("; ".join(coded)),
    )


def _beside(row_id: str, table: str, line: dict[str, str], hidden: Collection[str]) -> Markup:
    first, *more = said(table, line, hidden)
    return Markup('<p><span class="af-ref">{}</span> {}</p>{}').format(row_id, first, _parts(table, more))


def _record(row_id: str, table: str, line: dict[str, str], hidden: Collection[str]) -> Markup:
    roles = workbook().roles
    finding, first, more = "", "", []
    if table == roles.checks:
        finding, first = line["verdict"].replace("-", " "), line["note"]
        more = [say("source.searched", searched=line["searched"])] if line.get("searched") else []
    elif table != roles.sources:
        first, *more = said(table, line, hidden)
    source_id = row_id if table == roles.sources else line.get("source_id", "")
    return Markup('<li class="af-record"><p>{}<span class="af-ref">{}</span>{}{}</p>{}{}</li>').format(
        Markup('<span class="af-finding">{}</span> ').format(finding) if finding else "",
        row_id,
        Markup("</p><p>") if finding else Markup(" "),
        first,
        _parts(table, more),
        _source(source_id) if source_id else "",
    )


def _source(source_id: str) -> Markup:
    """Who published it, when and who pays for them; its title is what is clicked."""
    _, line = lookup.row(source_id)
    title = Markup("{}").format(line["title"])
    if WEB.fullmatch(line["url"]):
        link = '<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>'
        title = Markup(link).format(line["url"], line["title"])
    about = [
        line["publisher"],
        citations.source_date(line),
        say("source.funding", funding=line["funding"]) if line.get("funding") else "",
    ]
    return Markup('<p class="af-title">{}</p>{}').format(title, _meta(" · ".join(filter(None, about))))


def said(table: str, line: dict[str, str], hidden: Collection[str] = ()) -> list[str]:
    """A row in words, part by part: what its table's summary names, its date, and how sure it stands."""
    summary = tables.resource(table).get("summary", "")
    parts = citations.summary_parts(tables.resource(table), line) or [line.get("note", "")]
    when = dates.span(line).when
    if dates.span(line).first:
        parts[0] = f"{parts[0]} ({when})"
    for name in ("standing", "note"):
        if line.get(name) and f"{{{name}}}" not in summary and name not in hidden and line[name] not in parts:
            parts.append(say("reply.standing", standing=line[name]) if name == "standing" else line[name])
    return parts


def _parts(table: str, more: list[str]) -> Markup:
    """What else a row says, a line for each part; what a part is stands out from what it says."""
    if not more:
        return Markup("")
    summary = tables.resource(table).get("summary", "").split("; ")
    names = [part.partition("{")[0].strip() for part in summary] + [say("reply.standing", standing="").strip()]
    names += [say("source.searched", searched="").strip()]
    lines = []
    for part in more:
        name = next((one for one in names if one and part.startswith(f"{one} ")), "")
        told = Markup("<b>{}</b> ").format(name.rstrip(":")) if name else Markup("")
        lines.append(Markup("<li>{}{}</li>").format(told, part.removeprefix(name).strip()))
    return Markup('<ul class="af-parts">{}</ul>').format(Markup("").join(lines))


def _meta(text: str) -> Markup:
    return Markup('<p class="af-meta">{}</p>').format(text) if text else Markup("")
