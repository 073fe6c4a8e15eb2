"""A text of the bank as HTML, as plain text, and what is said in an exported question beside it."""

from __future__ import annotations

import re

from afteach.exchange.items import Item, Order, Pairs
from afteach.pages.render import rich
from afteach.words import say

MARKS = re.compile(r"`([^`\n]+)`|(?<![\w*])\*([^*\n]+)\*(?![\w*])")


def html(text: str) -> str:
    """A text with back-ticks, *emphasis* and line breaks as HTML."""
    return str(rich(text)).replace("\n", "<br>")


def paragraphs(texts: list[str]) -> str:
    """Texts as HTML, each a paragraph."""
    return "".join(f"<p>{html(text)}</p>" for text in texts if text)


def plain(text: str) -> str:
    """A text on one line without its marks, where a format holds nothing else."""
    return " ".join(MARKS.sub(lambda found: found[1] or found[2], text).split())


def prompt(item: Item) -> str:
    """What is asked; of a line that may not belong it says so."""
    more = say("exchange.place") if isinstance(item.body, Order) and item.body.spare else ""
    return f"{item.prompt}\n\n{more}" if more else item.prompt


def about_pairs(body: Pairs) -> list[str]:
    """What is said to single pairs, where a format speaks only to the whole."""
    return [f"{left.text}: {left.says}" for left in body.left if left.says]
