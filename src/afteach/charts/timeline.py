"""When things happened: one row an event, drawn as long as its date can mean."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from afteach.charts import alt, codes, figure, frames, style, words
from afteach.naming import known_name
from afteach.words import say

if TYPE_CHECKING:
    import pandas as pd

MARGIN = 118  # room for the dates on the left
WIDE = style.WIDTH - MARGIN - 16
ROW, LINE = 22, 13  # pixels from row to row, and from line to line of a title
LONGEST = WIDE * 5 / 8  # a line of a title
SMALLEST = 10  # an event whose span would be narrower than this many pixels is drawn as a dot
TOLD = ("what", "when", "where", "who", "tie", "standing", "id")


def timeline(events: pd.DataFrame, relationship: str | None = None, standing: str | None = None) -> figure.Figure:
    """Draw events through time, each as the span that its date can mean.

    Arguments: events, rows of a table of events; relationship, an id or label to keep one tie;
    standing, such as "documented", to keep one kind of record.
    Returns a Figure. What rests on a claim is hollow and dashed.
    Errors: UnknownName for a relationship or standing that does not exist; AfteachError for a table without dates.
    """
    rows = frames.needed(events, ["relationship", "title", "start", "end", "standing"], "timeline", "events")
    if standing is not None:
        standing = known_name("standing", standing, codes.standings())
        rows = rows[rows["standing"] == standing]
    rows, slug = frames.of_relationship(rows, relationship)
    table = frames.table_of(rows, "events")
    rows, unknown = frames.drawable(rows, "timeline", table)
    drawn = frames.dated(rows, "timeline", table)
    ties = frames.relationship_labels()
    tie = frames.in_prose(slug)
    if drawn.empty:
        what = say("chart.no_event_of", standing=standing) if standing else say("chart.no_event")
        undated = frames.left_out([(say("chart.no_date"), len(rows))])
        return figure.nothing(words.with_tie(what, tie), drawn, unknown, undated)
    marks = _marks(drawn, table, ties)
    return figure.finished(
        _chart(marks, ties, one_tie=bool(tie)),
        _title(drawn, standing or say("chart.dated"), tie),
        style.source_line(table),
        _description(drawn, tie, ties, undated=len(rows) - len(drawn)),
        drawn.reset_index(drop=True),
        unknown,
    )


def _marks(drawn: pd.DataFrame, table: str, ties: dict[str, str]) -> list[dict]:
    places = frames.place_labels()
    where = [places.get(place, place) for place in frames.column(drawn, "place_id")]
    rows = drawn.to_dict("records")
    dates = [words.short_date(row["start"], row["end"], frames.text(row.get("precision")) or "span") for row in rows]
    spans = [(words.decimal_year(row["start"]), words.decimal_year(row["end"], end=True)) for row in rows]
    first, last = words.whole_years(spans)
    pixels = WIDE / (last - first)
    together = codes.together(table)
    marks = []
    for place, (row, short, site, (start, end)) in enumerate(zip(rows, dates, where, spans, strict=True)):
        city = site.split(",")[0]
        title = frames.text(row["title"])
        named = city and city not in title and row.get("kind") in together
        full = f"{title} ({city})" if named else title
        room = min(max(start - first, last - end) * pixels - 12, LONGEST)
        lines = words.wrap(full, room)
        if len(lines) > 2:
            full, lines = title, words.wrap(title, room)
        marks.append(
            {
                "row": f"{place:03}|{short}",
                "start": start,
                "end": end,
                "full": full,
                "long_by": round(words.width(full)),
                "lines": "\n".join(lines),
                "high": len(lines),
                "tie": ties.get(row["relationship"], frames.text(row["relationship"])),
                "slug": row["relationship"],
                "standing": row["standing"],
                "when": frames.text(row.get("when")) or short,
                "what": title,
                "where": site or say("chart.not_said"),
                "who": frames.text(row.get("participants")) or say("chart.not_said"),
                "id": frames.row_id(row, table),
            }
        )
    return marks


def _chart(marks: list[dict], ties: dict[str, str], one_tie: bool) -> Any:
    first, last = words.whole_years([(mark["start"], mark["end"]) for mark in marks])
    # A slider moves the first year where there are many; the rest is told in the names of signals.
    sliding = last - first > 12
    since = "since" if sliding else str(first)
    slider = alt.binding_range(min=first, max=last - 3, step=1, name=say("chart.from_year"))
    params = [alt.param(name="since", value=first, bind=slider)] if sliding else []
    pick = alt.selection_point(name="tie", fields=["tie"], bind="legend")
    faded = alt.value(1) if one_tie else alt.condition(pick, alt.value(1), alt.value(0.15))
    years = alt.Scale(domainMin={"expr": since}, domainMax=last, nice=False, zero=False)
    axis = style.years_axis(first, last, since if sliding else "", orient="top")

    def along(field: str) -> Any:
        return alt.X(f"{field}:Q", scale=years, axis=axis)

    params += [] if one_tie else [pick]
    base = _placed(alt.Chart(), since, last).encode(y=_row(), opacity=faded, tooltip=style.tips(*TOLD))
    parts = [_spans(marks, ties, one_tie, along, params), *_titles(along)]
    return style.layers(parts, base, data=alt.InlineData(marks), width=WIDE, height=alt.Step(_step(marks)))


def _step(marks: list[dict]) -> float:
    """The height of a row in which no title reaches into that of the next row."""
    highs = [mark["high"] for mark in marks]
    return max([ROW, *(LINE * (one + other) / 2 + 2 for one, other in itertools.pairwise(highs))])


def _row() -> Any:
    label = "split(datum.label, '|')[1]"
    axis = alt.Axis(labelExpr=label, grid=True, gridOpacity=0.1, ticks=False, minExtent=MARGIN, maxExtent=MARGIN)
    return alt.Y("row:O", axis=axis, title=None)


def _spans(marks: list[dict], ties: dict[str, str], one_tie: bool, along: Callable[[str], Any], params: list) -> Any:
    """A bar as long as the date can mean, or a dot where that is too short to be seen."""
    bars = alt.Chart().transform_filter("datum.long").mark_bar(height=13, cornerRadius=2, strokeWidth=1.8)
    dots = alt.Chart().transform_filter("!datum.long").mark_point(shape="circle", size=95, strokeWidth=1.8)
    base = alt.Chart().encode(
        **style.hue((mark["slug"] for mark in marks), ties, None if one_tie else say("chart.pick")),
        **style.standing(mark["standing"] for mark in marks),
    )
    bars = bars.encode(x=along("from"), x2="end:Q").add_params(*params)
    return style.layers([bars, dots.encode(x=along("middle"))], base)


def _titles(along: Callable[[str], Any]) -> list:
    """What happened, beside its mark on the side with more room."""
    dy = {"expr": f"datum.fits ? 0 : {-LINE / 2} * (datum.high - 1)"}
    looks = {"baseline": "middle", "lineBreak": "\n", "lineHeight": LINE, "dy": dy}
    after = alt.Chart().transform_filter("datum.right").mark_text(align="left", dx=9, **looks)
    before = alt.Chart().transform_filter("!datum.right").mark_text(align="right", dx=-9, **looks)
    return [after.encode(x=along("end"), text="label:N"), before.encode(x=along("from"), text="label:N")]


def _placed(chart: Any, since: str, last: int) -> Any:
    """Where mark and title stand in the room that the page and the slider leave."""
    pixels = f"width / ({last} - {since})"
    return (
        chart.transform_filter(f"datum.end > {since}")
        .transform_calculate(**{"from": f"max(datum.start, {since})"})
        .transform_calculate(
            middle="(datum.from + datum.end) / 2", long=f"(datum.end - datum.from) * {pixels} >= {SMALLEST}"
        )
        .transform_calculate(
            room_left=f"(datum.from - {since}) * {pixels} - 12", room_right=f"({last} - datum.end) * {pixels} - 12"
        )
        .transform_calculate(right="datum.room_right >= min(datum.long_by, datum.room_left)")
        .transform_calculate(fits="max(datum.room_left, datum.room_right) >= datum.long_by")
        .transform_calculate(label="datum.fits ? datum.full : datum.lines")
    )


def _title(drawn: pd.DataFrame, sort: str, tie: str) -> str:
    total = len(drawn)
    events = words.with_tie(words.some(total, "event_of", sort=sort), tie)
    if total < 4:
        dates = [frames.text(when) for when in frames.column(drawn, "when")] or [""]
        both = words.listed((dates[0], dates[-1])) if total == 2 else say("date.span", start=dates[0], end=dates[-1])
        return words.sentence(say("chart.events_when", events=events, when=dates[0] if total == 1 else both))
    starts = list(drawn["start"].dt.year)
    # The two neighbouring years in which most begin; of equals the later ones, nearer to the writing.
    best = max(range(min(starts), max(starts) + 1), key=lambda year: (_between(starts, year), year))
    count = _between(starts, best)
    if count < 3 or 3 * count < total:
        first, last = drawn["start"].min().year, drawn["end"].max().year
        return words.sentence(say("chart.events_from", events=events, years=say("date.span", start=first, end=last)))
    return words.sentence(
        say("chart.events_begin", count=words.number(count), events=events, first=best, second=best + 1)
    )


def _between(starts: list[int], year: int) -> int:
    return sum(year <= start <= year + 1 for start in starts)


def _description(drawn: pd.DataFrame, tie: str, ties: dict[str, str], undated: int) -> str:
    first, last = drawn["start"].min().year, drawn["end"].max().year
    events = words.with_tie(words.some(len(drawn), "event"), tie)
    out = say("chart.timeline_says", events=events, years=words.years(first, last))
    if not tie:
        counts = words.tally(drawn["relationship"], {slug: frames.in_prose(slug) for slug in ties})
        out += ": " + ", ".join(words.with_tie(words.number(times), label) for label, times in counts)
    standings = words.tally(drawn["standing"])
    every = say("chart.all")
    said = [f"{every if times == len(drawn) > 1 else words.number(times)} {label}" for label, times in standings]
    out += "; " + words.listed(said)
    if undated:
        out += "; " + say("chart.events_undated", n=undated, events=words.some(undated, "event"))
    return out + "."
