"""What a class believes: the ideas behind its wrong answers, and how well the questions measure."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from typing import NamedTuple

from afteach.grading.attempts import scored
from afteach.grading.items import Item
from afteach.grading.matching import Class, Student
from afteach.pages.render import Table
from afteach.words import say
from afteach.workbook import workbook

FEWEST_FOR_ALPHA = 3
FEWEST_FOR_IDLE = 10
GROUPS = 5


def ideas(marked: Class) -> Table | None:
    """How many students a wrong idea drew, at a first answer and at a last one, over all notebooks; None where none did."""
    described = workbook().ideas
    first: Counter[str] = Counter()
    last: Counter[str] = Counter()
    for student in marked.students:
        results = student.results.values()
        first.update({idea for result in results for idea in result.ideas})
        last.update({idea for result in results for idea in result.ideas_now})
    rows = [
        [idea.says, first[name], last[name], idea.teach]
        # Those that drew as many stand in the order of the workbook.
        for name, idea in sorted(described.items(), key=lambda pair: -first[pair[0]])
        if first[name]
    ]
    head = [say(f"report.{name}") for name in ("idea", "idea_first", "idea_last", "helps")]
    return Table(say("report.idea_table"), head, rows, numbers=[1, 2]) if rows else None


class Reliability(NamedTuple):
    """Cronbach's alpha of some questions over some students, and the standard error of one student's share right."""

    alpha: float
    error: float
    questions: int
    students: int


def reliability(scores: list[list[float]]) -> Reliability | None:
    """Alpha of a table of scores, a row a student and a column a question; None where there is too little to tell."""
    students, questions = len(scores), len(scores[0]) if scores else 0
    if students < FEWEST_FOR_ALPHA or questions < 2:
        return None
    total = statistics.variance([sum(row) for row in scores])
    if not total:
        return None
    within = sum(statistics.variance(column) for column in zip(*scores, strict=True))
    alpha = questions / (questions - 1) * (1 - within / total)
    error = math.sqrt(total) / questions * math.sqrt(1 - max(alpha, 0.0))
    return Reliability(alpha, error, questions, students)


def first_scores(marked: Class) -> list[list[float]]:
    """The first scores of the students who answered anything, on the questions that each of them answered."""
    asked = {one.id for one in marked.bank.values() if scored(one)}
    given = [_firsts(student) for student in marked.students if not asked.isdisjoint(student.results)]
    shared = [one for one in marked.bank if one in asked and given and all(one in own for own in given)]
    return [[own[one] for one in shared] for own in given]


def _firsts(student: Student) -> dict[str, float]:
    return {one: result.first for one, result in student.results.items() if isinstance(result.first, float)}


def idle(found: list[Item]) -> Table | None:
    """Wrong choices that an author foresaw and nobody took at a first try, of questions that enough students answered."""
    rows = [
        [item.question.id, wrong[pick], item.n]
        for item in found
        if item.n >= FEWEST_FOR_IDLE
        for wrong in [item.question.wrong_picks()]
        for pick in item.question.told()
        if not item.picks[pick]
    ]
    head = [say(f"report.{name}") for name in ("question", "choice", "answers")]
    return Table(say("report.idle"), head, rows, numbers=[2], rich=[1]) if rows else None


def fifths(marked: Class) -> dict[str, list[float]]:
    """The share right at first try of each question, by fifths of the students and their difference; of a class that is too
    small for fifths nothing."""
    asked = [one.id for one in marked.bank.values() if scored(one)]
    ranked = []
    for student in marked.students:
        firsts = _firsts(student)
        own = [firsts[one] for one in asked if one in firsts]
        ranked += [(statistics.fmean(own), firsts)] if own else []
    if len(ranked) < GROUPS * GROUPS:
        return {}
    ranked.sort(key=lambda pair: pair[0])
    groups = [
        [own for _, own in ranked[len(ranked) * n // GROUPS : len(ranked) * (n + 1) // GROUPS]] for n in range(GROUPS)
    ]
    found = {}
    for one in asked:
        shares = [[own[one] for own in group if one in own] for group in groups]
        if all(shares):
            means = [statistics.fmean(own) for own in shares]
            found[one] = [*means, means[-1] - means[0]]
    return found


def by_fifths(found: dict[str, list[float]]) -> Table | None:
    """What fifths() found as a table; None where that is nothing."""
    rows = [[one, *(f"{mean:.0%}" for mean in means), f"{gap:+.0%}"] for one, (*means, gap) in found.items()]
    fifths = [say(f"report.fifth_{place}") for place in range(1, GROUPS + 1)]
    head = [say("report.question"), *fifths, say("report.difference")]
    return Table(say("report.fifths"), head, rows, numbers=[1, 2, 3, 4, 5, 6]) if rows else None
