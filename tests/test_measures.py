"""What the workbook costs, as ratios within one run."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import nbformat
import pytest


def nbval(folder):
    """Seconds of one strict run over the notebooks of a folder."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--nbval",
        "--rootdir",
        str(folder),
        str(folder),
    ]
    start = time.perf_counter()
    made = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    assert made.returncode == 0, made.stdout[-3000:]
    return time.perf_counter() - start


@pytest.mark.skipif(os.environ.get("AFTEACH_MEASURE") != "1", reason="set AFTEACH_MEASURE=1; it takes minutes")
def test_validating_the_notebooks_costs_little_more_than_what_they_import(notebook_files, tmp_path):
    """Strict nbval twice in turn with notebooks that only import what ours import: at most 1.3 times."""
    ours, floor = tmp_path / "ours", tmp_path / "floor"
    for folder in (ours, floor):
        folder.mkdir()
        (folder / "pytest.ini").write_text("[pytest]\n")
    for path in notebook_files:
        notebook = nbformat.read(path, 4)
        nbformat.write(notebook, ours / path.name)
        bare = nbformat.v4.new_notebook(metadata=notebook.metadata)
        source = "import json, msgspec, pandas, anywidget, ipywidgets, altair; json.dumps({})"
        cell = nbformat.v4.new_code_cell(source, execution_count=1)
        cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "'{}'"}, execution_count=1)]
        bare.cells = [cell]
        nbformat.write(bare, floor / path.name)
    times = [(nbval(floor), nbval(ours)) for _ in range(2)]
    ratio = min(after for _, after in times) / min(before for before, _ in times)
    print(f"strict nbval: {ratio:.2f} times notebooks that only import")
    assert ratio <= 1.3
