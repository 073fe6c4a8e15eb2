"""What every test shares: answers of nobody, and where the project lies."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Before any kernel starts: no notebook may see answers that a developer gave while trying it.
_EMPTY = tempfile.TemporaryDirectory(prefix="afteach-no-answers-")
os.environ["AFTEACH_ANSWERS"] = _EMPTY.name
os.environ.pop("AFTEACH_DATA", None)
os.environ.pop("AFTEACH_PNG", None)


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def notebook_files() -> list[Path]:
    """Every notebook of the workbook."""
    return sorted((ROOT / "notebooks").glob("*.ipynb"))
