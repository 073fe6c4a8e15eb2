"""What a notebook stores of a chart: drawn without the internet, as wide as the page, in the page's own colours."""

from __future__ import annotations

import base64
import json
import os
import re
import sys

from afteach.charts import picture
from afteach.look import direction
from afteach.words import say

VEGA_LITE = "application/vnd.vegalite.v5+json"
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
COUNTED_NAME = re.compile(r"\bparam_\d+\b")

SVG_WITHOUT_MENU = {"embed_options": {"renderer": "svg", "actions": False}}


def render(spec: dict, **_options: object) -> tuple[dict, dict]:
    """The specification, its description, and a picture where one is asked for."""
    spec = _held(settled(spec))
    # A page without script shows the words alone: they begin by saying what is not there.
    data = {
        VEGA_LITE: _for_page(spec),
        "text/plain": f"{say('chart.plain')} {spec.get('description') or in_words(spec)}",
    }
    metadata: dict[str, dict] = {VEGA_LITE: SVG_WITHOUT_MENU}
    if os.environ.get("AFTEACH_PNG") == "1":
        drawn = picture.png(spec)
        # Of a very long chart only the description stands on a page that runs no script.
        if len(drawn) <= picture.LARGEST:
            data["image/png"] = base64.b64encode(drawn).decode("ascii")
            width, height = picture.size(drawn)
            # Some pages that are made of a notebook give a picture this description.
            metadata["image/png"] = {"width": width, "height": height, "alt": spec.get("description") or in_words(spec)}
    return data, metadata


def _for_page(spec: dict) -> object:
    """The specification as it goes to the page; where Python runs in the page's own worker, None would be lost there."""
    if sys.platform != "emscripten":
        return spec
    from js import JSON

    return JSON.parse(json.dumps(spec))


def _held(spec: dict) -> dict:
    """The specification with numbers that no line from right to left turns around, in titles, marks and axes alike."""
    return json.loads(direction.held(json.dumps(spec, ensure_ascii=False))) if direction.attribute() else spec


def settled(spec: dict) -> dict:
    """The specification as JupyterLab reads it, the same each time it is made.

    JupyterLab draws Vega-Lite 5, and Altair numbers unnamed parameters on and on within a session.
    """
    data = spec.get("datasets")
    drawn = json.dumps({key: value for key, value in spec.items() if key != "datasets"})
    names = {name: f"param_{place}" for place, name in enumerate(dict.fromkeys(COUNTED_NAME.findall(drawn)), start=1)}
    out = json.loads(COUNTED_NAME.sub(lambda found: names[found.group()], drawn))
    out["$schema"] = SCHEMA
    return out if data is None else {**out, "datasets": data}


def in_words(spec: dict) -> str:
    """A plain line for a chart that somebody drew without a description."""
    mark, encoding = spec.get("mark", ""), spec.get("encoding", {})
    kind = mark.get("type", "") if isinstance(mark, dict) else mark
    parts = [f"{channel}: {what['field']}" for channel, what in encoding.items() if "field" in (what or {})]
    return f"Chart ({', '.join([kind, *parts] if kind else ['several parts'])})"
