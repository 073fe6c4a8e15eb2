"""What a notebook stores of a chart: drawn without the internet, as wide as the page, in the page's own colours."""

from __future__ import annotations

import base64
import json
import os
import re

from afteach.charts import picture
from afteach.words import say

VEGA_LITE = "application/vnd.vegalite.v5+json"
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
COUNTED_NAME = re.compile(r"\bparam_\d+\b")

# vega-embed puts this into the page in place of its own style, which is for a menu that no chart here has. The controls
# stand above the picture, and both take font and colours of JupyterLab's theme, whichever it is.
STYLE = (
    ".vega-embed{display:flex;flex-direction:column;align-items:flex-start;width:100%}"
    ".vega-embed svg{max-width:100%;height:auto}"
    ".vega-bindings{order:-1;display:flex;flex-wrap:wrap;gap:6px 20px;padding:4px 0 10px}"
    ".vega-bindings label{display:flex;align-items:center;gap:8px}"
    ".vega-bindings,.vega-bindings select{font:13px var(--jp-ui-font-family,sans-serif);color:inherit}"
    ".vega-bindings select{padding:4px 8px;border:1px solid #8888;border-radius:4px;"
    "background:var(--jp-layer-color1,Canvas)}"
    ".vega-bindings input{accent-color:var(--jp-brand-color1,#1976d2)}"
    ".vega-bindings :focus-visible{outline:2px solid var(--jp-brand-color1,#1976d2);outline-offset:2px}"
    "#vg-tooltip-element table tr td.value{max-width:22em;max-height:none}"
)
EMBED = {"embed_options": {"renderer": "svg", "actions": False, "defaultStyle": STYLE}}


def render(spec: dict, **_options: object) -> tuple[dict, dict]:
    """The specification, its description, and a picture where one is asked for."""
    spec = settled(spec)
    # A page without script shows the words alone: they begin by saying what is not there.
    data = {VEGA_LITE: spec, "text/plain": f"{say('chart.plain')} {spec.get('description') or in_words(spec)}"}
    metadata: dict[str, dict] = {VEGA_LITE: EMBED}
    if os.environ.get("AFTEACH_PNG") == "1":
        drawn = picture.png(spec)
        # Of a very long chart only the description stands on a page that runs no script.
        if len(drawn) <= picture.LARGEST:
            data["image/png"] = base64.b64encode(drawn).decode("ascii")
            width, height = picture.size(drawn)
            # Some pages that are made of a notebook give a picture this description.
            metadata["image/png"] = {"width": width, "height": height, "alt": spec.get("description") or in_words(spec)}
    return data, metadata


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
