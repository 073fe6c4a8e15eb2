"""What all charts share: colours, marks for standing and certainty, type sizes, title and source line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from afteach.charts import alt, codes, words
from afteach.record import tables as record
from afteach.words import say
from afteach.workbook import workbook

# A chart is laid out for the first: what a notebook gives it in a window of 1,100 pixels with the file browser open.
WIDTH, NARROWEST, WIDEST = 610, 480, 1080

OTHER = "#8f8f8f"
NEUTRAL = "#888888"  # lines and empty cells: seen on both pages
INK = "#111111"  # text on a coloured mark

# What is in doubt is hollow and broken, so that it is told apart without colour and never looks sure.
SOLID, DASHED, DOTTED = [1, 0], [4, 2.5], [1.5, 2.5]

# Text on the page takes the colour of the page's own text, dark or white with JupyterLab's theme.
INK_OF_PAGE = "currentColor"

# JupyterLab gives each chart of a dark page a dark ground and white text, and leaves them so when the theme changes:
# what is named here takes the place of both.
CONFIG = {
    "background": "transparent",
    # As JupyterLab's own text has it; by name, for Vega measures what it writes.
    "font": "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif",
    "title": {
        "anchor": "start",
        "frame": "bounds",
        "fontSize": 16,
        "fontWeight": 600,
        "lineHeight": 20,
        "color": INK_OF_PAGE,
        "subtitleColor": INK_OF_PAGE,
        "subtitleFontSize": 12,
        "subtitleLineHeight": 16,
        "subtitlePadding": 6,
        "offset": 14,
    },
    "axis": {
        "labelFontSize": 12,
        "labelColor": INK_OF_PAGE,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titleColor": INK_OF_PAGE,
        "domainColor": NEUTRAL,
        "tickColor": NEUTRAL,
        "gridColor": NEUTRAL,
        "gridOpacity": 0.2,
        "labelLimit": 300,
        "labelPadding": 6,
        "labelFlush": False,
    },
    "legend": {
        "orient": "top",
        "titleOrient": "left",
        "labelFontSize": 12,
        "labelColor": INK_OF_PAGE,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titleColor": INK_OF_PAGE,
        "titlePadding": 10,
        "labelLimit": 300,
        "columnPadding": 14,
        "titleLimit": 600,
        "offset": 10,
    },
    "text": {"fontSize": 12, "color": INK_OF_PAGE},
    "view": {"stroke": None},
}

# Legends one under the other: Vega reads this, and Altair's schema does not know it.
LEGEND_LAYOUT = {"top": {"anchor": "start", "direction": "vertical", "margin": 4}}

TITLE, SUBTITLE = 16, 12


def layers(parts: list, base: Any, **properties: Any) -> Any:
    """Parts laid one over the other, with what they share of a base: its encoding and its transforms.

    To chain as much to the layers themselves would copy them at each step, and those within them once more.
    """
    shared = {name: base[name] for name in ("transform", "encoding") if base[name] is not alt.Undefined}
    return alt.layer(*parts, **shared, **properties)


def width_of_page(width: float) -> dict:
    """The signal that keeps a chart as wide as the page; `width` is what is left of WIDTH beside its margins.

    Vega-Lite's own "container" reads the page once, finds no width where the output is not laid out yet, and cannot be
    bounded; so the signal is asked for by its name, which Altair's schema does not know. Where a page gives a chart no
    more room than it takes, it stays as it is.
    """
    margin = f"{WIDTH - width:g}"
    room = f"clamp(containerSize()[0] || {WIDTH}, {NARROWEST}, {WIDEST}) - {margin}"
    changed = f"abs(containerSize()[0] - width - {margin}) > 40 ? {room} : width"
    return {"name": "width", "init": room, "on": [{"events": {"type": "timer", "throttle": 400}, "update": changed}]}


def heading(reading: str, source: str) -> dict:
    """A title that states the reading, with measure and source under it, broken into lines that fit."""
    return {
        "text": words.wrap(reading, WIDTH - 10, TITLE, bold=True),
        "subtitle": words.wrap(source, WIDTH - 10, SUBTITLE),
    }


def source_line(*tables: str) -> str:
    """Where the rows come from and in which tables they stand."""
    credits = {"answers": say("chart.answers"), **workbook().credits}
    whose = dict.fromkeys(credits.get(table) or credits.get("other") or _publishers(table) for table in tables)
    return say("chart.source", whose="; ".join(whose), tables=words.listed(tables), n=len(tables))


def _publishers(table: str) -> str:
    return "; ".join(source["title"] for source in record.resource(table)["sources"])


def tips(*fields: str, **titles: str) -> list:
    """What a mark says when it is pointed at: fields of its row, each under its title."""
    return [alt.Tooltip(f"{name}:N", title=titles.get(name) or say(f"tip.{name}")) for name in fields]


def years(first: int, last: int) -> Any:
    """A scale of decimal years."""
    return alt.Scale(domain=[first, last], nice=False, zero=False)


def year(field: str, first: int, last: int) -> Any:
    """A place on an axis of years."""
    return alt.X(f"{field}:Q", scale=years(first, last), axis=years_axis(first, last))


def years_axis(first: int, last: int, since: str = "", **looks: Any) -> Any:
    """An axis of whole years, at most eleven of them; left to itself Vega marks half years and rounds their labels.

    `since` names the parameter with the first year, where a slider moves it.
    """
    every = -(-(last - first) // 10)
    values = list(range(first, last + 1, every))
    if since:
        values = alt.ExprRef(f"sequence({since}, {last} + 1, max(1, ceil(({last} - {since}) / 10)))")
    return alt.Axis(title=None, format="d", values=values, **looks)


def down(field: str, high: float) -> Any:
    """A place in pixels from the top of a chart that is laid out by hand."""
    return alt.Y(field, scale=alt.Scale(domain=[0, high], range=[0, high], nice=False), axis=None)


def across(field: str, wide: float) -> Any:
    """A place from the left, in pixels of a chart of that width; it moves with the width of the page."""
    return alt.X(field, scale=alt.Scale(domain=[0, wide], nice=False, zero=False), axis=None)


def colour(relationship: str) -> str:
    """The colour of a relationship."""
    tie = workbook().ties.get(relationship)
    return tie.colour if tie else OTHER


def ink_on(relationship: str) -> str:
    """The colour of text on a mark that is filled with the colour of the relationship."""
    tie = workbook().ties.get(relationship)
    return "#ffffff" if tie and tie.dark else INK


def hue(slugs: Iterable[str], labels: dict[str, str], title: str | None) -> dict:
    """Fill and outline in the colour of the relationship; no legend where the title is None."""
    there = set(slugs)
    present = [slug for slug in labels if slug in there] + sorted(there - set(labels))
    scale = alt.Scale(domain=[labels.get(slug, slug) for slug in present], range=[colour(slug) for slug in present])
    columns = 4 if len(present) > 5 else max(len(present), 1)
    legend = alt.Legend(title=title, columns=columns, symbolOpacity=1) if title else None
    return {
        "fill": alt.Fill("tie:N", scale=scale, legend=legend),
        "stroke": alt.Stroke("tie:N", scale=scale, legend=None),
    }


def coded(column: str, present: list[str], legend: Any, **looks: list) -> dict:
    """How the marks of each code look, by the channel: fill=[...] and so on, in the order of the codes."""
    return {
        channel: getattr(alt, f"{channel[0].upper()}{channel[1:]}")(
            f"{column}:N", scale=alt.Scale(domain=present, range=look), legend=legend
        )
        for channel, look in looks.items()
    }


def standing(values: Iterable[str], shape: str = "circle") -> dict:
    """Full and solid for what is sure, hollow and broken for what is in doubt, said in a legend where there is doubt."""
    there, sure = set(values), codes.sure_standing()
    present = [value for value in codes.standings() if value in there]
    doubted = [value for value in codes.standings() if value != sure]
    broken = {value: DOTTED if place else DASHED for place, value in enumerate(doubted)}
    legend = alt.Legend(
        title=say("chart.standing"),
        symbolType=shape,
        symbolFillColor={"expr": f"datum.value === '{sure}' ? '{NEUTRAL}' : 'transparent'"},
        symbolStrokeColor=NEUTRAL,
        symbolStrokeWidth=1.8,
    )
    return {
        "fillOpacity": alt.FillOpacity(
            "standing:O",
            scale=alt.Scale(type="ordinal", domain=present, range=[float(v == sure) for v in present]),
            legend=None,
        ),
        "strokeDash": alt.StrokeDash(
            "standing:O",
            scale=alt.Scale(type="ordinal", domain=present, range=[broken.get(v, SOLID) for v in present]),
            legend=legend if present != [sure] else None,
        ),
    }
