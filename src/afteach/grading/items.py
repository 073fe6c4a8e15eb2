"""What the answers of a class say about each question."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from afteach.grading.attempts import TOO_LATE, Result, scored
from afteach.grading.layouts import cell
from afteach.grading.matching import Class, Student
from afteach.questions.model import Bank, Question
from afteach.record import agreement

FEWEST_FOR_CORRELATION = 3
MOST_KINDS_OF_ANSWER = 12
CERTAIN = "certain"
FIFTHS = ("lowest fifth", "second fifth", "third fifth", "fourth fifth", "highest fifth", "difference")


@dataclass(slots=True)
class Item:
    """One question, as the class answered it; None where there is nothing to say."""

    question: Question
    n: int = 0
    first: float | None = None
    now: float | None = None
    discrimination: float | None = None
    picks: Counter[str] = field(default_factory=Counter)
    tries: float | None = None
    said_how_sure: int = 0
    certain_and_wrong: float | None = None

    def drew_most(self) -> tuple[str, int] | None:
        """The wrong choice that most students took at their first try, and how many did."""
        wrong = self.question.wrong_picks()
        counts = [(pick, number) for pick, number in self.picks.most_common() if pick in wrong]
        return counts[0] if counts else None


def analyse(marked: Class) -> list[Item]:
    """One Item for each question of the bank, in its order."""
    rests = [_rest(student) for student in marked.students]
    # Once through the class, not once for each question.
    given: dict[str, list[tuple[Result, tuple[float, int]]]] = {question_id: [] for question_id in marked.bank}
    for student, rest in zip(marked.students, rests, strict=True):
        for question_id, result in student.results.items():
            given[question_id].append((result, rest))
    return [_item(question, given[question.id]) for question in marked.bank.values()]


def _rest(student: Student) -> tuple[float, int]:
    scores = [r.first for r in student.results.values() if isinstance(r.first, float)]
    return math.fsum(scores), len(scores)


def _item(question: Question, given: list[tuple[Result, tuple[float, int]]]) -> Item:
    item = Item(question, n=sum(result.now not in (None, TOO_LATE) for result, _ in given))
    for result, _ in given:
        item.picks.update(result.picks)
    if given:
        item.tries = float(statistics.median(result.tries for result, _ in given))
    if not scored(question):
        return item
    firsts = [(result.first, result.sure, rest) for result, rest in given if isinstance(result.first, float)]
    lasts = [result.now for result, _ in given if isinstance(result.now, float)]
    item.first = sum(first == 1 for first, _, _ in firsts) / len(firsts) if firsts else None
    item.now = sum(score == 1 for score in lasts) / len(lasts) if lasts else None
    sure = [(first, how_sure) for first, how_sure, _ in firsts if how_sure]
    item.said_how_sure = len(sure)
    if sure:
        item.certain_and_wrong = sum(how_sure == CERTAIN and first < 1 for first, how_sure in sure) / len(sure)
    item.discrimination = _discrimination([(first, rest) for first, _, rest in firsts])
    return item


def _discrimination(firsts: list[tuple[float, tuple[float, int]]]) -> float | None:
    """The corrected point-biserial: right at first try against the student's mean score on all other questions.

    The mean, not the sum: students answer different numbers of questions. Where all answer all it is the same.
    """
    pairs = [(float(first == 1), (total - first) / (count - 1)) for first, (total, count) in firsts if count > 1]
    return correlation([x for x, _ in pairs], [y for _, y in pairs])


def correlation(xs: list[float], ys: list[float]) -> float | None:
    """Pearson's correlation; None below three pairs or where one side does not vary."""
    # What is left of sums of equal numbers is rounding, not variance.
    if len(xs) < FEWEST_FOR_CORRELATION or min(max(side) - min(side) for side in (xs, ys)) < 1e-9:
        return None
    return statistics.correlation(xs, ys)


def rows(found: list[Item], fifths: Mapping[str, list[float]]) -> Iterable[list]:
    """items.csv: a line a question; `fifths` has the shares right at first try by fifths of the class, and their difference."""
    yield [
        *("question", "notebook", "kind", "level", "n", "right at first try", "right now", "item-rest correlation"),
        *("median tries", "said how sure", "certain and wrong", "first answers"),
        *FIFTHS,
    ]
    for item in found:
        question = item.question
        yield [
            *(question.id, question.notebook, question.kind, question.level, item.n),
            *map(cell, (item.first, item.now, item.discrimination, item.tries)),
            *(item.said_how_sure, cell(item.certain_and_wrong), counts(item)),
            *(map(cell, fifths[question.id]) if question.id in fifths else [""] * len(FIFTHS)),
        ]


def counts(item: Item) -> str:
    """How many took each choice at their first try; of free answers, the most frequent."""
    picks = item.question.all_picks()
    if picks:
        return "; ".join(f"{pick}: {item.picks[pick]}" for pick in picks)
    return "; ".join(f"{pick}: {number}" for pick, number in ranked(item)[:MOST_KINDS_OF_ANSWER])


def ranked(item: Item) -> list[tuple[str, int]]:
    """First answers, the most frequent first; ties in the order of their text."""
    return sorted(item.picks.items(), key=lambda pair: (-pair[1], pair[0]))


@dataclass(slots=True)
class Agreement:
    """How far a class coded as the table does: pairs of codes of all students together."""

    column: str
    pairs: int
    raw: float
    kappa: float
    questions: list[str]


def agreements(bank: Bank, students: list[Student]) -> list[Agreement]:
    """Agreement on code-it-yourself, pooled over the class, one a coded column.

    A question is code-it-yourself where what it offers are codes of one column that was coded twice: the right side
    of a match, or the choices of a choice. First tries count, for later ones have seen feedback.
    """
    found = []
    for column, codes in agreement.code_lists().items():
        asked = {q.id: key for q in bank.values() if (key := q.coded_key(codes)) is not None}
        pairs: Counter[tuple[str, str]] = Counter()
        for student in students:
            for question_id, key in asked.items():
                result = student.results.get(question_id)
                for pick in result.picks if result else ():
                    left, _, code = pick.rpartition("=")
                    pairs[(code, key[left])] += 1
        if pairs:
            total, raw, kappa = agreement.kappa(list(pairs.elements()))
            found.append(Agreement(column, total, raw, kappa, list(asked)))
    return found
