"""One page on a class: what it found hard, which wrong idea drew it, and what to teach next."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from afteach.grading import beliefs, items, paths, wiser
from afteach.grading.anonymous import names, printable, without_name
from afteach.grading.attempts import scored
from afteach.grading.gains import Pooled
from afteach.grading.items import Item
from afteach.grading.labels import shown
from afteach.grading.marked import MOST_LETTERS_KEPT
from afteach.grading.matching import Class, Student
from afteach.look import direction
from afteach.pages.drawing import Drawing, bars, columns, percent
from afteach.pages.render import Figure, Table, render
from afteach.questions.model import Question
from afteach.words import called, say
from afteach.workbook import workbook

HARDEST = 10
WEAK_CORRELATION = 0.1
FEWEST_TO_JUDGE_A_QUESTION = 10
FEWEST_TO_CALL_IT_HARD = 3
MOST_SHOWN_IN_A_LIST = 500


def page(marked: Class, found: list[Item], measure: Pooled | None = None, anonymous: bool = False) -> str:
    """The whole report as one HTML page that opens from disk; with anonymous, no student's name stands in it."""
    who = names(marked.students, anonymous)
    hardest = _hardest(marked, found)
    absent = [student for student in marked.students if not student.results]
    return direction.held(
        render(
            "report.html.j2",
            described=workbook(),
            word=say,
            kind=lambda kind: called(f"kind.{kind}", kind),
            level=lambda level: called(f"level.{level}", level),
            script="find.js",
            anonymous=anonymous,
            tiles=_tiles(marked),
            spread=_spread(marked),
            progress=_progress(marked, found),
            hardest=_hardest_figure(hardest),
            hard_questions=[_hard(item) for item in hardest],
            sure=_sure(found),
            weak=_weak(found),
            ideas=beliefs.ideas(marked),
            reliability=beliefs.reliability(beliefs.first_scores(marked)),
            idle=beliefs.idle(found),
            fifths=beliefs.by_fifths(beliefs.fifths(marked)),
            paths=paths.table(marked),
            wiser=measure,
            finding=measure and wiser.finding(measure),
            compared=measure and wiser.compared(measure),
            gains=measure and wiser.gains_table(measure),
            bands=measure and wiser.bands_table(measure),
            weak_correlation=f"{WEAK_CORRELATION:g}",
            fewest_to_judge=FEWEST_TO_JUDGE_A_QUESTION,
            codes=_codes(marked),
            reflections=_reflections(marked, who, anonymous),
            unkept=marked.unkept,
            most_letters=f"{MOST_LETTERS_KEPT:,}",
            students=len(marked.students),
            absent=len(absent),
            missing=_missing(absent),
            has_roster=marked.roster is not None,
            problems=_problems(marked),
            fingerprint=marked.bank.fingerprint,
        )
    )


def _heads(*names: str) -> list[str]:
    """The headings of some columns."""
    return [say(f"report.{name}") for name in names]


def _tiles(marked: Class) -> dict[str, object]:
    given = [student for student in marked.students if student.hand_in]
    answered = [len(student.results) for student in given]
    shares = _shares(marked)
    return {
        say("report.tile_students"): len(marked.students),
        say("report.tile_given"): len(given),
        say("report.tile_blank"): len(marked.students) - len(given),
        say("report.tile_files"): marked.files,
        say("report.tile_questions"): len(marked.bank),
        say("report.tile_answered"): f"{statistics.median(answered):g}" if answered else "–",
        say("report.tile_right"): percent(statistics.median(shares)) if shares else "–",
    }


def _spread(marked: Class) -> Figure | None:
    shares = _shares(marked)
    if not shares:
        return None
    counts = Counter(min(int(10 * share + 1e-9), 9) for share in shares)
    steps = [(f"{10 * step}–{10 * step + 10}", counts[step]) for step in range(10)]
    label, most = max(steps, key=lambda step: step[1])
    description = say("report.spread_says", count=len(shares), most=most, label=label)
    title = say("report.spread")
    table = Table(title, _heads("spread_of", "students"), steps, numbers=[1])
    return Figure(columns("spread", title, description, steps), table)


def _shares(marked: Class) -> list[float]:
    """For each student who answered something that is scored: which share of it is right now."""
    asked = [question for question in marked.bank.values() if scored(question)]
    shares = (_share(student, asked) for student in marked.students if student.hand_in)
    return [share for share in shares if share is not None]


def _share(student: Student, asked: list[Question]) -> float | None:
    results = student.results
    now = [results[question.id].now for question in asked if question.id in results]
    scores = [score for score in now if isinstance(score, float)]
    return sum(score == 1 for score in scores) / len(scores) if scores else None


def _progress(marked: Class, found: list[Item]) -> Figure | None:
    if not marked.bank.chapters:
        return None
    given = [student for student in marked.students if student.hand_in]
    shares: list[tuple[str, list[float | None]]] = []
    rows: list[list[object]] = []
    for stem, chapter in marked.bank.chapters.items():
        asked = [question.id for question in marked.bank.of(stem)]
        per_student = [sum(question_id in student.results for question_id in asked) for student in given]
        begun = [count for count in per_student if count]
        first, now = (_pooled(found, stem, part) for part in ("first", "now"))
        shares.append((stem, [len(begun) / len(given) if given else None, first, now]))
        median = f"{statistics.median(begun):g}" if begun else "–"
        counted = [len(begun), say("report.of_all", count=median, all=len(asked)), percent(first), percent(now)]
        rows.append([f"{stem}: {chapter.title}", *counted])
    description = " ".join(
        say("report.progress_says", notebook=stem, began=percent(began), first=percent(first), now=percent(now))
        for stem, (began, first, now) in shares
    )
    title, series = say("report.progress"), _heads("began", "first", "now")
    head = _heads("notebook", "began", "answered", "first", "now")
    chart = bars("by-notebook", title, description, shares, series)
    return Figure(chart, Table(title, head, rows, numbers=[1, 2, 3, 4]), wide=True)


def _pooled(found: list[Item], stem: str, part: str) -> float | None:
    asked = [(getattr(item, part), item.n) for item in found if item.question.notebook == stem]
    weighed = [(share, n) for share, n in asked if share is not None and n]
    return sum(share * n for share, n in weighed) / sum(n for _, n in weighed) if weighed else None


@dataclass(slots=True)
class HardQuestion:
    """One of the hardest questions, with what drew the class and all that it could have chosen."""

    item: Item
    right: str
    drew: str = ""
    drew_count: int = 0
    drew_says: str = ""
    given: str = ""
    lines: list[str] = field(default_factory=list)
    choices: Table | None = None


def _hardest(marked: Class, found: list[Item]) -> list[Item]:
    fewest = min(FEWEST_TO_CALL_IT_HARD, sum(student.hand_in is not None for student in marked.students))
    hard = [item for item in found if item.first is not None and item.first < 1 and item.n >= max(fewest, 1)]
    return sorted(hard, key=lambda item: (item.first, -item.n, item.question.id))[:HARDEST]


def _hardest_figure(hardest: list[Item]) -> Figure | None:
    if not hardest:
        return None
    description = " ".join(say("report.hard_says", id=item.question.id, first=percent(item.first)) for item in hardest)
    shares = [(item.question.id, [item.first, item.now]) for item in hardest]
    title, series = say("report.hardest"), _heads("first", "now")
    rows = [[item.question.id, item.n, percent(item.first), percent(item.now), f"{item.tries:g}"] for item in hardest]
    head = [*_heads("question"), "n", *_heads("first", "now", "tries")]
    return Figure(bars("hard", title, description, shares, series), Table(title, head, rows, numbers=[1, 2, 3, 4]))


def _hard(item: Item) -> HardQuestion:
    question = item.question
    hard = HardQuestion(item, shown(question.say(), 600))
    drew = item.drew_most()
    if drew:
        pick, hard.drew_count = drew
        hard.drew = question.wrong_picks()[pick]
        hard.drew_says = question.told().get(pick, "")
    elif question.is_free and item.picks:
        hard.given = "; ".join(f"{shown(pick, 40)} ({count})" for pick, count in items.ranked(item)[:5])
    hard.lines = question.counted(item.picks)
    picks = {} if hard.lines else question.all_picks()
    if picks:
        rows = [[picks[pick], item.picks[pick], percent(item.picks[pick] / item.n)] for pick in picks]
        head, title = _heads("choice", "students", "share"), say("report.first_answers", id=question.id)
        hard.choices = Table(title, head, rows, numbers=[1, 2], rich=[0])
    return hard


def _sure(found: list[Item]) -> Table | None:
    asked = [item for item in found if item.certain_and_wrong]
    asked.sort(key=lambda item: (-(item.certain_and_wrong or 0), -item.said_how_sure, item.question.id))
    rows = [
        [item.question.id, item.question.prompt, item.said_how_sure, percent(item.certain_and_wrong), _drew(item)]
        for item in asked[:HARDEST]
    ]
    head = _heads("question", "asks", "said_how_sure", "certain_and_wrong", "drew_most")
    return Table(say("report.certain"), head, rows, numbers=[2, 3], rich=[1, 4]) if rows else None


def _drew(item: Item) -> str:
    drew = item.drew_most()
    return f"{item.question.wrong_picks()[drew[0]]} ({drew[1]})" if drew else "–"


def _weak(found: list[Item]) -> Table | None:
    rows = [
        [item.question.id, item.question.prompt, item.n, percent(item.first), f"{item.discrimination:.2f}"]
        for item in found
        if item.discrimination is not None
        and item.n >= FEWEST_TO_JUDGE_A_QUESTION
        and item.discrimination < WEAK_CORRELATION
    ]
    head = [*_heads("question", "asks"), "n", *_heads("first", "correlation")]
    return Table(say("report.weak"), head, rows, numbers=[2, 3, 4], rich=[1]) if rows else None


def _codes(marked: Class) -> Figure | None:
    found = items.agreements(marked.bank, marked.students)
    if not found:
        return None
    rows = [
        [
            *(agreement.column, ", ".join(agreement.questions), agreement.pairs, percent(agreement.raw)),
            "–" if agreement.kappa != agreement.kappa else f"{agreement.kappa:.2f}",
        ]
        for agreement in found
    ]
    head = [*_heads("column", "questions", "coded", "same"), "kappa"]
    table = Table(say("report.agreement"), head, rows, numbers=[2, 3, 4])
    return Figure(_agreement_bars(found), table)


def _agreement_bars(found: list[items.Agreement]) -> Drawing:
    description = " ".join(
        say("report.agreement_says", column=a.column, share=percent(a.raw), count=a.pairs) for a in found
    )
    shares = [(agreement.column, [agreement.raw]) for agreement in found]
    return bars("agree", say("report.agreement_chart"), description, shares, _heads("same"))


def _reflections(
    marked: Class, who: Callable[[Student], str], anonymous: bool
) -> list[tuple[Question, list[tuple[str, str]]]]:
    """The questions that ask for a reflection and have one, each with writers and texts."""
    groups = []
    for question in marked.bank.values():
        if not question.keeps_text:
            continue
        answers = [
            (student, student.results[question.id]) for student in marked.students if question.id in student.results
        ]
        written = [(student, result.text) for student, result in answers if result.text]
        if anonymous:
            # The order of the class list would say what the names do not.
            written.sort(key=lambda pair: int("0" + "".join(filter(str.isdecimal, who(pair[0])))))
            written = [(student, without_name(text, student)) for student, text in written]
        if written:
            groups.append((question, [(who(student), printable(text)) for student, text in written]))
    return groups


def _missing(absent: list[Student]) -> Table:
    rows = [[student.name, student.status] for student in absent[:MOST_SHOWN_IN_A_LIST]]
    return Table(say("report.absent"), _heads("student", "what_there_is"), rows)


def _problems(marked: Class) -> Table | None:
    counts = Counter(problem.done.partition(" for ")[0] for problem in marked.problems)
    return (
        Table(say("report.done"), _heads("what_was_done", "lines"), counts.most_common(), numbers=[1])
        if counts
        else None
    )
