"""What a Jupyter server does when it saves a notebook: a card is kept as the question in words.

A stored widget view whose kernel is gone shows "Error displaying widget: model not found".
"""

from __future__ import annotations

from typing import Any

VIEW = "application/vnd.jupyter.widget-view+json"
MARK = "afteach"


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "afteach.card.saving"}]


def _load_jupyter_server_extension(server: Any) -> None:
    # By name, pre_save_hook in a settings file is never imported (Jupyter Server 2.21).
    server.contents_manager.register_pre_save_hook(without_cards)


def without_cards(model: dict[str, Any], **_about: Any) -> None:
    """Take the widget view from the outputs that are cards, and leave all else as it is; Jupyter's pre-save hook."""
    content = model.get("content")
    if model.get("type") != "notebook" or not isinstance(content, dict):
        return
    for cell in content.get("cells", []):
        for output in cell.get("outputs", []):
            if MARK in output.get("metadata", {}):
                output.get("data", {}).pop(VIEW, None)
