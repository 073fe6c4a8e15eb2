"""Read what was typed, clicked or logged: ids, lists of ids, numbers and words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from afteach.errors import Unanswered, Unreadable
from afteach.questions.question import Choice
from afteach.questions.shapes import finite, is_nothing, number
from afteach.words import say

if TYPE_CHECKING:
    from afteach.questions.numerals import Written

# Letters as Python counts them, code points; in a browser that is [...text].length.
MOST_LETTERS = 20_000
MOST_LETTERS_OF_A_WORD = 1_000


# What was logged


def known(choices: list[Choice], given: Any) -> Choice:
    """The choice of exactly this id."""
    for choice in choices:
        if choice.id == given:
            return choice
    raise _no_choice(choices, given)


def _no_choice(choices: list[Choice], given: Any) -> Unreadable:
    plain = isinstance(given, (str, bool)) or (isinstance(given, (int, float)) and abs(given) < 10**18)
    ids = ", ".join(c.id for c in choices)
    if plain and len(str(given)) < 40:
        return Unreadable(say("read.no_choice", given=repr(given), ids=ids))
    return Unreadable(say("read.by_id", ids=ids))


def written(answer: Any, unit: str, logged: bool = False) -> list[Written]:
    """Every reading of a number, each with the unit that was given with it."""
    from afteach.questions import numerals  # most cards ask for a choice, and wait for nothing that reads numbers

    beside: Any = ""
    if isinstance(answer, dict):
        answer, beside = answer.get("value"), answer.get("unit") or ""
    if isinstance(answer, str):
        found = numerals.read(answer, unit)
        if logged and not found:
            # An older edition took every space out.
            found = numerals.read("".join(answer.split()), unit)
    elif isinstance(answer, (int, float)) and not isinstance(answer, bool):
        found = [numerals.Written(finite(answer))]
    else:
        found = []
    if not found or not isinstance(beside, str):
        raise Unreadable(say("read.number"))
    return [numerals.Written(finite(reading.value), reading.unit or beside, reading.scaled) for reading in found]


def as_number(given: Any) -> float:
    """A logged number without a unit."""
    if isinstance(given, dict):
        raise Unreadable(say("read.number"))
    return written(given, "", logged=True)[-1].value


def label(given: Any) -> str:
    """A cell of a table as text."""
    # str() of a stranger's list can recurse without end, and that of a number can be too long to be written.
    if not isinstance(given, (str, int, float, type(None))) or (isinstance(given, int) and abs(given) > 10**18):
        raise Unreadable(say("read.label"))
    text = str(given)
    not_too_long(text)
    return text


def listed(answer: Any) -> list:
    """A logged list of ids; one written as a text is taken apart."""
    if isinstance(answer, str):
        return [part for part in re.split(r"[,;\s]+", answer) if part]
    if isinstance(answer, (list, tuple)):
        return list(answer)
    raise Unreadable(say("read.list"))


def not_too_long(text: str, most: int = MOST_LETTERS) -> None:
    """Refuse a text that is longer than what is kept."""
    if len(text) > most:
        raise Unreadable(say("read.long", letters=f"{len(text):,}", most=f"{most:,}"))


# What was typed or clicked


def example(choices: list[Choice]) -> str:
    """How a list of these choices is typed."""
    return "[" + ", ".join(f'"{choice.id}"' for choice in choices[:2]) + ", ...]"


def find(choices: list[Choice], given: Any) -> Choice:
    """The choice that is meant by its id or by its text in full; case, spaces and punctuation do not count."""
    if isinstance(given, (int, float)) and not isinstance(given, bool) and abs(given) < 10**18:
        text = str(number(given))
    elif isinstance(given, str) and len(given) <= MOST_LETTERS_OF_A_WORD:
        text = given.strip()
    else:
        raise _no_choice(choices, given)
    # An id is what nearly every answer holds; the rest is worked out only for what is none.
    named = [choice for choice in choices if choice.id == text]
    if len(named) == 1:
        return named[0]
    from afteach.questions.spelling import clean, letters

    folded = letters(text)
    for names in (
        # Two texts may differ in nothing but a comma.
        lambda choice: [clean(choice.text).casefold() == clean(text).casefold()],
        lambda choice: [
            folded and letters(name) == folded for name in (choice.id, choice.text, f"{choice.id} {choice.text}")
        ],
    ):
        found = [choice for choice in choices if any(names(choice))]
        if len(found) == 1:
            return found[0]
    raise _no_choice(choices, given)


def find_all(choices: list[Choice], given: Any) -> list[Choice]:
    """The choices of a list of ids or texts, or of one text that names several."""
    if isinstance(given, str):
        return _find_named(choices, given)
    if not isinstance(given, list):
        raise Unreadable(say("read.list_like", example=example(choices)))
    empty = sum(is_nothing(entry) for entry in given)
    if empty:
        raise Unanswered(say("read.empty_places", empty=empty, all=len(given)))
    return [find(choices, entry) for entry in given]


def _find_named(choices: list[Choice], text: str) -> list[Choice]:
    """The choices of a list that was written as one text: "a, c", "a and c", "a > c" or "a c"."""
    from afteach.questions.spelling import letters

    if len(text) > MOST_LETTERS_OF_A_WORD * 10 or not letters(text):
        raise _no_choice(choices, text)
    for marks in (r"$^", r"[,;/&+|>→\n]|\band\b|\bthen\b", r"[,;/&+|>→\s]+|\band\b|\bthen\b"):
        parts = [part for part in re.split(marks, text) if letters(part)]
        try:
            return [find(choices, part) for part in parts]
        except Unreadable as reason:
            refused = reason
    raise refused


def which(values: list[int | float], key: str = "read.which") -> Unreadable:
    """The question which of several readings was meant."""
    from afteach.questions import numerals

    readings = say("read.or").join(f"{value:,}" for value in values)
    return Unreadable(say(key, readings=readings, ways=say("read.or").join(map(numerals.plain, values))))


# What is counted


def short(answer: Any) -> tuple[str, ...]:
    """A free answer as one short text, for counting; none where it is neither a text nor a number."""
    if isinstance(answer, dict):
        answer = answer.get("value")
    if isinstance(answer, bool) or not isinstance(answer, (str, int, float)):
        return ()
    return (answer if isinstance(answer, str) else f"{answer:.10g}",)
