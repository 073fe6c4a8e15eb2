"""Read a class list, as people keep one, as a spreadsheet saves it, or as a platform exports it."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from afteach.errors import AfteachError
from afteach.files import LONGEST_NAME
from afteach.grading.labels import shown
from afteach.grading.roster import FIRST, LAST, NAMES, Doubt, Entry, Roster, fold

MOST_BYTES = 20_000_000
MOST_DOUBTS = 20
# What a spreadsheet calls the line below a list.
TOTALS = ("total", "totals", "grand total", "sum", "count", "average", "mean")
PASSED_OVER = "passed over"
# A cell that holds the end of one line and the beginning of another.
RUN_TOGETHER = re.compile(r"[,;\t].*[\r\n]|[\r\n].*[,;\t]")


def read_roster(path: Path) -> Roster:
    """Read a class list: a CSV with a column name, or first name and last name; the list of a platform will do.

    Errors: AfteachError names the file and what it lacks.
    """
    lines = _rows(path)
    header = [fold(cell) for cell in lines[0][1]]
    whole = next((column for column in NAMES if column in header), None)
    first = next((column for column in FIRST if column in header), None)
    last = next((column for column in LAST if column in header), None)
    if whole is None and (first is None or last is None):
        there = shown(", ".join(lines[0][1]), 100)
        raise AfteachError(
            f"{path} has no column 'name', nor 'first name' and 'last name'. Its first line must have them; it is: {there}"
        )
    roster, nameless = Roster(), 0
    for number, line in lines[1:]:
        cells = {column: cell.strip() for column, cell in zip(header, line, strict=False)}
        name = cells.get(whole, "") if whole else f"{cells.get(first or '', '')} {cells.get(last or '', '')}"
        name = _one_line(path, number, line, name)
        if not name:
            nameless += 1
            if nameless <= MOST_DOUBTS:
                roster.doubts.append(_nameless(number, line))
        # Canvas writes what each column counts for into a line of its own.
        elif fold(name) != "points possible":
            roster.add(Entry(name, cells))
    if not roster.entries:
        raise AfteachError(f"{path} lists no student. Give one a line, below the line of column names.")
    if nameless > MOST_DOUBTS:
        roster.doubts.append(
            Doubt("", f"{nameless - MOST_DOUBTS} more lines of the class list name nobody", PASSED_OVER)
        )
    roster.doubts += _total(roster.entries)
    return roster


def _one_line(path: Path, number: int, line: list[str], name: str) -> str:
    """The name of one line of the list. Errors: AfteachError where a stray quotation mark has run lines together."""
    if "\n" in name.strip() or "\r" in name.strip() or any(RUN_TOGETHER.search(cell) for cell in line):
        raise AfteachError(
            f"{path}, line {number}: a quotation mark runs this line and the next into one ('{shown(name, 60)}'). "
            "Take the mark out, and save the list again."
        )
    return shown(name, LONGEST_NAME)


def _nameless(number: int, line: list[str]) -> Doubt:
    cells = shown("; ".join(cell.strip() for cell in line if cell.strip()), 100)
    return Doubt("", f"line {number} of the class list names nobody ({cells})", PASSED_OVER)


def _total(entries: list[Entry]) -> list[Doubt]:
    """A doubt whether the last line of the list is a student: it sums up the others, or leaves out what all of them give."""
    *others, last = entries
    given = [{column for column, cell in entry.cells.items() if cell} for entry in others]
    missing = (
        set.intersection(*given) - {column for column, cell in last.cells.items() if cell} if len(given) > 1 else set()
    )
    if fold(last.name) not in TOTALS and not missing:
        return []
    lacks = f" without {', '.join(sorted(missing))}, which all others have" if missing else ""
    return [Doubt(last.name, f"the class list ends with '{last.name}'{lacks}: is this a student?",
                  "counted as one; else take the line out of the list and run this again")]  # fmt: skip


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """The lines of a table that are not blank, each with the number at which it begins."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise AfteachError(f"{path} is larger than {MOST_BYTES:,} bytes, too large for a class list.")
        raw = path.read_bytes()
        text = raw.decode("utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        raise AfteachError(f"{path} is not UTF-8. Save it as CSV UTF-8.") from None
    except OSError as fault:
        raise AfteachError(f"{path} cannot be read: {fault.strerror}. Check the path.") from None
    if "\0" in text:
        raise AfteachError(f"{path} is no text in UTF-8. Save it as CSV UTF-8.")
    head, _, rest = text.partition("\n")
    # Spreadsheets put their separator into a line of its own, which is none of the table.
    stated = re.fullmatch(r"sep=(.)\r?", head, re.IGNORECASE)
    mark = stated[1] if stated else max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(rest if stated else text, newline=""), delimiter=mark)
    lines, before = [], 1 if stated else 0
    try:
        start = 1
        for line in reader:
            if any(cell.strip() for cell in line):
                lines.append((start + before, line))
            start = reader.line_num + 1
    except csv.Error as fault:
        raise AfteachError(f"{path} is no CSV: {fault}. Save it as CSV UTF-8.") from None
    if not lines:
        raise AfteachError(f"{path} is empty. Give it a line of column names and one line a student.")
    return lines
