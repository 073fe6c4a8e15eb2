"""Write an empty, valid workbook: the files of template/, under a name and a title of their own."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from pathlib import Path

from afteach import files
from afteach.errors import AfteachError

TEMPLATE = Path(__file__).resolve().parent / "template"
# As the template has them, so that it is itself a workbook that can be validated and executed.
NAME, TITLE = "new-workbook", "A new workbook"
NAMED = ("pyproject.toml", "README.md", "data/datapackage.json", "data/workbook.toml")
# Kept without their dot, or tools would follow them here.
DOTTED = {"gitignore": ".gitignore", "github": ".github"}
LEFT_BY_A_RUN = {"__pycache__", ".ipynb_checkpoints", ".pytest_cache", "answers"}
LONGEST_NAME = 40


def write(folder: Path, title: str = "") -> list[str]:
    """Write a workbook into a new or empty folder; without a title it takes the folder's name.

    Returns what was done, in words. Errors: AfteachError where something stands there, for nothing is overwritten.
    """
    _refuse_what_is_there(folder)
    own_name = folder.resolve().name
    title = _line(title) or _line(re.sub(r"[-_]+", " ", own_name)) or TITLE
    for source in _template_files():
        place = source.relative_to(TEMPLATE)
        target = folder / DOTTED.get(place.parts[0], place.parts[0]) / Path(*place.parts[1:])
        target.parent.mkdir(parents=True, exist_ok=True)
        data = source.read_bytes()
        if place.as_posix() in NAMED:
            data = _named(data.decode("utf-8"), workbook_name(own_name), title).encode("utf-8")
        files.write_whole(target, data)
    return [
        f"A workbook is written to {folder}. All its rows are invented: replace them by your own.",
        f"Try it: go into {folder}, then 'afteach validate' and 'afteach lab'. AUTHORING.md says how to go on.",
    ]


def workbook_name(text: str) -> str:
    """The name that keys a workbook's answers in the browser: small letters, digits and dashes."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_NAME].rstrip("-")
    if name and name != "afteach":
        return name
    # In a script that has no such letters, or under the engine's own name, which pip would take for the engine.
    return f"workbook-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:8]}"


def _refuse_what_is_there(folder: Path) -> None:
    if folder.is_symlink() or folder.exists():
        if not folder.is_dir():
            raise AfteachError(f"{folder} is a file, and nothing is overwritten. Name a new folder: afteach new FOLDER")
        if any(folder.iterdir()):
            raise AfteachError(
                f"The folder {folder} is not empty, and nothing is overwritten. Name a new folder: afteach new FOLDER"
            )


def _template_files() -> list[Path]:
    found = (path for path in TEMPLATE.rglob("*") if path.is_file())
    return sorted(path for path in found if not LEFT_BY_A_RUN & set(path.relative_to(TEMPLATE).parts))


def _line(text: str) -> str:
    """A text on one line, as TOML, JSON and a heading can all hold it."""
    kept = "".join(" " if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in text)
    return " ".join(kept.split())


def _named(text: str, name: str, title: str) -> str:
    """The text of a template's file with another name and title; what JSON writes in quotes TOML reads too."""
    text = text.replace(json.dumps(NAME), json.dumps(name)).replace(
        json.dumps(TITLE), json.dumps(title, ensure_ascii=False)
    )
    return text.replace(f"# {TITLE}\n", f"# {title}\n", 1)
