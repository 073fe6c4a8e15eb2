"""What can go wrong, worded for a student: a fact and a next step."""

from __future__ import annotations

LONGEST_LINE = 1000


def one_line(text: str) -> str:
    """A text on one line of a terminal: what a terminal would act on is spelt out, and of a very long one the middle goes."""
    # The reason stands at the end, and what was given in front of it.
    half = LONGEST_LINE // 2
    text = text if len(text) <= LONGEST_LINE else f"{text[:half]} ... {text[-half:]}"
    joined = " ".join(text.split())
    return "".join(c if c.isprintable() or c in "\u200c\u200d" else ascii(c)[1:-1] for c in joined)


class AfteachError(Exception):
    """Anything this package refuses to do; its text says what to do next."""

    def _render_traceback_(self) -> list[str]:
        # IPython calls this instead of printing a traceback: the sentence is what helps a student.
        return [str(self)]


class UnknownName(AfteachError, LookupError):
    """A table, question, relationship, column or row that does not exist."""


class Unreadable(AfteachError):
    """An answer that cannot be read as an answer to its question; it costs no try and is not kept."""

    outcome = "unreadable"


class Unanswered(Unreadable):
    """An answer that is blank, or only half given."""

    outcome = "unanswered"


class DataFault(AfteachError):
    """A table or question file that cannot be used; the text names file, place and reason."""
