"""A verdict as a box for a cell: a strip with a sign and a word, and below it what was said."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from afteach.look import direction
from afteach.words import say

# A message on these outcomes begins with their word.
SAID_FIRST = ("right", "partly", "not_yet", "unanswered")


def html(outcome: str, message: str) -> str:
    """The box of one verdict. Its style comes with the page; without it the box still reads as word and message."""
    name = outcome.replace(" ", "_")
    word = say(f"outcome.{name}")
    # The word stands in the strip, and once is enough.
    rest = message.removeprefix(say(f"verdict.{name}")).lstrip() if name in SAID_FIRST else message
    says = Markup('<p class="af-says">{}</p>').format(rich(rest)) if rest else ""
    box = '<div class="af-box" data-outcome="{}"{}><div class="af-strip">{}<strong class="af-word">{}</strong></div>{}</div>'
    sign = Markup('<span class="af-sign" aria-hidden="true"></span>')
    return direction.held(Markup(box).format(outcome, Markup(direction.attribute()), sign, word, says))


def rich(text: str) -> Markup:
    """Text with the marks of the bank, `code` and *emphasis*, as HTML."""
    safe = re.sub(r"`([^`\n]+)`", r"<code>\1</code>", str(escape(text)))
    return Markup(re.sub(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])", r"<em>\1</em>", safe))
