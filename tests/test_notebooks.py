"""What is stored in the notebooks: all of it executed, nothing of it random, heavy, secret or asking the network."""

from __future__ import annotations

import ast
import itertools
import json
import os
import re
import shutil
import statistics

import nbformat
from nbclient import NotebookClient

from afteach import student
from afteach.answers import seal
from afteach.authoring import executing, notebooks
from afteach.questions.model import bank
from afteach.record import tables
from afteach.workbook import notebook_files, workbook

WIDGET = "application/vnd.jupyter.widget-view+json"
VEGA = "application/vnd.vegalite.v5+json"


def pytest_generate_tests(metafunc):
    if "path" in metafunc.fixturenames:
        files = notebook_files()
        metafunc.parametrize("path", files, ids=[file.stem for file in files])


def outputs(path):
    for cell in nbformat.read(path, 4).cells:
        for output in cell.get("outputs", []):
            yield cell, output


def test_the_notebooks_are_those_that_the_workbook_names_and_each_has_its_bank(notebook_files):
    assert [path.stem for path in notebook_files] == sorted(workbook().notebooks)
    assert sorted(bank().chapters) == sorted(workbook().notebooks)


def test_every_code_cell_was_executed_in_order(path):
    counts = [cell.execution_count for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))


def test_nothing_stored_is_random_or_a_trace_of_a_machine(path):
    text = path.read_text(encoding="utf-8")
    assert WIDGET not in text
    assert re.findall(r"0x[0-9a-f]{6,}|altair-viz-[0-9a-f]+|/home/|/tmp/|/Users/", text) == []
    metadata = json.loads(text)["metadata"]
    assert set(metadata) == {"kernelspec", "language_info"}
    assert metadata["language_info"] == {"name": "python"}


def test_no_key_and_no_feedback_stands_in_what_is_stored(path):
    asked = bank().of(path.stem)
    stored = "\n".join(json.dumps(output, ensure_ascii=False) for cell, output in outputs(path) if "ask(" in cell.source
                       or "check(" in cell.source or "solution(" in cell.source or "hint(" in cell.source)  # fmt: skip
    for one in asked:
        secrets = [one.explain, one.shows, *one.hints, getattr(one, "model", "")]
        secrets += [choice.says for name in ("choices", "left") for choice in getattr(one, name, [])]
        slips = getattr(one, "slips", [])
        secrets += slips.values() if isinstance(slips, dict) else [slip.says for slip in slips]
        assert [secret for secret in secrets if len(secret) > 12 and secret in stored] == []
    for marker in ('"right"', "Not yet.", "Right."):
        assert marker not in stored


def test_no_stored_output_holds_a_row_of_a_sealed_table(path):
    kinds = [(kind, data) for _, output in outputs(path) for kind, data in output.get("data", {}).items()]
    stored = "\n".join(json.dumps(data, ensure_ascii=False) for kind, data in kinds if kind != "image/png")
    told = []
    for table in seal.sealed_tables():
        key = tables.resource(table)["schema"]["primaryKey"][0]
        for row in tables.records(table):
            told += [text for text in row.values() if len(text) > 25 and text in stored]
            told += re.findall(rf"\b{row[key]}\b", stored)
    for row in tables.records("sources"):
        if seal.table_of(row["source_id"]):
            told += [row[column] for column in ("title", "url") if row[column] in stored]
    assert told == []


def test_no_text_cites_the_row_that_decides_a_forecast(path):
    decisive = {row for one in bank().values() if one.kind == "forecast" for row in one.evidence if seal.table_of(row)}
    assert len(decisive) > 5
    for cell in nbformat.read(path, 4).cells:
        if cell.cell_type == "markdown":
            text = re.sub(r"`[^`]*`", " ", cell.source)
            assert [row for row in decisive if re.search(rf"\b{row}\b", text)] == [], cell.source


def test_each_notebook_runs_to_its_end_once_the_forecasts_are_in(notebook_files, tmp_path, monkeypatch):
    """Only a notebook that loads a sealed table is another one then."""
    monkeypatch.setenv("AFTEACH_ANSWERS", str(tmp_path))
    for one in bank().values():
        if one.kind == "forecast":
            assert student.give(one, 0.5)[1].ok
    run = 0
    for path in notebook_files:
        notebook = nbformat.read(path, 4)
        if not any(f'load("{table}")' in cell.source for cell in notebook.cells for table in seal.sealed_tables()):
            continue
        NotebookClient(notebook, timeout=120, kernel_name="python3").execute(env={**os.environ}, cwd=str(path.parent))
        assert "Sealed" not in json.dumps([cell.get("outputs", []) for cell in notebook.cells])
        run += 1
    assert run


def test_nothing_stored_loads_from_the_network(path):
    for _, output in outputs(path):
        for kind, data in output.get("data", {}).items():
            text = data if isinstance(data, str) else json.dumps(data)
            if kind == "text/html":
                assert not re.search(r"<script|<link|<img|<iframe|\bsrc=|@import|url\(", text)
            if kind == VEGA:
                assert set(re.findall(r'https?://[^"\s]+', text)) <= {"https://vega.github.io/schema/vega-lite/v5.json"}
                assert '"url":' not in text


def test_ten_cards_store_at_most_ten_kilobytes(path):
    sizes = [len(json.dumps(output)) for cell, output in outputs(path) if cell.source.strip().startswith("ask(")]
    assert sizes
    assert sum(sizes) / len(sizes) * 10 <= 10 * 1024


def test_a_chart_is_small_is_described_and_has_a_picture_for_static_pages(path):
    for cell, output in outputs(path):
        data = output.get("data", {})
        if VEGA not in data:
            continue
        assert len(json.dumps(output)) <= 120 * 1024, cell.source
        assert len(data["text/plain"]) > 40
        assert data["image/png"].startswith("iVBOR")
        size = output["metadata"]["image/png"]
        assert 100 < size["width"] <= 640
        assert size["height"] > 30


def test_a_second_run_changes_nothing(notebook_files, tmp_path):
    """Pictures apart, since fonts differ from machine to machine; nbval compares the other notebooks."""

    def without_pictures(path):
        notebook = nbformat.read(path, 4)
        for cell in notebook.cells:
            for output in cell.get("outputs", []):
                for part in ("data", "metadata"):
                    output.get(part, {}).pop("image/png", None)
        return notebook

    copy = tmp_path / notebook_files[1].name
    shutil.copyfile(notebook_files[1], copy)
    executing.execute(copy)
    assert without_pictures(copy) == without_pictures(notebook_files[1])
    assert executing.execute(copy).changed is False


def test_rows_are_shown_as_a_table_or_as_source_cards_and_never_as_a_list(path):
    code = [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    assert [source for source in code if re.search(r"\.tolist\(|\blist\(|\bmap\(|cite\([^)]*\), *cite\(", source)] == []


def test_the_next_notebook_is_a_link(path):
    """Where the text says what comes next, each notebook that it names opens with a click."""
    names = "|".join(file.stem for file in path.parent.glob("*.ipynb"))
    said = [line for cell in nbformat.read(path, 4).cells for line in cell.source.splitlines() if "**Next:**" in line]
    for line in said:
        assert re.sub(rf"\[({names})\]\(\1\.ipynb\)", "", line) == re.sub(rf"\[?\b({names})\b(\]\([^)]*\))?", "", line)


def test_every_heading_follows_the_one_above_it(path):
    levels = [len(mark) for cell in nbformat.read(path, 4).cells if cell.cell_type == "markdown"
              for mark in re.findall(r"^(#{1,6}) ", cell.source, flags=re.M)]  # fmt: skip
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_no_cell_waits_for_a_name_that_an_exercise_gives(path):
    given = set()
    for cell in nbformat.read(path, 4).cells:
        if cell.cell_type != "code":
            continue
        names = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Name)]
        set_here = {node.id for node in names if isinstance(node.ctx, ast.Store)}
        used = {node.id for node in names if isinstance(node.ctx, ast.Load)} - set_here
        assert not used & given, cell.source
        given = given | set_here if "raises-exception" in cell.metadata.get("tags", []) else given - set_here


def test_the_first_screen_says_where_to_click_and_brings_the_first_card(path):
    title, set_up, before, card = nbformat.read(path, 4).cells[:4]
    asks, shows = "**The question:**" in title.source, "1. Choose **Run > Run All Cells**" in title.source
    assert asks and shows, "cell 1 is the title, its question and where to click"
    set_up_says = f'contents("{path.stem}")' in set_up.source
    assert set_up_says and set_up.metadata["jupyter"]["source_hidden"], "cell 2 is the folded set-up with contents()"
    first = before.source.startswith("## Before you read") and card.source.startswith("ask(")
    assert first, "cells 3 and 4 are '## Before you read' and its card"
    # A screen of 1366 x 768 shows some twenty lines of text and a card.
    assert len(title.source) + len(before.source) < 1100


def test_texts_are_short_and_cells_few(path):
    cells = nbformat.read(path, 4).cells
    lengths = [notebooks.length(cell.source) for cell in cells if cell.cell_type == "markdown"]
    assert len(cells) <= 60
    assert max(lengths) <= 90
    assert statistics.median(lengths) < 45


def test_each_notebook_ends_with_the_way_on(path):
    assert nbformat.read(path, 4).cells[-1].source == f'contents("{path.stem}", at_end=True)'
