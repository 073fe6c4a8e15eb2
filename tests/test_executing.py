"""Executing notebooks whole or not at all, and naming the prose to read again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import nbformat
import pytest
import sample

from afteach import cli
from afteach.authoring import counts, executing, notebooks
from afteach.errors import AfteachError
from afteach.questions import model as questions


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(sample.build(tmp_path)))
    return tmp_path / "data"


def write(path, *cells):
    made = [
        nbformat.v4.new_code_cell(one[1:]) if one.startswith("%") else nbformat.v4.new_markdown_cell(one)
        for one in cells
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=made), path)
    return path


def add_event(data):
    with (data / "events.csv").open("a", encoding="utf-8", newline="") as file:
        file.write("ev05,P02-1,iran,One more,2020,,1,true\n")


COUNT = "%from afteach import load\nprint(f\"{len(load('events'))} events, {(load('events')['relationship'] == 'russia').sum()} with Russia\")"


def test_an_added_row_names_the_reading_to_read_again_and_validate_refuses_it(data, tmp_path, capsys):
    cells = [
        "# A",
        COUNT,
        "Three of the four are with Russia.",
        "%1 + 1",
        "Elsewhere: four events.",
        "Nothing of this.",
    ]
    path = write(tmp_path / "00-example.ipynb", *cells)
    assert executing.execute(path).read_again == []

    def counted_wrong():
        return [fault for fault in notebooks.faults(path, questions.bank()) if "output above" in fault]

    assert counted_wrong() == []
    add_event(data)
    assert cli.main(["execute", str(path)]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "00-example.ipynb: written",
        "  cell 2 now says: 5 events, 3 with Russia",
        "    it said: 4 events, 3 with Russia",
        "    read again: cell 3 (below it), cell 5 (it says 4)",
    ]
    assert counted_wrong() == ["00-example.ipynb, cell 3: 'Three of the four': there are no four in the output above"]
    assert cli.main(["execute", str(path)]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == ["00-example.ipynb: unchanged"]


def test_the_first_line_that_differs_is_shown(data, tmp_path):
    path = write(tmp_path / "x.ipynb", "%from afteach import cite\ncite('ev01')", "See.", "So ev01 it was.")
    executing.execute(path)
    events = data / "events.csv"
    events.write_text(events.read_text(encoding="utf-8").replace("First meeting", "The first"), encoding="utf-8")
    assert executing.execute(path).read_again == [
        "  cell 1 now says: ev01: The first (9 November 2018). “The long walk” (2020), paragraph P01.",
        "    it said: ev01: First meeting (9 November 2018). “The long walk” (2020), paragraph P01.",
        "    read again: cell 2 (below it), cell 3 (below it)",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Five of the fourteen rest on one side's word.", None),
        ("5 of the 14 rest on one side's word.", None),
        ("Nine of fourteen are documented.", None),
        ("Five of the fifteen rest on one side's word.", "there are no fifteen in the output above"),
        ("Six of the fourteen rest on one side's word.", "there are no six in the output above"),
        ("All fourteen events are drawn.", None),
        ("All thirteen events are drawn.", "'thirteen events': the output above counts events"),
        ("The three events of one year.", "'three events': the output above counts events"),
        ("One of the fourteen is hollow.", None),
        ("The same tone stands in five of its six rows.", None),
        ("One of 02 to 05; one of 2020.", None),
        ("Seven words of three letters. Run `5 of 17`.", None),
    ],
)
def test_a_share_in_the_reading_agrees_with_the_chart_above_it(text, fault):
    above = nbformat.v4.new_code_cell("charts.timeline(events)")
    told = "Timeline of 14 events with the United States, 2012 to 2020; nine documented and five claimed."
    above.outputs = [nbformat.v4.new_output("display_data", {"text/plain": told})]
    found = counts.share_faults(above, text)
    assert (found == []) if fault is None else (len(found) == 1 and fault in found[0]), found


def test_a_share_is_looked_for_in_the_rows_the_cells_and_the_sums_of_a_table():
    head = "<table><thead><tr><th></th><th>who</th></tr></thead><tbody>"
    rows = "".join(f"<tr><th>{n}</th><td>{who}</td></tr>" for n, who in enumerate(("Anna", "Anna", "Борис", "李雷")))
    table = nbformat.v4.new_code_cell("rows")
    table.outputs = [
        nbformat.v4.new_output("execute_result", {"text/plain": "who", "text/html": f"{head}{rows}</tbody></table>"})
    ]
    assert counts.share_faults(table, "Two of the four are Anna's.") == []
    assert counts.share_faults(table, "Two of the seven are Anna's.") != []
    series = nbformat.v4.new_code_cell("rows.value_counts()")
    series.outputs = [
        nbformat.v4.new_output(
            "execute_result", {"text/plain": "who\nAnna     4\nBoris    7\nName: count, dtype: int64"}
        )
    ]
    assert counts.share_faults(series, "Four of eleven are Anna's.") == []
    assert counts.share_faults(series, "Four of twelve are Anna's.") != []


def test_the_reading_below_a_card_is_about_what_was_answered():
    card = nbformat.v4.new_code_cell('ask("ex-01")')
    card.outputs = [nbformat.v4.new_output("display_data", {"text/plain": "ex-01. Which of 14?"})]
    assert counts.share_faults(card, "Three of sixteen differ.") == []


# Whole or not at all


@pytest.mark.parametrize(
    "content", [b"\xff\xfe{", b"{", b"[]", b"null", b'{"cells": null}', b'{"cells": [3]}', b"[" * 100_000]
)
def test_what_is_no_notebook_is_said_in_one_line_and_left_alone(data, tmp_path, capsys, content):
    path = tmp_path / "x.ipynb"
    path.write_bytes(content)
    assert cli.main(["execute", str(path)]) == 2
    error = capsys.readouterr().err
    assert error.startswith("afteach: x.ipynb is no notebook") and error.count("\n") == 1
    assert path.read_bytes() == content


def test_a_full_disk_leaves_the_notebook_as_it_was(data, tmp_path, capsys, monkeypatch):
    path = write(tmp_path / "x.ipynb", "%1 + 1")
    before = path.read_bytes()

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert cli.main(["execute", str(path)]) == 2
    error = capsys.readouterr().err
    assert "x.ipynb" in error and "No space left" in error and error.count("\n") == 1
    assert path.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["data", "x.ipynb"]


def test_a_kernel_that_dies_is_said_and_nothing_is_written(data, tmp_path):
    path = write(tmp_path / "x.ipynb", "%import os\nos._exit(3)")
    before = path.read_bytes()
    with pytest.raises(AfteachError, match=r"x\.ipynb: a cell failed: Kernel died\. Nothing was written\."):
        executing.execute(path)
    assert path.read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="Ctrl+C is sent in another way on Windows")
def test_ctrl_c_while_a_cell_runs_stops_the_kernel_in_one_line(data, tmp_path):
    path = write(
        tmp_path / "x.ipynb",
        f"%import os, time\nopen({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\ntime.sleep(100)",
    )
    before = path.read_bytes()
    command = [sys.executable, "-m", "afteach.cli", "execute", str(path)]

    def hear() -> None:
        # A test run that stands in the background of a shell is deaf to Ctrl-C, and its children with it.
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=hear) as run:
        for _ in range(600):
            if (tmp_path / "pid").exists() and (tmp_path / "pid").read_text():
                break
            time.sleep(0.1)
        run.send_signal(signal.SIGINT)
        out, error = run.communicate(timeout=60)
        assert (len(out.splitlines()), error, run.returncode) == (1, "afteach: stopped.\n", 2)
    assert path.read_bytes() == before
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
