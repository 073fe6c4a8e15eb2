"""Hand a chart to Jupyter so that it is drawn without the internet, with its description in words under it."""

from __future__ import annotations

import base64
import json
import os
import re
from typing import TYPE_CHECKING

from afteach.charts import iri, picture, style, words

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

VEGA_LITE = "application/vnd.vegalite.v5+json"
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
SVG_WITHOUT_MENU = {"embed_options": {"renderer": "svg", "actions": False}}
COUNTED_NAME = re.compile(r"\bparam_\d+\b")
MARKDOWN = re.compile(r"([\\`*_\[\]<>$|])")


class Figure:
    """A chart, the sentence that says what it shows, and the rows that are drawn.

    In a notebook the chart is shown with its sentence under it; elsewhere the sentence stands for the chart.
    """

    def __init__(self, chart: alt.TopLevelMixin, description: str, table: pd.DataFrame) -> None:
        self.chart = chart.properties(description=description)
        self.description = description
        self.table = table

    def __repr__(self) -> str:
        return self.description

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple[dict, dict]:
        spec = self.chart.to_dict(context={"pre_transform": False})
        spec["config"]["legend"]["layout"] = style.LEGEND_LAYOUT
        return render(spec)

    def _ipython_display_(self) -> None:
        from IPython.display import display

        data, metadata = self._repr_mimebundle_()
        display(data, metadata=metadata, raw=True)
        # Without text/plain, so that a terminal prints the sentence once.
        display({"text/markdown": MARKDOWN.sub(r"\\\1", self.description)}, raw=True)


def altair():
    """Import altair when the first chart is drawn, and let it draw through this package's renderer."""
    with iri.postponed():
        import altair as alt

    if "afteach" not in alt.renderers.names():
        alt.renderers.register("afteach", render)
        # Altair's own default asks a server on the internet for its drawing code. Another choice is left alone.
        if alt.renderers.active == "default":
            alt.renderers.enable("afteach")
    return alt


def render(spec: dict, **_options: object) -> tuple[dict, dict]:
    """What a notebook stores of a chart: the specification, its description, and a picture where one is asked for."""
    spec = settled(spec)
    data = {VEGA_LITE: spec, "text/plain": spec.get("description") or in_words(spec)}
    metadata: dict[str, dict] = {VEGA_LITE: SVG_WITHOUT_MENU}
    if os.environ.get("AFTEACH_PNG") == "1":
        drawn = picture.png(spec)
        # Of a very long chart only the description stands on a page that runs no script.
        if len(drawn) <= picture.LARGEST:
            data["image/png"] = base64.b64encode(drawn).decode("ascii")
            width, height = picture.size(drawn)
            # Some pages that are made of a notebook give a picture this description.
            metadata["image/png"] = {"width": width, "height": height, "alt": data["text/plain"]}
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


def finished(
    chart: alt.TopLevelMixin, title: str, source: str, description: str, table: pd.DataFrame, *left_out: str
) -> Figure:
    """Give a chart its title, source line and look, and say which rows it leaves out."""
    return Figure(
        chart.properties(title=style.heading(title, source)).configure(**style.CONFIG),
        " ".join(filter(None, [description, *left_out])),
        table,
    )


def nothing(what: str, table: pd.DataFrame, *left_out: str, sealed: str = "") -> Figure:
    """A figure that says there is nothing to draw, instead of an empty frame or an error; of a sealed table, why."""
    alt = altair()
    why = sealed or table.attrs.get("sealed") or f"the table holds no {what}."
    said = " ".join(filter(None, [f"Nothing to draw: {why[0].lower()}{why[1:]}", *left_out]))
    lines = words.wrap(said, style.WIDTH - 30, 13)
    chart = (
        alt.Chart(alt.InlineData([{"said": "\n".join(lines)}]))
        .mark_text(align="left", fontSize=13, lineBreak="\n", baseline="middle")
        .encode(text="said:N", x=alt.value(4))
        .properties(width=style.WIDTH - 10, height=24 + 16 * len(lines))
        .configure(**style.CONFIG)
    )
    return Figure(chart, said, table)
