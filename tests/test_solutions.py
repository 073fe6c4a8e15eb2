"""What a solution shows, and when it opens, over the workbook's own bank."""

import ast
import re

import nbformat
import pytest

from afteach import student
from afteach.answers import log as answers
from afteach.card import card
from afteach.questions import marking
from afteach.questions.model import bank
from afteach.workbook import notebooks_dir

COMPUTED = [one for one in bank().values() if one.kind == "value"]


def prepared(stem):
    """The names that a notebook's own cells have given by its end."""
    names = {}
    for cell in nbformat.read(notebooks_dir() / f"{stem}.ipynb", 4).cells:
        if cell.cell_type == "code":
            tree = ast.parse(cell.source)
            tree.body = [one for one in tree.body if isinstance(one, (ast.Assign, ast.Import, ast.ImportFrom))]
            exec(compile(tree, stem, "exec"), names)
    return names


@pytest.mark.parametrize("stem", sorted({one.notebook for one in COMPUTED}))
def test_the_line_of_every_solution_gives_the_right_answer_in_its_notebook(stem, tmp_path, monkeypatch):
    monkeypatch.setenv("AFTEACH_ANSWERS", str(tmp_path))
    for one in (one for one in bank().values() if one.kind == "forecast"):
        assert answers.record(one, 0.5).ok
    names = prepared(stem)
    for one in (one for one in COMPUTED if one.notebook == stem):
        assert one.line, f"{one.id} shows no line of code"
        given = marking.shape(eval(one.line, names))
        assert marking.judge(one, given).outcome == "right", (one.id, marking.judge(one, given))
        assert one.line in one.say()


LINES = [one for one in bank().values() if one.kind == "order" and one.code]


@pytest.mark.parametrize("one", LINES, ids=lambda one: one.id)
def test_lines_of_code_in_the_right_order_give_a_result_in_their_notebook(one):
    names = prepared(one.notebook)
    texts = {choice.id: choice.text for choice in one.choices}
    *before, last = [texts[choice_id] for choice_id in one.key]
    # A name that the line before gives must not stand there already, or any order would do.
    with pytest.raises(NameError):
        eval(last, dict(names))
    for line in before:
        exec(line, names)
    assert marking.shape(eval(last, names))


def test_rows_without_the_columns_that_are_asked_for_are_not_right():
    one, five = bank()["sh-03"], prepared("00-start-here")["five"]
    assert "place_id" in marking.judge(one, marking.shape(five[["event_id", "title"]])).message
    assert "columns" in marking.judge(one, marking.shape(five)).message


def test_a_model_answer_keeps_the_length_that_its_question_asks_for():
    tens = dict(zip(["forty", "fifty", "sixty", "seventy", "eighty", "ninety", "100"], range(40, 101, 10), strict=True))
    held = 0
    for one in (one for one in bank().values() if one.kind == "reflect"):
        asked = re.search(r"at most (\w+) words", one.prompt)
        if asked:
            # A row id in brackets is a reference, and no word of the answer.
            words = re.sub(r"\([^)]*\d{2}[^)]*\)", " ", one.model.removeprefix("One good answer:")).split()
            assert len(words) <= tens[asked[1]], (one.id, len(words))
            held += 1
    assert held > 5


@pytest.fixture
def forecasts(tmp_path, monkeypatch):
    """The forecasts of the workbook, all but the last recorded."""
    monkeypatch.setenv("AFTEACH_ANSWERS", str(tmp_path))
    found = [one for one in bank().values() if one.kind == "forecast"]
    for one in found[:-1]:
        assert student.give(one, 0.5)[1].ok
    return found


def test_the_outcome_of_a_forecast_opens_only_when_all_are_recorded(forecasts):
    assert forecasts[-1].id in str(student.solution(forecasts[0].id))
    assert answers.record(forecasts[-1], 0.5).ok
    assert "By the rule in the question" in str(student.solution(forecasts[0].id))


def test_the_last_forecast_opens_evidence_and_outcome_on_the_cards_of_all(forecasts):
    made, said = card.ask(forecasts[0].id), []
    made.send = lambda content, buffers=None: said.append(content)
    made.show_state()
    _, saved = student.give(forecasts[-1], 0.5)
    student.tell(forecasts[-1], saved)
    assert [(state["evidence"], state["solution"]) for state in said] == [(False, False), (True, True)]
