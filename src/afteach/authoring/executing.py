"""Execute the notebooks in place without a random trace, and name the prose to read again where an output changed."""

from __future__ import annotations

import copy
import os
import re
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from afteach import files
from afteach.authoring import counts, folding, notebooks
from afteach.card import saving
from afteach.charts import iri
from afteach.errors import AfteachError
from afteach.record import lookup
from afteach.workbook import root

with iri.postponed():
    import nbformat

if TYPE_CHECKING:
    from nbclient import NotebookClient

LONGEST_LINE = 110


class Executed(NamedTuple):
    """What came of one run: whether the file changed, and in lines which outputs did and what to read again."""

    changed: bool
    read_again: list[str]


def execute(path: Path) -> Executed:
    """Run one notebook from top to bottom and store it without random traces, whole or not at all.

    Widget views are removed, so that a reopened notebook shows the question in words and not an error.
    Errors: AfteachError names the cell that failed; OSError where the file cannot be written.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = notebooks.read(path)
    before, kept = path.read_bytes(), copy.deepcopy(notebook)
    with tempfile.TemporaryDirectory() as empty:
        settings = {**os.environ, "AFTEACH_ANSWERS": empty, "AFTEACH_PNG": "1", "PYTHONHASHSEED": "0"}
        settings["AFTEACH_WORKBOOK"] = str(root().resolve())
        # A kernel warns at each start that it listens on this machine; an author has nothing to do about it.
        quiet = ["--IPKernelApp.log_level=ERROR"]
        client = NotebookClient(
            notebook,
            timeout=120,
            kernel_name="python3",
            record_timing=False,
            extra_arguments=quiet,
            # An exercise that fails in the workbook's own hands is a fault, whatever a student's may do.
            force_raise_errors=True,
        )
        try:
            _run(client, settings, path.parent)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as fault:
            plain = re.sub(r"\x1b\[[0-9;]*m", "", str(fault))
            last = [line for line in plain.splitlines() if line.strip()][-1].rstrip(".: ")
            raise AfteachError(f"{path.name}: a cell failed: {last}. Nothing was written.") from None
        except (RuntimeError, LookupError) as fault:
            raise AfteachError(f"{path.name}: no kernel could be started: {fault}. Nothing was written.") from None
    made = normalise(notebook)
    text = (nbformat.writes(made) + "\n").encode()
    if text == before:
        return Executed(False, [])
    files.write_whole(path, text)
    return Executed(True, list(_read_again(kept, made)))


def _run(client: NotebookClient, settings: dict[str, str], folder: Path) -> None:
    # In the main thread nbclient would answer Ctrl+C itself, by taking the kernel away under its own feet.
    with ThreadPoolExecutor(max_workers=1) as pool:
        running = pool.submit(client.execute, env=settings, cwd=str(folder))
        try:
            running.result()
        except KeyboardInterrupt:
            while not running.done():
                provisioner = getattr(client.km, "provisioner", None)
                process = getattr(provisioner, "process", None)
                if process:
                    process.kill()
                time.sleep(0.1)
            raise


def normalise(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Take out what differs from one run or machine to the next, and fold the code that a reader need not see."""
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for number, cell in enumerate(notebook.cells):
        cell.id = cell.get("id") or f"cell-{number:02}"
        cell.metadata = nbformat.from_dict({k: v for k, v in cell.metadata.items() if k in ("tags", "jupyter")})
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(saving.VIEW, None)
    folding.fold(notebook)
    return notebook


# What to read again


def _read_again(before: nbformat.NotebookNode, after: nbformat.NotebookNode) -> Iterator[str]:
    """For each output that changed: its cell, the first line that differs, and the text cells that may speak of it."""
    for place, (old, new) in enumerate(zip(before.cells, after.cells, strict=True)):
        if new.cell_type != "code" or not old.get("execution_count"):
            continue
        was, now = counts.said(old), counts.said(new)
        if was == now and _drawn(old) == _drawn(new):
            continue
        first, last = _first_difference(was, now)
        yield f"  cell {place + 1} {f'now says: {last}' if was != now else 'is drawn in another way, with the same words'}"
        if was != now:
            yield f"    it said: {first}"
        reasons = _mentions(after.cells, place, _gone(was, now))
        if reasons:
            yield f"    read again: {', '.join(f'cell {number} ({why})' for number, why in reasons.items())}"


def _drawn(cell: nbformat.NotebookNode) -> list[dict[str, Any]]:
    """All that is stored of a cell's outputs, pictures apart, which differ from machine to machine."""
    return [
        {kind: data for kind, data in output.get("data", {}).items() if not kind.startswith("image/")}
        for output in cell.get("outputs", [])
    ]


def _first_difference(was: str, now: str) -> tuple[str, str]:
    old, new = was.splitlines(), now.splitlines()
    width = max(len(old), len(new))
    old, new = old + [""] * (width - len(old)), new + [""] * (width - len(new))
    first, last = next(((a, b) for a, b in zip(old, new, strict=True) if a != b), ("", ""))
    return _short(first) or "(nothing)", _short(last) or "(nothing)"


def _short(line: str) -> str:
    line = " ".join(line.split())
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 2] + " …"


def _gone(was: str, now: str) -> tuple[set[int], set[str]]:
    """The numbers and the row ids that stood in an output and no longer do."""
    return counts.numbers(was) - counts.numbers(now), _ids(was) - _ids(now)


def _ids(text: str) -> set[str]:
    return set(lookup.id_pattern().findall(text))


def _mentions(cells: list, place: int, gone: tuple[set[int], set[str]]) -> dict[int, str]:
    """The text cells to read again, by their number: those right below, and those that still say what is gone."""
    found = {}
    for number in range(place + 1, len(cells)):
        if cells[number].cell_type != "markdown":
            break
        found[number + 1] = "below it"
    for number, cell in enumerate(cells, start=1):
        if cell.cell_type != "markdown" or number in found:
            continue
        prose = re.sub(r"`[^`]*`", " ", cell.source)
        # Without the ids and dates, whose digits count nothing.
        bare = notebooks.FULL_DATE.sub(" ", lookup.id_pattern().sub(" ", prose))
        still = [*sorted(_ids(prose) & gone[1]), *map(str, sorted(counts.numbers(bare) & gone[0]))]
        if still:
            found[number] = f"it says {' and '.join(still[:3])}"
    return dict(sorted(found.items()))
