"""The bank as a table that people read; it holds the answers."""

from __future__ import annotations

from afteach.exchange.items import Choose, Item, Loss, Order, Pairs, Words
from afteach.grading.layouts import as_csv

HEAD = ["question", "notebook", "kind", "level", "goal", "prompt", "offered", "right", "hints", "explanation", "stays"]


def write(items: list[Item], title: str) -> tuple[bytes, list[Loss]]:
    """The table as CSV, as a spreadsheet opens it."""
    rows = [
        [
            *(item.id, item.notebook, item.kind, item.level, item.goal, item.prompt),
            "\n".join(offered(item)),
            item.answer,
            "\n".join(item.hints),
            "\n".join(item.after),
            "\n".join(item.stays),
        ]
        for item in items
    ]
    return as_csv([HEAD, *rows]), []


def offered(item: Item) -> list[str]:
    """What a student can pick from, as lines."""
    body = item.body
    if isinstance(body, Choose):
        return [option.text for option in body.options]
    if isinstance(body, Words):
        return [" ".join(word.text for word in line) for line in body.lines]
    if isinstance(body, Pairs):
        return [*(left.text for left in body.left), "", *(right.text for right in body.right)]
    return [line.text for line in body.lines] if isinstance(body, Order) else []
