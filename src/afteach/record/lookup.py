"""Find a row by its id: one look-up serves cite, the evidence of a card, keys and validation."""

from __future__ import annotations

import re

from afteach.errors import DataFault
from afteach.naming import unknown
from afteach.record import tables


def row(row_id: str) -> tuple[str, dict[str, str]]:
    """The table and the row that an id names; UnknownName where there is none, DataFault where it has a fault."""
    place = index().get(row_id)
    if place is None:
        refuse_spoilt(row_id)
        raise unknown("row", row_id, index())
    return place


def refuse_spoilt(row_id: str) -> None:
    """Raise the fault of a row that has one, or of a table that cannot be read and may hold the row."""
    readings = [tables.reading(name) for name in tables.names()]
    for found in readings:
        if row_id in found.spoilt:
            raise DataFault(found.spoilt[row_id])
    # Ids tell their table by the letters in front.
    kind = _prefix(str(row_id))
    if not any(_prefix(known) == kind for known in index()):
        unread = [found.faults[0] for found in readings if found.faults and not found.rows]
        for fault in [*unread, *(found[0] for name, found in tables.whole_package().faults.items() if name)]:
            raise DataFault(fault)


def _prefix(row_id: str) -> str:
    return re.split(r"\d", row_id, maxsplit=1)[0]


@tables.kept
def index() -> dict[str, tuple[str, dict[str, str]]]:
    """Every row by its id, with its table."""
    found: dict[str, tuple[str, dict[str, str]]] = {}
    for name in tables.names():
        key = tables.key(name)
        for line in tables.reading(name).sound:
            # Of an id that two tables share the first is meant; `all_faults` lists the second.
            found.setdefault(line[key], (name, line))
    return found


@tables.kept
def id_pattern() -> re.Pattern[str]:
    """What looks like the id of a row: the letters in front of the ids that there are, and about as many digits."""
    digits: dict[tuple[str, ...], list[set[int]]] = {}
    for row_id in {row_id for name in tables.names() for row_id in _ids(name)}:
        # An id without digits is a word, and a word in prose is no citation.
        if row_id[:1].isalpha() and (runs := re.findall(r"[0-9]+", row_id)):
            shape = digits.setdefault(tuple(re.split(r"[0-9]+", row_id)), [set() for _ in runs])
            for lengths, run in zip(shape, runs, strict=True):
                lengths.add(len(run))
    shapes = []
    for between, runs in digits.items():
        # One digit more than was seen: the hundredth row is cited before it is written.
        parts = [rf"[0-9]{{{min(lengths)},{max(lengths) + 1}}}" for lengths in runs]
        shapes.append(
            re.escape(between[0]) + "".join(p + re.escape(b) for p, b in zip(parts, between[1:], strict=True))
        )
    return re.compile(rf"\b({'|'.join(sorted(shapes, key=len, reverse=True))})\b" if shapes else r"(?!)")


def _ids(name: str) -> set[str]:
    key = tables.key(name)
    return {line[key] for line in tables.reading(name).rows} | set(tables.reading(name).spoilt)
