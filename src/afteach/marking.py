"""Judge an answer. Nothing here displays anything, and nothing a student sends can make it fail."""

from __future__ import annotations

import datetime as dt
import functools
import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from afteach import tables
from afteach.errors import AfteachError
from afteach.questions import (
    ChoiceQuestion,
    ForecastQuestion,
    Key,
    ManyQuestion,
    MatchQuestion,
    NumberQuestion,
    OrderQuestion,
    Question,
    ReflectQuestion,
    TextQuestion,
    ValueQuestion,
)

MOST_ROWS = 200
MOST_LETTERS = 10_000
# "33,000 soldiers", as a student writes it into the field of a number.
NUMBER_WITH_UNIT = re.compile(r"([+-]?\d[\d.,]*)\s*([^\W\d_][^\d]*)")
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


class Unreadable(AfteachError):
    """An answer that cannot be read as an answer to its question."""


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
    unit = ""
    if isinstance(answer, dict):
        answer, unit = answer.get("value"), _label(answer.get("unit") or "")
    elif isinstance(answer, str) and (apart := NUMBER_WITH_UNIT.fullmatch(answer.strip()[:200])):
        answer, unit = apart.groups()
    value = _as_number(answer)
    if unit and question.unit and _fold(unit) != _fold(question.unit):
        return _not_yet(question, f"The question asks for {question.unit}.")
    return _compare(question, value, resolved(question))


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
        return _right(question) if _fold(_label(answer)) == _fold(expected) else _not_yet(question)
    return _compare(question, _as_number(answer), expected)


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
        raise Unreadable("Answer with a word or a name, in quotation marks.")
    _not_too_long(answer)
    said = _fold(answer)
    if said in {_fold(text) for text in question.accept}:
        return _right(question)
    slips = {_fold(text): says for text, says in question.slips.items()}
    return _not_yet(question, slips.get(said, ""))


def _reflect(question: ReflectQuestion, answer: Any) -> Verdict:
    if not isinstance(answer, str):
        raise Unreadable("Answer in words, in quotation marks.")
    _not_too_long(answer)
    return Verdict("recorded", "Recorded. Read it again with the rubric: a claim, its evidence, a limit.")


def _forecast(question: ForecastQuestion, answer: Any) -> Verdict:
    chance = _as_number(answer)
    if not 0 <= chance <= 1:
        raise Unreadable("Give a probability from 0 to 1: 0.7 means 70 %.")
    return Verdict("recorded", f"Recorded: {chance:.0%}.")


_JUDGES = {
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


# Reading what was given


def _known(choices: list, given: Any) -> Any:
    for choice in choices:
        if choice.id == given:
            return choice
    shown = given if isinstance(given, str) and len(given) < 40 else "this"
    raise Unreadable(f"There is no choice '{shown}'. There are: {', '.join(c.id for c in choices)}.")


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


def _as_number(given: Any) -> float:
    if isinstance(given, str):
        given = given.strip().replace("\u00a0", "").replace(" ", "").rstrip("%")
        if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", given):
            given = given.replace(",", "")
        try:
            given = float(given) if len(given) < 60 else None
        except ValueError:
            given = None
    if isinstance(given, bool) or not isinstance(given, (int, float)):
        raise Unreadable("This asks for a number, such as 12 or 3.5.")
    try:
        value = float(given)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise Unreadable("This asks for a finite number.")
    return value


def _not_too_long(text: str) -> None:
    if len(text) > MOST_LETTERS:
        raise Unreadable(f"This is {len(text):,} letters long; at most {MOST_LETTERS:,} are kept. Shorten it.")


@functools.lru_cache(maxsize=4096)
def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w%]+", " ", kept).split())


def shape(answer: Any) -> Any:
    """Turn what was typed in a cell into what is logged: a scalar, text, list, dict, or records of at most 200 rows.

    Reads pandas and numpy objects without importing either. Errors: Unreadable says what to send instead.
    """
    if hasattr(answer, "to_frame"):
        answer = answer.to_frame(name=answer.name if answer.name is not None else "value")
    if hasattr(answer, "to_dict") and hasattr(answer, "columns"):
        return _records(answer)
    if isinstance(answer, dict):
        return {str(key): shape(value) for key, value in answer.items()}
    if isinstance(answer, (list, tuple)):
        return [shape(value) for value in answer]
    if isinstance(answer, (set, frozenset)):
        return sorted(str(value) for value in answer)
    return _scalar(answer)


def _records(frame: Any) -> list[dict[str, Any]]:
    if len(frame) > MOST_ROWS:
        raise Unreadable(f"Your table has {len(frame)} rows; at most {MOST_ROWS} are read. Filter or group it first.")
    named = any(name is not None for name in frame.index.names)
    if named or str(frame.index.dtype) in ("object", "str", "string"):
        frame = frame.reset_index()
    columns = [str(column) for column in frame.columns]
    rows = frame.itertuples(index=False, name=None)
    return [{name: _scalar(value) for name, value in zip(columns, row, strict=True)} for row in rows]


def _scalar(value: Any) -> Any:
    if value is None or value is Ellipsis or isinstance(value, (str, bool, int)):
        return None if value is Ellipsis else value
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    if hasattr(value, "days") and hasattr(value, "total_seconds"):
        return value.total_seconds() / 86_400
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()[:10]
    if hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (str, bool, int)):
        return value
    raise Unreadable(
        f"An answer of type {type(value).__name__} cannot be read. Send a number, a text, a list or a table."
    )


# Keys


@functools.lru_cache(maxsize=2048)
def resolved(question: NumberQuestion | ValueQuestion) -> Any:
    """The key of a number or value question, read from the tables once: a number, text, groups or row ids."""
    return resolve(question.key)


def resolve(key: Key) -> Any:
    """Read a key from the tables.

    Returns a float or text for one cell and for a query with agg alone; {group: number} for a query with by (groups
    as tuples of text); a list of row ids for a query without agg, in order if sort is given.
    agg: count, nunique:column, sum:column, mean:column, min:column, max:column.
    """
    if isinstance(key, str):
        return float(tables.row(key)[1]["value"])
    if key.days:
        first, last = (tables.span(tables.row(row_id)[1]).first for row_id in key.days)
        return float((last - first).days)
    if key.row:
        return _cell(tables.row(key.row)[1][key.column])
    rows = [row for row in tables.records(key.table) if all(_holds(row, k, v) for k, v in key.where.items())]
    if not key.agg:
        if key.sort:
            rows.sort(key=lambda row: _sortable(row, key.sort))
        return [next(iter(row.values())) for row in rows]
    if not key.by:
        return _aggregate(rows, key.agg)
    by = [key.by] if isinstance(key.by, str) else key.by
    groups: dict[tuple[str, ...], list] = {}
    for row in rows:
        if all(row[column] for column in by):
            groups.setdefault(tuple(row[column] for column in by), []).append(row)
    return {group: _aggregate(members, key.agg) for group, members in groups.items()}


def _holds(row: dict[str, str], column: str, wanted: Any) -> bool:
    name, _, sign = column.partition(" ")
    have = row[name]
    if sign == ">=":
        return bool(have) and have >= str(wanted)
    if sign == "<":
        return bool(have) and have < str(wanted)
    options = wanted if isinstance(wanted, list) else [wanted]
    return any(_same(have, option) for option in options)


def _same(have: str, option: Any) -> bool:
    if isinstance(option, (bool, str)):
        return have == (str(option).lower() if isinstance(option, bool) else option)
    try:
        return float(have) == float(option)
    except ValueError:
        return False


def _sortable(row: dict[str, str], column: str) -> Any:
    if column == "start":
        return str(tables.span(row).first or "9999")
    cell = _cell(row[column])
    return (isinstance(cell, str), cell)


def _cell(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _aggregate(rows: list[dict[str, str]], agg: str) -> float:
    name, _, column = agg.partition(":")
    if name == "count":
        return float(len(rows))
    values = [row[column] for row in rows if row[column] != ""]
    if name == "nunique":
        return float(len(set(values)))
    numbers = [float(value) for value in values]
    sums = {"sum": sum, "min": min, "max": max, "mean": lambda n: sum(n) / len(n)}
    if name not in sums:
        raise AfteachError(
            f"A key cannot be counted with '{agg}'. There are: count, nunique:, sum:, mean:, min:, max:."
        )
    return float(sums[name](numbers)) if numbers else 0.0


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
