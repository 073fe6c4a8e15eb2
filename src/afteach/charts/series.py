"""Counts as they were published: editions and series apart, nothing added up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from afteach.charts import alt, codes, figure, frames, style, words
from afteach.charts.entries import Series, SeriesTable
from afteach.errors import AfteachError
from afteach.record import tables
from afteach.words import say

if TYPE_CHECKING:
    import pandas as pd

WIDE = style.WIDTH - 40
TOLD = ("strip", "said", "when", "sort", "note", "id")
TALLEST, HEAD, LABEL, GAP, LINE = 84, 22, 17, 12, 24
FULL, HOLLOW, FAINT = style.OTHER, "transparent", f"{style.OTHER}33"
BROKEN = [4, 2.5]


def series(name: str, known: Series, table: pd.DataFrame) -> figure.Figure:
    """Draw counts through time, one strip an edition or a series, all on one scale.

    Arguments: name, the chart's own; known, what workbook.toml says of it; table, rows of one of its tables.
    Returns a Figure. Nothing is added up; where there is no bar, the table has no number, which is not nought.
    Errors: AfteachError for a table that lacks a column.
    """
    columns = set(getattr(table, "columns", ()))
    first, *others = known.tables
    of = next((other for other in others if columns.issuperset(other.numbers)), first)
    given, unknown = frames.drawable(_needed(name, of, others, table), name, of.table)
    silent = given[list(of.numbers)].isna().all(axis=1)
    rows = given[~silent]
    rows = rows.sort_values(of.year, kind="stable") if of.year else frames.dated(rows, name, of.table)
    rows = rows.reset_index(drop=True)
    undated = len(given) - int(silent.sum()) - len(rows)
    lacking = frames.left_out([(say("chart.no_number"), int(silent.sum())), (say("chart.no_date"), undated)])
    strips = _series(of, rows) if of.series else _editions(of, rows)
    if not strips:
        return figure.nothing(known.nothing, rows, unknown, lacking)
    counted = tables.resource(of.table).get("description", "")
    return figure.finished(
        _chart(of, strips),
        _title_of_series(of, strips) if of.series else _title_of_editions(of, strips),
        say("chart.of_series", measure=counted, source=style.source_line(of.table)),
        _description(of, strips),
        rows,
        unknown,
        lacking,
    )


def _needed(name: str, of: SeriesTable, others: list[SeriesTable], table: pd.DataFrame) -> pd.DataFrame:
    if of.series:
        return frames.needed(table, [of.series, "start", "end", *of.numbers, "qualifier", of.by], name, of.table)
    wanted = [of.year, of.by, *of.numbers] if of.year else ["start", "end", of.by, *of.numbers]
    try:
        return frames.needed(table, wanted, name, of.table)
    except AfteachError as fault:
        beside = words.listed((other.table for other in others), "or")
        raise AfteachError(f"{fault} {say('chart.or_rows', tables=beside)}" if beside else str(fault)) from None


def _editions(of: SeriesTable, rows: pd.DataFrame) -> list[dict]:
    """A strip for each number and edition; a whole only where it was given without its parts."""
    strips = []
    parts = [column for column in of.numbers if column != of.whole]
    for column, called in of.numbers.items():
        for edition, label in codes.labels(of.table, of.by).items():
            bars = []
            for row in rows[rows[of.by] == edition].to_dict("records"):
                parted = any(frames.text(row[part]) for part in parts)
                if frames.text(row[column]) and not (column == of.whole and parted):
                    bars.append(_bar(of, row, row[column], edition))
            if bars:
                strip = words.sentence(f"{called}, {label}")
                strips.append({"name": strip, "measure": column, "sort": edition, "bars": bars})
    return strips


def _series(of: SeriesTable, rows: pd.DataFrame) -> list[dict]:
    """A strip for each series; the totals over years of a series in a strip of their own."""
    strips = []
    totals = codes.role(of.table, of.by, "total")
    (column, *_) = of.numbers
    for name in dict.fromkeys(rows[of.series]):
        for whole in (False, True):
            own = rows[(rows[of.series] == name) & (rows[of.by].isin(totals) == whole)]
            bars = [_bar(of, row, row[column], row[of.by]) for row in own.to_dict("records")]
            if bars:
                strips.append({"name": name, "measure": column, "total": whole, "bars": bars})
    return sorted(strips, key=lambda strip: strip["total"])


def _bar(of: SeriesTable, row: dict, value: float, sort: str) -> dict:
    if of.year:
        start: float = int(row[of.year])
        end, when = start + 1, str(start)
    else:
        start, end = words.decimal_year(row["start"]), words.decimal_year(row["end"], end=True)
        when = frames.text(row.get("when"))
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
        "id": frames.row_id(row, of.table),
    }


def _chart(of: SeriesTable, strips: list[dict]) -> Any:
    totals = codes.role(of.table, of.by, "total")
    bars, heads, high = _layout(strips, totals)
    first, last = words.whole_years([(bar["start"], bar["end"]) for bar in bars])
    for bar in bars:
        # A line that would run over the right edge stands before its bar.
        bar["line"] = f"{bar['said']}: {bar['when']}"
        bar["room"] = words.width(bar["line"]) + 8 <= WIDE * (last - bar["start"]) / (last - first)
    y = style.down("y:Q", high)
    base = alt.Chart(alt.InlineData(bars)).encode(y=y, tooltip=style.tips(*TOLD))
    marks = base.mark_bar(strokeWidth=1.5, opacity=1, xOffset=1.5, x2Offset=-1.5)
    marks = marks.encode(x=style.year("start", first, last), x2="end:Q", y2="y2:Q", **_looks(of, bars))
    names = alt.Chart(alt.InlineData(heads))
    name = names.mark_text(align="left", fontWeight="bold").encode(x=alt.value(0), y=y, text="text:N")
    ground = names.transform_filter("datum.ground > 0").mark_rule(stroke=style.NEUTRAL)
    ground = ground.encode(y=style.down("ground:Q", high))
    parts = [marks, *_numbers(base, totals, first, last), name, ground]
    return alt.layer(*parts, width=WIDE, height=high)


def _numbers(base: Any, totals: tuple[str, ...], first: int, last: int) -> list:
    """Each number above its bar; of a total over years also which years, in the bar or before it."""
    wide = " || ".join(f"datum.sort == '{code}'" for code in totals) or "false"
    above = base.transform_filter(f"!({wide})").mark_text(dy=-8)
    lines = base.transform_filter(wide).encode(x=style.year("start", first, last), text="line:N")
    inside = lines.transform_filter("datum.room").mark_text(align="left", baseline="top", dx=8, dy=4)
    before = lines.transform_filter("!datum.room").mark_text(align="right", baseline="top", dx=-6, dy=4)
    return [above.encode(x=style.year("centre", first, last), text="said:N"), inside, before]


def _layout(strips: list[dict], totals: tuple[str, ...]) -> tuple[list[dict], list[dict], int]:
    """Every bar and name with its place; a person is as high in one strip as in another."""
    upright = [bar["people"] for strip in strips for bar in strip["bars"] if bar["sort"] not in totals]
    scale = TALLEST / max([*upright, 1])
    bars, heads, top = [], [], 0.0
    for strip in strips:
        heads.append({"y": top + HEAD / 2, "text": strip["name"], "ground": 0})
        top += HEAD
        if strip.get("total"):
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


def _looks(of: SeriesTable, bars: list[dict]) -> dict:
    called = codes.labels(of.table, of.by)
    there = {bar["sort"] for bar in bars}
    present = [sort for sort in called if sort in there]
    looks = [_look(of, list(called).index(sort), sort) for sort in present]
    named = {sort: called[sort] for sort in present}
    # The name of a strip of editions says already what its bars are.
    legend = None
    if of.series:
        legend = alt.Legend(title=None, labelExpr=f"{named}[datum.label]", symbolType="square", symbolStrokeWidth=1.5)
    fills, dashes = [fill for fill, _ in looks], [dash for _, dash in looks]
    lines = [style.OTHER] * len(present)
    return style.coded("sort", present, legend, fill=fills, stroke=lines, strokeDash=dashes)


def _look(of: SeriesTable, place: int, sort: str) -> tuple[str, list[float]]:
    """The fill and the outline of a bar, by the place of its code."""
    if sort in codes.role(of.table, of.by, "total"):
        return FAINT, [1, 0]
    if place == 0:
        return FULL, [1, 0]
    broken = place > 1 or sort in codes.role(of.table, of.by, "part")
    return HOLLOW, BROKEN if broken else [1, 0]


def _title_of_editions(of: SeriesTable, strips: list[dict]) -> str:
    said = []
    first = next(iter(codes.named(of.table, of.by)), "")
    for strip in strips:
        if of.first and strip["sort"] == first and len(strip["bars"]) > 1:
            most = max(strip["bars"], key=lambda bar: bar["people"])
            about = {"measure": strip["measure"], "when": most["when"], "number": most["said"]}
            said.append(say("chart.most_in", **about))
    if said:
        return f"{of.first}: {words.listed(said)}"
    bars = [bar for strip in strips for bar in strip["bars"]]
    most = max(bars, key=lambda bar: bar["people"])
    numbers = words.some(len(bars), "number")
    return say("chart.highest", title=of.title, numbers=numbers, most=most["said"], when=most["when"])


def _title_of_series(of: SeriesTable, strips: list[dict]) -> str:
    apart = {code for role in ("part", "total") for code in codes.role(of.table, of.by, role)}
    (called, *_) = of.numbers.values()
    years: dict[str, list[dict]] = {}
    for strip in strips:
        for bar in strip["bars"]:
            if bar["sort"] not in apart:
                years.setdefault(bar["when"], []).append(bar)
    if not years:
        total = sum(len(strip["bars"]) for strip in strips)
        return words.sentence(say("chart.own_years", counts=words.some(total, "count"), of=called))
    year, bars = max(years.items(), key=lambda item: (len(item[1]), _spread(item[1])))
    if len(bars) == 1:
        most = max((one[0] for one in years.values()), key=lambda bar: bar["people"])
        return say("chart.at_most", title=of.title, most=most["said"], year=most["when"])
    low, high = (pick(bars, key=lambda bar: bar["people"])["said"] for pick in (min, max))
    about = {"year": year, "series": words.number(len(bars)), "of": called}
    return (
        say("chart.alike", number=low, **about) if low == high else say("chart.differ_in", low=low, high=high, **about)
    )


def _spread(bars: list[dict]) -> int:
    return max(bar["people"] for bar in bars) - min(bar["people"] for bar in bars)


def _description(of: SeriesTable, strips: list[dict]) -> str:
    first = min(int(bar["start"]) for strip in strips for bar in strip["bars"])
    last = max(-int(-bar["end"] // 1) - 1 for strip in strips for bar in strip["bars"])
    parts, over_years = codes.role(of.table, of.by, "part"), codes.role(of.table, of.by, "total")
    out = []
    for strip in strips:
        bars = [bar for bar in strip["bars"] if bar["sort"] not in (*parts, *over_years)]
        said = []
        if len(bars) == 1:
            said.append(say("chart.in_year", number=bars[0]["said"], year=bars[0]["when"]))
        elif bars:
            low, high = (pick(bars, key=lambda bar: bar["people"]) for pick in (min, max))
            least, most = (f"{bar['said']} ({bar['when']})" for bar in (low, high))
            said.append(say("chart.low_to_high", low=least, high=most, years=words.some(len(bars), "year")))
        part = [f"{bar['said']} ({bar['when']})" for bar in strip["bars"] if bar["sort"] in parts]
        if part:
            said.append(say("chart.in_part", numbers=words.listed(part)))
        totals = [f"{bar['said']} ({bar['when']})" for bar in strip["bars"] if bar["sort"] in over_years]
        if totals:
            said.append(say("chart.totals", numbers=words.listed(totals)))
        out.append(f"{strip['name']}: {words.listed(said)}")
    about = {"counts": words.some(len(strips), "count"), "years": words.years(first, last)}
    return words.sentence(say("chart.series_say", **about, strips="; ".join(out)))
