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


def broken() -> nbformat.NotebookNode:
    """The first notebook as it ships, one of its exercises left in each of these ways, one after the other."""
    (path,) = notebooks_dir().glob("00-*.ipynb")
    notebook = nbformat.read(path, 4)
    (number,) = [number for number, cell in enumerate(notebook.cells) if SLIPPED in cell.source]
    cell = notebook.cells[number]
    ways = [{**cell, "id": f"slip-{n}", "source": f"{line}\n{SLIPPED}"} for n, (line, _) in enumerate(SLIPS.values())]
    notebook.cells[number : number + 1] = [nbformat.from_dict(way) for way in ways]
    for one in notebook.cells:
        if one.cell_type == "code":
            one.outputs, one.execution_count = [], None
    return notebook


def test_run_all_reaches_the_end_with_an_exercise_broken_in_every_way(server, desk):
    notebook = broken()
    server.close_kernels()
    server.work.mkdir(exist_ok=True)
    nbformat.write(notebook, server.work / "broken.ipynb")
    desk.open(server, "broken.ipynb")
    desk.run_all()
    asked = [one for one in notebook.cells if one.cell_type == "code" and one.source.startswith("ask(")]
    page = desk.page
    page.wait_for_function(f"() => document.querySelectorAll('form.af-card').length === {len(asked)}")
    page.locator(".jp-OutputArea-output .vega-embed svg").first.wait_for()
    exercises = page.locator(".jp-CodeCell").filter(has_text=SLIPPED)
    assert exercises.count() == len(SLIPS)
    for number, (slip, (_, said)) in enumerate(SLIPS.items()):
        outputs = exercises.nth(number).locator(".jp-OutputArea-output")
        outputs.filter(has_text=said).first.wait_for()
        errors = exercises.nth(number).locator('[data-mime-type="application/vnd.jupyter.stderr"]').count()
        assert errors == (slip != "three dots"), slip
        if slip != "three dots":
            text = outputs.first.inner_text().strip()
            assert len(text.splitlines()) == 1 and "Traceback" not in text, slip
    desk.shot(f"exercises-{server.app}")
