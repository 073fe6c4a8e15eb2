"""Rows as a page shows them to a reader whose answers are not known: what is sealed stays sealed."""

from __future__ import annotations

import html

from afteach.answers import seal
from afteach.record import lookup, source_card


def ids() -> list[str]:
    """The ids of all rows by which a text can name them."""
    pattern = lookup.id_pattern()
    return [row_id for row_id in lookup.index() if pattern.fullmatch(row_id)]


def page(row_id: str) -> str:
    """A row as a source card, in HTML; of a sealed row what it waits for.

    Errors: UnknownName for an id that does not exist.
    """
    lookup.row(row_id)
    if table := seal.table_of(row_id):
        waits = [one.id for one in seal.forecasts(seal.bank().values())[table]]
        return f"<p>{html.escape(f'{row_id}: {seal.sentence(table, waits)}')}</p>"
    return str(source_card.html([row_id], checks=False))
