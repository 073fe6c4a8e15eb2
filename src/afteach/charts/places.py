"""Where they met: a schematic map with one tile a state, from the rows alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from afteach.charts import alt, codes, figure, frames, style, words
from afteach.record import tables
from afteach.words import say
from afteach.workbook import workbook

if TYPE_CHECKING:
    import pandas as pd

TILE, GAP, HEIGHT = 86, 5, 88


def places(events: pd.DataFrame, places: pd.DataFrame | None = None) -> figure.Figure:
    """Draw on whose ground the sides met: one tile a state, one mark a meeting, negotiation or signing.

    Arguments: events, rows of a table of events; places, the table places (read where left out).
    Returns a Figure. The map is schematic: neighbours lie near each other, and sizes mean nothing.
    Errors: AfteachError for a table that lacks a column.
    """
    rows = frames.needed(
        events, ["relationship", "title", "kind", "place_id", "start", "end", "standing"], "places", "events"
    )
    sites = tables.load(workbook().roles.places) if places is None else places
    sites = frames.needed(sites, ["place_id", "label", "country", "tile_x", "tile_y"], "places", "events")
    table = frames.table_of(rows, "events")
    together, unknown = frames.drawable(rows[rows["kind"].isin(codes.together(table))], "places", table)
    met = frames.dated(together, "places", table)
    undated = frames.left_out([(say("chart.no_date"), len(together) - len(met))])
    if met.empty:
        return figure.nothing(say("chart.no_meeting"), met, unknown, undated)
    drawn = met.merge(sites[["place_id", "label", "country", "tile_x", "tile_y"]], on="place_id", how="inner")
    unplaced = len(met) - len(drawn)
    return figure.finished(
        _chart(drawn, sites, table),
        _title(drawn),
        say("chart.of_places", source=style.source_line(table, "places")),
        _description(drawn, unplaced),
        drawn,
        unknown,
        undated,
    )


def _chart(drawn: pd.DataFrame, sites: pd.DataFrame, table: str) -> Any:
    states = sites.drop_duplicates("country")[["country", "tile_x", "tile_y"]].to_dict("records")
    left, top = (min(int(state[edge]) for state in states) for edge in ("tile_x", "tile_y"))
    across = (max(int(state["tile_x"]) for state in states) - left + 1) * TILE
    down = (max(int(state["tile_y"]) for state in states) - top + 1) * HEIGHT
    tiles, dots = [], []
    for state in states:
        x, y = (int(state["tile_x"]) - left) * TILE, (int(state["tile_y"]) - top) * HEIGHT
        here = drawn[drawn["country"] == state["country"]]
        tiles.append(_tile(state["country"], here, x, y))
        dots += _dots(here, x, y, table)
    spot = {"x": style.across("x:Q", across), "y": style.down("y:Q", down)}
    layers = [*_ground(tiles, spot, style.across("x2:Q", across)), _meetings(drawn, dots, spot)]
    return alt.layer(*layers, width=across, height=down)


def _tile(country: str, here: pd.DataFrame, x: int, y: int) -> dict:
    sure = int((here["standing"] == codes.sure_standing()).sum())
    return {
        "x": x,
        "y": y,
        "x2": x + TILE - GAP,
        "y2": y + HEIGHT - GAP,
        "state": country,
        "name": "\n".join(words.wrap(country, TILE - GAP - 8)),
        "sure": str(sure) if len(here) else "",
        "more": say("chart.in_doubt", count=len(here) - sure) if len(here) > sure else "",
        "tint": 0.2 if len(here) else 0.05,
    }


def _ground(tiles: list[dict], spot: dict, right: Any) -> list:
    """A tile a state, with its name, how many are sure, and how many more are in doubt."""
    base = alt.Chart(alt.InlineData(tiles)).encode(**spot)
    ground = base.mark_rect(fill=style.NEUTRAL, stroke=style.NEUTRAL, strokeOpacity=0.6, cornerRadius=4).encode(
        x2="x2:Q",
        y2="y2:Q",
        fillOpacity=alt.FillOpacity("tint:Q", scale=None),
        tooltip=style.tips("state", "sure", "more", sure=codes.sure_standing()),
    )
    label = {"baseline": "top", "lineBreak": "\n", "lineHeight": 13}
    number = base.transform_filter("datum.sure != ''").mark_text(
        align="right", baseline="bottom", dx=-6, dy=HEIGHT - GAP - 5, fontSize=20
    )
    return [
        ground,
        base.mark_text(**label, align="left", dx=6, dy=6).encode(text="name:N"),
        number.encode(x=right, text="sure:N"),
        base.mark_text(**label, align="left", dx=6, dy=34).encode(text="more:N"),
    ]


def _meetings(drawn: pd.DataFrame, dots: list[dict], spot: dict) -> Any:
    ties = frames.relationship_labels()
    pick = alt.selection_point(name="tie", fields=["tie"], bind="legend")
    # Dots keep together, however wide the page makes a tile.
    marks = alt.Chart(alt.InlineData(dots)).mark_point(shape="circle", strokeWidth=1.5, xOffset={"expr": "datum.aside"})
    return marks.encode(
        **spot,
        size=alt.Size("size:Q", scale=None, legend=None),
        opacity=alt.condition(pick, alt.value(1), alt.value(0.12)),
        tooltip=style.tips("what", "when", "where", "who", "tie", "standing", "id"),
        **style.hue(drawn["relationship"], ties, say("chart.pick")),
        **style.standing(drawn["standing"]),
    ).add_params(pick)


def _dots(here: pd.DataFrame, x: int, y: int, table: str) -> list[dict]:
    # Up to four in a line beside the number, smaller where a state has more than eight.
    ties = frames.relationship_labels()
    many = len(here) > 8
    apart, line = (8, 7) if many else (13, 4)
    out = []
    here = here.sort_values("standing", key=lambda column: column != codes.sure_standing(), kind="stable")
    for place, row in enumerate(here.to_dict("records")):
        out.append(
            {
                "x": x,
                "aside": 11 + (place % line) * apart,
                "y": y + HEIGHT - GAP - 10 - (place // line) * apart,
                "size": 36 if many else 85,
                "tie": ties.get(row["relationship"], row["relationship"]),
                "standing": row["standing"],
                "what": row["title"],
                "when": frames.text(row.get("when")),
                "where": row["label"],
                "who": frames.text(row.get("participants")) or say("chart.not_said"),
                "id": frames.row_id(row, table),
            }
        )
    return out


def _title(drawn: pd.DataFrame) -> str:
    sure = drawn[drawn["standing"] == codes.sure_standing()]
    if sure.empty:
        marks = words.some(len(drawn), "mark")
        return words.sentence(say("chart.no_sure_mark", marks=marks, standing=codes.sure_standing()))
    counts = words.tally(sure["country"])
    most = counts[0][1]
    first = [frames.country_in_prose(state) for state, times in counts if times == most]
    # One deal can have two marks, and a conference one without one of the sides: a mark is not yet a meeting.
    total = words.some(len(sure), "mark_of", sort=codes.sure_standing())
    if len(first) > 3:
        return words.sentence(say("chart.marks_in", marks=total, states=words.some(len(counts), "state")))
    about = {"number": words.number(most), "marks": total, "states": words.listed(first)}
    said = say("chart.marks_each", **about) if len(first) > 1 else say("chart.marks_lie", n=most, **about)
    return words.sentence(said)


def _description(drawn: pd.DataFrame, unplaced: int) -> str:
    sure = drawn[drawn["standing"] == codes.sure_standing()]
    states = ", ".join(_by_state(sure)) or say("chart.none")
    out = say("chart.places_say", states=states)
    for kind in (code for code in codes.standings() if code != codes.sure_standing()):
        there = _by_state(drawn[drawn["standing"] == kind])
        if there:
            out += f"; {kind}: {words.listed(there)}"
    if unplaced:
        out += "; " + say("chart.unplaced", number=words.number(unplaced))
    return out + "."


def _by_state(rows: pd.DataFrame) -> list[str]:
    return [
        say("chart.number_in", number=words.number(times), state=frames.country_in_prose(state))
        for state, times in words.tally(rows["country"])
    ]
