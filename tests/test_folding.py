"""Which code is folded: the workbook's own machinery, and never what a student reads to learn or fills in."""

from __future__ import annotations

import nbformat
import pytest

from afteach.authoring import folding


@pytest.mark.parametrize(
    "source",
    [
        'ask("us-01")',
        'cite("oe43")',
        'solution("us-12")',
        'charts.wording(claims[claims["relationship"] == "far"], checks)',
        "from afteach import ask, check",
        'from afteach import contents, load\nevents = load("events")\ncontents("01-first")',
        'claims, checks = load("claims"), load("fact_checks")\nlate = claims[claims["start"] > "2019"]',
    ],
)
def test_what_asks_cites_draws_or_sets_up_is_machinery(source):
    assert folding.is_machinery(source)


@pytest.mark.parametrize(
    "source",
    [
        "",
        'check("us-01", ...)',
        'answer = ...\ncheck("us-07", answer)',
        'events.groupby("host").size()',
        'actors = load("actors")\nactors.head(2)',
        "import pandas as pd\npd.crosstab(a, b)",
        'late = claims["start"] > "2019"\nask("us-01")',
        'command = districts[districts["unit"] == "districts"]',
        'judged = charts.wording(claims, checks).table\njudged["verdict"].value_counts()',
        "ask(",
    ],
)
def test_what_teaches_or_is_filled_in_stays_open(source):
    assert not folding.is_machinery(source)


def test_a_cell_is_folded_once_and_one_that_an_author_opened_stays_open():
    cells = [nbformat.v4.new_code_cell(source) for source in ('ask("a")', 'ask("b")', "1 + 1")]
    cells[1].metadata["jupyter"] = {"source_hidden": False}
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell('ask("a")'), *cells])
    folding.fold(notebook)
    folding.fold(notebook)
    assert [cell.metadata.get("jupyter") for cell in notebook.cells] == [
        None, {"source_hidden": True}, {"source_hidden": False}, None,
    ]  # fmt: skip
