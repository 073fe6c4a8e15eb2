"""Run All reaches the end of a notebook however an exercise is left, and the exercise says in one line what is wrong."""

from __future__ import annotations

import nbformat
import pytest

from afteach.workbook import notebooks_dir

SLIPS = {
    "a name without quotation marks": ("answer = events[title]", 'A text needs quotation marks: "title".'),
    "a misspelt column": ('answer = events["titel"]', "There is no column titel. Did you mean title?"),
    "a missing bracket": ("answer = len(events", "A bracket is missing at the end of line 1"),
    "a misspelt attribute": ("answer = events.tittle", "There is no column tittle. Did you mean title?"),
    "three dots": ("answer = ...", "Not answered yet."),
}
SLIPPED = 'check("sh-03", answer)'


@pytest.fixture(params=["lab", "notebook7"])
def server(request, browser):
    """JupyterLab and Notebook 7."""
    return request.getfixturevalue(request.param)


def broken(line: str) -> nbformat.NotebookNode:
    """The first notebook as it ships, one of its exercises filled in with this line."""
    (path,) = notebooks_dir().glob("00-*.ipynb")
    notebook = nbformat.read(path, 4)
    (cell,) = [one for one in notebook.cells if SLIPPED in one.source]
    cell.source = f"{line}\n{SLIPPED}"
    for one in notebook.cells:
        if one.cell_type == "code":
            one.outputs, one.execution_count = [], None
    return notebook


@pytest.mark.parametrize("slip", SLIPS)
def test_run_all_reaches_the_end_with_a_broken_exercise(server, desk, slip):
    line, said = SLIPS[slip]
    notebook = broken(line)
    server.close_kernels()
    server.work.mkdir(exist_ok=True)
    nbformat.write(notebook, server.work / "broken.ipynb")
    desk.open(server, "broken.ipynb")
    desk.run_all()
    asked = [one for one in notebook.cells if one.cell_type == "code" and one.source.startswith("ask(")]
    page = desk.page
    page.wait_for_function(f"() => document.querySelectorAll('.af-card').length === {len(asked)}")
    exercise = page.locator(".jp-CodeCell").filter(has_text=SLIPPED).locator(".jp-OutputArea-output")
    assert said in " ".join(exercise.all_inner_texts())
    if slip != "three dots":
        text = exercise.first.inner_text().strip()
        assert len(text.splitlines()) == 1 and "Traceback" not in text
    assert page.locator(".jp-OutputArea-output .vega-embed svg").count() >= 1
    errors = page.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]').count()
    assert errors == (slip != "three dots")
    desk.shot(f"exercise-{server.app}-{slip.replace(' ', '-')}")
