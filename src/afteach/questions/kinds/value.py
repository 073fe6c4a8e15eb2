"""A result that is computed in a cell: a number, a text, numbers by group, or rows."""

from __future__ import annotations

from typing import Any

from afteach.errors import AfteachError, Unreadable
from afteach.questions import keys, reading
from afteach.questions.computed import Computed, best, near, resolved, sure_number
from afteach.questions.keys import Lookup
from afteach.questions.marking import Verdict, look_again, not_yet, right
from afteach.questions.shapes import MOST_ROWS
from afteach.questions.spelling import clean, fold
from afteach.record import tables
from afteach.words import say


class ValueQuestion(Computed, tag="value", kw_only=True):
    """Compute it in a cell and hand in the result."""

    line: str = ""  # one line of code that gives the answer, for the solution; tests run it, marking never does

    typed_as = "your_result"
    in_cell = True
    is_free = True
    # The order of columns is part of a table.
    keys_have_order = True

    def judge(self, answer: Any) -> Verdict:
        expected = resolved(self)
        if isinstance(answer, dict) and "value" in answer and set(answer) <= {"value", "unit"}:
            answer = answer["value"]
        if isinstance(expected, dict):
            return _grouped(self, answer, expected)
        if isinstance(expected, list):
            return _rows(self, answer, expected)
        if isinstance(answer, list):
            raise Unreadable(say("value.one_value", n=len(answer)))
        if isinstance(expected, str):
            return right(self) if fold(reading.label(answer)) == fold(expected) else not_yet(self)
        return best(self, reading.written(answer, self.unit, logged=True), expected)

    def read(self, given: Any, typed: bool) -> Any:
        if not isinstance(given, list) and isinstance(resolved(self), (int, float)):
            return sure_number(self, given)
        return clean(given) if isinstance(given, str) else given

    def say(self) -> str:
        return say("value.line", line=self.line, answer=super().say()) if self.line else super().say()

    def faults(self) -> list[str]:
        return keys.faults(self.key) + super().faults()

    def right_answers(self) -> list[Any]:
        expected = resolved(self)
        if isinstance(expected, list):
            return [_table_of(self, expected)]
        if isinstance(expected, dict):
            groups = [({f"by {i}": name for i, name in enumerate(group)}, value) for group, value in expected.items()]
            return [[{**names, "value": value} for names, value in groups]]
        return [expected]


def _grouped(question: ValueQuestion, answer: Any, expected: dict[tuple[str, ...], float]) -> Verdict:
    width = len(next(iter(expected), ("",)))
    known = {name for key in expected for name in key}
    given = {key: value for key, value in _groups(answer, width, known).items() if value != 0}
    wanted = {key: value for key, value in expected.items() if value != 0}
    if given.keys() == wanted.keys() and all(near(question, given[key], wanted[key]) for key in wanted):
        return right(question)
    if {key[::-1]: value for key, value in given.items()} == wanted:
        return not_yet(question, say("value.exchanged"))
    odd = sorted(say("read.and").join(key) for key in given.keys() - wanted.keys())
    if odd:
        return not_yet(question, say("value.odd_group", group=odd[0]), look_again(question))
    if wanted.keys() - given.keys():
        return not_yet(question, say("value.more_groups", count=len(given)))
    good = sum(near(question, given[key], wanted[key]) for key in wanted)
    return not_yet(question, say("value.good_groups", good=good, all=len(wanted)))


def _groups(answer: Any, width: int, known: set[str]) -> dict[tuple[str, ...], float]:
    """The numbers by group, from one row a group or, for pairs, from a cross table."""
    if not isinstance(answer, list) or not all(isinstance(row, dict) and len(row) >= 2 for row in answer):
        raise Unreadable(say("value.groups"))
    found: dict[tuple[str, ...], float] = {}
    # A cross table of two columns has as many cells a row as a list of pairs, but numbers where that has labels.
    crossed = width == 2 and not any(reading.label(list(record.values())[1]) in known for record in answer)
    for record in answer:
        cells = list(record.items())
        if len(cells) == width + 1 and not crossed:
            group = tuple(reading.label(value) for _, value in cells[:width])
            if cells[width][1] is None:
                raise Unreadable(say("value.no_number", group=say("read.and").join(group)))
            found[group] = reading.as_number(cells[width][1])
        elif width == 2:
            for name, value in cells[1:]:
                found[(reading.label(cells[0][1]), str(name))] = 0.0 if value is None else reading.as_number(value)
        else:
            raise Unreadable(say("value.columns", wanted=width + 1, given=len(cells)))
    return found


def _rows(question: ValueQuestion, answer: Any, expected: list[str]) -> Verdict:
    key, column = _lookup(question), _primary(question)
    if not isinstance(answer, list) or not all(isinstance(row, dict) and column in row for row in answer):
        raise Unreadable(say("value.rows", table=key.table, column=column))
    if key.columns:
        lacking = [name for name in key.columns if name not in answer[0]]
        if lacking:
            return not_yet(question, say("value.lacking", column=lacking[0]))
        if len(answer[0]) > len(key.columns):
            return not_yet(question, say("value.wide", given=len(answer[0]), wanted=len(key.columns)))
    given = [reading.label(row[column]) for row in answer]
    if given == expected or (not key.sort and sorted(given) == sorted(expected)):
        return right(question)
    if sorted(given) == sorted(expected):
        return not_yet(question, say("value.another_order"))
    extra, missing = len(set(given) - set(expected)), len(set(expected) - set(given))
    return not_yet(
        question,
        say("value.extra", n=extra) if extra else "",
        say("value.missing", n=missing) if missing else "",
    )


def _table_of(question: ValueQuestion, expected: list[str]) -> list[dict[str, str]]:
    """A table with the expected rows, as it would be handed in."""
    if len(expected) > MOST_ROWS:
        raise AfteachError(f"the key has {len(expected)} rows; at most {MOST_ROWS} can be handed in")
    column = _primary(question)
    columns = _lookup(question).columns or [column]
    return [dict.fromkeys(columns, "x") | ({column: row} if column in columns else {}) for row in expected]


def _lookup(question: ValueQuestion) -> Lookup:
    assert isinstance(question.key, Lookup), "only a query gives rows"
    return question.key


def _primary(question: ValueQuestion) -> str:
    return tables.key(_lookup(question).table)
