"""What students opened at a desk, in which order, and how far they leaned before and after."""

from __future__ import annotations

import statistics
from collections import Counter

from afteach.grading.attempts import Path
from afteach.grading.matching import Class
from afteach.pages.render import Table
from afteach.questions.model import Question
from afteach.record import desk
from afteach.words import say


def table(marked: Class) -> Table | None:
    """The first answers at each desk; None where nobody answered at one."""
    rows = []
    for question in marked.bank.values():
        found = [
            result.path
            for student in marked.students
            if (result := student.results.get(question.id)) and result.path is not None
        ]
        rows += [_row(question, found)] if found else []
    names = ("desk", "students", "opened", "opened_first", "leaned_before", "leaned_after")
    head = [say(f"report.{name}") for name in names]
    return Table(say("report.first_paths"), head, rows, numbers=[1, 2, 4, 5]) if rows else None


def _row(question: Question, found: list[Path]) -> list[object]:
    firsts = Counter(one.opened[0] for one in found if one.opened)
    first, count = min(firsts.items(), key=lambda pair: (-pair[1], pair[0]), default=("", 0))
    before = [one.before for one in found if one.before is not None]
    return [
        question.id,
        len(found),
        f"{statistics.median(len(one.opened) for one in found):g}",
        say("report.opened_by", title=desk.record(first).title, count=count, all=len(found)) if first else "–",
        f"{statistics.fmean(before):.0f} ({len(before)})" if before else "–",
        f"{statistics.fmean(one.after for one in found):.0f}",
    ]
