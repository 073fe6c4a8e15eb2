"""Judge an answer. Nothing here displays anything, and nothing a student sends can make it fail."""

from __future__ import annotations

import datetime as dt
import decimal
import functools
import math
import numbers
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from afteach.errors import AfteachError, Unanswered, Unreadable
from afteach.questions import numerals
from afteach.questions.keys import resolve
from afteach.questions.model import (
    ChoiceQuestion,
    ForecastQuestion,
    ManyQuestion,
    MatchQuestion,
    NumberQuestion,
    OrderQuestion,
    Question,
    ReflectQuestion,
    TextQuestion,
    ValueQuestion,
)
from afteach.questions.spelling import clean, fold, letters, slip_of
from afteach.record import tables

MOST_ROWS = 200
# Letters as Python counts them, code points; in a browser that is [...text].length.
MOST_LETTERS = 20_000
MOST_LETTERS_OF_A_WORD = 1_000
NO_NUMBER = "This asks for a number, such as 12 or 3.5."
PER_CENT = "per cent"
CHANCE = 'Give a chance from 0 % to 100 %: 0.7 and "70 %" mean the same.'
A_WORD = "Answer with a word or a name, in quotation marks."
OUTCOMES = ("right", "partly", "not yet", "unanswered", "unreadable", "recorded")


@dataclass(frozen=True, slots=True, repr=False)
class Verdict:
    """What is said of one answer: outcome, message, and a score from 0 to 1 (None where nothing is scored)."""

    outcome: str
    message: str
    score: float | None = None

    def __repr__(self) -> str:
        return self.message

    def _repr_markdown_(self) -> str:
        return self.message


def judge(question: Question, answer: Any) -> Verdict:
    """Judge an answer in its logged shape; never raises for what a student sent.

    Returns a Verdict. A wrong answer's message points back to the text and does not give the key away.
    """
    if blank(answer):
        return Verdict("unanswered", "Not answered yet.")
    try:
        judged = _JUDGES[type(question)](question, answer)
    except Unreadable as reason:
        return Verdict("unreadable", str(reason))
    if question.guess:
        return Verdict("recorded", "Recorded. This was a guess: nothing is judged yet.")
    return judged


def blank(answer: Any) -> bool:
    """Whether nothing was answered; 0 and False are answers, empty text and empty lists are none."""
    if isinstance(answer, dict):
        # No answer is nested, and looking deeper would let a nested one cost hours.
        return all(_nothing(value) for value in ([answer["value"]] if "value" in answer else answer.values()))
    return _nothing(answer)


def _nothing(given: Any) -> bool:
    if isinstance(given, str):
        return not given.strip()
    return given is None or given is Ellipsis or (isinstance(given, (list, tuple, set, dict)) and not given)


# Feedback


def _right(question: Question, *more: str) -> Verdict:
    return Verdict("right", " ".join(filter(None, ["Right.", *more, question.explain])), 1.0)


def _not_yet(question: Question, *says: str, score: float = 0.0) -> Verdict:
    told = " ".join(filter(None, says)) or f"Look again at {places(question)}."
    if score > 0:
        return Verdict("partly", f"Partly. {told}", score)
    return Verdict("not yet", f"Not yet. {told}", 0.0)


def places(question: Question) -> str:
    """Where the evidence of a question stands, in words."""
    return ", ".join(question.evidence[:4])


# One judge a kind


def _choice(question: ChoiceQuestion, answer: Any) -> Verdict:
    chosen = _known(question.choices, answer)
    return _right(question, chosen.says) if chosen.right else _not_yet(question, chosen.says)


def _many(question: ManyQuestion, answer: Any) -> Verdict:
    ticked = {_known(question.choices, one).id for one in _list(answer)}
    right = [c for c in question.choices if c.right]
    wrong = [c for c in question.choices if not c.right]
    if question.guess:
        return Verdict("recorded", "")
    false = [c for c in wrong if c.id in ticked]
    missing = [c for c in right if c.id not in ticked]
    if not false and not missing:
        return _right(question)
    score = max(0.0, (len(right) - len(missing)) / len(right) - len(false) / len(wrong))
    says = [c.says for c in false[:2]]
    return _not_yet(question, *says, "There is more to tick." if missing else "", score=score)


def _order(question: OrderQuestion, answer: Any) -> Verdict:
    given = [_known(question.choices, one).id for one in _list(answer)]
    if sorted(given) != sorted(question.key):
        raise Unreadable(f"Put all {len(question.key)} in order, each once: {', '.join(sorted(question.key))}.")
    pairs = len(given) * (len(given) - 1) // 2
    place = {one: i for i, one in enumerate(question.key)}
    swapped = sum(place[a] > place[b] for i, a in enumerate(given) for b in given[i + 1 :])
    if not swapped:
        return _right(question)
    first = next(i for i, one in enumerate(given) if one != question.key[i])
    says = next(c.says for c in question.choices if c.id == given[first])
    told = f"{first} in place from the top." if first else "The first one is not in its place."
    return _not_yet(
        question, told, says or f"Look again at {places(question)}.", score=max(0.0, 1 - 2 * swapped / pairs)
    )


def _match(question: MatchQuestion, answer: Any) -> Verdict:
    if not isinstance(answer, dict):
        raise Unreadable("Give a pair for each: {'left id': 'right id', ...}.")
    for left, right in answer.items():
        _known(question.left, left)
        if not blank(right):
            _known(question.right, right)
    good = sum(answer.get(left) == right for left, right in question.key.items())
    if good == len(question.key):
        return _right(question)
    first = next(left for left in question.left if answer.get(left.id) != question.key[left.id])
    says = first.says or f"Look again at {places(question)}."
    return _not_yet(question, f"{good} of {len(question.key)} fit.", says, score=good / len(question.key))


def _number(question: NumberQuestion, answer: Any) -> Verdict:
    found = _written(answer, question.unit, logged=True)
    if question.unit and not numerals.same_unit(found[0].unit, question.unit):
        return _not_yet(question, f"The question asks for {question.unit}.")
    return _best(question, found, resolved(question))


def _value(question: ValueQuestion, answer: Any) -> Verdict:
    expected = resolved(question)
    if isinstance(answer, dict) and "value" in answer and set(answer) <= {"value", "unit"}:
        answer = answer["value"]
    if isinstance(expected, dict):
        return _grouped(question, answer, expected)
    if isinstance(expected, list):
        return _rows(question, answer, expected)
    if isinstance(answer, list):
        raise Unreadable(f"This asks for one value; you gave {len(answer)} rows.")
    if isinstance(expected, str):
        return _right(question) if fold(_label(answer)) == fold(expected) else _not_yet(question)
    return _best(question, _written(answer, question.unit, logged=True), expected)


def _best(question: NumberQuestion | ValueQuestion, found: list[numerals.Written], expected: float) -> Verdict:
    # An answer of two readings is asked about before it is kept; one kept by an older edition has the better of both.
    return max((_compare(question, one.value, expected) for one in found), key=lambda verdict: verdict.score or 0.0)


def _compare(question: NumberQuestion | ValueQuestion, value: float, expected: float) -> Verdict:
    if _near(question, value, expected):
        return _right(question)
    slip = next((slip.says for slip in question.slips if _near(question, value, slip.value)), "")
    return _not_yet(question, slip)


def _near(question: NumberQuestion | ValueQuestion, value: float, expected: float) -> bool:
    allowed = max(question.tolerance, question.relative_tolerance * abs(expected), 1e-9 * abs(expected))
    return abs(value - expected) <= allowed


def _grouped(question: ValueQuestion, answer: Any, expected: dict[tuple[str, ...], float]) -> Verdict:
    width = len(next(iter(expected), ("",)))
    known = {label for key in expected for label in key}
    given = {key: value for key, value in _groups(answer, width, known).items() if value != 0}
    wanted = {key: value for key, value in expected.items() if value != 0}
    if given.keys() == wanted.keys() and all(_near(question, given[key], wanted[key]) for key in wanted):
        return _right(question)
    if {key[::-1]: value for key, value in given.items()} == wanted:
        return _not_yet(question, "These are the numbers, with rows and columns exchanged.")
    odd = sorted(" and ".join(key) for key in given.keys() - wanted.keys())
    if odd:
        return _not_yet(question, f"This group is not expected: {odd[0]}.", f"Look again at {places(question)}.")
    if wanted.keys() - given.keys():
        return _not_yet(question, f"You have {len(given)} groups; there are more. Was something filtered away?")
    good = sum(_near(question, given[key], wanted[key]) for key in wanted)
    return _not_yet(question, f"{good} of {len(wanted)} groups have the expected number.")


def _groups(answer: Any, width: int, known: set[str]) -> dict[tuple[str, ...], float]:
    """The numbers by group, from one row a group or, for pairs, from a cross table."""
    if not isinstance(answer, list) or not all(isinstance(one, dict) and len(one) >= 2 for one in answer):
        raise Unreadable("This asks for one number a group: a Series or a table made with groupby or value_counts.")
    found: dict[tuple[str, ...], float] = {}
    # A cross table of two columns has as many cells a row as a list of pairs, but numbers where that has labels.
    crossed = width == 2 and not any(_label(list(record.values())[1]) in known for record in answer)
    for record in answer:
        cells = list(record.items())
        if len(cells) == width + 1 and not crossed:
            if cells[width][1] is None:
                named = " and ".join(_label(value) for _, value in cells[:width])
                raise Unreadable(f"The group {named} has no number. Did you keep the rows and the column asked for?")
            found[tuple(_label(value) for _, value in cells[:width])] = _as_number(cells[width][1])
        elif width == 2:
            for name, value in cells[1:]:
                found[(_label(cells[0][1]), str(name))] = 0.0 if value is None else _as_number(value)
        else:
            raise Unreadable(f"This asks for {width + 1} columns; you gave {len(cells)}.")
    return found


def _rows(question: ValueQuestion, answer: Any, expected: list[str]) -> Verdict:
    key = question.key
    column = tables.resource(key.table)["schema"]["primaryKey"]
    column = column if isinstance(column, str) else column[0]
    if not isinstance(answer, list) or not all(isinstance(one, dict) and column in one for one in answer):
        raise Unreadable(f"This asks for rows of {key.table}, with their column {column}.")
    if key.columns:
        lacking = [name for name in key.columns if name not in answer[0]]
        if lacking:
            return _not_yet(question, f"The column {lacking[0]} is not in your table.")
        if len(answer[0]) > len(key.columns):
            return _not_yet(question, f"Your table has {len(answer[0])} columns; {len(key.columns)} are asked for.")
    given = [_label(one[column]) for one in answer]
    if given == expected or (not key.sort and sorted(given) == sorted(expected)):
        return _right(question)
    if sorted(given) == sorted(expected):
        return _not_yet(question, "These are the rows, in another order.")
    extra, missing = len(set(given) - set(expected)), len(set(expected) - set(given))
    told = [f"{extra} of your rows do not belong." if extra else "", f"{missing} rows are missing." if missing else ""]
    return _not_yet(question, *told)


def _text(question: TextQuestion, answer: Any) -> Verdict:
    if not isinstance(answer, str):
        raise Unreadable(A_WORD)
    _not_too_long(answer)
    # What is many times longer than a spelling is none, and folding it would take a marker's time.
    said = fold(answer) if len(answer) <= 100 + 4 * max(map(len, question.accept)) else ""
    if said in {fold(text) for text in question.accept if said}:
        return _right(question)
    slips = {fold(text): says for text, says in question.slips.items()}
    return _not_yet(question, slips.get(said, ""))


def _reflect(question: ReflectQuestion, answer: Any) -> Verdict:
    if not isinstance(answer, str):
        raise Unreadable("Answer in words, in quotation marks.")
    _not_too_long(answer)
    return Verdict("recorded", "Recorded. Read it again with the rubric: a claim, its evidence, a limit.")


def _forecast(question: ForecastQuestion, answer: Any) -> Verdict:
    chance = _as_number(answer)
    if not 0 <= chance <= 1:
        raise Unreadable(CHANCE)
    return Verdict("recorded", f"Recorded: {round(100 * chance, 6):g} %.")


_JUDGES: dict[type, Callable[[Any, Any], Verdict]] = {
    ChoiceQuestion: _choice,
    ManyQuestion: _many,
    OrderQuestion: _order,
    MatchQuestion: _match,
    NumberQuestion: _number,
    ValueQuestion: _value,
    TextQuestion: _text,
    ReflectQuestion: _reflect,
    ForecastQuestion: _forecast,
}


# Reading what was logged


def _known(choices: list, given: Any) -> Any:
    for choice in choices:
        if choice.id == given:
            return choice
    raise _no_choice(choices, given)


def _no_choice(choices: list, given: Any) -> Unreadable:
    plain = isinstance(given, (str, bool)) or (isinstance(given, (int, float)) and abs(given) < 10**18)
    fact = f"There is no choice {given!r}." if plain and len(str(given)) < 40 else "A choice is given by its id."
    return Unreadable(f"{fact} There are: {', '.join(c.id for c in choices)}.")


def _written(answer: Any, unit: str, logged: bool = False) -> list[numerals.Written]:
    """Every reading of a number, each with the unit that was given with it."""
    beside: Any = ""
    if isinstance(answer, dict):
        answer, beside = answer.get("value"), answer.get("unit") or ""
    if isinstance(answer, str):
        found = numerals.read(answer, unit)
        if logged and not found:
            # An older edition took every space out.
            found = numerals.read("".join(answer.split()), unit)
    elif isinstance(answer, (int, float)) and not isinstance(answer, bool):
        found = [numerals.Written(_finite(answer))]
    else:
        found = []
    if not found or not isinstance(beside, str):
        raise Unreadable(NO_NUMBER)
    return [numerals.Written(_finite(one.value), one.unit or beside, one.scaled) for one in found]


def _finite(value: int | float) -> int | float:
    try:
        plain = numerals.number(value) if math.isfinite(value) else value
    except OverflowError:
        plain = math.inf
    if not math.isfinite(plain):
        raise Unreadable("This asks for a finite number.")
    return plain


def _as_number(given: Any) -> float:
    if isinstance(given, dict):
        raise Unreadable(NO_NUMBER)
    return _written(given, "", logged=True)[-1].value


def _label(given: Any) -> str:
    # str() of a stranger's list can recurse without end, and that of a number can be too long to be written.
    if not isinstance(given, (str, int, float, type(None))) or (isinstance(given, int) and abs(given) > 10**18):
        raise Unreadable("A name or a plain number is asked for here, not a list or a table.")
    text = str(given)
    _not_too_long(text)
    return text


def _list(answer: Any) -> list:
    if isinstance(answer, str):
        return [part for part in re.split(r"[,;\s]+", answer) if part]
    if isinstance(answer, (list, tuple)):
        return list(answer)
    raise Unreadable("Give a list of ids, such as ['a', 'c'].")


def _not_too_long(text: str, most: int = MOST_LETTERS) -> None:
    if len(text) > most:
        raise Unreadable(f"This is {len(text):,} letters long; at most {most:,} are kept. Shorten it.")


# Reading what was typed or clicked


def canonical(question: Question, answer: Any, typed: bool = False) -> Any:
    """Turn what was typed or clicked into the one form in which it is logged.

    Ids stand as in the bank, ticks in the order of the choices, a number as {value, unit}, a chance from 0 to 1.
    `typed` says that it comes from a cell, where a bare 1 may be one per cent or a certainty.
    Errors: Unanswered where nothing or only half is given; Unreadable says what to write instead, and asks wherever
    an answer can be read in two ways, whether or not one of them is right, so that asking gives nothing away.
    """
    if isinstance(question, OrderQuestion) and issubclass(type(answer), (set, frozenset)):
        raise Unreadable(f"A set has no order. Give a list: {_example(question.choices)}.")
    shaped = shape(answer)
    if blank(shaped):
        raise Unanswered("Not answered yet.")
    match question:
        case ChoiceQuestion():
            return _find(question.choices, shaped).id
        case ManyQuestion():
            ticked = {choice.id for choice in _find_all(question.choices, shaped)}
            return [choice.id for choice in question.choices if choice.id in ticked]
        case OrderQuestion():
            return [choice.id for choice in _find_all(question.choices, shaped)]
        case MatchQuestion():
            return _pairs(question, shaped)
        case NumberQuestion():
            return {"value": _sure_number(question, shaped), "unit": question.unit}
        case ValueQuestion():
            scalar = not isinstance(shaped, list)
            if scalar and isinstance(resolved(question), (int, float)):
                return _sure_number(question, shaped)
            return clean(shaped) if isinstance(shaped, str) else shaped
        case TextQuestion():
            return _spelled(question, shaped)
        case ForecastQuestion():
            return _chance(shaped, typed)
    return shaped.strip() if isinstance(shaped, str) else shaped


def _example(choices: list) -> str:
    return "[" + ", ".join(f'"{choice.id}"' for choice in choices[:2]) + ", ...]"


def _find(choices: list, given: Any) -> Any:
    """The choice that is meant by its id or by its text in full; case, spaces and punctuation do not count."""
    if isinstance(given, (int, float)) and not isinstance(given, bool) and abs(given) < 10**18:
        text = str(numerals.number(given))
    elif isinstance(given, str) and len(given) <= MOST_LETTERS_OF_A_WORD:
        text = given.strip()
    else:
        raise _no_choice(choices, given)
    said = letters(text)
    for names in (
        lambda choice: [choice.id == text],
        # Two texts may differ in nothing but a comma.
        lambda choice: [clean(choice.text).casefold() == clean(text).casefold()],
        lambda choice: [
            said and letters(name) == said for name in (choice.id, choice.text, f"{choice.id} {choice.text}")
        ],
    ):
        found = [choice for choice in choices if any(names(choice))]
        if len(found) == 1:
            return found[0]
    raise _no_choice(choices, given)


def _find_all(choices: list, given: Any) -> list:
    if isinstance(given, str):
        return _find_named(choices, given)
    if not isinstance(given, list):
        raise Unreadable(f"Give a list of ids: {_example(choices)}.")
    empty = sum(_nothing(one) for one in given)
    if empty:
        raise Unanswered(f"Not answered yet: {empty} of the {len(given)} places in your list are empty.")
    return [_find(choices, one) for one in given]


def _find_named(choices: list, text: str) -> list:
    """The choices of a list that was written as one text: "a, c", "a and c", "a > c" or "a c"."""
    if len(text) > MOST_LETTERS_OF_A_WORD * 10 or not letters(text):
        raise _no_choice(choices, text)
    for marks in (r"$^", r"[,;/&+|>→\n]|\band\b|\bthen\b", r"[,;/&+|>→\s]+|\band\b|\bthen\b"):
        parts = [part for part in re.split(marks, text) if letters(part)]
        try:
            return [_find(choices, part) for part in parts]
        except Unreadable as reason:
            refused = reason
    raise refused


def _pairs(question: MatchQuestion, given: Any) -> dict[str, str]:
    if isinstance(given, list) and all(isinstance(one, list) and len(one) == 2 for one in given):
        given = {_label(left): right for left, right in given}
    if not isinstance(given, dict):
        raise Unreadable('Give a pair for each: {"left id": "right id", ...}.')
    found: dict[str, str] = {}
    for left, right in given.items():
        one = _find(question.left, left)
        if _nothing(right):
            continue
        other = _find(question.right, right).id
        if found.setdefault(one.id, other) != other:
            raise Unreadable(f"There are two answers to {one.id}. Give one for each.")
    still = [choice.id for choice in question.left if choice.id not in found]
    if still:
        raise Unanswered(f"Not answered yet: still open are {len(still)} of {len(question.left)} ({', '.join(still)}).")
    return {choice.id: found[choice.id] for choice in question.left}


def _sure_number(question: NumberQuestion | ValueQuestion, given: Any) -> int | float:
    """The one number that was meant, in the unit of the question."""
    unit = question.unit
    found = _written(given, unit)
    one = found[0]
    if unit and not numerals.same_unit(one.unit, unit):
        raise Unreadable(
            f"The question asks for {unit}, and beside your number stands '{one.unit[:40]}'. "
            f"If you mean {unit}, write the number alone."
        )
    if len(found) > 1:
        raise _which([reading.value for reading in found])
    # A dict with a number in it is what was logged, and was asked about before.
    written = not isinstance(given, dict) or isinstance(given["value"], str)
    own = one.unit and not (isinstance(given, dict) and one.unit == given.get("unit"))
    if numerals.is_per_cent(one.unit) and not unit:
        raise _which([one.value, numerals.number(one.value / 100)], "The question names no unit. ")
    if numerals.is_per_cent(unit) and written and not own and 0 < abs(one.value) < 1:
        whole = numerals.number(round(one.value * 100, 10))
        raise Unreadable(
            f'Do you mean {one.value} % or {whole} %? Write it with its sign: "{one.value} %" or "{whole} %".'
        )
    base = numerals.base_of(unit)
    if base > 1 and written and not one.scaled and abs(one.value) >= base:
        less = numerals.number(one.value / base)
        raise Unreadable(
            f"The question counts in {unit}. Do you mean {less:,} of them? Then write {numerals.plain(less)}. "
            f"If you mean {one.value:,} of them, write it with 'thousand', 'million' or 'billion'."
        )
    return one.value


def _which(values: list[int | float], fact: str = "") -> Unreadable:
    asked = " or ".join(f"{value:,}" for value in values)
    return Unreadable(f"{fact}Do you mean {asked}? Write {' or '.join(map(numerals.plain, values))}.")


def _chance(given: Any, typed: bool) -> float:
    found = _written(given, PER_CENT)
    one = found[0]
    if not numerals.same_unit(one.unit, PER_CENT):
        raise Unreadable(CHANCE)
    if len(found) > 1:
        raise _which([reading.value for reading in found])
    if typed and not one.unit and one.value == 1:
        raise Unreadable('Do you mean 1 % or 100 %? Write "1 %" or "100 %".')
    chance = one.value / 100 if one.unit or one.value > 1 else one.value
    if not 0 <= chance <= 1:
        raise Unreadable(CHANCE)
    return chance


def _spelled(question: TextQuestion, given: Any) -> str:
    if not isinstance(given, str):
        raise Unreadable(A_WORD)
    _not_too_long(given, MOST_LETTERS_OF_A_WORD)
    text, said = clean(given), fold(given)
    if not said:
        raise Unreadable(A_WORD)
    spellings = {fold(one) for one in (*question.accept, *question.slips)}
    if said not in spellings and _nearest(text, question.accept) <= min(_nearest(text, question.slips), 2):
        raise Unreadable("Not read: check the spelling, letter by letter, and answer again. This is no try.")
    return text


def _nearest(text: str, spellings: Iterable[str]) -> float:
    return min((slip_of(text, one) or math.inf for one in spellings), default=math.inf)


def shape(answer: Any) -> Any:
    """Turn what was typed in a cell into what JSON holds: a scalar, text, list, dict, or records of at most 200 rows.

    Reads pandas and numpy objects without importing either. Errors: Unreadable says what to send instead.
    """
    try:
        return _shape(answer)
    except AfteachError:
        raise
    # A stranger's object may do anything when it is looked at, and a list may hold itself.
    except Exception:
        raise _strange(answer) from None


def _shape(answer: Any) -> Any:
    if isinstance(answer, type) or callable(answer):
        raise Unreadable("That is a function, not its result. Are the brackets () missing at its end?")
    if hasattr(answer, "to_frame") and hasattr(answer, "index"):
        answer = answer.to_frame(name=answer.name if answer.name is not None else "value")
    if hasattr(answer, "to_dict") and hasattr(answer, "columns"):
        return _records(answer)
    if isinstance(answer, dict):
        return {str(_scalar(key)): _shape(value) for key, value in answer.items()}
    if isinstance(answer, (list, tuple)):
        return [_shape(value) for value in answer]
    if isinstance(answer, (set, frozenset)):
        return sorted(str(_scalar(value)) for value in answer)
    if hasattr(answer, "tolist") and getattr(answer, "ndim", 0) > 0:
        return _shape(answer.tolist())
    value = _scalar(answer)
    if value is None and answer is not None and answer is not Ellipsis:
        raise Unreadable("Your result is missing or infinite (NaN, NaT or inf). Look at what it was computed from.")
    return value


def _records(frame: Any) -> list[dict[str, Any]]:
    if len(frame) > MOST_ROWS:
        raise Unreadable(f"Your table has {len(frame)} rows; at most {MOST_ROWS} are read. Filter or group it first.")
    if not len(frame):
        raise Unreadable("Your table has no row. Was everything filtered away?")
    named = any(name is not None for name in frame.index.names)
    if named or str(frame.index.dtype) in ("object", "str", "string"):
        frame = frame.reset_index()
    columns = [_scalar(str(column)) for column in frame.columns]
    rows = frame.itertuples(index=False, name=None)
    return [{name: _scalar(value) for name, value in zip(columns, row, strict=True)} for row in rows]


def _scalar(value: Any) -> Any:
    """One value as JSON holds it; None for what is missing or not finite."""
    if value is None or value is Ellipsis or type(value).__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(value, str):
        if re.search("[\ud800-\udfff]", value):
            raise Unreadable("Your answer holds half of a sign, which no file can keep. Type it anew.")
        return str(value)
    if hasattr(value, "days") and hasattr(value, "total_seconds"):
        return value.total_seconds() / 86_400
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()[:10]
    if hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        value = value.item()
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        # JSON is read back with whole numbers of 64 bits.
        return int(value) if abs(value) < 2**63 else _finite(value)
    if isinstance(value, (numbers.Real, decimal.Decimal)):
        return float(value) if math.isfinite(value) else None
    raise _strange(value)


def _strange(answer: Any) -> Unreadable:
    kind = type(answer).__name__
    return Unreadable(f"An answer of type {kind} cannot be read. Send a number, a text, a list or a table.")


# Keys


@functools.lru_cache(maxsize=2048)
def resolved(question: NumberQuestion | ValueQuestion) -> Any:
    """The key of a number or value question, read from the tables once: a number, text, groups or row ids."""
    return resolve(question.key)


def answer_text(question: Question) -> str:
    """The right answer in words, for a solution or a teacher's guide."""
    match question:
        case ChoiceQuestion() | ManyQuestion():
            return "; ".join(c.text for c in question.choices if c.right)
        case OrderQuestion():
            texts = {c.id: c.text for c in question.choices}
            return "; then ".join(texts[one] for one in question.key)
        case MatchQuestion():
            right = {c.id: c.text for c in question.right}
            return "; ".join(f"{c.text}: {right[question.key[c.id]]}" for c in question.left)
        case TextQuestion():
            return question.accept[0]
        case ReflectQuestion():
            return question.model
        case ForecastQuestion():
            return "By the rule in the question: yes." if question.resolved else "By the rule in the question: no."
        case ValueQuestion(line=line) if line:
            return f"`{line}` gives {_expected_text(question)}"
    return _expected_text(question)


def _expected_text(question: NumberQuestion | ValueQuestion) -> str:
    expected = resolved(question)
    if isinstance(expected, dict):
        return "; ".join(f"{' and '.join(group)}: {_plain(value)}" for group, value in expected.items())
    if isinstance(expected, list):
        return "; ".join(expected)
    return f"{_plain(expected)} {question.unit}".strip()


def _plain(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.10g}"
