"""Grade a class: read, mark, match, and write everything that comes of it."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator
from pathlib import Path

from afteach.errors import AfteachError
from afteach.grading import beliefs, deadline, gains, items, layouts, report, results, returning
from afteach.grading.hand_in import Problem
from afteach.grading.marked import MOST_LETTERS_KEPT
from afteach.grading.matching import Class, read_class
from afteach.grading.roster import Roster
from afteach.questions import model as questions
from afteach.questions.model import Bank


def grade(
    places: list[Path],
    out: Path,
    roster: Roster | None = None,
    bank: Bank | None = None,
    layout: str = "plain",
    anonymous: bool = False,
    feedback: Path | None = None,
    late: str = "",
) -> list[str]:
    """Mark files, folders and zips, and write gradebook.csv, items.csv, problems.csv and report.html into out.

    Where a folder for feedback is given, a page for each student is written into it; `late` is the last moment, as a
    date or a date with its time, after which a hand-in is marked as late.

    Returns what was done, in words. Errors: AfteachError for a place that does not exist or an out that cannot be
    used; what students sent raises nothing. Either all results are written or none.
    """
    if layout != "plain" and roster is None:
        raise AfteachError(f"--layout {layout} needs --roster: the list of students that your platform exports.")
    limit = deadline.read(late) if late else None
    results.prepare(out)
    if feedback:
        results.prepare(feedback, "--feedback")
    ours = (out, feedback) if feedback else (out,)
    with _without_pauses():
        bank = bank if bank is not None else questions.bank()
        marked = read_class(places, bank, roster, skip=ours, keep=feedback is not None)
        told = deadline.mark(marked, limit) if limit else []
        told += _write(marked, out, layout, anonymous)
        return told + (returning.write(marked, feedback, limit) if feedback else [])


@contextlib.contextmanager
def _without_pauses() -> Iterator[None]:
    # A class is millions of small objects without a circle among them; looking for circles takes a tenth of the time.
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _write(marked: Class, out: Path, layout: str, anonymous: bool) -> list[str]:
    if marked.unkept:
        told = f"{marked.unkept} reflections are not in report.html, which holds {MOST_LETTERS_KEPT:,} letters"
        marked.problems.append(Problem("", "", "", told, "grade the class in parts to read them all"))
    found = items.analyse(marked)
    tables = {results.GRADEBOOK: layouts.plain_rows(marked)}
    if layout != "plain":
        rows = layouts.moodle_rows if layout == "moodle" else layouts.canvas_rows
        tables = {results.GRADEBOOK: rows(marked), results.PLAIN: layouts.plain_rows(marked)}
        for name in layouts.without_id(marked, layout):
            told = f"the class list has nothing that {layout.title()} could know this student by"
            marked.problems.append(Problem("", "", name, told, f"in {results.GRADEBOOK} without an identifier"))
    tables[results.ITEMS] = items.rows(found, beliefs.fifths(marked))
    standings = gains.of_class(marked)
    if standings:
        tables[results.MEASURE] = gains.rows(standings)
    tables[results.PROBLEMS] = [list(row) for row in (results.PROBLEM_COLUMNS, *marked.problems)]
    written = {name: layouts.as_csv(rows) for name, rows in tables.items()}
    measure = gains.pooled(standings) if standings else None
    page = report.page(marked, found, measure, anonymous=anonymous)
    results.write_all(out, {**written, results.REPORT: page.encode("utf-8", "replace")})
    return _summary(marked, out, [*written, results.REPORT])


def _summary(marked: Class, out: Path, written: list[str]) -> list[str]:
    given = sum(student.hand_in is not None for student in marked.students)
    missing = len(marked.students) - given
    marks = f"{_count(marked.files, 'file')} read; {_count(given, 'student')} marked"
    lines = [marks + (f", {missing} left blank." if missing else ".")]
    if marked.problems:
        lines.append(f"{_count(len(marked.problems), 'thing')} to look at: {out / results.PROBLEMS}")
    return [*lines, f"Written to {out}: {', '.join(written)}."]


def _count(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"
