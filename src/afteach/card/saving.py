"""What a Jupyter server does when it saves a notebook: a card is kept as the question in words.

A stored widget view whose kernel is gone shows "Error displaying widget: model not found".
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from afteach.card import standing

VIEW = "application/vnd.jupyter.widget-view+json"
MARK = "afteach"
# In the metadata of an output: what its texts say of the answer.
STOOD = "afteach-stood"


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "afteach.card.saving"}]


def _load_jupyter_server_extension(server: Any) -> None:
    # By name, pre_save_hook in a settings file is never imported (Jupyter Server 2.21).
    server.contents_manager.register_pre_save_hook(without_cards)


def without_cards(model: dict[str, Any], path: str = "", contents_manager: Any = None, **_about: Any) -> None:
    """Keep of a card the question in words and how it stood, and leave all else as it is; Jupyter's pre-save hook."""
    content = model.get("content")
    if model.get("type") != "notebook" or not isinstance(content, dict):
        return
    cards = [
        output
        for cell in content.get("cells", [])
        for output in cell.get("outputs", [])
        if MARK in output.get("metadata", {})
    ]
    root = getattr(contents_manager, "root_dir", "")
    stood = standing.beside(Path(root, path).parent) if cards and root else {}
    for output in cards:
        output.get("data", {}).pop(VIEW, None)
        _say_how_it_stood(output, stood.get(str(output["metadata"][MARK]), ""))


def _say_how_it_stood(output: dict[str, Any], words: str) -> None:
    """Put the words at the end of each text of an output, in the place of those of an earlier save."""
    before = output["metadata"].pop(STOOD, "")
    if words:
        output["metadata"][STOOD] = words
    for kind in ("text/plain", "text/markdown"):
        text = output.get("data", {}).get(kind)
        if isinstance(text, str):
            text = text.removesuffix(f"\n\n{before}") if before else text
            output["data"][kind] = f"{text}\n\n{words}" if words else text
