"""Deaths and injuries as they were counted: editions and series apart, nothing added up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from afteach.charts import figure, frames, style, words
from afteach.errors import AfteachError
from afteach.record import tables

if TYPE_CHECKING:
    import pandas as pd

WIDE = style.WIDTH - 24
TALLEST, HEAD, LABEL, GAP, LINE = 84, 22, 17, 12, 24
EDITIONS = {"first": "first edition", "revised": "revised edition", "statement": "statement"}
MEASURES = {"killed": "killed", "injured": "injured", "total": "killed and injured together"}
SPANS = {"yearly": "a year", "part-year": "part of a year", "cumulative": "a total over all these years"}
FAINT = f"{style.OTHER}33"
FILLS = {
    "first": style.OTHER, "revised": "transparent", "statement": "transparent",
    "yearly": style.OTHER, "part-year": "transparent", "cumulative": FAINT,
}  # fmt: skip
DASH = {"statement": [4, 2.5], "part-year": [4, 2.5]}


def casualties(table: pd.DataFrame) -> figure.Figure:
    """Draw deaths and injuries through time, one strip an edition or a series, all on one scale.

    Arguments: table, rows of civilian_casualties (editions stay apart) or of military_deaths (series stay apart, and
    totals over years apart from yearly numbers).
    Returns a Figure. Nothing is added up; where there is no bar, the table has no number, which is not nought.
    Errors: AfteachError for a table that lacks a column.
    """
    soldiers = hasattr(table, "columns") and "deaths" in table.columns
    name = "military_deaths" if soldiers else "civilian_casualties"
    known, unknown = frames.drawable(_soldiers(table) if soldiers else _civilians(table), "casualties", name)
    numbers = ["deaths"] if soldiers else list(MEASURES)
    silent = known[numbers].isna().all(axis=1)
    rows = known[~silent]
    if soldiers:
        rows = frames.dated(rows, "casualties", name)
    rows = rows.reset_index(drop=True)
    undated = len(known) - int(silent.sum()) - len(rows)
    lacking = frames.left_out([("no number", int(silent.sum())), ("no date", undated)])
    strips = _series(rows) if soldiers else _editions(rows)
    if not strips:
        return figure.nothing("counts of people killed or injured", rows, unknown, lacking)
    counted = tables.resource(name).get("description", "")
    return figure.finished(
        _chart(strips),
        _title_of_series(strips) if soldiers else _title_of_editions(strips),
        f"{counted} Where no bar stands, the table has no number. {style.source_line(name)}",
        _description(strips),
        rows,
        unknown,
        lacking,
    )


def _soldiers(table: pd.DataFrame) -> pd.DataFrame:
    wanted = ["series", "start", "end", "deaths", "qualifier", "measure"]
    return frames.needed(table, wanted, "casualties", "military_deaths")


def _civilians(table: pd.DataFrame) -> pd.DataFrame:
    wanted = ["year", "edition", "killed", "injured", "total"]
    try:
        rows = frames.needed(table, wanted, "casualties", "civilian_casualties")
    except AfteachError as fault:
        raise AfteachError(f"{fault} Or pass rows of military_deaths.") from None
    return rows.sort_values("year", kind="stable")


def _editions(rows: pd.DataFrame) -> list[dict]:
    """A strip for each number and edition; a total only where it was given without its parts."""
    strips = []
    for measure, called in MEASURES.items():
        for edition, label in EDITIONS.items():
            bars = []
            for row in rows[rows["edition"] == edition].to_dict("records"):
                parted = frames.text(row["killed"]) or frames.text(row["injured"])
                if frames.text(row[measure]) and not (measure == "total" and parted):
                    year = int(row["year"])
                    bars.append(_bar(row, row[measure], year, year + 1, edition, str(year), "civilian_casualty_id"))
            if bars:
                name = words.sentence(f"{called}, {label}")
                strips.append({"name": name, "measure": measure, "sort": edition, "bars": bars})
    return strips


def _series(rows: pd.DataFrame) -> list[dict]:
    """A strip for each series; the totals over years of a series in a strip of their own."""
    strips = []
    for series in dict.fromkeys(rows["series"]):
        for whole in (False, True):
            bars = []
            own = rows[(rows["series"] == series) & ((rows["measure"] == "cumulative") == whole)]
            for row in own.to_dict("records"):
                start, end = words.decimal_year(row["start"]), words.decimal_year(row["end"], end=True)
                when = frames.text(row.get("when"))
                bars.append(_bar(row, row["deaths"], start, end, row["measure"], when, "military_death_id"))
            if bars:
                sort = "cumulative" if whole else "yearly"
                strips.append({"name": series, "measure": "deaths", "sort": sort, "bars": bars})
    return sorted(strips, key=lambda strip: strip["sort"] == "cumulative")


def _bar(row: dict, value: float, start: float, end: float, sort: str, when: str, id_column: str) -> dict:
    said = words.qualified(value, frames.text(row.get("qualifier")))
    return {
        "start": start,
        "end": end,
        "centre": round((start + end) / 2, 3),
        "people": int(value),
        "said": said,
        "sort": sort,
        "when": when,
        "note": frames.text(row.get("note")),
        "id": frames.text(row.get(id_column)),
    }


def _chart(strips: list[dict]):
    alt = figure.altair()
    bars, heads, high = _layout(strips)
    first, last = words.whole_years([(bar["start"], bar["end"]) for bar in bars])
    for bar in bars:
        # A line that would run over the right edge stands before its bar.
        bar["line"] = f"{bar['said']}: {bar['when']}"
        bar["room"] = words.width(bar["line"]) + 8 <= WIDE * (last - bar["start"]) / (last - first)
    years = alt.Scale(domain=[first, last], nice=False, zero=False)
    pixels = alt.Scale(domain=[0, high], range=[0, high], nice=False)
    x_axis = style.years_axis(alt, first, last)
    x, y = alt.X("start:Q", scale=years, axis=x_axis), alt.Y("y:Q", scale=pixels, axis=None)
    told = {"strip": "count", "said": "people", "when": "when", "sort": "sort", "note": "note", "id": "row"}
    tips = [alt.Tooltip(f"{name}:N", title=title) for name, title in told.items()]
    base = alt.Chart(alt.InlineData(bars)).encode(y=y, tooltip=tips)
    marks = base.mark_bar(strokeWidth=1.5, opacity=1, xOffset=1.5, x2Offset=-1.5).encode(
        x=x, x2="end:Q", y2="y2:Q", **_looks(alt, bars)
    )
    wide = "datum.sort == 'cumulative'"
    above = (
        base.transform_filter(f"!({wide})")
        .mark_text(dy=-8)
        .encode(x=alt.X("centre:Q", scale=years, axis=x_axis), text="said:N")
    )
    totals = base.transform_filter(wide).encode(x=x, text="line:N")
    inside = totals.transform_filter("datum.room").mark_text(align="left", baseline="top", dx=8, dy=4)
    before = totals.transform_filter("!datum.room").mark_text(align="right", baseline="top", dx=-6, dy=4)
    names = alt.Chart(alt.InlineData(heads)).encode(y=y)
    name = names.mark_text(align="left", fontWeight="bold").encode(x=alt.value(0), text="text:N")
    lines = names.transform_filter("datum.ground > 0").mark_rule(stroke=style.NEUTRAL)
    ground = lines.encode(y=alt.Y("ground:Q", scale=pixels, axis=None))
    return alt.layer(ground, marks, above, inside, before, name).properties(width=WIDE, height=high)


def _layout(strips: list[dict]) -> tuple[list[dict], list[dict], int]:
    """Every bar and name with its place; a person is as high in one strip as in another."""
    upright = [bar["people"] for strip in strips for bar in strip["bars"] if bar["sort"] != "cumulative"]
    scale = TALLEST / max([*upright, 1])
    bars, heads, top = [], [], 0.0
    for strip in strips:
        heads.append({"y": top + HEAD / 2, "text": strip["name"], "ground": 0})
        top += HEAD
        if strip["sort"] == "cumulative":
            for bar in strip["bars"]:
                bars.append({**bar, "strip": strip["name"], "y": top, "y2": top + LINE - 5})
                top += LINE
        else:
            top += LABEL + max(bar["people"] for bar in strip["bars"]) * scale
            heads[-1]["ground"] = round(top, 1)
            for bar in strip["bars"]:
                y = round(top - bar["people"] * scale, 1)
                bars.append({**bar, "strip": strip["name"], "y": y, "y2": round(top, 1)})
        top += GAP
    return bars, heads, round(top)


def _looks(alt, bars: list[dict]) -> dict:
    there = {bar["sort"] for bar in bars}
    present = [sort for sort in FILLS if sort in there]
    names = {**EDITIONS, **SPANS}
    called = {sort: names[sort] for sort in present}
    legend = alt.Legend(
        title="What a bar is", labelExpr=f"{called}[datum.label]", symbolType="square", symbolStrokeWidth=1.5
    )

    def scale(values: list) -> object:
        return alt.Scale(domain=present, range=values)

    dashes = [DASH.get(sort, [1, 0]) for sort in present]
    return {
        "fill": alt.Fill("sort:N", scale=scale([FILLS[sort] for sort in present]), legend=legend),
        "stroke": alt.Stroke("sort:N", scale=scale([style.OTHER for _ in present]), legend=legend),
        "strokeDash": alt.StrokeDash("sort:N", scale=scale(dashes), legend=legend),
    }


def _title_of_editions(strips: list[dict]) -> str:
    said = []
    for strip in strips:
        if strip["sort"] == "first" and len(strip["bars"]) > 1:
            most = max(strip["bars"], key=lambda bar: bar["people"])
            said.append(f"most {strip['measure']} in {most['when']} ({most['said']})")
    if said:
        return f"Civilians in first editions: {words.listed(said)}"
    bars = [bar for strip in strips for bar in strip["bars"]]
    most = max(bars, key=lambda bar: bar["people"])
    numbers = words.some(len(bars), "number")
    return f"Civilians killed and injured: {numbers}, the highest {most['said']} ({most['when']})"


def _title_of_series(strips: list[dict]) -> str:
    years: dict[str, list[dict]] = {}
    for strip in strips:
        for bar in strip["bars"]:
            if bar["sort"] == "yearly":
                years.setdefault(bar["when"], []).append(bar)
    if not years:
        total = sum(len(strip["bars"]) for strip in strips)
        return words.sentence(f"{words.some(total, 'count')} of deaths, each over years of its own")
    year, bars = max(years.items(), key=lambda item: (len(item[1]), _spread(item[1])))
    if len(bars) == 1:
        most = max((one[0] for one in years.values()), key=lambda bar: bar["people"])
        return f"Deaths of soldiers: at most {most['said']} in one year, {most['when']}"
    low, high = (pick(bars, key=lambda bar: bar["people"])["said"] for pick in (min, max))
    span = f"{low} deaths alike" if low == high else f"{low} to {high} deaths, each by its own rule"
    return f"For {year} {words.number(len(bars))} series give {span}"


def _spread(bars: list[dict]) -> int:
    return max(bar["people"] for bar in bars) - min(bar["people"] for bar in bars)


def _description(strips: list[dict]) -> str:
    first = min(int(bar["start"]) for strip in strips for bar in strip["bars"])
    last = max(-int(-bar["end"] // 1) - 1 for strip in strips for bar in strip["bars"])
    out = []
    for strip in strips:
        bars = [bar for bar in strip["bars"] if bar["sort"] not in ("part-year", "cumulative")]
        said = []
        if len(bars) == 1:
            said.append(f"{bars[0]['said']} in {bars[0]['when']}")
        elif bars:
            low, high = (pick(bars, key=lambda bar: bar["people"]) for pick in (min, max))
            years = words.some(len(bars), "year")
            said.append(f"{low['said']} ({low['when']}) to {high['said']} ({high['when']}) in {years}")
        part = [f"{bar['said']} ({bar['when']})" for bar in strip["bars"] if bar["sort"] == "part-year"]
        if part:
            said.append(f"in part of a year {words.listed(part)}")
        totals = [f"{bar['said']} ({bar['when']})" for bar in strip["bars"] if bar["sort"] == "cumulative"]
        if totals:
            said.append(f"totals over years {words.listed(totals)}")
        out.append(f"{strip['name']}: {words.listed(said)}")
    years = f"{first} to {last}" if first < last else str(first)
    return words.sentence(f"{words.some(len(strips), 'count')} apart, {years}, never added up. {'; '.join(out)}.")
