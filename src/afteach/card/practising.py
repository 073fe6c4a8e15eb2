"""Practice: one item at a time, made from the rows, with what was missed coming back."""

from __future__ import annotations

import datetime as dt

from afteach.answers import ladder
from afteach.answers import log as answers
from afteach.card.card import Card
from afteach.questions import drill
from afteach.record.citations import Words
from afteach.words import say


def practice() -> Card | Words:
    """Deal one item to practise on, as a card; run it again for the next.

    An item is a row that is asked about: who says it, how sure it sounds, a date or number against a record, documented
    or claimed, or a desk. What you miss comes back after 1, 3, 7 and 21 days. Works from your answers alone.
    """
    dealt = ladder.deal(answers.read().lines, dt.datetime.now(dt.UTC))
    return Card(drill.made(dealt)) if dealt else Words(say("drill.none"))
