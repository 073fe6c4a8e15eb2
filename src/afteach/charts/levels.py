"""How many there were, as published: levels, a plan, an increment and a silence, told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from afteach.charts import alt, codes, entries, figure, frames, style, words
from afteach.charts.entries import Levels
from afteach.words import say

if TYPE_CHECKING:
    import pandas as pd

LEFT, HEIGHT, STRIP = 52, 250, 30
WIDE = style.WIDTH - LEFT - 22
POINT = {"size": 75, "strokeWidth": 1.8, "opacity": 1}
TOLD = ("said", "when", "measure", "note", "id")
SHAPES = ("circle", "diamond", "square", "cross")  # the level, then what stands beside it, in the order of the codes
ADDED = "triangle-up"


class Silence(NamedTuple):
    """A time without published numbers: its row, and the level before and after, where there is one."""

    row: pd.Series
    before: pd.Series | None
    after: pd.Series | None


def levels(name: str, known: Levels, table: pd.DataFrame) -> figure.Figure:
    """Draw a count through time; a plan, an increment and a silence never look like a level.

    Arguments: name, the chart's own; known, what workbook.toml says of it; table, rows of its table.
    Returns a Figure with a slider for the top of the axis.
    Errors: AfteachError for a table that lacks a column.
    """
    wanted = ["start", "end", known.number, known.measure, "qualifier"]
    there, unknown = frames.drawable(frames.needed(table, wanted, name, known.table), name, known.table)
    there = there.assign(role=[entries.level_role(known, code) for code in there[known.measure]])
    rows = frames.dated(there, name, known.table)
    silent = rows[known.number].isna() & (rows["role"] != "gap")
    lacking = frames.left_out(
        [(say("chart.no_date"), len(there) - len(rows)), (say("chart.no_number"), int(silent.sum()))]
    )
    rows = rows[~silent]
    published = rows[(rows["role"] == "level") & rows[known.number].notna()]
    drawn = rows.drop(columns="role").reset_index(drop=True)
    if published.empty:
        return figure.nothing(say("chart.things", thing=known.thing), drawn, unknown, lacking)
    silences = _silences(rows, published)
    return figure.finished(
        _chart(known, rows, silences),
        _title(known, published, silences),
        say("chart.of_levels", measure=known.axis, source=style.source_line(known.table)),
        _description(known, rows, published),
        drawn,
        unknown,
        lacking,
    )


def _silences(rows: pd.DataFrame, published: pd.DataFrame) -> list[Silence]:
    out = []
    for _, row in rows[rows["role"] == "gap"].iterrows():
        before, after = published[published["end"] <= row["end"]], published[published["start"] > row["end"]]
        out.append(Silence(row, before.iloc[-1] if len(before) else None, after.iloc[0] if len(after) else None))
    return out


def _chart(known: Levels, rows: pd.DataFrame, silences: list[Silence]) -> Any:
    first, last = int(rows["start"].min().year), int(rows["end"].max().year) + 1
    marks = _marks(known, rows, silences)
    added = codes.role(known.table, known.measure, "increment")
    plus = [mark for mark in marks if mark["measure"] in added]
    drawn = [mark for mark in marks if mark["measure"] not in added]
    tops = _tops(max(mark["number"] for mark in drawn))
    menu = alt.binding_select(options=list(tops), labels=[f"{top:,}" for top in tops], name=say("chart.top"))
    axis = style.years_axis(first, last, offset=STRIP + 8 if plus else 0)
    x = {name: alt.X(f"{name}:Q", scale=style.years(first, last), axis=axis) for name in ("start", "middle")}
    strip = alt.value(HEIGHT + STRIP / 2 + 4)
    parts = [
        *_silent(_quiet(known, silences, last), x["start"], HEIGHT + (STRIP + 4 if plus else 0)),
        *_published(known, marks, drawn, tops, x),
        _label(drawn, first, last, tops, x["middle"]),
    ]
    if plus:
        base = alt.Chart(alt.InlineData(plus)).encode(x=x["middle"], y=strip)
        parts.append(base.mark_point(**POINT).encode(tooltip=style.tips(*TOLD), **_shapes(known, marks)))
        parts.append(base.mark_text(align="right", dx=-11).encode(text="plus:N"))
    parts[0] = parts[0].add_params(alt.param(name="top", value=next(iter(tops)), bind=menu))
    return alt.layer(*parts, width=WIDE, height=HEIGHT)


def _quiet(known: Levels, silences: list[Silence], last: int) -> list[dict]:
    return [
        {
            "start": words.decimal_year((one.row if one.before is None else one.before)["end"], end=True),
            "end": last if one.after is None else words.decimal_year(one.after["start"]),
            **_told(known, one.row),
        }
        for one in silences
    ]


def _silent(quiet: list[dict], x: Any, high: float) -> list:
    """A shade over the time without published numbers, which says what it is."""
    base = alt.Chart(alt.InlineData(quiet)).encode(x=x)
    shade = base.mark_rect(fill=style.NEUTRAL, fillOpacity=0.15)
    shade = shade.encode(x2="end:Q", y=alt.value(0), y2=alt.value(high), tooltip=style.tips("when", "note", "id"))
    said = base.mark_text(align="left", baseline="top", dx=4, dy=4, text=say("chart.silent").split("|"), lineHeight=14)
    return [shade, said.encode(y=alt.value(0))]


def _published(known: Levels, marks: list[dict], drawn: list[dict], tops: dict[int, int], x: dict) -> list:
    """Levels on a line, with the days that each can mean; a plan stands beside the line."""
    hue = style.colour(known.tie)
    base = alt.Chart(alt.InlineData(drawn)).encode(y=_count("number:Q", tops))
    line = base.transform_filter(_is(codes.role(known.table, known.measure, "level")))
    line = line.mark_line(color=hue, strokeWidth=1.8, clip=True)
    dates = base.mark_rule(color=hue, strokeWidth=3, opacity=0.4, clip=True)
    # A clipped mark would be cut in two on the axis itself.
    points = base.transform_filter("datum.number <= top").mark_point(**POINT)
    return [
        dates.encode(x=x["start"], x2="end:Q"),
        line.encode(x=x["middle"], detail="stretch:N", order="middle:Q"),
        points.encode(x=x["middle"], tooltip=style.tips(*TOLD), **_shapes(known, marks)),
    ]


def _label(drawn: list[dict], first: int, last: int, tops: dict[int, int], x: Any) -> Any:
    spots = [_spot(mark, drawn, first, last) for mark in drawn if "label" in mark]
    label = alt.Chart(alt.InlineData(spots)).transform_filter("datum.number <= top").mark_text(dy=-13)
    return label.encode(x=x, y=_count("number:Q", tops), text="label:N")


def _count(field: str, tops: dict[int, int]) -> Any:
    """The axis of the count, from nought to a top that is marked, whichever the reader takes."""
    ticks = " : ".join([*(f"top == {top} ? {tick}" for top, tick in tops.items()), "top"])
    axis = alt.Axis(
        title=None, format=",d", values=alt.ExprRef(f"sequence(0, top + 1, {ticks})"), minExtent=LEFT, maxExtent=LEFT,
        domain=False, ticks=False,
    )  # fmt: skip
    scale = alt.Scale(domainMin=0, domainMax={"expr": "top"}, nice=False)
    return alt.Y(field, scale=scale, axis=axis)


def _tops(highest: float) -> dict[int, int]:
    """Where the axis can end, the whole first, each with the step between its marks."""
    tick = _tick(max(highest, 5) * 1.04)
    tops = {-(-int(highest * 1.04) // tick) * tick or tick: tick}
    for share in (2, 5, 20):
        tick = _tick(highest / share)
        if tick and 5 * tick < min(tops):
            tops[5 * tick] = tick
    return tops


def _tick(top: float) -> int:
    """The round number that five or six times over reaches the top."""
    power = 10 ** max(len(str(int(top))) - 2, 0)
    return next(n * power for n in (1, 2, 5, 10, 20) if n * power * 6 >= top)


def _is(chosen: tuple[str, ...]) -> str:
    return " || ".join(f"datum.measure == '{code}'" for code in chosen)


def _marks(known: Levels, rows: pd.DataFrame, silences: list[Silence]) -> list[dict]:
    marks = []
    for _, row in rows[rows[known.number].notna() & (rows["role"] != "gap")].iterrows():
        start, end = words.decimal_year(row["start"]), words.decimal_year(row["end"], end=True)
        marks.append(
            {
                "start": start,
                "end": end,
                "middle": round((start + end) / 2, 3),
                "number": int(row[known.number]),
                "measure": row[known.measure],
                "said": _said(known, row),
                "plus": say("chart.plus", number=_said(known, row)),
                # The line is broken where nothing was published.
                "stretch": sum(one.before is not None and row["start"] > one.before["end"] for one in silences),
                **_told(known, row),
            }
        )
    published = [mark for mark in marks if mark["measure"] in codes.role(known.table, known.measure, "level")]
    for mark in (max(published, key=lambda mark: mark["number"]), published[-1]):
        mark["label"] = mark["said"]
    return marks


def _spot(mark: dict, drawn: list[dict], first: int, last: int) -> dict:
    """Where the label of a mark stands: inside the right edge, and above every mark that it passes over."""
    half = words.width(mark["label"]) / WIDE * (last - first) / 2
    middle = min(mark["middle"], last - half)
    under = [other["number"] for other in drawn if abs(other["middle"] - middle) <= half]
    return {"middle": round(middle, 3), "number": max([mark["number"], *under]), "label": mark["label"]}


def _shapes(known: Levels, marks: list[dict]) -> dict:
    hue = style.colour(known.tie)
    named = codes.labels(known.table, known.measure)
    level, added = (codes.role(known.table, known.measure, role) for role in ("level", "increment"))
    there = {mark["measure"] for mark in marks}
    present = [measure for measure in named if measure in there]
    gap = codes.role(known.table, known.measure, "gap")
    called = {measure: label for measure, label in named.items() if measure not in gap}
    legend = alt.Legend(title=None, labelExpr=f"{called}[datum.label]", symbolStrokeWidth=1.8)
    by_place = [code for code in named if code not in added]
    shapes = [ADDED if code in added else SHAPES[by_place.index(code) % len(SHAPES)] for code in present]
    fills = [hue if code in level else "transparent" for code in present]
    return style.coded("measure", present, legend, shape=shapes, fill=fills, stroke=[hue] * len(present))


def _told(known: Levels, row: pd.Series) -> dict[str, str]:
    return {
        "when": frames.text(row.get("when")),
        "note": frames.text(row.get("note")),
        "id": frames.row_id(row, known.table),
    }


def _said(known: Levels, row: pd.Series) -> str:
    return words.qualified(row[known.number], frames.text(row["qualifier"]))


def _title(known: Levels, levels: pd.DataFrame, silences: list[Silence]) -> str:
    most, last = levels.loc[levels[known.number].idxmax()], levels.iloc[-1]
    out = say(
        "chart.levels_from",
        subject=known.subject,
        most=_said(known, most),
        year=most["start"].year,
        last=_said(known, last),
        month=words.long_month(last["start"]),
    )
    for one in silences:
        if one.before is not None and one.after is not None:
            begin, stop = words.long_month(one.before["start"]), words.long_month(one.after["start"])
            out += "; " + say("chart.silence", first=begin, last=stop)
    return out


def _description(known: Levels, rows: pd.DataFrame, levels: pd.DataFrame) -> str:
    first, most, last = levels.iloc[0], levels.loc[levels[known.number].idxmax()], levels.iloc[-1]
    out = say(
        "chart.levels_say",
        levels=words.some(len(levels), "thing", thing=known.thing),
        years=say("date.span", start=first["start"].year, end=last["end"].year),
        first=_said(known, first),
        most=_said(known, most),
        year=most["start"].year,
        last=_said(known, last),
    )
    for role in ("apart", "increment"):
        for measure in codes.role(known.table, known.measure, role):
            there = rows[(rows[known.measure] == measure) & rows[known.number].notna()]
            if len(there):
                named = words.listed(
                    f"{_said(known, row)}, {frames.text(row.get('when'))}" for _, row in there.iterrows()
                )
                out += "; " + say(
                    "chart.apart", n=len(there), count=words.number(len(there)), sort=measure, named=named
                )
    silent = rows[rows["role"] == "gap"]
    if len(silent):
        out += "; " + say("chart.withheld", when=words.listed(frames.column(silent, "when")))
    return words.sentence(out + ".")
