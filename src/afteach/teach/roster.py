"""Who a name is: fold spellings, read a class list, and find on it whom a hand-in is from."""

from __future__ import annotations

import csv
import io
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from afteach.errors import AfteachError
from afteach.teach.reading import LmsName, shown

MOST_BYTES = 20_000_000
LONGEST_NAME = 80
# Column names as spreadsheets, Moodle and Canvas write them.
NAMES = ("name", "student", "student name", "full name", "fullname")
FIRST = ("first name", "firstname", "given name")
LAST = ("last name", "lastname", "surname", "family name")
NUMBERS = ("id",)
IDS = ("sis user id", "id number", "student id", "id", "sis login id", "username", "email address", "email")


@dataclass(slots=True)
class Entry:
    """One line of the class list: the name to show, and its cells by folded column name."""

    name: str
    cells: dict[str, str]

    @property
    def id(self) -> str:
        """The first identifier that the list gives."""
        return next((self.cells[column] for column in IDS if self.cells.get(column)), "")


@dataclass(slots=True)
class Roster:
    """A class list, with the ways in which a name on it may be written."""

    entries: list[Entry] = field(default_factory=list)
    by_name: dict[str, list[Entry]] = field(default_factory=dict)
    by_squashed: dict[str, list[Entry]] = field(default_factory=dict)
    by_number: dict[str, list[Entry]] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        """Take one line of the list."""
        self.entries.append(entry)
        words = fold(entry.name.replace(",", " ")).split()
        last, comma, first = entry.name.partition(",")
        spellings = {fold(entry.name), " ".join(words), fold(f"{first} {last}") if comma else " ".join(words)}
        for spelling in spellings:
            self.by_name.setdefault(spelling, []).append(entry)
        for turn in {squash("".join(words[i:] + words[:i])) for i in range(len(words))}:
            self.by_squashed.setdefault(turn, []).append(entry)
        for column in NUMBERS:
            if entry.cells.get(column):
                self.by_number.setdefault(entry.cells[column], []).append(entry)

    def named(self, name: str) -> list[Entry]:
        """Everybody on the list whose name this can be."""
        return self.by_name.get(fold(name), []) or self.by_squashed.get(squash(name), [])

    def of_platform(self, lms: LmsName) -> list[Entry]:
        """Everybody on the list whom the name that a platform gave to a file can mean."""
        if lms.squashed:
            return self.by_number.get(lms.number, []) or self.by_squashed.get(squash(lms.name), [])
        return self.named(lms.name)


def fold(name: str) -> str:
    """What two spellings of one name share: letters without case, width, composition or spare spaces."""
    text = shown(unicodedata.normalize("NFKC", name[: 4 * LONGEST_NAME]), LONGEST_NAME)
    return unicodedata.normalize("NFKC", text.casefold())


def squash(name: str) -> str:
    """A name as it is left when a platform or a file name keeps only its plain letters."""
    text = unicodedata.normalize("NFKD", name[: 4 * LONGEST_NAME]).casefold()
    return "".join(c for c in text if c.isalnum())


def read_roster(path: Path) -> Roster:
    """Read a class list: a CSV with a column name, or first name and last name; Moodle's and Canvas's own will do.

    Errors: AfteachError names the file and what it lacks.
    """
    lines = _rows(path)
    header = [fold(cell) for cell in lines[0]]
    whole = next((column for column in NAMES if column in header), None)
    first = next((column for column in FIRST if column in header), None)
    last = next((column for column in LAST if column in header), None)
    if whole is None and (first is None or last is None):
        raise AfteachError(f"{path} has no column 'name', nor 'first name' and 'last name'. Add one to its first line.")
    roster = Roster()
    for line in lines[1:]:
        cells = {column: cell.strip() for column, cell in zip(header, line, strict=False)}
        name = cells.get(whole, "") if whole else f"{cells.get(first, '')} {cells.get(last, '')}"
        name = shown(name, LONGEST_NAME)
        # Canvas writes what each column counts for into a line of its own.
        if name and fold(name) != "points possible":
            roster.add(Entry(name, cells))
    if not roster.entries:
        raise AfteachError(f"{path} lists no student. Give one a line, below the line of column names.")
    return roster


def _rows(path: Path) -> list[list[str]]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise AfteachError(f"{path} is larger than {MOST_BYTES:,} bytes, too large for a class list.")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise AfteachError(f"{path} is not UTF-8. Save it as CSV UTF-8.") from None
    except OSError as fault:
        raise AfteachError(f"{path} cannot be read: {fault.strerror}. Check the path.") from None
    head = text.partition("\n")[0]
    mark = max(",;\t", key=head.count)
    try:
        lines = [line for line in csv.reader(io.StringIO(text, newline=""), delimiter=mark) if any(line)]
    except csv.Error as fault:
        raise AfteachError(f"{path} is no CSV: {fault}. Save it as CSV UTF-8.") from None
    if not lines:
        raise AfteachError(f"{path} is empty. Give it a line of column names and one line a student.")
    return lines
