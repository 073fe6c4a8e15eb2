"""The bank as GIFT, the short format that Moodle and others read."""

from __future__ import annotations

import re

from afteach.exchange import items, texts
from afteach.exchange.items import Choose, Item, Loss, Number, Order, Pairs, Table, Word, Words, Write
from afteach.exchange.shares import shares
from afteach.words import say

SIGNS = re.compile(r"([\\~=#{}:])")


def write(bank: list[Item], title: str) -> tuple[bytes, list[Loss]]:
    """The questions as GIFT, and what it cannot say of each."""
    parts, lost, notebook = [], [], ""
    for item in bank:
        body = _body(item)
        if body is None:
            lost.append(Loss(item.id, f"left out: {_why(item)}"))
            continue
        if item.notebook != notebook:
            notebook = item.notebook
            parts.append(f"$CATEGORY: {_category(title)}/{_category(notebook)}\n")
        after = f"\n####{escape_html(texts.paragraphs(item.after))}" if item.after else ""
        head = f"// [id:{_tag(items.stable_id(item))}] [tag:{_tag(item.level)}] [tag:{_tag(item.goal)}]"
        asked = f"::{escape(item.id)}::[html]{escape_html(texts.html(texts.prompt(item)))}"
        parts.append(f"{head}\n{asked}{{{body}{after}}}\n")
        if item.hints:
            lost.append(Loss(item.id, "its hints: GIFT has none"))
        if isinstance(item.body, Pairs) and texts.about_pairs(item.body):
            lost.append(Loss(item.id, "what is said to single pairs: GIFT speaks to the whole question"))
        if isinstance(item.body, Number) and item.body.unit:
            lost.append(Loss(item.id, f"its unit ({item.body.unit}): GIFT takes a bare number"))
        if isinstance(item.body, Write):
            lost.append(Loss(item.id, "its rubric and model answer: GIFT has no place for a marker's notes"))
    return "\n".join(parts).encode(), lost


def escape(text: str) -> str:
    """A text whose signs mean nothing to GIFT; a line break is written, for a blank line would end the question."""
    return SIGNS.sub(r"\\\1", text).replace("\n", r"\n")


def escape_html(text: str) -> str:
    """Escaped HTML; braces and backslashes are written as numbers, for not every reader knows them escaped."""
    return escape(re.sub(r"[{}\\]", lambda found: f"&#{ord(found[0])};", text))


def _tag(text: str) -> str:
    return " ".join(re.sub(r"[\[\]\\]", "", text).split())


def _category(text: str) -> str:
    # A slash opens a category below.
    return " ".join(text.split()).replace("/", "//")


def _why(item: Item) -> str:
    if isinstance(item.body, Table):
        return items.ONLY_HERE
    if isinstance(item.body, Choose) and not item.body.judged:
        return "a guess has no right answer, and GIFT needs one"
    return "GIFT has no share of a point that fits its choices"


def _body(item: Item) -> str | None:
    body = item.body
    if isinstance(body, Words):
        body = items.as_choices(body)
    if isinstance(body, Order):
        body = items.as_places(body, say("exchange.left_out"))
    if isinstance(body, Choose):
        return _choices(body)
    if isinstance(body, Number):
        slips = [f"=%0%{value:.12g}:0{_says(says)}" for value, says in body.slips]
        return "\n".join([f"#={body.value:.12g}:{body.tolerance:.12g}", *slips])
    if isinstance(body, Word):
        slips = [f"=%0%{escape(text)}{_says(says)}" for text, says in body.slips]
        return "\n".join(["", *(f"={escape(text)}" for text in body.accept), *slips])
    if isinstance(body, Pairs):
        return _pairs(body)
    return "" if isinstance(body, Write) else None


def _choices(body: Choose) -> str | None:
    if not body.judged:
        return None
    if not body.several:
        lines = [f"{'=' if o.right else '~'}{escape_html(texts.html(o.text))}{_says(o.says)}" for o in body.options]
        return "\n".join(["", *lines])
    found = shares(body.options)
    if found is None:
        return None
    lines = [f"~%{found[o.id]:g}%{escape_html(texts.html(o.text))}{_says(o.says)}" for o in body.options]
    return "\n".join(["", *lines])


def _says(text: str) -> str:
    return f"#{escape_html(texts.html(text))}" if text else ""


def _pairs(body: Pairs) -> str:
    # What stands on the right is plain text there.
    right = {option.id: escape(texts.plain(option.text)) for option in body.right}
    lines = [f"={escape_html(texts.html(left.text))} -> {right[body.key[left.id]]}" for left in body.left]
    spare = [f"= -> {text}" for name, text in right.items() if name not in body.key.values()]
    return "\n".join(["", *lines, *spare])
