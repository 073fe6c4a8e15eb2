"""What a solution shows, and when it opens, over the workbook's own bank."""

import ast
import json

import pytest

from afteach import answers, marking, paths, student
from afteach.questions import bank

COMPUTED = [one for one in bank().values() if one.kind == "value"]
NOTEBOOKS = paths.data_dir().parent / "notebooks"


def prepared(stem):
    """The names that a notebook's own cells have given by its end."""
    names = {}
    for cell in json.loads((NOTEBOOKS / f"{stem}.ipynb").read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            tree = ast.parse("".join(cell["source"]))
            tree.body = [one for one in tree.body if isinstance(one, (ast.Assign, ast.Import, ast.ImportFrom))]
            exec(compile(tree, stem, "exec"), names)
    return names


@pytest.mark.parametrize("stem", sorted({one.notebook for one in COMPUTED}))
def test_the_line_of_every_solution_gives_the_right_answer_in_its_notebook(stem):
    names = prepared(stem)
    for one in (one for one in COMPUTED if one.notebook == stem):
        assert one.line, f"{one.id} shows no line of code"
        given = marking.shape(eval(one.line, names))
        assert marking.judge(one, given).outcome == "right", (one.id, marking.judge(one, given))
        assert one.line in marking.answer_text(one)


def test_rows_without_the_columns_that_are_asked_for_are_not_right():
    one, five = bank()["sh-03"], prepared("00-start-here")["five"]
    assert "place_id" in marking.judge(one, marking.shape(five[["event_id", "title"]])).message
    assert "columns" in marking.judge(one, marking.shape(five)).message


def test_the_outcome_of_a_forecast_opens_only_when_all_are_recorded(tmp_path, monkeypatch):
    monkeypatch.setenv("AFTEACH_ANSWERS", str(tmp_path))
    forecasts = [one for one in bank().values() if one.kind == "forecast"]
    for one in forecasts[:-1]:
        assert answers.record(one, 0.5).ok
    assert forecasts[-1].id in str(student.solution(forecasts[0].id))
    assert answers.record(forecasts[-1], 0.5).ok
    assert "By the rule in the question" in str(student.solution(forecasts[0].id))
