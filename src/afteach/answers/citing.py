"""Cite rows to a reader: as text, and in a notebook as source cards. What is sealed says what it waits for."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from afteach.answers import seal
from afteach.errors import AfteachError
from afteach.look import direction
from afteach.record import agreement, citations, lookup, source_card, tables
from afteach.words import say

if TYPE_CHECKING:
    import pandas as pd

MOST = 50


class Cited(citations.Words):
    """What is cited: in a terminal and in a text as words, in a notebook as source cards."""

    cards: str

    # One form is enough for a notebook, and the cards say more.
    _repr_markdown_ = None  # type: ignore[assignment]

    def _repr_html_(self) -> str:
        return self.cards


def cite(*what: str | pd.DataFrame | pd.Series | Iterable[str]) -> Cited:
    """References, ready to read: paragraphs ("P12"), rows ("P12-2", "oe31"), sources ("so004"), or a table of rows.

    Several stand one after the other: cite("fc036", "fc037"); cite(checks[checks["claim_id"] == "P06-4"]) cites each row
    of the table. Returns text, which a notebook shows as source cards; of a row in a sealed table, what it waits for.
    Errors: UnknownName for an id that does not exist; AfteachError for a table without ids.
    """
    if not what:
        raise AfteachError(say("source.nothing"))
    given = [one for part in what for one in _ids(part)]
    names = list(dict.fromkeys(citations.full_id(one) for one in given[:MOST]))
    shut = _shut(names)
    said = [shut[name] if name in shut else str(citations.cite(name)) for name in names]
    cards = [_cards(list(group), shut) for _, group in itertools.groupby(names, key=lambda one: _plain(one, shut))]
    if not names:
        said, cards = [say("table.no_rows")], [_paragraph(say("table.no_rows"))]
    elif len(given) > MOST:
        more = say("source.first", count=MOST, all=len(given))
        said, cards = [*said, more], [*cards, _paragraph(more)]
    cited = Cited("\n\n".join(said))
    cited.cards = str(Markup("\n").join(cards))
    return cited


def ids() -> list[str]:
    """The ids by which a text can name rows, those with a number in them, and paragraphs."""
    pattern = lookup.id_pattern()
    return [*(row_id for row_id in lookup.index() if pattern.fullmatch(row_id)), *citations.paragraphs()]


def card(row_id: str) -> str:
    """A row as a source card in HTML, for a page that knows of no answers: what is ever sealed is sealed there.

    How a statement is coded is what questions ask for; a click on its id does not tell. Of a paragraph, whose words stay
    where they were published, it says which statements were taken from it.
    Errors: UnknownName for an id that does not exist.
    """
    row_id = citations.full_id(row_id)
    if citations.is_paragraph(row_id):
        held = citations.paragraphs().get(row_id, [row_id])
        said = say("source.statements", n=len(held), first=held[0], last=held[-1])
        return str(_paragraph(f"{citations.cite(row_id)} {said}"))
    return str(_cards([row_id], _shut([row_id], answers_known=False), agreement.coded_columns()))


def _ids(what: Any) -> Iterator[str]:
    if isinstance(what, str):
        yield what
        return
    # A table of pandas has columns, and a column or a list has none.
    columns = [str(column) for column in getattr(what, "columns", [])]
    if not columns:
        yield from map(str, what)
        return
    keys = {name: tables.key(name) for name in tables.names()}
    own = keys.get(what.attrs.get("table", ""), "")
    column = next((one for one in [own, *columns] if one in columns and one in keys.values()), "")
    if not column:
        raise AfteachError(say("source.no_ids", column=own or ", ".join(sorted(set(keys.values())))))
    yield from map(str, what[column])


def _shut(names: list[str], answers_known: bool = True) -> dict[str, str]:
    """What is said of each row that stays shut."""
    shut = {}
    for name in names:
        table = seal.table_of(name)
        waits = (seal.due(table) if answers_known else seal.waits(table)) if table else []
        if waits:
            shut[name] = f"{name}: {seal.sentence(table, waits)}"
    return shut


def _plain(name: str, shut: dict[str, str]) -> bool:
    return name in shut or citations.is_paragraph(name)


def _cards(names: list[str], shut: dict[str, str], hidden: Collection[str] = ()) -> Markup:
    if not _plain(names[0], shut):
        return source_card.html(names, hidden=hidden)
    return Markup("\n").join(_paragraph(shut[name] if name in shut else str(citations.cite(name))) for name in names)


def _paragraph(text: str) -> Markup:
    return Markup('<p class="af-sources"{}>{}</p>').format(Markup(direction.attribute()), direction.held(text))
