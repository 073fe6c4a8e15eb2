"""A slip in an exercise is told in one line, in a real kernel, and every other fault is shown as Python shows it."""

from __future__ import annotations

import re
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from afteach import slips

SET_UP = ["from afteach import ask, check, load, charts", 'events, claims = load("events"), load("claims")']
CHECK = 'check("sh-03", answer)'
WRONG = [
    # the line, and what is said of it
    ('answer = events["titel"]', "There is no column titel. Did you mean title?"),
    ('answer = events[["event_id", "titel", "start"]]', "There is no column titel. Did you mean title?"),
    ('answer = events[["titel"]]', "There is no column titel. Did you mean title?"),
    ("answer = events.tittle", "There is no column tittle. Did you mean title?"),
    ('answer = events.sort_value("start")', "A table has no sort_value. Did you mean sort_values?"),
    ("import math; answer = math.sqr(4)", "math has no sqr. Did you mean sqrt?"),
    ('answer = events["relationship"] == kabul', 'There is no name kabul here. A text needs quotation marks: "kabul".'),
    ("answer = events[title]", 'There is no name title here. A text needs quotation marks: "title".'),
    ('answer = event["title"]', "There is no name event here. Did you mean events?"),
    ("answer = cite('P12')", "There is no name cite here yet. Choose Run > Run All Cells."),
    ("answer = len(events", "A bracket is missing at the end of line 1: )"),
    ('answer = events[["event_id", "title"]', "A bracket is missing at the end of line 1: ]"),
    ('answer = len(events["title"]))', "Line 1 has a ) too many."),
    ('answer = len(events["title")]', "Line 1: a [ is closed by a ). Close it by ]."),
    ('answer = events["title]', "A quotation mark is missing in line 1."),
    ("answer = events[“title”]", "Line 1 has the curly quotation mark “."),
    ("    answer = 3", "Take away the spaces"),
    ('answer = events[events["kind"] = "meeting"]', "To ask whether two are equal, write ==."),
    ("answer = events title", "Python cannot read line 1."),
    ("answer = events[...]", "The three dots are still there."),
    ("answer = ....head()", "The three dots are still there."),
    ("answer = ... + 1", "The three dots are still there."),
    ('answer = events("title")', "A table takes square brackets"),
    ('answer = events[events["start"] > 2015]', "A date is compared with a date that is written as a text"),
    (
        'answer = events[(events["kind"] == "meeting") and (events["start"] > "2015")]',
        "joined by & (and) or | (or), each in brackets of its own",
    ),
    ('answer = events["kind"] == "meeting" & events["title"] == "x"', "Put each condition in brackets"),
    ('answer = "2" + 1', "Line 1 did not work: can only concatenate str"),
    ("answer = 1 / 0", "Line 1 did not work: division by zero."),
]
OTHER = ["events['titel']", "len(events", "kabul", "'check' + 1"]


@pytest.fixture(scope="module")
def ran():
    """Every cell, once, in one kernel: (its output or none)."""
    cells = [*SET_UP, *(f"{line}\n{CHECK}" for line, _ in WRONG), *OTHER]
    cells += [f"answer = events['titel']\n{CHECK}", "%tb", 'check("sh-99", 1)', f"answer = ...\n{CHECK}"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=120, kernel_name="python3", allow_errors=True).execute()
    return {number: cell.get("outputs", []) for number, cell in enumerate(notebook.cells)}


def shown(outputs):
    (output,) = [one for one in outputs if one.output_type == "error"]
    return [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in output.traceback]


@pytest.mark.parametrize("number", range(len(WRONG)), ids=[line for line, _ in WRONG])
def test_a_slip_in_an_exercise_is_told_in_one_line(ran, number):
    (line,) = shown(ran[len(SET_UP) + number])
    assert WRONG[number][1] in line and "\n" not in line
    assert line.endswith("(Python's own words: run %tb in a cell of its own.)")


def test_a_cell_that_is_no_exercise_keeps_its_traceback(ran):
    for number, source in enumerate(OTHER, start=len(SET_UP) + len(WRONG)):
        text = "\n".join(shown(ran[number]))
        assert "own words" not in text and "Error" in text and source.split("+")[0].strip() in text


def test_the_whole_traceback_is_one_cell_away(ran):
    first = len(SET_UP) + len(WRONG) + len(OTHER)
    assert len(shown(ran[first])) == 1
    text = "\n".join(shown(ran[first + 1]))
    assert "Traceback (most recent call last)" in text and "KeyError: 'titel'" in text


def test_what_the_package_says_itself_is_left_as_it_is(ran):
    assert shown(ran[max(ran) - 1]) == ["There is no question called 'sh-99'. Did you mean 'sh-09'?"]
    (blank,) = ran[max(ran)]
    assert blank.data["text/plain"] == "Not answered yet."


def test_a_fault_in_the_wording_hides_nothing():
    assert "did not work" in slips.worded(Exception(), "", {})
    assert (
        slips.worded(KeyError(), "", {}) and slips.worded(SyntaxError(), "", {}) and slips.worded(NameError(), "", {})
    )


def test_outside_ipython_nothing_is_touched():
    code = "import sys, afteach; print('afteach.slips' in sys.modules, 'IPython' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False False"


def test_the_shell_is_as_it_was_after_each_exercise():
    code = (
        "from IPython.core.interactiveshell import InteractiveShell as S\n"
        "shell = S.instance(); before = set(vars(shell))\n"
        "import afteach, importlib; importlib.reload(afteach)\n"
        "shell.run_cell('x = check(')\n"
        "shell.run_cell('check(1)')\n"
        "import afteach.slips\n"
        "print(shell.events.callbacks['pre_run_cell'].count(afteach.slips._word_this_cell))\n"
        "print('_showtraceback' in vars(shell))"
    )
    said = subprocess.check_output([sys.executable, "-c", code], text=True).splitlines()
    assert said[-2:] == ["1", "False"]
    assert "A bracket is missing at the end of line 1: )" in said[0]
