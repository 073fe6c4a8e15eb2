"""What every test shares: answers of nobody, and where the project lies."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import hypothesis
import pytest

# How long an example took says how busy the machine was.
hypothesis.settings.register_profile("on any machine", deadline=None)
hypothesis.settings.load_profile("on any machine")

# More would start more kernels and browsers at once than a laptop has memory for.
MOST_AT_ONCE = 4
ROOT = Path(__file__).resolve().parent.parent

# Before any kernel starts: no notebook may see answers that a developer gave while trying it.
_EMPTY = tempfile.TemporaryDirectory(prefix="afteach-no-answers-")
os.environ["AFTEACH_ANSWERS"] = _EMPTY.name
os.environ.pop("AFTEACH_WORKBOOK", None)
os.environ.pop("AFTEACH_PNG", None)


def pytest_xdist_auto_num_workers(config) -> int:
    """How many run side by side; a file that is named is run as it is, so that -s and a debugger work."""
    named = [name for name in config.args if Path(name.partition("::")[0]).is_file()]
    at_once = min(os.cpu_count() or 1, MOST_AT_ONCE)
    return 0 if len(named) == len(config.args) or at_once == 1 else at_once


def pytest_xdist_make_scheduler(config, log):
    """A file stays with one worker, and all browser tests with one: two browsers on two cores outwait their patience."""
    from xdist.scheduler import LoadFileScheduling

    class OneBrowser(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return "tests/browser" if file.startswith("tests/browser/") else file

    return OneBrowser(config, log)


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def notebook_files() -> list[Path]:
    """Every notebook of the workbook."""
    return sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(autouse=True)
def no_answer_for_everybody():
    """A test that answers has a folder for it: what it left to all others would be dealt and shown in their notebooks."""
    yield
    left = list(Path(_EMPTY.name).rglob("*.jsonl"))
    for file in left:
        file.unlink()
    assert not left, "this test left answers to all others: set AFTEACH_ANSWERS to a folder of its own with monkeypatch"


@pytest.fixture(autouse=True)
def no_card_of_another_test():
    """A card lives as long as its kernel and is told of every answer; a run of tests would tell thousands."""
    yield
    if shown := sys.modules.get("afteach.card.card"):
        shown._cards.clear()
