"""Who a name is: what two spellings share, a class list, and whom on it a name or a number means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from afteach.files import JOINERS, LONGEST_NAME, is_letter
from afteach.grading.labels import Said, shown

# Column names as spreadsheets, Moodle, Canvas, Blackboard and Brightspace write them.
NAMES = ("name", "student", "student name", "full name", "fullname")
FIRST = ("first name", "firstname", "given name")
LAST = ("last name", "lastname", "surname", "family name")
PARTICIPANT = "identifier"
IDS = (
    *("sis user id", "id number", "student id", "orgdefinedid", "id", "sis login id", "username", "email address"),
    *("email", PARTICIPANT),
)
# Which columns a platform's number or user name is found in.
NUMBERS = {
    "moodle": (PARTICIPANT,),
    "canvas": ("id",),
    "brightspace": ("id",),
    "blackboard": ("username", "student id", "id number", "id", "sis login id"),
}
# What Moodle takes out of a name before it makes a folder of it.
CLEANED = str.maketrans({c: "" for c in "&<>\"`|':\\/*?"} | {"_": " ", "’": "", "‘": ""})
# Letters that do not come apart into a letter and an accent, and pairs that keyboards of one script write for another.
PLAIN = str.maketrans(
    {
        **{"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"},
        **{"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "ـ": ""},
    }
)
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
# Marks without which a name can still be read: those of Latin, Greek and Cyrillic letters, and of two scripts that seldom
# write their vowels. In other scripts marks are vowels.
ACCENTS = ("COMBINING", "ARABIC", "HEBREW")


@dataclass(slots=True, eq=False)
class Entry:
    """One line of the class list: the name to show, and its cells by folded column name."""

    name: str
    cells: dict[str, str]

    @property
    def id(self) -> str:
        """The first identifier that the list gives."""
        return next((self.cells[column] for column in IDS if self.cells.get(column)), "")

    def ids(self) -> dict[str, str]:
        """Every identifier that the list gives, by column."""
        return {column: self.cells[column] for column in IDS if self.cells.get(column)}


class Match(NamedTuple):
    """Whom on the list something means: one entry, several that it could be, or none.

    `sure`: 3 number and name agree, 2 the number or the whole name, 1 another spelling of the name. `note` says what
    did not agree.
    """

    entries: tuple[Entry, ...] = ()
    sure: int = 0
    note: str = ""

    @property
    def entry(self) -> Entry | None:
        """The one entry, if it is one."""
        return self.entries[0] if len(self.entries) == 1 else None


class Doubt(NamedTuple):
    """What is odd about a line of the class list, and what was done about it."""

    name: str
    problem: str
    done: str


@dataclass(slots=True)
class Roster:
    """A class list, with the ways in which a name on it may be written."""

    entries: list[Entry] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    by_name: dict[str, list[Entry]] = field(default_factory=dict)
    by_squashed: dict[str, list[Entry]] = field(default_factory=dict)
    by_loose: dict[str, list[Entry]] = field(default_factory=dict)
    by_loose_squashed: dict[str, list[Entry]] = field(default_factory=dict)
    by_number: dict[tuple[str, str], list[Entry]] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        """Take one line of the list, unless it names a student again."""
        ids = entry.ids()
        for other in self.by_name.get(fold(entry.name), []):
            if other.cells == entry.cells or (ids and other.ids() == ids):
                self.doubts.append(Doubt(entry.name, "this student stands on the class list twice", "counted once"))
                return
        self.entries.append(entry)
        for spelling in spellings(entry.name):
            _put(self.by_name, {spelling}, entry)
            turns = _turns(spelling)
            _put(self.by_squashed, turns, entry)
            _put(self.by_loose, loose(spelling), entry)
            _put(self.by_loose_squashed, {key for turn in turns for key in loose(turn)}, entry)
        for column, value in ids.items():
            _put(self.by_number, {(column, _number(column, value))}, entry)

    def named(self, name: str, file: bool = False) -> Match:
        """Whom a name means that somebody wrote; with file, one that a file name holds, its spaces made dashes."""
        if file:
            name = re.sub(r"[-_.\s]+", " ", name)
            filed = [e for e in self.entries if as_file(name) in {as_file(spelling) for spelling in spellings(e.name)}]
            if filed:
                return Match(tuple(filed), 2)
        if found := self.by_name.get(fold(name)):
            return Match(tuple(found), 2)
        if found := self._numbered(IDS, name.strip()):
            return Match(tuple(found), 2)
        return _inexact(self.by_loose, name)

    def of_platform(self, said: Said) -> Match:
        """Whom a platform means by the name and the number that it gave to a file."""
        numbered = self._numbered(NUMBERS[said.platform], said.number) if said.number else []
        named = self._platform_name(said)
        both = [one for one in numbered if one in named.entries]
        if both:
            return Match(tuple(both), 3)
        if not numbered:
            return named
        if not said.name:
            return Match(tuple(numbered), 3)
        if said.platform == "brightspace":
            # Its folders carry a number of its own, which a list need not know.
            return named
        if named.entries and named.sure > 1:
            text = f"its number is that of '{numbered[0].name}', its name that of '{named.entries[0].name}'"
            return Match((*numbered, *named.entries), 2, text)
        return Match(tuple(numbered), 2, f"its number is that of '{numbered[0].name}', but it is called '{said.name}'")

    def _platform_name(self, said: Said) -> Match:
        if not said.name:
            return Match()
        if said.platform == "canvas":
            if found := self.by_squashed.get(squash(said.name)):
                return Match(tuple(found), 2)
            return _inexact(self.by_loose_squashed, said.name)
        for name in _without_group(said.name):
            if found := self.by_name.get(fold(name.translate(CLEANED))):
                return Match(tuple(found), 2)
        return next((m for name in _without_group(said.name) if (m := _inexact(self.by_loose, name)).entries), Match())

    def _numbered(self, columns: Iterable[str], number: str) -> list[Entry]:
        found: list[Entry] = []
        for column in columns:
            found += [e for e in self.by_number.get((column, _number(column, number)), []) if e not in found]
        return found


def _inexact(place: dict[str, list[Entry]], name: str) -> Match:
    found: list[Entry] = []
    for key in sorted(loose(fold(name))):
        found += [one for one in place.get(key, []) if one not in found]
    return Match(tuple(found), 1, f"'{name}' is not written like '{found[0].name}'" if found else "")


def _put(place: dict, keys: Iterable, entry: Entry) -> None:
    for key in keys:
        if key and entry not in place.setdefault(key, []):
            place[key].append(entry)


def _number(column: str, value: str) -> str:
    value = value.strip().casefold()
    # "Participant 12" in Moodle's grading worksheet, in whatever language.
    return value.split()[-1] if column == PARTICIPANT and value else value.lstrip("#")


def _without_group(name: str) -> list[str]:
    """A name, and what is left of it without the name of a group that Moodle set before it: 'Group A-Anna Smith'."""
    parts = name.split("-")
    return ["-".join(parts[i:]).strip() for i in range(min(len(parts), 8))]


def fold(name: str) -> str:
    """What two spellings of one name share: letters without case, width, composition or spare spaces."""
    text = shown(unicodedata.normalize("NFKC", name[: 4 * LONGEST_NAME]), LONGEST_NAME)
    text = unicodedata.normalize("NFKC", text.casefold()).translate({ord(c): None for c in JOINERS})
    # Chinese, Japanese and Korean names are written with a space or without.
    return text.replace(" ", "") if all(is_east_asian(c) for c in text if c != " ") else text


def is_east_asian(letter: str) -> bool:
    """Whether a letter is of a script that sets no spaces between words."""
    return unicodedata.name(letter, "").startswith(("CJK", "HANGUL", "HIRAGANA", "KATAKANA"))


def spellings(name: str) -> list[str]:
    """A name of a class list as people and platforms write it: 'Smith, Anna' is 'Anna Smith' too."""
    last, comma, first = name.partition(",")
    turned = [f"{first} {last}", name.replace(",", " ")] if comma else []
    found = [fold(one) for one in (name, *turned)]
    return list(dict.fromkeys([*found, *(fold(one.translate(CLEANED)) for one in found)]))


def squash(name: str) -> str:
    """A name as Canvas writes it: letters, their marks, and digits."""
    return "".join(c for c in fold(name) if unicodedata.category(c)[0] in "LM" or c.isdigit())


def _turns(name: str) -> set[str]:
    words = re.split(r"[\s,]+", name)
    return {squash("".join(words[i:] + words[:i])) for i in range(len(words))}


def as_file(name: str) -> str:
    """A name as it can stand in the name of a file: its letters, marks and digits in words."""
    return " ".join("".join(c if is_letter(c) else " " for c in fold(name)).split())


def loose(folded: str) -> set[str]:
    """What is left of a name without accents, order and punctuation: enough to ask whether it is the same, no more."""
    found = set()
    for text in {folded, folded.translate(UMLAUTS)}:
        bare = (c for c in unicodedata.normalize("NFD", text.translate(PLAIN)) if not _is_accent(c))
        words = "".join(c if is_letter(c) else "" if c in "'’ʼ`" else " " for c in bare).split()
        found.add(unicodedata.normalize("NFC", " ".join(sorted(words))))
    return found


def _is_accent(letter: str) -> bool:
    if unicodedata.category(letter) != "Mn":
        return False
    return unicodedata.name(letter, "").startswith(ACCENTS)
