"""A chart with the sentence that says what it shows, and how both stand in a notebook."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from afteach.charts import alt, render, style, words
from afteach.words import say

if TYPE_CHECKING:
    import pandas as pd

MARKDOWN = re.compile(r"([\\`*_\[\]<>$|])")


class Figure:
    """A chart, the sentence that says what it shows, and the rows that are drawn.

    In a notebook the sentence lies folded under the chart; elsewhere it stands for the chart.
    """

    def __init__(self, chart: Any, description: str, table: pd.DataFrame) -> None:
        # Set and not chained: Altair copies a chart at each step, and each copy of layers copies those within once more.
        chart.description = description
        self.chart = chart
        self.description = description
        self.table = table

    def __repr__(self) -> str:
        return self.description

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple[dict, dict]:
        spec = self.chart.to_dict(context={"pre_transform": False})
        spec["config"]["legend"]["layout"] = style.LEGEND_LAYOUT
        spec["params"] = [style.width_of_page(spec["width"]), *spec.get("params", [])]
        return render.render(spec)

    def _ipython_display_(self) -> None:
        from IPython.display import display

        data, metadata = self._repr_mimebundle_()
        display(data, metadata=metadata, raw=True)
        # A screen reader has the sentence from the picture itself. Without text/plain a terminal prints it once.
        folded = MARKDOWN.sub(r"\\\1", self.description)
        text = f"<details><summary>{say('chart.in_words')}</summary>\n\n{folded}\n\n</details>"
        display({"text/markdown": text}, raw=True)


def finished(chart: Any, title: str, source: str, description: str, table: pd.DataFrame, *left_out: str) -> Figure:
    """Give a chart its title, source line and look, and say which rows it leaves out."""
    chart.title, chart.config = style.heading(title, source), alt.Config(**style.CONFIG)
    return Figure(chart, " ".join(filter(None, [description, *left_out])), table)


def nothing(what: str, table: pd.DataFrame, *left_out: str, sealed: str = "") -> Figure:
    """A figure that says there is nothing to draw, instead of an empty frame or an error; of a sealed table, why."""
    why = sealed or table.attrs.get("sealed") or say("chart.holds_no", what=what)
    said = " ".join(filter(None, [say("chart.nothing", why=f"{why[0].lower()}{why[1:]}"), *left_out]))
    lines = words.wrap(said, style.WIDTH - 30, 13)
    chart = (
        alt.Chart(alt.InlineData([{"said": "\n".join(lines)}]))
        .mark_text(align="left", fontSize=13, lineBreak="\n", baseline="middle")
        .encode(text="said:N", x=alt.value(4))
        .properties(width=style.WIDTH - 10, height=24 + 16 * len(lines))
        .configure(**style.CONFIG)
    )
    return Figure(chart, said, table)
