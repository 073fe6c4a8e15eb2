"""Where a student's answers live."""

from __future__ import annotations

import os
from pathlib import Path

from afteach.workbook import start_dir

# What `afteach lab` leaves in the folder that it lays out: which edition of each notebook it copied there.
EDITIONS = ".afteach-editions.json"


def laid_out(folder: Path) -> Path | None:
    """The folder that `afteach lab` laid out and in which a folder lies; None where it lies in no such folder."""
    return next((above for above in (folder, *folder.parents) if os.path.isfile(above / EDITIONS)), None)


def answers_dir(start: Path | None = None) -> Path:
    """Where answers are kept: AFTEACH_ANSWERS if set, else answers/ of the workbook, else answers/ beside the notebook.

    `start` is the folder of the notebook; without it that of the one that this kernel runs.

    A notebook that was moved into a folder within the workbook keeps its answers where the others do.
    """
    start = start or start_dir()
    named = os.environ.get("AFTEACH_ANSWERS")
    return start / Path(named).expanduser() if named else (laid_out(start) or start) / "answers"
