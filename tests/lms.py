"""Downloads of a class as Moodle, Canvas, Blackboard and Brightspace make them, and what other programs do to them."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from pathlib import Path
from typing import NamedTuple


class Person(NamedTuple):
    """Somebody in the class: names, the numbers by which platforms know them, and the name that they sign with."""

    first: str
    last: str
    number: str
    user: str
    signed: str

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


CLASS = [
    Person("Anna", "Müller-Schmidt", "501", "amueller", "Anna Müller-Schmidt"),
    Person("Мария", "Иванова", "502", "mivanova", "Мария Иванова"),
    Person("李", "明", "503", "liming", "李明"),
    Person("রানী", "দাস", "504", "rdas", "রানী দাস"),
    Person("রিনা", "দাস", "505", "rinadas", "রিনা দাস"),
    Person("علی", "رحیمی", "506", "arahimi", "Bluebird"),
    Person("Seán", "O'Brien", "507", "sobrien", "Sean O'Brien"),
]
STAMP = "2026-11-25-16-08-25"


def moodle_clean(name: str) -> str:
    """What Moodle leaves of a name: no underscores, no signs that a file system minds."""
    return re.sub(r"[&<>\"`|':\\/]", "", name.replace("_", " "))


def moodle(person: Person, file: str, folders: bool = True, group: str = "") -> str:
    """The path of a file in Moodle's zip of all submissions."""
    head = f"{group}{moodle_clean(person.name)}_{person.number}_assignsubmission_file_"
    return f"{head}/{file}" if folders else f"{head}{file}"


def moodle_flat(person: Person, file: str) -> str:
    return moodle(person, file, folders=False)


def moodle_group(person: Person, file: str) -> str:
    return moodle(person, file, group="Group A-")


def canvas(person: Person, file: str) -> str:
    """The name of a file in Canvas's zip: the sortable name, small, without anything but letters, marks and digits."""
    name = f"{person.last}, {person.first}".lower()
    kept = "".join(c for c in name if unicodedata.category(c)[0] in "LM" or c.isdigit() or c == "_")
    late = "_LATE" if int(person.number) % 2 else ""
    return f"{kept}{late}_{person.number}_9{person.number}_{file}"


def blackboard(person: Person, file: str) -> str:
    """The name of a file in Blackboard's assignment download."""
    return f"Reading an article_{person.user}_attempt_{STAMP}_{file}"


def brightspace(person: Person, file: str) -> str:
    """The path of a file in Brightspace's zip: a folder for each submission."""
    return f"{person.number}-67890 - {person.name} - 25 November 2026 408 PM/{file}"


def receipt(person: Person, file: str) -> tuple[str, str]:
    """Blackboard's own text beside each submission."""
    text = (
        f"Name: {person.name} ({person.user})\nAssignment: Reading an article\n"
        "Date Submitted: Wednesday, 25 November 2026 16:08:25 o'clock GMT\nCurrent Mark: Needs Marking\n\n"
        "Submission Field:\nThere is no student submission text data for this assignment.\n\n"
        "Comments:\nThere are no student comments for this assignment.\n\n"
        f"Files:\n\tOriginal filename: {file}\n\tFilename: {blackboard(person, file)}\n"
    )
    return f"Reading an article_{person.user}_attempt_{STAMP}.txt", text


ROSTERS = {
    "moodle": lambda p: {
        "Identifier": f"Participant {p.number}",
        "Full name": p.name,
        "Email address": f"{p.user}@x.org",
    },
    "canvas": lambda p: {"Student": f"{p.last}, {p.first}", "ID": p.number, "SIS User ID": f"u{p.user}"},
    "blackboard": lambda p: {"Last Name": p.last, "First Name": p.first, "Username": p.user},
    "brightspace": lambda p: {"OrgDefinedId": f"#{p.user}", "Last Name": p.last, "First Name": p.first},
}
NAMERS = {
    "moodle": moodle,
    "moodle flat": moodle_flat,
    "moodle group": moodle_group,
    "canvas": canvas,
    "blackboard": blackboard,
    "brightspace": brightspace,
}


def roster(platform: str, people: list[Person]) -> str:
    """The class list that a platform exports."""
    rows = [ROSTERS[platform.split()[0]](person) for person in people]
    lines = [list(rows[0]), *(list(row.values()) for row in rows)]
    return "\n".join(",".join(f'"{cell}"' for cell in line) for line in lines) + "\n"


def download(platform: str, people: list[Person], text_of, file: str = "answers-x.jsonl") -> dict[str, bytes]:
    """What a platform's zip holds: a file for each of these people, and what it lays beside them."""
    files = {NAMERS[platform](person, file): text_of(person) for person in people}
    if platform == "blackboard":
        files |= {name: text.encode() for name, text in (receipt(person, file) for person in people)}
    if platform == "brightspace":
        files["index.html"] = b"<html>Submissions</html>"
    return files


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    """A zip as most programs make it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    return path


def unflagged(path: Path, files: dict[str, bytes], page: str) -> Path:
    """A zip whose names stand in a code page, and that does not say in which."""
    names = [name.encode(page) for name in files]
    # zipfile itself would write UTF-8 and say so: the bytes take the place of others of the same length.
    places = [f"{number:04}".ljust(len(name), "x") for number, name in enumerate(names)]
    raw = zipped(path, dict(zip(places, files.values(), strict=True))).read_bytes()
    for place, name in zip(places, names, strict=True):
        raw = raw.replace(place.encode(), name)
    path.write_bytes(raw)
    return path


def as_excel(raw: bytes, mark: str = ";", encoding: str = "utf-8-sig") -> bytes:
    """Lines as a spreadsheet saves them that took each for one cell."""
    lines = raw.decode().splitlines()
    quoted = ['"' + line.replace('"', '""') + '"' + mark * 2 for line in lines]
    return ("\r\n".join(quoted) + "\r\n").encode(encoding)


def as_excel_cut(raw: bytes) -> bytes:
    """Lines as Excel saves them after cutting them at their commas: the quotes that begin a cell are its own."""
    rows = []
    for line in raw.decode().splitlines():
        cells, cell, quoted = [], "", False
        for place, letter in enumerate(line):
            if letter == '"' and (quoted or place == 0 or (line[place - 1] == "," and not cell)):
                quoted = not quoted
            elif letter == "," and not quoted:
                cells.append(cell)
                cell = ""
            else:
                cell += letter
        cells.append(cell)
        rows.append(",".join('"' + c.replace('"', '""') + '"' if '"' in c else c for c in cells))
    return ("\r\n".join(rows) + "\r\n").encode("utf-8-sig")


def word() -> bytes:
    """A Word document."""
    return office("word/document.xml")


def office(part: str) -> bytes:
    """A document of a word processor or a spreadsheet: a zip with a part of this name."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, "<document/>")
    return made.getvalue()
