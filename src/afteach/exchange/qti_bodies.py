"""What each form of question is in QTI 2.1: the interaction, the key, how it is scored, and what is said to an answer."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from lxml import etree, html
from lxml.builder import ElementMaker

from afteach.exchange import texts
from afteach.exchange.items import Choose, Number, Option, Order, Pairs, Word, Words, Write

SPACE = "http://www.imsglobal.org/xsd/imsqti_v2p1"
E = ElementMaker(namespace=SPACE, nsmap={None: SPACE})
Element = Any  # of lxml, which says no types


class Part(NamedTuple):
    """The parts of an item in which one form differs from another."""

    cardinality: str
    base: str
    declared: Sequence[Element]
    body: Sequence[Element]
    scored: Sequence[Element] = ()
    spoken: Sequence[Element] = ()
    feedback: Sequence[tuple[str, str]] = ()
    speaks_by_choice: bool = False


def name_of(letter: str, text: str) -> str:
    """A name that XML allows, always the same for the same text; the letter keeps ids of different lists apart."""
    return f"{letter}_" + re.sub(r"[^A-Za-z0-9.-]", lambda found: f"_{ord(found[0]):x}_", text)


def add_paragraphs(parent: Element, said: list[str]) -> None:
    """Add texts, each a paragraph, with their marks and line breaks."""
    for text in said:
        add_text(etree.SubElement(parent, f"{{{SPACE}}}p"), text)


def add_text(parent: Element, text: str) -> Element:
    """Add a text with its marks and line breaks to an element."""
    made = html.fragment_fromstring(texts.html(text), create_parent="p")
    parent.text = made.text
    for child in made.iter():
        if child is not made:
            # The marks are never nested.
            copy = etree.SubElement(parent, f"{{{SPACE}}}{child.tag}")
            copy.text, copy.tail = child.text, child.tail
    return parent


@functools.singledispatch
def part_of(body: object) -> Part | None:
    """The parts of an item; None for what has no form in QTI."""
    return None


def _key(names: list[str]) -> Element:
    return E.correctResponse(*(E.value(name) for name in names))


def _mapping(worth: dict[str, float]) -> Element:
    entries = [E.mapEntry(mapKey=name, mappedValue=f"{value:.6f}") for name, value in worth.items()]
    return E.mapping(*entries, lowerBound="0", upperBound="1", defaultValue="0")


def _score(value: Element) -> Element:
    return E.setOutcomeValue(value, identifier="SCORE")


def _mapped() -> list[Element]:
    return [_score(E.mapResponse(identifier="RESPONSE"))]


def _when(test: Element, *then: Element) -> Element:
    return E.responseCondition(E.responseIf(test, *then))


def _full(test: Element) -> list[Element]:
    return [_when(test, _score(E.baseValue("1", baseType="float")))]


def _given() -> Element:
    return E.variable(identifier="RESPONSE")


def _worth(options: list[Option]) -> dict[str, float]:
    """The share of each choice: the right ones make one point, the wrong ones take one."""
    right = sum(option.right is True for option in options)
    wrong = sum(option.right is False for option in options)
    share = {True: 1 / max(right, 1), False: -1 / max(wrong, 1), None: 0.0}
    return {name_of("c", option.id): share[option.right] for option in options}


def _said(options: list[Option], letter: str = "c") -> list[tuple[str, str]]:
    return [(name_of(letter, option.id), option.says) for option in options if option.says]


def _right() -> list[Element]:
    return _full(E.match(_given(), E.correct(identifier="RESPONSE")))


def _picked(
    cardinality: str, declared: list[Element], interaction: Element, scored: list[Element], options: list[Option]
) -> Part:
    """An item whose answer names what it is told."""
    # A null answer is not copied: an outcome of no value shows no feedback.
    spoken = [E.setOutcomeValue(_given(), identifier="FEEDBACK")]
    return Part(
        cardinality, "identifier", declared, [interaction], scored, spoken, _said(options), speaks_by_choice=True
    )


@part_of.register
def _(body: Choose) -> Part:
    right = [name_of("c", option.id) for option in body.options if option.right]
    choices = [add_text(E.simpleChoice(identifier=name_of("c", o.id), fixed="true"), o.text) for o in body.options]
    most = "0" if body.several else "1"
    interaction = E.choiceInteraction(*choices, responseIdentifier="RESPONSE", shuffle="false", maxChoices=most)
    declared: list[Element] = []
    scored: list[Element] = []
    if body.judged:
        declared = [_key(right), _mapping(_worth(body.options))] if body.several else [_key(right)]
        scored = _mapped() if body.several else _right()
    return _picked("multiple" if body.several else "single", declared, interaction, scored, body.options)


@part_of.register
def _(body: Words) -> Part:
    options = [word for line in body.lines for word in line]
    lines = []
    for words in body.lines:
        line = E.p()
        for word in words:
            mark = E.hottext(word.text, identifier=name_of("c", word.id))
            mark.tail = " "
            line.append(mark)
        lines.append(line)
    interaction = E.hottextInteraction(*lines, responseIdentifier="RESPONSE", maxChoices="0")
    declared = [_key([name_of("c", o.id) for o in options if o.right]), _mapping(_worth(options))]
    return _picked("multiple", declared, interaction, _mapped(), options)


@part_of.register
def _(body: Number) -> Part:
    def near(value: float, within: float) -> Element:
        allowed = f"{within:.12g}"
        wanted = E.baseValue(f"{value:.12g}", baseType="float")
        return E.equal(_given(), wanted, toleranceMode="absolute", tolerance=f"{allowed} {allowed}")

    line = E.p(E.textEntryInteraction(responseIdentifier="RESPONSE", expectedLength="12"))
    if body.unit:
        line[0].tail = f" {body.unit}"
    if not body.judged:
        return Part("single", "float", [], [line])
    slips = [(name_of("s", str(n)), slip) for n, slip in enumerate(body.slips, start=1)]
    spoken = [_when(near(value, 0), _speak(name)) for name, (value, _) in slips]
    feedback = [(name, says) for name, (_, says) in slips]
    scored = _full(near(body.value, body.tolerance))
    return Part("single", "float", [_key([f"{body.value:.12g}"])], [line], scored, spoken, feedback)


def _speak(name: str) -> Element:
    return E.setOutcomeValue(E.baseValue(name, baseType="identifier"), identifier="FEEDBACK")


@part_of.register
def _(body: Word) -> Part:
    def same(text: str) -> Element:
        return E.stringMatch(_given(), E.baseValue(text, baseType="string"), caseSensitive="false", substring="false")

    line = E.p(E.textEntryInteraction(responseIdentifier="RESPONSE", expectedLength="24"))
    any_of = [same(text) for text in body.accept]
    scored = _full(E("or", *any_of) if len(any_of) > 1 else any_of[0])
    slips = [(name_of("s", str(n)), slip) for n, slip in enumerate(body.slips, start=1)]
    spoken = [_when(same(text), _speak(name)) for name, (text, _) in slips]
    feedback = [(name, says) for name, (_, says) in slips]
    return Part("single", "string", [_key([body.accept[0]])], [line], scored, spoken, feedback)


@part_of.register
def _(body: Pairs) -> Part:
    def side(letter: str, options: list[Option], most: int) -> Element:
        choices = [E.simpleAssociableChoice(identifier=name_of(letter, o.id), matchMax=str(most)) for o in options]
        return E.simpleMatchSet(*(add_text(one, o.text) for one, o in zip(choices, options, strict=True)))

    interaction = E.matchInteraction(
        side("l", body.left, 1),
        side("r", body.right, len(body.left)),
        responseIdentifier="RESPONSE",
        shuffle="false",
        maxAssociations=str(len(body.left)),
    )
    pairs = {left: f"{name_of('l', left)} {name_of('r', right)}" for left, right in body.key.items()}
    declared = [_key(list(pairs.values())), _mapping(dict.fromkeys(pairs.values(), 1 / len(pairs)))]
    # The first that is not right is spoken to, as in the workbook.
    first: list[Element] = []
    for left in body.left:
        if left.says:
            given = E.member(E.baseValue(pairs[left.id], baseType="directedPair"), _given())
            branch = E.responseIf if not first else E.responseElseIf
            first.append(branch(E("not", given), _speak(name_of("l", left.id))))
    spoken = [E.responseCondition(*first)] if first else []
    feedback = _said(body.left, "l")
    return Part("multiple", "directedPair", declared, [interaction], _mapped(), spoken, feedback)


@part_of.register
def _(body: Order) -> Part:
    lines = [add_text(E.simpleChoice(identifier=name_of("c", o.id)), o.text) for o in body.lines]
    interaction = E.orderInteraction(*lines, responseIdentifier="RESPONSE", shuffle="false")
    if body.spare:
        # With a least number given, a student chooses which lines to order.
        interaction.set("minChoices", "1")
        interaction.set("maxChoices", str(len(body.lines)))
    names = {name_of("c", name): name for name in body.spare}
    spoken = [
        _when(E.member(E.baseValue(name, baseType="identifier"), _given()), _speak(name)) for name in reversed(names)
    ]
    feedback = [(name, says) for name, says in _said(body.lines) if name in names]
    key = _key([name_of("c", name) for name in body.key])
    return Part("ordered", "identifier", [key], [interaction], _right(), spoken, feedback)


@part_of.register
def _(body: Write) -> Part:
    interaction = E.extendedTextInteraction(responseIdentifier="RESPONSE", expectedLines="6")
    notes = E.rubricBlock(view="scorer")
    add_paragraphs(notes, [*body.rubric, body.model])
    return Part("single", "string", [], [notes, interaction])
