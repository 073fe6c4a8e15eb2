"""Find the name that somebody meant, or say that there is none and which is nearest."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from afteach.errors import UnknownName
from afteach.words import say

LONGEST_LIST = 20


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


def unknown(kind: str, name: object, known: Iterable[str], of: str = "") -> UnknownName:
    """Make the error for a name that is not there, with the nearest known name or the list of them.

    `kind` is what is named, a key of words.toml behind "unknown."; `of` is what it belongs to, such as a column.
    """
    names = list(known)
    what, shown = say(f"unknown.{kind}", of=of), name if isinstance(name, str) else repr(name)
    import difflib  # a name that is known need not wait for it

    near = difflib.get_close_matches(str(name).casefold(), [n.casefold() for n in names], n=1, cutoff=0.6)
    if near:
        best = next(n for n in names if n.casefold() == near[0])
        return UnknownName(say("unknown.near", kind=what, name=shown, best=best))
    if names and len(names) <= LONGEST_LIST:
        return UnknownName(say("unknown.one_of", kind=what, name=shown, names=", ".join(names)))
    return UnknownName(say("unknown.none", kind=what, name=shown))
