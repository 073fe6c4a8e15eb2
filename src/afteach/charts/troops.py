"""How many American troops, as published: levels, a plan, an increment and a silence, told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from afteach.charts import figure, frames, style, words

if TYPE_CHECKING:
    import pandas as pd

LEFT, HEIGHT, STRIP = 62, 250, 34
WIDE = style.WIDTH - LEFT - 26
SHAPES = {"level": "circle", "plan": "diamond", "increment": "triangle-up"}
CALLED = {"level": "level, as published", "plan": "plan", "increment": "increment, not a level"}


class Silence(NamedTuple):
    """A time without published numbers: its row, and the level before and after, where there is one."""

    row: pd.Series
    before: pd.Series | None
    after: pd.Series | None


def troops(troop_levels: pd.DataFrame) -> figure.Figure:
    """Draw American troop numbers through time; a plan, an increment and a silence never look like a level.

    Arguments: troop_levels, rows of the table troop_levels.
    Returns a Figure with a slider for the top of the axis.
    Errors: AfteachError for a table that lacks a column.
    """
    wanted = ["start", "end", "us_troops", "measure", "qualifier"]
    known, unknown = frames.drawable(
        frames.needed(troop_levels, wanted, "troops", "troop_levels"), "troops", "troop_levels"
    )
    rows = frames.dated(known, "troops", "troop_levels")
    silent = rows["us_troops"].isna() & (rows["measure"] != "withheld")
    lacking = frames.left_out([("no date", len(known) - len(rows)), ("no number", int(silent.sum()))])
    rows = rows[~silent]
    levels = rows[(rows["measure"] == "level") & rows["us_troops"].notna()]
    if levels.empty:
        return figure.nothing("troop levels", rows, unknown, lacking)
    silences = _silences(rows, levels)
    return figure.finished(
        _chart(rows, silences),
        _title(levels, silences),
        f"A bar through a mark: all the days its date can mean. {style.source_line('troop_levels')}",
        _description(rows, levels),
        rows.reset_index(drop=True),
        unknown,
        lacking,
    )


def _silences(rows: pd.DataFrame, levels: pd.DataFrame) -> list[Silence]:
    out = []
    for _, row in rows[rows["measure"] == "withheld"].iterrows():
        before, after = levels[levels["end"] <= row["end"]], levels[levels["start"] > row["end"]]
        out.append(Silence(row, before.iloc[-1] if len(before) else None, after.iloc[0] if len(after) else None))
    return out


def _chart(rows: pd.DataFrame, silences: list[Silence]):
    alt = figure.altair()
    first, last = int(rows["start"].min().year), int(rows["end"].max().year) + 1
    marks = _marks(rows, silences)
    quiet = [
        {
            "start": words.decimal_year((one.row if one.before is None else one.before)["end"], end=True),
            "end": last if one.after is None else words.decimal_year(one.after["start"]),
            **_told(one.row),
        }
        for one in silences
    ]
    highest = max(mark["troops"] for mark in marks if mark["measure"] != "increment")
    most = int(-(-highest * 1.06 // 5000) * 5000)
    slider = alt.binding_range(min=15000, max=max(most, 20000), step=5000, name="Top of the axis (troops) ")
    top = alt.param(name="top", value=most, bind=slider)
    years = alt.Scale(domain=[first, last], nice=False, zero=False)
    count = alt.Y(
        "troops:Q",
        scale=alt.Scale(domainMin=0, domainMax={"expr": "top"}, nice=False),
        axis=alt.Axis(title="US troops in Afghanistan", format=",d", minExtent=LEFT, maxExtent=LEFT),
    )
    bare = alt.X("middle:Q", scale=years, axis=alt.Axis(labels=False, title=None, ticks=False))
    tips = [alt.Tooltip("said:N", title="troops"), "when:N", "measure:N", "note:N", "id:N"]
    hue = style.colour("united-states")
    point = {"size": 75, "strokeWidth": 1.8, "opacity": 1, "clip": True}
    drawn = [mark for mark in marks if mark["measure"] != "increment"]
    base = alt.Chart(alt.InlineData(drawn)).encode(y=count)
    line = base.transform_filter("datum.measure == 'level'").mark_line(color=hue, strokeWidth=1.6, clip=True)
    dates = base.mark_rule(color=hue, strokeWidth=3, opacity=0.4, clip=True)
    spots = [_spot(mark, drawn, first, last) for mark in drawn if "label" in mark]
    label = alt.Chart(alt.InlineData(spots)).transform_filter("datum.troops <= top").mark_text(dy=-13)
    label = label.encode(y=count, text="label:N")
    shade = alt.Chart(alt.InlineData(quiet)).mark_rect(fill=style.NEUTRAL, fillOpacity=0.15)
    shade = shade.encode(x=alt.X("start:Q", scale=years), x2="end:Q", tooltip=["when:N", "note:N", "id:N"])
    silent = alt.Chart(alt.InlineData(quiet)).mark_text(
        align="left", baseline="top", dx=4, dy=4, text=["no level", "published"], lineHeight=14
    )
    upper = alt.layer(
        shade,
        silent.encode(x=alt.X("start:Q", scale=years), y=alt.value(0)),
        dates.encode(x=alt.X("start:Q", scale=years), x2="end:Q"),
        line.encode(x=bare, detail="stretch:N", order="middle:Q"),
        base.mark_point(**point).encode(x=bare, tooltip=tips, **_shapes(alt, marks, hue)),
        label.encode(x=bare),
    ).properties(width=WIDE, height=HEIGHT)
    added = alt.Chart(alt.InlineData([mark for mark in marks if mark["measure"] == "increment"]))
    below = alt.X("middle:Q", scale=years, axis=alt.Axis(title="Year", format="d", tickMinStep=1))
    lower = alt.layer(
        shade,
        added.mark_point(**point).encode(x=below, y=alt.value(STRIP / 2), tooltip=tips, **_shapes(alt, marks, hue)),
        added.mark_text(align="right", dx=-11).encode(x=below, y=alt.value(STRIP / 2), text="plus:N"),
    ).properties(width=WIDE, height=STRIP)
    return alt.vconcat(upper, lower, spacing=6).resolve_scale(x="shared").add_params(top)


def _marks(rows: pd.DataFrame, silences: list[Silence]) -> list[dict]:
    marks = []
    for _, row in rows[rows["us_troops"].notna() & rows["measure"].isin(SHAPES)].iterrows():
        start, end = words.decimal_year(row["start"]), words.decimal_year(row["end"], end=True)
        marks.append(
            {
                "start": start,
                "end": end,
                "middle": round((start + end) / 2, 3),
                "troops": int(row["us_troops"]),
                "measure": row["measure"],
                "said": _said(row),
                "plus": f"plus {_said(row)}",
                # The line is broken where nothing was published.
                "stretch": sum(one.before is not None and row["start"] > one.before["end"] for one in silences),
                **_told(row),
            }
        )
    levels = [mark for mark in marks if mark["measure"] == "level"]
    for mark in (max(levels, key=lambda mark: mark["troops"]), levels[-1]):
        mark["label"] = mark["said"]
    return marks


def _spot(mark: dict, drawn: list[dict], first: int, last: int) -> dict:
    """Where the label of a mark stands: inside the right edge, and above every mark that it passes over."""
    half = words.width(mark["label"]) / WIDE * (last - first) / 2
    middle = min(mark["middle"], last - half)
    under = [other["troops"] for other in drawn if abs(other["middle"] - middle) <= half]
    return {"middle": round(middle, 3), "troops": max([mark["troops"], *under]), "label": mark["label"]}


def _shapes(alt, marks: list[dict], hue: str) -> dict:
    there = {mark["measure"] for mark in marks}
    present = [measure for measure in SHAPES if measure in there]
    legend = alt.Legend(
        title="What the number is",
        labelExpr=f"{CALLED}[datum.label]",
        symbolStrokeWidth=1.8,
    )
    shapes = [SHAPES[measure] for measure in present]
    fills = [hue if measure == "level" else "transparent" for measure in present]
    return {
        "shape": alt.Shape("measure:N", scale=alt.Scale(domain=present, range=shapes), legend=legend),
        "fill": alt.Fill("measure:N", scale=alt.Scale(domain=present, range=fills), legend=legend),
        "stroke": alt.Stroke("measure:N", scale=alt.Scale(domain=present, range=[hue] * len(present)), legend=legend),
    }


def _told(row: pd.Series) -> dict[str, str]:
    return {
        "when": frames.text(row.get("when")),
        "note": frames.text(row.get("note")),
        "id": frames.text(row.get("troop_level_id")),
    }


def _said(row: pd.Series) -> str:
    return words.qualified(row["us_troops"], frames.text(row["qualifier"]))


def _title(levels: pd.DataFrame, silences: list[Silence]) -> str:
    most, last = levels.loc[levels["us_troops"].idxmax()], levels.iloc[-1]
    out = f"US troops: from {_said(most)} in {most['start'].year} to {_said(last)} in {words.long_month(last['start'])}"
    for one in silences:
        if one.before is not None and one.after is not None:
            begin, stop = words.long_month(one.before["start"]), words.long_month(one.after["start"])
            out += f"; no level published between {begin} and {stop}"
    return out


def _description(rows: pd.DataFrame, levels: pd.DataFrame) -> str:
    first, most, last = levels.iloc[0], levels.loc[levels["us_troops"].idxmax()], levels.iloc[-1]
    out = (
        f"{words.some(len(levels), 'troop level')}, {first['start'].year} to {last['end'].year}: {_said(first)} at first, "
        f"{_said(most)} at most ({most['start'].year}), {_said(last)} at last"
    )
    for measure in ("plan", "increment"):
        there = rows[(rows["measure"] == measure) & rows["us_troops"].notna()]
        if len(there):
            named = words.listed(f"{_said(row)}, {frames.text(row.get('when'))}" for _, row in there.iterrows())
            out += f"; {words.some(len(there), measure)} apart ({named})"
    silent = rows[rows["measure"] == "withheld"]
    if len(silent):
        out += f"; a gap where numbers were withheld (from {words.listed(frames.column(silent, 'when'))})"
    return words.sentence(out + ".")
