"""The bank as a deck of cards for Anki: the question on one side, the answer and its evidence on the other."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import genanki
from markupsafe import escape

from afteach.exchange import items, texts
from afteach.exchange.items import Item, Loss, Number, Write
from afteach.exchange.table import offered
from afteach.workbook import workbook

FRONT = "{{Question}}{{#Offered}}<ul>{{Offered}}</ul>{{/Offered}}"
BACK = "{{FrontSide}}<hr id=answer>{{Answer}}{{After}}"
STYLE = ".card { font-family: sans-serif; font-size: 18px; text-align: start; max-width: 40em; margin: auto; }"


def write(bank: list[Item], title: str) -> tuple[bytes, list[Loss]]:
    """The deck as .apkg; a second import of it updates the cards of the first."""
    lost = [Loss(item.id, f"left out: {_why(item)}") for item in bank if _why(item)]
    decks: dict[str, genanki.Deck] = {}
    for item in bank:
        if _why(item):
            continue
        name = f"{title}::{item.notebook}"
        deck = decks.setdefault(item.notebook, genanki.Deck(_number(f"deck {workbook().name} {item.notebook}"), name))
        deck.add_note(
            genanki.Note(
                model=_model(),
                fields=[escape(item.id), *_sides(item)],
                guid=genanki.guid_for(items.stable_id(item)),
                tags=[item.level, item.notebook, item.kind],
            )
        )
        if item.hints:
            lost.append(Loss(item.id, "its hints: a card has two sides"))
        if _said(item):
            lost.append(Loss(item.id, "what is said to single answers: a card shows the right one"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "deck.apkg"
        genanki.Package(list(decks.values())).write_to_file(str(path))
        return path.read_bytes(), lost


def _why(item: Item) -> str:
    if isinstance(item.body, Number) and not item.body.judged:
        return "a forecast has no answer to learn"
    return "" if item.answer else "a guess has no answer to learn"


def _said(item: Item) -> bool:
    """Whether single answers are spoken to."""
    body = item.body
    spoken = getattr(body, "options", None) or getattr(body, "left", None) or getattr(body, "lines", None) or []
    return any(getattr(one, "says", "") for one in spoken) or bool(getattr(body, "slips", []))


def _sides(item: Item) -> list[str]:
    lines = "".join(f"<li>{texts.html(line)}</li>" for line in offered(item) if line)
    answer = [*item.body.rubric, item.answer] if isinstance(item.body, Write) else [item.answer]
    return [texts.paragraphs([item.prompt]), lines, texts.paragraphs(answer), texts.paragraphs(item.after)]


def _model() -> genanki.Model:
    return genanki.Model(
        _number("afteach card"),
        "afteach",
        fields=[{"name": name} for name in ("Id", "Question", "Offered", "Answer", "After")],
        templates=[{"name": "Card", "qfmt": FRONT, "afmt": BACK}],
        css=STYLE,
    )


def _number(name: str) -> int:
    """A number for Anki that is always the same for the same name."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:7], 16) + (1 << 30)
