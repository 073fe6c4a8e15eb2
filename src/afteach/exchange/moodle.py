"""The bank as Moodle XML, which keeps the most of it: shares, tolerances, hints, feedback, tags."""

from __future__ import annotations

import functools
from typing import Any

from lxml import etree
from lxml.builder import E

from afteach.exchange import items, texts
from afteach.exchange.items import Choose, Item, Loss, Number, Order, Pairs, Table, Word, Words, Write
from afteach.exchange.shares import shares
from afteach.words import say

Element = Any  # of lxml, which says no types
# Moodle puts no order of fewer lines.
FEWEST_LINES = 3


def write(bank: list[Item], title: str) -> tuple[bytes, list[Loss]]:
    """The questions as Moodle XML, a category for each notebook, and what Moodle cannot say of each."""
    quiz, lost, notebook = E.quiz(), [], ""
    for item in bank:
        body = _body(item)
        if body is None:
            lost.append(Loss(item.id, f"left out: {_why(item)}"))
            continue
        if item.notebook != notebook:
            notebook = item.notebook
            # A slash opens a category below.
            place = "/".join(["$course$", "top", title.replace("/", "//"), notebook.replace("/", "//")])
            quiz.append(E.question(E.category(E.text(place)), type="category"))
        quiz.append(_question(item, *body))
        if isinstance(item.body, Order) and _is_placed(item.body):
            lost.append(Loss(item.id, "in another form: its lines are matched with their places"))
        if isinstance(item.body, Words):
            lost.append(Loss(item.id, "in another form: its words are ticked in a list"))
    return etree.tostring(quiz, xml_declaration=True, encoding="UTF-8", pretty_print=True), lost


def _why(item: Item) -> str:
    return items.ONLY_HERE if isinstance(item.body, Table) else "Moodle has no share of a point that fits its choices"


def _question(item: Item, kind: str, parts: list[Element], told: list[str]) -> Element:
    question = E.question(
        E.name(E.text(item.id)),
        _html("questiontext", texts.paragraphs([texts.prompt(item)])),
        _html("generalfeedback", texts.paragraphs(item.after)),
        E.defaultgrade("1"),
        E.penalty("0.3333333"),
        E.hidden("0"),
        E.idnumber(items.stable_id(item)),
        *parts,
        type=kind,
    )
    if kind in ("multichoice", "matching", "ordering"):
        # Nothing is said to a right answer that the general feedback does not say.
        question.append(_html("correctfeedback", ""))
        question.append(_html("partiallycorrectfeedback", texts.paragraphs(told)))
        question.append(_html("incorrectfeedback", texts.paragraphs(told)))
    for hint in item.hints:
        question.append(_html("hint", texts.paragraphs([hint])))
    named = [item.kind, item.level, item.goal, item.notebook]
    question.append(E.tags(*(E.tag(E.text(text)) for text in named)))
    return question


def _html(name: str, text: str) -> Element:
    return E(name, E.text(text), format="html")


def _answer(text: str, fraction: float, says: str, *more: Element, marked: bool = False) -> Element:
    shown = texts.html(text) if marked else text
    form = "html" if marked else "moodle_auto_format"
    feedback = _html("feedback", texts.paragraphs([says]))
    return E.answer(E.text(shown), feedback, *more, fraction=f"{fraction:g}", format=form)


def _is_placed(body: Order) -> bool:
    return bool(body.spare) or len(body.lines) < FEWEST_LINES


def _body(item: Item) -> tuple[str, list[Element], list[str]] | None:
    """The type of a question, the part that is its own, and what is said to whoever is not right; None for no form."""
    body = item.body
    if isinstance(body, Words):
        body = items.as_choices(body)
    if isinstance(body, Order) and _is_placed(body):
        body = items.as_places(body, say("exchange.left_out"))
    return _written(body)


@functools.singledispatch
def _written(body: object) -> tuple[str, list[Element], list[str]] | None:
    return None


@_written.register
def _(body: Choose) -> tuple[str, list[Element], list[str]] | None:
    if not body.judged:
        # A guess is recorded: every choice counts in full.
        worth = {option.id: 100.0 for option in body.options}
    elif body.several:
        found = shares(body.options)
        if found is None:
            return None
        worth = found
    else:
        worth = {option.id: 100.0 if option.right else 0.0 for option in body.options}
    several = body.several and body.judged
    answers = [_answer(option.text, worth[option.id], option.says, marked=True) for option in body.options]
    # Choices keep their order, as in the workbook.
    parts = [E.single("false" if several else "true"), E.shuffleanswers("false"), E.answernumbering("abc")]
    return "multichoice", [*parts, *answers], []


@_written.register
def _(body: Number) -> tuple[str, list[Element], list[str]]:
    answers = [_answer(f"{body.value:.12g}", 100, "", E.tolerance(f"{body.tolerance:.12g}"))]
    answers += [_answer(f"{value:.12g}", 0, says, E.tolerance("0")) for value, says in body.slips]
    unit = [E.units(E.unit(E.multiplier("1"), E.unit_name(body.unit)))] if body.unit else []
    # A unit may be written and need not be; where there is none, none is asked for.
    shown = [E.unitgradingtype("0"), E.unitpenalty("0.1"), E.showunits("0" if body.unit else "3"), E.unitsleft("0")]
    return "numerical", [*answers, *unit, *shown], []


@_written.register
def _(body: Word) -> tuple[str, list[Element], list[str]]:
    answers = [_answer(_no_star(text), 100, "") for text in body.accept]
    return "shortanswer", [E.usecase("0"), *answers, *(_answer(_no_star(t), 0, says) for t, says in body.slips)], []


def _no_star(text: str) -> str:
    # A bare star stands for anything.
    return text.replace("*", r"\*")


@_written.register
def _(body: Pairs) -> tuple[str, list[Element], list[str]]:
    # What stands on the right is plain text there.
    right = {option.id: texts.plain(option.text) for option in body.right}
    asked = [(texts.html(left.text), right[body.key[left.id]]) for left in body.left]
    asked += [("", text) for name, text in right.items() if name not in body.key.values()]
    parts = [E.subquestion(E.text(left), E.answer(E.text(text)), format="html") for left, text in asked]
    return "matching", [E.shuffleanswers("true"), *parts], texts.about_pairs(body)


@_written.register
def _(body: Order) -> tuple[str, list[Element], list[str]]:
    lines = {line.id: line for line in body.lines}
    parts = [
        E.layouttype("VERTICAL"),
        E.selecttype("ALL"),
        E.selectcount("0"),
        E.gradingtype("RELATIVE_TO_CORRECT"),
        E.showgrading("SHOW"),
        *(_answer(lines[name].text, place, "", marked=True) for place, name in enumerate(body.key, start=1)),
    ]
    return "ordering", parts, [f"{line.text}: {line.says}" for line in body.lines if line.says]


@_written.register
def _(body: Write) -> tuple[str, list[Element], list[str]]:
    notes = texts.paragraphs([*body.rubric, body.model])
    parts = [E.responseformat("editor"), E.responserequired("1"), E.attachments("0"), _html("graderinfo", notes)]
    return "essay", parts, []
