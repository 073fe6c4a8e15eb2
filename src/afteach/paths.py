"""Where the data, the notebooks and the student's answers live."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from afteach.errors import AfteachError

HERE = Path(__file__).resolve().parent
# What `afteach lab` leaves in the folder that it lays out: which edition of each notebook it copied there.
EDITIONS = ".afteach-editions.json"
_FIRST_FOLDER = os.getcwd()


def data_dir() -> Path:
    """The folder of tables: AFTEACH_DATA if set, else the installed copy, else the checkout's data/."""
    named = os.environ.get("AFTEACH_DATA")
    if named:
        folder = Path(named).expanduser()
        if not (folder / "datapackage.json").is_file():
            raise AfteachError(
                f"AFTEACH_DATA names {folder}, but there is no datapackage.json in it. "
                "Unset AFTEACH_DATA, or point it at a folder with the tables."
            )
        return folder
    return _shipped("data", "datapackage.json")


def notebooks_dir() -> Path:
    """The folder of the workbook's own notebooks, never the student's copies."""
    return _shipped("notebooks")


def start_dir() -> Path:
    """The folder of the notebook that this kernel runs, wherever os.chdir has led it since."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return Path(getattr(shell, "starting_dir", _FIRST_FOLDER))


def workbook_dir(folder: Path) -> Path | None:
    """The folder that `afteach lab` laid out and in which a folder lies; None where it lies in no such folder."""
    return next((one for one in (folder, *folder.parents) if os.path.isfile(one / EDITIONS)), None)


def answers_dir() -> Path:
    """Where answers are kept: AFTEACH_ANSWERS if set, else answers/ of the workbook, else answers/ beside the notebook.

    A notebook that was moved into a folder within the workbook keeps its answers where the others do.
    """
    start = start_dir()
    named = os.environ.get("AFTEACH_ANSWERS")
    return start / Path(named).expanduser() if named else (workbook_dir(start) or start) / "answers"


def _shipped(name: str, marker: str = "") -> Path:
    # Only the wheel carries these folders inside the package; a checkout has them at its root.
    for folder in (HERE / name, HERE.parent.parent / name):
        if (folder / marker).exists():
            return folder
    raise AfteachError(
        f"The {name} folder of afteach is missing. Install afteach again, or run it from its own checkout."
    )
