"""Open the records of a desk: what they say is sent when it is asked for, and no more of them than the budget allows."""

from __future__ import annotations

from typing import Any

from afteach.answers import seal
from afteach.errors import AfteachError
from afteach.questions.question import Question
from afteach.record import desk
from afteach.words import say

# What the cards of this kernel have opened, by question.
_opened: dict[str, list[str]] = {}


def open_records(asked: Question, rows: Any) -> list[list[str]]:
    """What these records say, each as [id, note, address]; of what is no record of the question nothing.

    Errors: AfteachError where the budget is spent; after the first answer all may be opened.
    """
    known = [row for row in asked.public().get("records", []) if isinstance(rows, list) and row[0] in rows]
    opened = _opened.setdefault(asked.id, [])
    new = [row_id for row_id, *_ in known if row_id not in opened]
    budget = asked.public().get("budget", 0)
    if len(opened) + len(new) > budget and not seal.log_of(asked).of(asked.id):
        raise AfteachError(say("weigh.spent", n=budget))
    opened += new
    return [[row_id, one.note, one.url] for row_id, *_ in known for one in [desk.record(row_id)]]


def find_records(asked: Question, text: Any) -> list[str]:
    """The records of which title, cover or note hold these words."""
    words = text.casefold().split() if isinstance(text, str) else []
    found = []
    for row_id, title, about in asked.public().get("records", []):
        held = f"{title} {about} {desk.record(row_id).note}".casefold()
        found += [row_id] if all(word in held for word in words) else []
    return found
