"""Where the data, the notebooks and the student's answers live."""

from __future__ import annotations

import os
from pathlib import Path

from afteach.errors import AfteachError

HERE = Path(__file__).resolve().parent


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


def answers_dir() -> Path:
    """Where answers are kept: AFTEACH_ANSWERS if set, else answers/ beside the notebook."""
    named = os.environ.get("AFTEACH_ANSWERS")
    return Path(named).expanduser() if named else Path.cwd() / "answers"


def _shipped(name: str, marker: str = "") -> Path:
    # Only the wheel carries these folders inside the package; a checkout has them at its root.
    for folder in (HERE / name, HERE.parent.parent / name):
        if (folder / marker).exists():
            return folder
    raise AfteachError(
        f"The {name} folder of afteach is missing. Install afteach again, or run it from its own checkout."
    )
