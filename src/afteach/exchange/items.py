"""A question as any format can say it: what is asked, what is offered, the key, and what is told afterwards."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from afteach.answers import seal
from afteach.errors import UnknownName
from afteach.questions import computed
from afteach.questions.kinds.choice import ChoiceQuestion
from afteach.questions.kinds.forecast import ForecastQuestion
from afteach.questions.kinds.many import ManyQuestion
from afteach.questions.kinds.mark import MarkQuestion
from afteach.questions.kinds.match import MatchQuestion
from afteach.questions.kinds.number import NumberQuestion
from afteach.questions.kinds.order import OrderQuestion
from afteach.questions.kinds.reflect import ReflectQuestion
from afteach.questions.kinds.text import TextQuestion
from afteach.questions.kinds.value import ValueQuestion
from afteach.questions.kinds.weigh import BANDS, WeighQuestion
from afteach.questions.model import Bank
from afteach.questions.question import Choice, Question
from afteach.record import citations, desk, lookup
from afteach.workbook import workbook

# What XML refuses, and what no format shows.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Option(NamedTuple):
    """Something that can be picked; `right` is None where it counts neither for nor against."""

    id: str
    text: str
    says: str = ""
    right: bool | None = False


class Choose(NamedTuple):
    """One of several, or all that fit; where nothing is right or wrong, `judged` is False."""

    options: list[Option]
    several: bool
    judged: bool = True


class Words(NamedTuple):
    """Words to mark, line by line."""

    lines: list[list[Option]]


class Number(NamedTuple):
    """A number within a tolerance; `slips` are likely wrong ones with what is said to each."""

    value: float
    tolerance: float
    unit: str = ""
    slips: Sequence[tuple[float, str]] = ()
    judged: bool = True


class Word(NamedTuple):
    """A word, with every spelling that is right, and likely wrong ones with what is said to each."""

    accept: list[str]
    slips: Sequence[tuple[str, str]] = ()


class Pairs(NamedTuple):
    """Each on the left with one on the right."""

    left: list[Option]
    right: list[Option]
    key: dict[str, str]


class Order(NamedTuple):
    """Lines as they are offered, the ids in their right order, and those that do not belong."""

    lines: list[Option]
    key: list[str]
    spare: list[str]


class Write(NamedTuple):
    """A few sentences, and what a reader looks for in them."""

    rubric: list[str]
    model: str


class Table(NamedTuple):
    """A table that is computed in a notebook."""

    answer: str


Body = Choose | Words | Number | Word | Pairs | Order | Write | Table


@dataclasses.dataclass(frozen=True)
class Item:
    """One question on its way out. `answer` is the key in words; `stays` says what no other program can be given."""

    id: str
    notebook: str
    kind: str
    level: str
    goal: str
    prompt: str
    body: Body
    hints: list[str]
    after: list[str]
    answer: str
    stays: list[str]


# Why no other program is given a question whose answer is a table.
ONLY_HERE = "its answer is a table, which only the notebook judges"


class Loss(NamedTuple):
    """What of a question did not go out, and why."""

    id: str
    reason: str


def gather(bank: Bank, notebook: str = "") -> tuple[list[Item], list[Loss]]:
    """Every question of the bank, or of one notebook, and what has no form outside this workbook."""
    found, lost = [], []
    for question in bank.of(notebook) if notebook else bank.values():
        body = body_of(question)
        if body is None:
            lost.append(Loss(question.id, f"left out: questions of the kind {question.kind} are asked in the notebook"))
        else:
            found.append(
                _item(question, body, bank.chapters[question.notebook].goals.get(question.goal, question.goal))
            )
    return found, lost


def stable_id(item: Item) -> str:
    """An id that is the same in each export of this workbook, and another than that of any other workbook."""
    return f"{workbook().name}-{item.id}"


def _item(question: Question, body: Body, goal: str) -> Item:
    after, stays = _after(question)
    if question.is_desk:
        stays.append("records stand open beside the statement: how many were opened, and which first, is not asked")
    if question.in_cell:
        stays.append("it is computed in a cell of the notebook, which the student needs beside it")
    return Item(
        id=question.id,
        notebook=question.notebook,
        kind=question.kind,
        level=question.level,
        goal=clean(goal),
        prompt=clean("\n\n".join([question.prompt, *_beside(question)])),
        body=body,
        hints=[clean(hint) for hint in question.hints],
        after=[clean(text) for text in after if text.strip()],
        answer="" if question.foretells or question.guess else clean(question.say()),
        stays=stays,
    )


def clean(text: str) -> str:
    """A text without the signs that no format can hold; every kind of line break is one."""
    return UNSEEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _beside(question: Question) -> list[str]:
    """What is read together with the prompt of a question that has a desk."""
    if not question.is_desk:
        return []
    _, statement = lookup.row(question.statement)  # type: ignore[attr-defined]
    rows = [(row, desk.record(row)) for row in question.records]  # type: ignore[attr-defined]
    return [statement.get("statement", ""), *(f"{row}: {one.title} ({one.about}). {one.note}" for row, one in rows)]


def _after(question: Question) -> tuple[list[str], list[str]]:
    """What is told once a question is answered, and what of it stays here since it tells what is sealed."""
    if question.foretells:
        return [], ["the outcome stays sealed in the workbook: every chance counts in full"]
    sealed = [row for row in question.evidence if seal.table_of(row)]
    stays = [f"the explanation tells sealed outcomes and stays in the workbook ({', '.join(sealed)})"] if sealed else []
    told = [] if sealed else [question.explain, question.shows]
    evidence = [_cited(row) for row in question.evidence if row not in sealed]
    return [*told, *evidence], stays


def _cited(row: str) -> str:
    try:
        return str(citations.cite(row))
    except UnknownName as fault:
        return str(fault)


# One entry a kind


@functools.singledispatch
def body_of(question: Question) -> Body | None:
    """What is offered and what is right; None for a kind that has no form outside this workbook."""
    return None


def _options(choices: list[Choice]) -> list[Option]:
    return [Option(c.id, clean(c.text), clean(c.says), c.right) for c in choices]


@body_of.register
def _(question: ChoiceQuestion) -> Body:
    return Choose(_options(question.choices), several=False, judged=not question.guess)


@body_of.register
def _(question: ManyQuestion) -> Body:
    return Choose(_options(question.choices), several=True, judged=not question.guess)


@body_of.register
def _(question: MarkQuestion) -> Body:
    lines: list[list[Option]] = []
    words = iter(question.words())
    for sentence in question.sentences():
        line = [next(words) for _ in sentence.words]
        lines.append([Option(w.id, clean(w.text), clean(w.says), _counts(question, int(w.id))) for w in line])
    return Words(lines)


def _counts(question: MarkQuestion, place: int) -> bool | None:
    return None if place in question.either else place in question.key


@body_of.register
def _(question: NumberQuestion) -> Body:
    return _number(question, computed.resolved(question))


def _number(question: computed.Computed, value: float) -> Number:
    tolerance = max(question.tolerance, question.relative_tolerance * abs(value))
    slips = [(slip.value, clean(slip.says)) for slip in question.slips]
    return Number(value, tolerance, clean(question.unit), slips, judged=not question.guess)


@body_of.register
def _(question: ValueQuestion) -> Body:
    expected: Any = computed.resolved(question)
    if isinstance(expected, (list, dict)):
        return Table(clean(question.say()))
    return Word([clean(expected)]) if isinstance(expected, str) else _number(question, expected)


@body_of.register
def _(question: TextQuestion) -> Body:
    slips = [(clean(text), clean(says)) for text, says in question.slips.items()]
    return Word([clean(text) for text in question.accept], slips)


@body_of.register
def _(question: MatchQuestion) -> Body:
    return Pairs(_options(question.left), _options(question.right), dict(question.key))


@body_of.register
def _(question: OrderQuestion) -> Body:
    lines = _options(question.choices)
    if question.code:
        lines = [line._replace(text=f"`{line.text}`") for line in lines]
    return Order(lines, list(question.key), list(question.distractors))


@body_of.register
def _(question: ReflectQuestion) -> Body:
    rubric = question.rubric
    return Write([clean(line) for line in (rubric.claim, rubric.evidence, rubric.limit)], clean(question.model))


@body_of.register
def _(question: ForecastQuestion) -> Body:
    return Number(50, 50, "%", judged=False)


@body_of.register
def _(question: WeighQuestion) -> Body:
    low, high = BANDS[question.supported()]
    return Number((low + high) / 2, (high - low) / 2)


# What some formats say in another form


def as_choices(body: Words) -> Choose:
    """Words to mark as words to tick, each with its place."""
    return Choose([word._replace(text=f"{word.id}. {word.text}") for line in body.lines for word in line], several=True)


def as_places(body: Order, left_out: str) -> Pairs:
    """Lines in order as lines that each have a place; what does not belong has none."""
    places = [Option(str(n), str(n)) for n in range(1, len(body.key) + 1)]
    key = {line: str(n) for n, line in enumerate(body.key, start=1)} | dict.fromkeys(body.spare, "none")
    return Pairs(body.lines, [*places, *([Option("none", left_out)] if body.spare else [])], key)
