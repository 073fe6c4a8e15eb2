"""Write the results of a run: all of them or none, and nothing beside them."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from afteach.errors import AfteachError

GRADEBOOK, PLAIN, ITEMS, MEASURE, PROBLEMS, REPORT = (
    "gradebook.csv", "gradebook-plain.csv", "items.csv", "measure.csv", "problems.csv", "report.html",
)  # fmt: skip
NAMES = {GRADEBOOK, PLAIN, ITEMS, MEASURE, PROBLEMS, REPORT}
PROBLEM_COLUMNS = ("file", "line", "student", "problem", "done")
WORK = "unfinished-"


def are_results(folder: Path, names: list[str]) -> set[str]:
    """Those files of a folder that an earlier run wrote: they are nobody's answers."""
    if PROBLEMS not in names:
        return set()
    try:
        with (folder / PROBLEMS).open("rb") as file:
            head = file.read(100).removeprefix(b"\xef\xbb\xbf").replace(b'"', b"")
    except OSError:
        return set()
    return NAMES if head.startswith(",".join(PROBLEM_COLUMNS).encode()) else set()


def prepare(out: Path, option: str = "--out") -> None:
    """Make the folder of results; AfteachError where that cannot be."""
    if out.exists() and not out.is_dir():
        raise AfteachError(f"{out} is a file. Name a folder: {option} DIR")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise AfteachError(f"The folder {out} cannot be made: {fault.strerror}. Choose another: {option} DIR") from None
    if not os.access(out, os.W_OK):
        raise AfteachError(f"The folder {out} cannot be written to. Choose another: {option} DIR")


def write_all(out: Path, results: dict[str, bytes], option: str = "--out") -> None:
    """Write all these files into a folder, or leave it as it was.

    Errors: AfteachError names the file that is open elsewhere, or says that the disk is full.
    """
    try:
        with tempfile.TemporaryDirectory(dir=out, prefix=WORK, ignore_cleanup_errors=True) as work:
            new, old = Path(work) / "new", Path(work) / "old"
            new.mkdir()
            old.mkdir()
            for name, data in results.items():
                with (new / name).open("xb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
            _exchange(out, new, old, list(results))
    except OSError as fault:
        raise AfteachError(
            f"The results could not be written into {out} ({fault.strerror or fault}); it is as it was. "
            f"Make room, or choose another folder: {option} DIR"
        ) from None


def _exchange(out: Path, new: Path, old: Path, names: list[str]) -> None:
    try:
        # A file that Excel has open cannot be moved: so all old ones leave before a new one comes.
        for name in names:
            _move(out / name, old / name, name)
        for name in names:
            _move(new / name, out / name, name)
    except BaseException:
        for name in names:
            if os.path.lexists(old / name):
                with contextlib.suppress(OSError):
                    os.replace(old / name, out / name)
            elif not (new / name).exists() and (out / name).exists():
                with contextlib.suppress(OSError):
                    (out / name).unlink()
        raise


def _move(source: Path, target: Path, name: str) -> None:
    if not os.path.lexists(source):
        return
    if source.is_dir() and not source.is_symlink():
        raise AfteachError(f"{source} is a folder. Move it away, or choose another place: --out DIR")
    try:
        os.replace(source, target)
    except PermissionError:
        raise AfteachError(
            f"{name} is open in another program. Close it there and run this again; nothing was changed."
        ) from None
