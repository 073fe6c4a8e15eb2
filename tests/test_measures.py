"""What the workbook costs: seconds of the processor, as ratios within one run, so that a busy machine says the same."""

from __future__ import annotations

import os
import subprocess
import sys

import nbformat
import pytest

pytestmark = pytest.mark.skipif(
    not {"CI", "AFTEACH_MEASURE"} & set(os.environ), reason="it takes minutes; CI measures it, AFTEACH_MEASURE=1 too"
)

CARD = "from afteach import ask; ask('sh-02')"
CHART = "from afteach.charts import alt; alt.load()"


@pytest.fixture(scope="module")
def least(tmp_path_factory):
    """The least that each of several pieces of code costs a fresh Python, run in turns, with its bytecode kept."""
    # Where bytecode is not kept, compiling what is imported hides all the rest.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path_factory.mktemp("bytecode"))}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def cost(code: str, ask: str) -> float:
        whole = f"{code}\nimport time\nprint({ask})"
        done = subprocess.run([sys.executable, "-c", whole], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return float(done.stdout.split()[-1])

    def run(*codes: str, times: int, ask: str = "time.process_time()") -> list[float]:
        for code in codes:
            cost(code, ask)
        rounds = [[cost(code, ask) for code in codes] for _ in range(times)]
        return [min(column) for column in zip(*rounds, strict=True)]

    return run


def test_the_first_card_costs_little_more_than_the_library_that_shows_it(least):
    # Beside browsers the least of seven came out by a tenth too high; of fifteen it does not.
    library, card = least("import anywidget", CARD, times=15)
    print(f"first card: {card / library:.2f} times import anywidget")
    assert card <= 1.3 * library


def test_the_first_chart_costs_half_of_what_importing_altair_does(least):
    library, chart = least("import altair", CHART, times=2)
    print(f"first chart: {chart / library:.2f} times import altair")
    assert chart <= 0.5 * library


def test_ten_cards_need_little_memory(least):
    most = "__import__('psutil').Process().memory_info().rss / 1e6"
    ten = "from afteach import ask\nfrom afteach.questions.model import bank\ncards = [ask(name) for name in list(bank())[:10]]"
    library, cards = least("import anywidget", ten, times=2, ask=most)
    print(f"ten cards: {cards - library:.1f} MB beyond import anywidget")
    assert cards - library < 15


def nbval(folder) -> float:
    """Seconds of the processor that one strict run over the notebooks of a folder takes, its kernels included."""
    resource = pytest.importorskip("resource")  # Windows counts no seconds of children

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--nbval"]
    done = subprocess.run([*command, "--rootdir", str(folder), str(folder)], capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stdout[-3000:]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_validating_a_notebook_costs_little_more_than_what_it_imports(notebook_files, tmp_path):
    """Strict nbval of three notebooks, beside three that only import what ours do: at most 1.3 times."""
    some = notebook_files[1:4]
    ours, floor = tmp_path / "ours", tmp_path / "floor"
    for folder in (ours, floor):
        folder.mkdir()
        (folder / "pytest.ini").write_text("[pytest]\n")
    for path in some:
        notebook = nbformat.read(path, 4)
        nbformat.write(notebook, ours / path.name)
        bare = nbformat.v4.new_notebook(metadata=notebook.metadata)
        source = "import json, msgspec, pandas, anywidget, ipywidgets, altair; json.dumps({})"
        cell = nbformat.v4.new_code_cell(source, execution_count=1)
        cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "'{}'"}, execution_count=1)]
        bare.cells = [cell]
        nbformat.write(bare, floor / path.name)
    before, after = nbval(floor), nbval(ours)
    print(f"strict nbval: {after / before:.2f} times notebooks that only import")
    assert after <= 1.3 * before
