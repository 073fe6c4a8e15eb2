"""One page for one student: what they answered, what it shows, how sure they were. No other student stands in it."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator
from typing import NamedTuple

import msgspec
from markupsafe import Markup

from afteach.answers import measure_report, seal
from afteach.answers.lines import encode, parse
from afteach.errors import AfteachError
from afteach.grading import gains
from afteach.grading.anonymous import printable
from afteach.grading.attempts import RECORDED, TOO_LATE, scored
from afteach.grading.encodings import BACK_GENERATOR
from afteach.grading.hand_in import HandIn
from afteach.grading.labels import shown
from afteach.grading.matching import Class, Student
from afteach.look import direction
from afteach.pages.render import Table, render
from afteach.questions.model import Question
from afteach.record import citations, dates, lookup
from afteach.words import say
from afteach.workbook import workbook

LONGEST_ANSWER = 600
SURE = ("certain", "fairly", "guess")


class Answered(NamedTuple):
    """One question as a student answered it, in words."""

    question: Question
    mark: str
    first: str
    now: str
    first_answer: str
    now_answer: str
    tries: int
    sure: str
    again: bool
    waits: bool
    right: str
    evidence: list[str]


class Pages:
    """Makes the pages of a class, with what all of them share read once."""

    def __init__(self, marked: Class, limit: dt.datetime | None) -> None:
        self.bank, self.limit = marked.bank, limit
        self._waits = seal.forecasts(self.bank.values())
        self._told_of = (
            {question.id: set(_outcomes(question)) for question in self.bank.values()} if self._waits else {}
        )
        self._cited = functools.cache(_cited)
        self._right = functools.cache(lambda question: question.say())

    def page(self, student: Student) -> str:
        """The page of one student whose hand-in could be read."""
        assert student.hand_in
        shut = {table for table, asked in self._waits.items() if _is_shut(student.hand_in, table, asked)}
        chapters = [
            (
                f"n-{place}",
                chapter.title,
                list(self._answered(student, stem, shut)),
                self._open(student, stem),
            )
            for place, (stem, chapter) in enumerate(self.bank.chapters.items())
            if any(student.results.get(question.id) for question in self.bank.of(stem))
        ]
        begun = {self.bank[id].notebook for id in student.results}
        again = [one for _, _, answered, _ in chapters for one in answered if one.again]
        headings = [("glance", say("feedback.glance")), *((key, title) for key, title, _, _ in chapters)]
        standing = gains.standing_of(student.hand_in) if student.hand_in.rated else None
        if standing:
            headings.append(("rated", say("feedback.measure")))
        return direction.held(
            render(
                "feedback.html.j2",
                described=workbook(),
                word=say,
                generator=Markup(BACK_GENERATOR),
                title=say("feedback.title", name=shown(student.name)),
                sections=headings,
                lead=self._lead(student),
                tiles=self._tiles(student),
                again=again,
                sure=_sure(student),
                foretold=self._foretold(student, shut),
                chapters=chapters,
                rated=standing,
                report=measure_report.report(standing) if standing else None,
                untouched=[stem for stem in self.bank.chapters if stem not in begun],
                fingerprint=self.bank.fingerprint,
            )
        )

    def _lead(self, student: Student) -> list[str]:
        at = student.hand_in.at if student.hand_in else ""
        day = dates.readable(at[:10]) if at else ""
        lead = [say("feedback.from", title=workbook().title), say("feedback.made", day=day) if day else ""]
        if student.late and self.limit:
            lead.append(say("feedback.late", limit=dates.readable(self.limit.astimezone().date().isoformat())))
        return [*filter(None, lead), say("feedback.read")]

    def _tiles(self, student: Student) -> dict[str, str]:
        results = [result for id, result in student.results.items() if scored(self.bank[id])]
        judged = [result for result in results if isinstance(result.now, float)]
        return {
            say("feedback.answered"): f"{len(student.results)} / {len(self.bank)}",
            say("feedback.right_first"): f"{sum(result.first == 1 for result in judged)} / {len(judged)}",
            say("feedback.right_now"): f"{sum(result.now == 1 for result in judged)} / {len(judged)}",
        }

    def _answered(self, student: Student, stem: str, shut: set[str]) -> Iterator[Answered]:
        for question in self.bank.of(stem):
            result = student.results.get(question.id)
            if result is None:
                continue
            waits = bool(shut & self._told_of.get(question.id, set()))
            first, now = (_in_words(question, raw) for raw in result.given)
            yield Answered(
                question=question,
                mark=_mark(result.now),
                first=_outcome(result.first),
                now=_outcome(result.now),
                first_answer=first if result.tries > 1 else "",
                now_answer=now,
                tries=result.tries,
                sure=say(f"card.sure_{result.sure}") if result.sure in SURE else "",
                again=scored(question) and result.now != 1,
                waits=waits,
                right=self._right(question) if scored(question) and result.now != 1 and not waits else "",
                evidence=[] if waits else [self._cited(row_id) for row_id in _named(question)],
            )

    def _open(self, student: Student, stem: str) -> list[str]:
        return [question.id for question in self.bank.of(stem) if question.id not in student.results]

    def _foretold(self, student: Student, shut: set[str]) -> Table | None:
        """What the student foretold, beside what came, where that is open to them."""
        rows = []
        for question in self.bank.values():
            result = student.results.get(question.id)
            if question.foretells and result and result.now == RECORDED and not shut & self._told_of[question.id]:
                came = say("feedback.came") if question.came() else say("feedback.did_not_come")
                rows.append([question.id, question.prompt, _in_words(question, result.given[1]), came])
        head = [say(f"feedback.{name}") for name in ("question", "asked", "chance", "outcome")]
        return Table(say("feedback.forecasts"), head, rows, numbers=[2], rich=[1]) if rows else None


def _sure(student: Student) -> Table | None:
    """How often the student was right at the first try, by how sure they said they were."""
    rows = []
    for how in SURE:
        firsts = [r.first for r in student.results.values() if r.sure == how and isinstance(r.first, float)]
        if firsts:
            rows.append([say(f"card.sure_{how}"), f"{sum(first == 1 for first in firsts)} / {len(firsts)}"])
    head = [say("feedback.said"), say("feedback.was_right")]
    return Table(say("feedback.sure"), head, rows, numbers=[1]) if rows else None


def _outcome(score: float | str | None) -> str:
    return say("feedback.too_late") if score == TOO_LATE else say(f"outcome.{_mark(score)}")


def _mark(score: float | str | None) -> str:
    """The name of an outcome, by which it gets its word and its sign."""
    if score is None:
        return "unreadable"
    if isinstance(score, str):
        return "recorded"
    return "right" if score == 1 else "partly" if score > 0 else "not_yet"


def _in_words(question: Question, raw: bytes) -> str:
    # Many students give the same answer, and some kinds read tables to put one into words.
    return _told(question, encode(parse(raw).answer))


@functools.lru_cache(maxsize=10_000)
def _told(question: Question, answer: bytes) -> str:
    try:
        said = question.shown(msgspec.json.decode(answer))
    except (AfteachError, ValueError, TypeError, RecursionError):
        # An answer that does not fit its question: what it says, nobody can tell.
        return ""
    return printable(said) if question.keeps_text else shown(said, LONGEST_ANSWER)


def _outcomes(question: Question) -> Iterator[str]:
    """The tables of outcomes of which a question tells: in its evidence, or in what is said of it."""
    cited = lookup.id_pattern().findall(" ".join(question.texts()))
    return filter(None, map(seal.table_of, [*question.evidence, *cited]))


@functools.cache
def _named(question: Question) -> list[str]:
    """The rows behind a question, and those that its reason names: a reader has no workbook beside the page."""
    return list(
        dict.fromkeys([*question.evidence, *lookup.id_pattern().findall(f"{question.explain} {question.shows}")])
    )


def _is_shut(hand_in: HandIn, table: str, asked: list[Question]) -> bool:
    """Whether a student may not read a table of outcomes yet: neither opened it nor recorded every forecast on it."""
    firsts = [result.first for question in asked if (result := hand_in.results.get(question.id))]
    recorded = sum(first in (RECORDED, TOO_LATE) for first in firsts)
    return table not in hand_in.opened and recorded < len(asked)


def _cited(row_id: str) -> str:
    try:
        return str(citations.cite(row_id))
    except AfteachError:
        # An instructor's own bank may cite what is not in the tables; `validate --bank` says so.
        return row_id
