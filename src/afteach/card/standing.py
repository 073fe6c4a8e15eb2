"""How the answers of a notebook stood, in words, so that a saved copy of it can say so without a kernel.

A kernel writes it beside the answers; the server reads it when it saves. Nobody marks from it.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from afteach.answers.places import answers_dir

NAME = ".standing.json"
MOST_BYTES = 1_000_000


def keep(question_id: str, words: str) -> None:
    """Note how one question stands; where the disk refuses, a saved copy says nothing of it."""
    path = answers_dir() / NAME
    with contextlib.suppress(OSError):
        # A click waits for this, so nothing here waits for the disk; a torn file is read as an empty one.
        if not path.is_symlink():
            path.write_bytes(json.dumps({**_read(path), question_id: words}).encode())


def beside(folder: Path) -> dict[str, str]:
    """How the questions stand whose answers are kept for the notebooks of a folder; nothing where none are."""
    return _read(answers_dir(folder) / NAME)


def _read(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_bytes()) if path.stat().st_size <= MOST_BYTES else {}
    except (OSError, ValueError, RecursionError):
        return {}
    found = found if isinstance(found, dict) else {}
    return {name: words for name, words in found.items() if isinstance(words, str)}
