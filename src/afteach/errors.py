"""What can go wrong, worded for a student: a fact and a next step."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable


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


def known_name(kind: str, name: object, known: Collection[str]) -> str:
    """The known name that was meant, in any case and with spaces around it; UnknownName where there is none."""
    if isinstance(name, str):
        if name in known:
            return name
        said = name.strip().casefold()
        found = [one for one in known if one.casefold() == said]
        if len(found) == 1:
            return found[0]
    raise unknown(kind, name, known)


def unknown(kind: str, name: object, known: Iterable[str]) -> UnknownName:
    """Make the error for a name that is not there, with the nearest known name or the list of them."""
    names = list(known)
    shown = name if isinstance(name, str) else repr(name)
    near = difflib.get_close_matches(str(name).casefold(), [n.casefold() for n in names], n=1, cutoff=0.6)
    if near:
        best = next(n for n in names if n.casefold() == near[0])
        return UnknownName(f"There is no {kind} called '{shown}'. Did you mean '{best}'?")
    if names and len(names) <= 20:
        return UnknownName(f"There is no {kind} called '{shown}'. There are: {', '.join(names)}.")
    return UnknownName(f"There is no {kind} called '{shown}'.")
