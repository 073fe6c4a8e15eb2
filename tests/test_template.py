"""Executing notebooks without a random trace, and holding them to the template."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import nbformat
import pytest
import sample

from afteach.authoring import executing, notebooks
from afteach.errors import AfteachError
from afteach.questions import model as questions


@pytest.fixture
def bank(tmp_path, monkeypatch):
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(sample.build(tmp_path)))
    return questions.bank()


def write(path, *cells):
    made = []
    for source in cells:
        code = source.startswith("%")
        cell = nbformat.v4.new_code_cell(source[1:]) if code else nbformat.v4.new_markdown_cell(source)
        made.append(cell)
    nbformat.write(nbformat.v4.new_notebook(cells=made), path)
    return path


def test_a_second_run_changes_nothing(tmp_path, bank):
    path = write(tmp_path / "00-example.ipynb", "# A", "%import random\n1 + 1", "Two.", "%print('x')")
    assert executing.execute(path).changed is True
    first = path.read_bytes()
    assert executing.execute(path).changed is False
    assert path.read_bytes() == first
    assert b'"execution_count": 1' in first and b"version" not in first.split(b'"nbformat"')[0].split(b'"metadata"')[-1]


def test_a_widget_view_is_not_stored(tmp_path, bank):
    path = write(tmp_path / "00-example.ipynb", "%import ipywidgets\nipywidgets.IntSlider(description='n')")
    executing.execute(path)
    assert "widget-view" not in path.read_text() and "widgets" not in nbformat.read(path, 4).metadata


def test_a_failing_cell_is_named_and_nothing_is_written(tmp_path, bank):
    path = write(tmp_path / "00-example.ipynb", "%1 / 0")
    before = path.read_bytes()
    with pytest.raises(AfteachError, match=r"00-example.ipynb: a cell failed: ZeroDivisionError"):
        executing.execute(path)
    assert path.read_bytes() == before


def test_what_is_no_notebook_is_said(tmp_path, bank):
    (tmp_path / "x.ipynb").write_text("{")
    with pytest.raises(AfteachError, match=r"x.ipynb is no notebook"):
        executing.execute(tmp_path / "x.ipynb")


def test_faults_of_the_template_are_listed(tmp_path, bank):
    path = write(tmp_path / "00-example.ipynb", "No title", "%ask('ex-01')", "%ask('zz-01')", "word " * 300)
    said = "\n".join(notebooks.faults(path, bank))
    for part in (
        "the section '## Goals' is missing",
        "does not open with a title card",
        "the goal 'Tell one from two.'",
        "the question 'zz-01' is not in the bank",
        "the question 'ex-02' is never asked",
        "two code cells in a row",
        "cell 2: it was not executed",
        "300 words",
    ):
        assert part in said, part


def test_the_title_card_and_the_bank_give_the_same_minutes(tmp_path, bank):
    said = [
        notebooks.faults(write(tmp_path / "00-example.ipynb", f"# A\n\nAbout {n} minutes."), bank) for n in (20, 30)
    ]
    assert ["the bank 20" in "\n".join(one) for one in said] == [False, True]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("They met on 9 November 2018 (ev01).", None),
        ("They met on 10 November 2018 (ev01).", "the date '10 November 2018' is not in the rows"),
        ("They met on 9 November 2018.", "carries no row id"),
        ("There were 2,400 people (fg02).", None),
        ("There were 2,300 people (fg02).", "the figure '2,300' is not in the rows"),
        ("There were 2,300 people.", "the figure '2,300' carries no row id"),
        ("In 2019 three of 12 did.", None),
        ("About 105 minutes.", None),
        ("See ev77.", "there is no row 'ev77'"),
        ("See P77.", "there is no paragraph 'P77'"),
        ("Run `x[2300]` first.", None),
    ],
)
def test_a_date_or_figure_carries_a_row_in_which_it_stands(bank, text, fault):
    found = notebooks.fact_faults(text)
    assert (found == []) if fault is None else (fault in found[0]), found


def test_an_exercise_without_its_tag_is_a_fault(tmp_path, bank):
    path = write(
        tmp_path / "00-example.ipynb", "# A", '%answer = ...\ncheck("ex-07", answer)', "B", '%checks = "check"'
    )
    said = [one for one in notebooks.faults(path, bank) if "raises-exception" in one]
    assert said == [
        "00-example.ipynb, cell 2: a cell with check() without the tag raises-exception: one slip in it would end Run All"
    ]
    notebook = nbformat.read(path, 4)
    notebook.cells[1].metadata["tags"] = ["raises-exception"]
    nbformat.write(notebook, path)
    assert "raises-exception" not in "\n".join(notebooks.faults(path, bank))


def test_execute_refuses_a_failing_exercise_whatever_its_tag(tmp_path, bank):
    path = write(tmp_path / "00-example.ipynb", "%1 / 0")
    notebook = nbformat.read(path, 4)
    notebook.cells[0].metadata["tags"] = ["raises-exception"]
    nbformat.write(notebook, path)
    with pytest.raises(AfteachError, match="ZeroDivisionError"):
        executing.execute(path)


def test_nbval_still_compares_a_cell_that_may_raise(tmp_path):
    for name, source, stored in (("same", "1 + 1", "2"), ("differs", "1 + 1", "3"), ("fails", "1 / 0", "2")):
        cell = nbformat.v4.new_code_cell(source, execution_count=1, metadata={"tags": ["raises-exception"]})
        cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": stored}, execution_count=1)]
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / f"{name}.ipynb")
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "--color=no", "--nbval", "-p", "no:cacheprovider"]
    done = subprocess.run([*command, "-c", os.devnull, str(tmp_path)], cwd=tmp_path, capture_output=True, text=True)
    told = dict(
        reversed(found) for found in re.findall(r"^(PASSED|FAILED) .*?(same|differs|fails)\.ipynb::", done.stdout, re.M)
    )
    assert told == {"same": "PASSED", "differs": "FAILED", "fails": "FAILED"}, done.stdout
