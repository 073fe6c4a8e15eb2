"""How each relationship moved on its tracks through time; what is claimed never looks documented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from afteach.charts import alt, codes, figure, frames, style, words
from afteach.words import say

if TYPE_CHECKING:
    import pandas as pd

LEFT = 158  # room for the names on the left
LANE, BAR, BETWEEN = 23, 17, 10
WIDE = style.WIDTH - LEFT - 14
TOLD = ("tie", "track", "stance", "when", "standing", "claimant", "denier", "basis", "note", "id")


def stances(stances: pd.DataFrame, relationship: str | None = None) -> figure.Figure:
    """Draw the coded steps of each relationship through time, contact above force.

    Arguments: stances, rows of the table stances; relationship, an id or label to keep one tie.
    Returns a Figure. What rests on a claim is hollow and dashed, what is disputed is dotted; steps of one track that
    fall in the same years lie in lanes, so that none hides another.
    Errors: UnknownName for a relationship that does not exist; AfteachError for a table that lacks a column.
    """
    wanted = ["relationship", "track", "start", "end", "stance", "standing", "claimant", "denier"]
    rows, slug = frames.of_relationship(frames.needed(stances, wanted, "stances", "stances"), relationship)
    table = frames.table_of(rows, "stances")
    known, unknown = frames.drawable(rows, "stances", table)
    drawn = frames.dated(known, "stances", table)
    undated = frames.left_out([(say("chart.no_date"), len(known) - len(drawn))])
    tie = frames.in_prose(slug)
    if drawn.empty:
        return figure.nothing(words.with_tie(say("chart.steps"), tie), drawn, unknown, undated)
    drawn = drawn.reset_index(drop=True)
    return figure.finished(
        _chart(drawn, table),
        _title(drawn, tie, table),
        style.source_line(table),
        _description(drawn, tie, table),
        drawn,
        unknown,
        undated,
    )


def lanes(spans: list[tuple[float, float]]) -> list[int]:
    """The first free lane of each span, in the order given; spans that only touch share one."""
    ends: list[float] = []
    out = []
    for start, end in spans:
        lane = next((place for place, taken in enumerate(ends) if taken <= start), len(ends))
        ends[lane : lane + 1] = [end]
        out.append(lane)
    return out


def _chart(drawn: pd.DataFrame, table: str) -> Any:
    ties = frames.relationship_labels()
    first, last = int(drawn["start"].min().year), int(drawn["end"].max().year) + 1
    marks, heads, rules, high = _layout(drawn, table, ties, first, last)
    steps = alt.Chart(alt.InlineData(marks)).encode(tooltip=style.tips(*TOLD, when=say("tip.drawn_for")))
    looks = {
        **style.hue(drawn["relationship"], ties, None),
        **style.standing(drawn["standing"], shape="square"),
    }
    bars = steps.mark_bar(cornerRadius=2, strokeWidth=1.8)
    bars = bars.encode(x=style.year("start", first, last), x2="end:Q", y=style.down("y:Q", high), y2="y2:Q", **looks)
    said = _step_names(steps.encode(y=style.down("middle:Q", high), text="stance:N"), first, last)
    lines = alt.Chart(alt.InlineData(rules)).mark_rule(stroke=style.NEUTRAL, strokeOpacity=0.5)
    lines = lines.encode(x=alt.value(-LEFT), x2=alt.value("width"), y=style.down("y:Q", high))
    parts = [bars, *said, *_heads(heads, high), *([lines] if rules else [])]
    return alt.layer(*parts, width=WIDE, height=high)


def _step_names(steps: Any, first: int, last: int) -> list:
    """The name of each step: on it, or beside it where it is too short."""
    inside = steps.transform_filter("datum.fits").mark_text()
    beside = steps.transform_filter("!datum.fits")
    before = beside.transform_filter("datum.before").mark_text(align="right", dx=-6)
    after = beside.transform_filter("!datum.before").mark_text(align="left", dx=6)
    return [
        inside.encode(x=style.year("centre", first, last), color=alt.Color("ink:N", scale=None)),
        before.encode(x=style.year("start", first, last)),
        after.encode(x=style.year("end", first, last)),
    ]


def _heads(heads: list[dict], high: float) -> list:
    """Whose steps and which track, on the left."""
    names = alt.Chart(alt.InlineData(heads)).encode(y=style.down("y:Q", high), text="text:N")
    whose = names.transform_filter("datum.of == 'tie'").mark_text(align="left", fontWeight="bold")
    tracks = names.transform_filter("datum.of == 'track'").mark_text(align="right")
    empty = names.transform_filter("datum.of == 'none'").mark_text(align="left", opacity=0.75)
    return [whose.encode(x=alt.value(-LEFT)), tracks.encode(x=alt.value(-8)), empty.encode(x=alt.value(6))]


def _layout(drawn: pd.DataFrame, table: str, ties: dict[str, str], first: int, last: int):
    """Every step, name and line with its place; a step without room for its name has it beside, in the same lane."""
    scale = WIDE / (last - first)
    there = set(drawn["relationship"])
    order = [slug for slug in ties if slug in there] + sorted(there - set(ties))
    marks, heads, rules = [], [], []
    top = 4.0
    for slug in order:
        if slug != order[0]:
            rules.append({"y": top + BETWEEN / 2})
            top += BETWEEN
        heads.append({"y": top + BAR / 2, "text": ties.get(slug, slug), "of": "tie"})
        own = drawn[drawn["relationship"] == slug]
        for track in codes.named(table, "track"):
            heads.append({"y": top + BAR / 2, "text": track, "of": "track"})
            steps = own[own["track"] == track].to_dict("records")
            if not steps:
                heads.append({"y": top + BAR / 2, "text": say("chart.no_step"), "of": "none"})
            placed = [_place(step, first, scale) for step in steps]
            taken = lanes([(left, right) for _, left, right in placed])
            for step, (mark, _, _), lane in zip(steps, placed, taken, strict=True):
                y = top + lane * LANE
                marks.append({**mark, **_told(step, ties, table), "y": y, "y2": y + BAR, "middle": y + BAR / 2})
            top += LANE * (max(taken, default=0) + 1)
    return marks, heads, rules, round(top)


def _place(step: dict, first: int, scale: float) -> tuple[dict, float, float]:
    """Where a step lies in time, and from which to which pixel it and its name need the lane for themselves."""
    start, end = words.decimal_year(step["start"]), words.decimal_year(step["end"], end=True)
    left, right = (start - first) * scale, (end - first) * scale
    room = words.width(step["stance"])
    fits = right - left >= room + 6
    before = not fits and right + room + 10 > WIDE
    mark = {"start": start, "end": end, "centre": round((start + end) / 2, 3), "fits": fits, "before": before}
    return mark, left - (room + 12 if before else 0), right + (0 if fits or before else room + 12)


def _told(step: dict, ties: dict[str, str], table: str) -> dict[str, str]:
    sure = step["standing"] == codes.sure_standing()
    return {
        "tie": ties.get(step["relationship"], step["relationship"]),
        "track": step["track"],
        "stance": step["stance"],
        "standing": step["standing"],
        "when": frames.text(step.get("when")),
        "claimant": frames.text(step["claimant"]) or (step["standing"] if sure else say("chart.not_said")),
        "denier": frames.text(step["denier"]) or (step["standing"] if sure else say("chart.not_said")),
        "basis": frames.text(step.get("basis")),
        "note": frames.text(step.get("note")),
        "id": frames.row_id(step, table),
        "ink": style.ink_on(step["relationship"]) if sure else style.INK_OF_PAGE,
    }


def _title(drawn: pd.DataFrame, tie: str, table: str) -> str:
    documented = codes.sure_standing()
    sure = set(drawn.loc[drawn["standing"] == documented, "stance"])
    doubtful = [code for code in codes.named(table, "stance") if code in set(drawn["stance"]) - sure]
    if tie and doubtful:
        return words.sentence(_title_of_doubt(drawn, tie, doubtful))
    total, times = len(drawn), int((drawn["standing"] == documented).sum())
    if not tie or times < total:
        steps = words.with_tie(words.some(total, "step"), tie)
        return words.sentence(say("chart.steps_are", number=words.number(times), steps=steps, standing=documented))
    all_steps = {1: say("chart.only_step"), 2: say("chart.both_steps")}.get(total)
    steps = words.with_tie(all_steps or say("chart.all_steps", number=words.number(total)), tie)
    return words.sentence(say("chart.all_are", n=total, steps=steps, standing=documented))


def _title_of_doubt(drawn: pd.DataFrame, tie: str, doubtful: list[str]) -> str:
    """Which steps of a tie are not sure in any row, and whether the others are."""
    documented, total = codes.sure_standing(), len(drawn)
    times = int(drawn["stance"].isin(doubtful).sum())
    about = {"codes": words.listed((f"“{code}”" for code in doubtful), "or"), "standing": documented}
    if times == 1:
        out = say("chart.coded_not", steps=words.with_tie(say("chart.one_step"), tie), **about)
    else:
        none = say("chart.neither_step") if times == 2 else say("chart.none_steps", number=words.number(times))
        out = say("chart.coded_are", steps=words.with_tie(none, tie), **about)
    rest = total - times
    if rest and bool((drawn.loc[~drawn["stance"].isin(doubtful), "standing"] == documented).all()):
        out = say("chart.the_rest", n=rest, said=out, number=words.number(rest))
    return out


def _description(drawn: pd.DataFrame, tie: str, table: str) -> str:
    tracks, steps = codes.named(table, "track"), words.some(len(drawn), "step")
    ties = words.some(len(words.tally(drawn["relationship"])), "relationship")
    counts = dict(words.tally(drawn["standing"]))
    out = say(
        "chart.stances_say",
        steps=words.with_tie(steps, tie) if tie else say("chart.steps_of", steps=steps, relationships=ties),
        tracks=words.some(len(tracks), "track"),
        names=words.listed(tracks),
        years=words.years(drawn["start"].min().year, drawn["end"].max().year),
        standings=words.listed(f"{words.number(counts[kind])} {kind}" for kind in codes.standings() if kind in counts),
    )
    doubtful = [_doubted(row, tie) for _, row in drawn[drawn["standing"] != codes.sure_standing()].iterrows()]
    if doubtful:
        out = say("chart.stances_doubt", said=out, standing=codes.sure_standing(), steps="; ".join(doubtful))
    return words.sentence(out + ".")


def _doubted(row: pd.Series, tie: str) -> str:
    who = "" if tie else f"{words.sentence(frames.in_prose(row['relationship']))}, "
    return who + say(
        "chart.doubted_step",
        step=row["stance"],
        when=frames.text(row.get("when")),
        standing=row["standing"],
        claimant=frames.text(row["claimant"]) or say("chart.somebody"),
        denier=frames.text(row["denier"]) or say("chart.not_said"),
    )
