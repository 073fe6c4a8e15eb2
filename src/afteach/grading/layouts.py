"""The gradebook as tables: our own, and as Moodle and Canvas import it; safe to open in any spreadsheet."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable
from typing import Any

from afteach.errors import AfteachError
from afteach.grading.attempts import Result, scored
from afteach.grading.matching import Class, Student

FORMULA = "=+-@\t\r\n＝＋－＠"
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*([eE][+-]?\d+)?%?")
# Where a reader of another list separator cuts a cell in two, a formula may not begin either.
CUT = re.compile(r"([;\t\r\n]\s*)(?=[=+\-@＝＋－＠])")
MOODLE = {
    "Identifier": ("identifier",),
    "Full name": ("full name", "fullname"),
    "First name": ("first name", "firstname"),
    "Last name": ("last name", "surname", "lastname"),
    "ID number": ("id number", "student id"),
    "Username": ("username", "login"),
    "Email address": ("email address", "email", "e-mail"),
}
MOODLE_IDS = ("Identifier", "ID number", "Username", "Email address")
CANVAS_IDS = ("id", "sis user id", "sis login id")


def plain_rows(marked: Class) -> Iterable[list]:
    """gradebook.csv: a line a student; right at first try, now and tries for each question, totals a notebook."""
    bank = marked.bank
    stems = list(bank.chapters)
    totals = ("answered", "right at first try", "right now", "points now")
    yield [
        *("student", "id", "status", "file", "handed in at"),
        *totals,
        *(f"{stem} {total}" for stem in stems for total in totals),
        *(f"{question_id} {part}" for question_id in bank for part in ("first", "now", "tries")),
    ]
    places = {question_id: place for place, question_id in enumerate(bank)}
    homes = {question.id: question.notebook for question in bank.values()}
    for student in marked.students:
        one = student.hand_in
        head = [student.name, student.entry.id if student.entry else "", student.status]
        head += [one.label, one.at] if one else ["", ""]
        cells: list = [""] * (3 * len(places))
        own: dict[str, list[Result]] = {}
        for question_id, result in student.results.items():
            place = 3 * places[question_id]
            cells[place : place + 3] = cell(result.first), cell(result.now), result.tries
            own.setdefault(homes[question_id], []).append(result)
        parts = [count for stem in stems for count in _sums(own.get(stem, []))]
        yield [*head, *_sums(list(student.results.values())), *parts, *cells]


def _sums(own: list[Result]) -> list:
    """How many questions were answered, right at first try, right now, and the points; blank if none was."""
    if not own:
        return ["", "", "", ""]
    points = math.fsum(result.now for result in own if isinstance(result.now, float))
    return [len(own), sum(r.first == 1 for r in own), sum(r.now == 1 for r in own), cell(points)]


def cell(score: float | str | None) -> float | int | str:
    """A score as it stands in a table: blank where there is none."""
    if score is None or isinstance(score, str):
        return score or ""
    return int(score) if score == int(score) else round(score, 4)


def without_id(marked: Class, layout: str) -> list[str]:
    """Who on the class list has nothing that the platform could know them by, so that it passes their line over."""
    columns = [key for name in MOODLE_IDS for key in MOODLE[name]] if layout == "moodle" else CANVAS_IDS
    entries = [student.entry for student in marked.students if student.entry]
    return [entry.name for entry in entries if not any(entry.cells.get(column) for column in columns)]


def _points(marked: Class, student: Student) -> list:
    results = student.results
    asked = [[q.id for q in marked.bank.of(stem) if scored(q)] for stem in marked.bank.chapters]
    return [_sums([results[one] for one in own if one in results])[3] for own in asked]


def moodle_rows(marked: Class) -> Iterable[list]:
    """The gradebook as Moodle imports it: the columns that name a student, and the points now for each notebook."""
    entries = [student.entry for student in marked.students if student.entry]
    used = {name: keys for name, keys in MOODLE.items() if any(e.cells.get(k) for e in entries for k in keys)}
    if not set(used) & set(MOODLE_IDS):
        raise AfteachError(
            "Moodle needs an ID number, a username or an email address: add such a column to the roster."
        )
    yield [*used, *(f"{stem} {chapter.title}" for stem, chapter in marked.bank.chapters.items())]
    for student in marked.students:
        if student.entry:
            cells = student.entry.cells
            own = [next((cells[k] for k in keys if cells.get(k)), "") for keys in used.values()]
            yield [*own, *_points(marked, student)]


def canvas_rows(marked: Class) -> Iterable[list]:
    """The gradebook as Canvas imports it: its five columns, a line of points possible, the points now."""
    bank = marked.bank
    entries = [student.entry for student in marked.students if student.entry]
    if not any(entry.cells.get(column) for entry in entries for column in CANVAS_IDS):
        raise AfteachError(
            "Canvas needs its ID, SIS User ID or SIS Login ID: give the gradebook that Canvas exports as the roster."
        )
    yield [
        *("Student", "ID", "SIS User ID", "SIS Login ID", "Section"),
        *(f"{stem} {chapter.title}" for stem, chapter in bank.chapters.items()),
    ]
    yield ["    Points Possible", "", "", "", "", *(sum(map(scored, bank.of(stem))) for stem in bank.chapters)]
    for student in marked.students:
        if student.entry:
            cells = student.entry.cells
            own = [cells.get(column, "") for column in (*CANVAS_IDS, "section")]
            yield [student.entry.name, *own, *_points(marked, student)]


def harmless(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula; numbers stay as they are."""
    if not isinstance(value, str) or not value or value.isalnum():
        return value
    if ";" in value or not value.isprintable():
        value = CUT.sub(r"\1'", value)
    if value.lstrip(" ")[:1] in FORMULA and not NUMBER.fullmatch(value) and value.strip(" "):
        return f"'{value}"
    return value


def as_csv(rows: Iterable[Iterable]) -> bytes:
    """A table as Excel reads it: UTF-8 with its mark, every text in quotation marks."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    # Most cells of a class are blank or numbers.
    writer.writerows([harmless(v) if v and isinstance(v, str) else v for v in row] for row in rows)
    return text.getvalue().encode("utf-8-sig", "replace")
