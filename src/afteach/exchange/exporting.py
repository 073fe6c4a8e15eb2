"""Write the bank in another program's format, and say of every question what did not go with it."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path

from afteach import files
from afteach.errors import AfteachError
from afteach.exchange import items
from afteach.exchange.items import Loss
from afteach.grading.layouts import as_csv
from afteach.naming import known_name
from afteach.questions.model import Bank
from afteach.workbook import workbook

# Each format: the module that writes it, and the package that this needs, if any.
FORMATS = {
    "moodle": ("moodle", "lxml"),
    "qti21": ("qti21", "lxml"),
    "gift": ("gift", ""),
    "csv": ("table", ""),
    "anki": ("anki", "genanki"),
}


def export(bank: Bank, to: str, out: Path, notebook: str = "") -> tuple[list[str], list[str]]:
    """Write the bank, or one notebook of it, to a file; returns what was done, and a line for each thing that was lost.

    Errors: AfteachError for a place that cannot be used, an unknown notebook, or a package that is not installed.
    """
    module, needs = FORMATS[to]
    if needs and importlib.util.find_spec(needs) is None:
        raise AfteachError(
            f"This format needs {needs}, which is not installed. Write --extra exchange after uv run "
            '(or run: python -m pip install "afteach[exchange]")'
        )
    if out.is_dir() or not out.parent.is_dir():
        raise AfteachError(f"{out} is a folder, or its folder does not exist. Name a file in a folder that does.")
    stem = known_name("notebook", notebook, bank.chapters) if notebook else ""
    found, lost = items.gather(bank, stem)
    data, more = importlib.import_module(f"afteach.exchange.{module}").write(found, workbook().title)
    # A table for people has a column of what stays.
    stays = [] if to == "csv" else [Loss(item.id, reason) for item in found for reason in item.stays]
    lost = _in_order([*lost, *more, *stays], list(bank))
    gone = {loss.id for loss in lost if loss.reason.startswith("left out")}
    files.write_whole(out, data)
    asked = len(bank.of(stem) if stem else bank)
    said = [f"{out} is written: {asked - len(gone)} of {asked} questions."]
    beside = out.with_name(f"{out.name}.left-behind.csv")
    if lost:
        files.write_whole(beside, as_csv([["question", "what stayed behind"], *lost]))
        said.append(f"{beside} lists what stayed behind.")
    else:
        beside.unlink(missing_ok=True)
    return said, [f"{loss.id}: {loss.reason}" for loss in lost]


def _in_order(lost: list[Loss], ids: list[str]) -> list[Loss]:
    """One entry a question, in the order of the bank."""
    reasons: dict[str, list[str]] = {}
    for loss in lost:
        reasons.setdefault(loss.id, []).append(loss.reason)
    return [
        Loss(name, next((r for r in reasons[name] if r.startswith("left out")), "; ".join(reasons[name])))
        for name in ids
        if name in reasons
    ]
