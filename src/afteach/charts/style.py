"""What all charts share: colours, marks for standing and certainty, type sizes, title and source line."""

from __future__ import annotations

from collections.abc import Iterable

from afteach.charts import codes, words
from afteach.record import tables as record
from afteach.workbook import workbook

WIDTH = 610  # what a notebook gives a chart in a window of 1,100 pixels with the file browser open

OTHER = "#8f8f8f"
NEUTRAL = "#888888"  # lines and empty cells: seen on both pages
INK = "#111111"  # text on a coloured mark

# What is in doubt is hollow and broken, so that it is told apart without colour and never looks sure.
SOLID, DASHED, DOTTED = [1, 0], [4, 2.5], [1.5, 2.5]

# Text on the page takes the colour of the page's own text, dark or white with JupyterLab's theme.
INK_OF_PAGE = "currentColor"

CONFIG = {
    "title": {
        "anchor": "start",
        "frame": "bounds",
        "fontSize": 15,
        "fontWeight": 600,
        "lineHeight": 19,
        "subtitleFontSize": 12,
        "subtitleLineHeight": 16,
        "subtitlePadding": 7,
        "offset": 14,
    },
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": NEUTRAL,
        "gridOpacity": 0.2,
        "labelLimit": 300,
        "labelPadding": 6,
    },
    "legend": {
        "orient": "bottom",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 300,
        "columnPadding": 14,
        "titleLimit": 600,
    },
    "text": {"fontSize": 12, "color": INK_OF_PAGE},
    "view": {"stroke": None},
}

# Legends one under the other: Vega reads this, and Altair's schema does not know it.
LEGEND_LAYOUT = {"bottom": {"anchor": "start", "direction": "vertical"}}

ANSWERS = "the answers recorded beside this notebook"


def heading(reading: str, source: str, room: int = WIDTH) -> dict:
    """A title that states the reading, with the source under it, broken into lines that fit."""
    return {
        "text": words.wrap(reading, room - 10, 15, bold=True),
        "subtitle": words.wrap(source, room - 10, 12),
    }


def source_line(*tables: str) -> str:
    """Where the rows come from and in which tables they stand."""
    credits = {"answers": ANSWERS, **workbook().credits}
    whose = dict.fromkeys(credits.get(table) or credits.get("other") or _publishers(table) for table in tables)
    named = f"table{'s' if len(tables) > 1 else ''} {words.listed(tables)}"
    return f"Source: {'; '.join(whose)}; {named}."


def _publishers(table: str) -> str:
    return "; ".join(source["title"] for source in record.resource(table)["sources"])


def years_axis(alt, first: int, last: int, since: str = ""):
    """An axis of whole years, at most eleven of them; left to itself Vega marks half years and rounds their labels.

    `since` names the parameter with the first year, where a slider moves it.
    """
    every = -(-(last - first) // 10)
    values = list(range(first, last + 1, every))
    if since:
        values = alt.ExprRef(f"sequence({since}, {last} + 1, max(1, ceil(({last} - {since}) / 10)))")
    return alt.Axis(title="Year", format="d", values=values)


def colour(relationship: str) -> str:
    """The colour of a relationship."""
    tie = workbook().ties.get(relationship)
    return tie.colour if tie else OTHER


def ink_on(relationship: str) -> str:
    """The colour of text on a mark that is filled with the colour of the relationship."""
    tie = workbook().ties.get(relationship)
    return "#ffffff" if tie and tie.dark else INK


def hue(
    alt, slugs: Iterable[str], labels: dict[str, str], title: str | None = "Relationship", key: str = "tie"
) -> dict:
    """Fill and outline in the colour of the relationship; no legend where the title is None."""
    there = set(slugs)
    present = [slug for slug in labels if slug in there] + sorted(there - set(labels))
    scale = alt.Scale(domain=[labels.get(slug, slug) for slug in present], range=[colour(slug) for slug in present])
    columns = 4 if len(present) > 6 else max(len(present), 1)
    legend = alt.Legend(title=title, columns=columns, symbolOpacity=1) if title else None
    return {
        "fill": alt.Fill(f"{key}:N", scale=scale, legend=legend),
        "stroke": alt.Stroke(f"{key}:N", scale=scale, legend=legend),
    }


def standing(alt, values: Iterable[str], shape: str = "circle", title: str = "Standing of the record") -> dict:
    """Full and solid for what is sure, hollow and broken for what is in doubt, said in a legend."""
    there, sure = set(values), codes.sure_standing()
    present = [value for value in codes.standings() if value in there]
    doubted = [value for value in codes.standings() if value != sure]
    broken = {value: DOTTED if place else DASHED for place, value in enumerate(doubted)}
    legend = alt.Legend(
        title=title,
        symbolType=shape,
        symbolFillColor={"expr": f"datum.value === '{sure}' ? '{NEUTRAL}' : 'transparent'"},
        symbolStrokeColor=NEUTRAL,
        symbolStrokeWidth=1.8,
    )
    return {
        "fillOpacity": alt.FillOpacity(
            "standing:O",
            scale=alt.Scale(type="ordinal", domain=present, range=[float(v == sure) for v in present]),
            legend=legend,
        ),
        "strokeDash": alt.StrokeDash(
            "standing:O",
            scale=alt.Scale(type="ordinal", domain=present, range=[broken.get(v, SOLID) for v in present]),
            legend=legend,
        ),
    }
