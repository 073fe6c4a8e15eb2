"""Build the whole site anew, or leave what was there as it was."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from afteach.errors import AfteachError
from afteach.workbook import notebook_files

# What marks a folder that may be replaced.
MARK = ".afteach-site"
NEEDS = ("sphinx", "myst_nb", "sphinx_book_theme", "jupyterlite_core", "jupyterlite_pyodide_kernel", "packaging")
# What JupyterLab itself loads beside Pyodide, in megabytes: measured in Chromium, packed as web servers send it.
PAGE = 2.5


def build(out: Path, pyodide: Path | None) -> Iterator[str]:
    """Write the site into a folder, and say in lines what is there.

    A folder of an earlier site is replaced as a whole, once the new one is built; any other must be new or empty.
    Errors: AfteachError where something that is needed is missing, or a part cannot be built.
    """
    _try(out, pyodide)
    with tempfile.TemporaryDirectory(prefix="afteach-site-") as name, seen_by_nobody(Path(name)):
        yield from _write(Path(name), out, pyodide)


def _write(work: Path, out: Path, pyodide: Path | None) -> Iterator[str]:
    from afteach.site import browser, compiling, reading

    made = work / "out"
    made.mkdir()
    size = 0
    with contextlib.ExitStack() as meanwhile:
        if pyodide is not None:
            laid = meanwhile.enter_context(browser.written(made / "lite", pyodide.resolve(), work))
            size = round(PAGE + _sent(laid) / 1e6)
        reading.build(made, work, opens=pyodide is not None, megabytes=size)
    (made / MARK).write_text("", encoding="utf-8", newline="\n")
    # GitHub Pages would leave out what begins with an underscore.
    (made / ".nojekyll").write_text("", encoding="utf-8", newline="\n")
    _put(made, out)
    count = len(notebook_files())
    yield f"{count} {'notebook is' if count == 1 else 'notebooks are'} in {out}, {_bytes(out) / 1e6:.0f} MB. Any web server can serve them."
    if pyodide is None:
        yield f"They are pages to read. For notebooks that run in the reader's browser add --pyodide FILE. {_where()}"
    else:
        yield f"A first visit to a notebook loads about {size} MB. To look at it: afteach serve {out}"
        short = compiling.of_pyodide(out / "lite" / "static" / "pyodide")
        if not compiling.interpreter(short):
            yield (
                f"The first card would come some seconds sooner with bytecode of Python {short}, which is not at hand "
                f"here. Run: python -m uv python install {short} (then build again)"
            )


def _put(made: Path, out: Path) -> None:
    """Set the new site in the place of the old one, which stays until the new one lies beside it as a whole."""
    out = out.resolve()
    spare = Path(tempfile.mkdtemp(prefix=".afteach-site-", dir=out.parent))
    new, old = spare / "new", spare / "old"
    try:
        shutil.move(str(made), str(new))
        if out.is_dir():
            os.replace(out, old)
        try:
            os.replace(new, out)
        except OSError:
            if old.is_dir():
                os.replace(old, out)
            raise
    finally:
        shutil.rmtree(spare, ignore_errors=True)


@contextlib.contextmanager
def seen_by_nobody(work: Path) -> Iterator[None]:
    """The answers of whoever builds stay out of the pages: they show what a reader sees who answered nothing."""
    before = os.environ.get("AFTEACH_ANSWERS")
    os.environ["AFTEACH_ANSWERS"] = str(work / "answers")
    try:
        yield
    finally:
        os.environ.pop("AFTEACH_ANSWERS")
        if before is not None:
            os.environ["AFTEACH_ANSWERS"] = before


def _try(out: Path, pyodide: Path | None) -> None:
    missing = [name for name in NEEDS if importlib.util.find_spec(name) is None]
    if missing:
        raise AfteachError(
            f"A site needs {missing[0]}, which is not installed. Write --extra site after uv run "
            '(or run: python -m pip install "afteach[site]")'
        )
    if pyodide is not None and not pyodide.exists():
        raise AfteachError(f"{pyodide} is not there. {_where()}")
    if out.is_dir() and any(out.iterdir()) and not (out / MARK).is_file():
        raise AfteachError(f"{out} holds other files. Name a folder that is new or empty, or that of an earlier site.")
    if out.exists() and not out.is_dir():
        raise AfteachError(f"{out} is a file. Name a folder.")
    if Path.cwd().is_relative_to(out.resolve()):
        raise AfteachError(
            f"You stand in {out.resolve()}, which would be replaced. Go to the folder of the workbook and name it: "
            "afteach site --out DIR"
        )
    # Known now and not when all is built, minutes later.
    place = out.resolve().parent
    try:
        place.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryDirectory(prefix=".afteach-site-", dir=place).cleanup()
    except OSError as fault:
        raise AfteachError(
            f"Nothing can be written into {place} ({fault.strerror}). Name another folder: afteach site --out DIR"
        ) from None


def _where() -> str:
    from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION as version

    return (
        f"It is pyodide-{version}.tar.bz2, at https://github.com/pyodide/pyodide/releases/tag/{version} (400 MB, once)."
    )


def _sent(folder: Path) -> int:
    """How many bytes of a folder go over the line: a wheel and a zip are packed already."""
    files = [path.read_bytes() for path in folder.iterdir()]
    return sum(min(len(data), len(zlib.compress(data, 6))) for data in files)


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
