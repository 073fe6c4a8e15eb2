"""How sure the article sounds, crossed with what the record says: plain wording is not evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from afteach.charts import alt, codes, figure, frames, style, words
from afteach.words import say
from afteach.workbook import workbook

if TYPE_CHECKING:
    import pandas as pd

LEFT, TOP, APART, BREAK, NARROW = 108, 22, 13, 32, 92
WIDE = style.WIDTH - 6
LIGHTEST, DARKEST = 0.05, 0.32  # the ground of an empty cell and of the fullest
SHAPES = ("circle", "diamond", "triangle-up", "square", "cross")  # in the order of the certainties


def wording(claims: pd.DataFrame, fact_checks: pd.DataFrame) -> figure.Figure:
    """Draw one mark a claim: across, how sure its wording is; down, what the record says of it at its worst.

    Arguments: claims, rows of the table claims; fact_checks, the table fact_checks.
    Returns a Figure. "Not found" means that we have not found it.
    Errors: AfteachError for a table that lacks a column.
    """
    roles = workbook().roles
    given = frames.needed(claims, ["claim_id", "relationship", "certainty", "statement"], "wording", roles.claims)
    rows, unknown = frames.drawable(given, "wording", roles.claims)
    judged = frames.needed(fact_checks, ["claim_id", "verdict"], "wording", roles.checks)
    checks, unjudged = frames.drawable(judged, "wording", roles.checks)
    if rows.empty:
        return figure.nothing(say("chart.claims"), rows, unknown)
    drawn = rows.assign(verdict=worst(rows, checks))
    return figure.finished(
        _chart(drawn),
        _title(drawn),
        say("chart.of_wording", source=style.source_line(roles.claims, roles.checks)),
        _description(drawn),
        drawn,
        unknown,
        say("chart.of_checks", left_out=unjudged) if unjudged else "",
    )


def worst(claims: pd.DataFrame, checks: pd.DataFrame) -> list[str]:
    """The worst verdict on each claim; the last of the open ones, that nobody looked, where there is none."""
    settled, still_open = codes.verdicts()
    # What was not settled counts only where nothing was.
    rank = {verdict: place for place, verdict in enumerate((*settled[::-1], *still_open))}
    found: dict[str, str] = {}
    for claim, verdict in zip(checks["claim_id"], checks["verdict"], strict=True):
        if claim not in found or rank[verdict] < rank[found[claim]]:
            found[claim] = verdict
    return [found.get(claim, still_open[-1]) for claim in claims["claim_id"]]


class Cell(NamedTuple):
    """A wording crossed with a verdict: where it lies and how many claims stand in it."""

    certainty: str
    verdict: str
    x: float
    y: float
    wide: float
    high: float
    claims: int


def _chart(drawn: pd.DataFrame) -> Any:
    ties = frames.relationship_labels()
    cells, heads, high = _layout(drawn)
    spot = {"x": style.across("x:Q", WIDE), "y": style.down("y:Q", high)}
    labels = codes.labels(workbook().roles.checks, "verdict")
    most = max(cell.claims for cell in cells)
    boxes = [
        {
            "x": cell.x, "y": cell.y, "x2": cell.x + cell.wide - 4, "y2": cell.y + cell.high - 4, "claims": cell.claims,
            "certainty": cell.certainty, "verdict": labels[cell.verdict],
            "shade": round(LIGHTEST + (DARKEST - LIGHTEST) * cell.claims / most, 3),
        }
        for cell in cells
    ]  # fmt: skip
    grid = alt.Chart(alt.InlineData(boxes)).encode(**spot, tooltip=style.tips("certainty", "verdict", "claims"))
    shade = alt.FillOpacity("shade:Q", scale=None, legend=None)
    box = grid.mark_rect(fill=style.NEUTRAL, cornerRadius=3).encode(x2="x2:Q", y2="y2:Q", fillOpacity=shade)
    number = grid.mark_text(align="left", baseline="top", dx=6, dy=5, fontWeight="bold").encode(
        text="claims:Q", opacity=alt.condition("datum.claims > 0", alt.value(1), alt.value(0.35))
    )
    head = alt.Chart(alt.InlineData(heads)).mark_text(align="left").encode(**spot, text="text:N")
    marks = [mark for cell in cells for mark in _marks(drawn, cell, ties, labels)]
    dots = _dots(marks, drawn["relationship"], ties, spot)
    return alt.layer(box, number, head, dots, width=WIDE, height=high)


def _layout(drawn: pd.DataFrame) -> tuple[list[Cell], list[dict], float]:
    """The cells, the names of columns and lines, and the height. What no claim has takes no room."""
    settled, still_open = codes.verdicts()
    verdicts = codes.labels(workbook().roles.checks, "verdict")
    sizes = drawn.groupby(["verdict", "certainty"]).size().to_dict()
    sure = [s for s in codes.certainties() if s in set(drawn["certainty"])]
    # Every verdict of the record keeps its line, for that nothing differs is worth seeing.
    rows = [*settled, *(v for v in still_open if v in set(drawn["verdict"]))]
    widths = _widths(sure, sizes)
    x_of = {s: LEFT + sum(widths[t] for t in sure[:place]) for place, s in enumerate(sure)}
    heads = [{"x": x_of[s] + 4, "y": TOP - 10, "text": s} for s in sure]
    cells, y = [], float(TOP)
    for verdict in rows:
        if verdict in still_open and verdict == next(v for v in rows if v in still_open):
            heads.append({"x": 0, "y": y + BREAK - 10, "text": say("chart.no_verdict")})
            y += BREAK
        lines = max(-(-sizes.get((verdict, s), 0) // _across(widths[s])) for s in sure)
        high = max(lines * APART + 25, 34)
        heads.append({"x": 0, "y": y + 14, "text": verdicts[verdict]})
        cells += [Cell(s, verdict, x_of[s], y, widths[s], high, int(sizes.get((verdict, s), 0))) for s in sure]
        y += high
    return cells, heads, y


def _marks(drawn: pd.DataFrame, cell: Cell, ties: dict[str, str], labels: dict[str, str]) -> list[dict]:
    """The claims of a cell in lines, relationship by relationship."""
    inside = drawn[(drawn["verdict"] == cell.verdict) & (drawn["certainty"] == cell.certainty)]
    order = {slug: place for place, slug in enumerate(ties)}
    inside = inside.sort_values("relationship", key=lambda column: column.map(order), kind="stable")
    line = _across(cell.wide)
    return [
        {
            "x": cell.x + 11 + place % line * APART,
            "y": cell.y + 25 + place // line * APART,
            "tie": ties.get(row["relationship"], row["relationship"]),
            "certainty": cell.certainty,
            "verdict": labels[cell.verdict],
            "statement": row["statement"],
            "id": row["claim_id"],
        }
        for place, row in enumerate(inside.to_dict("records"))
    ]


def _dots(marks: list[dict], slugs: pd.Series, ties: dict[str, str], spot: dict) -> Any:
    """One mark a claim: its colour the relationship, its shape the wording, full where that is plain."""
    pick = alt.selection_point(name="tie", fields=["tie"], bind="legend")
    sure = list(codes.certainties())
    shapes = alt.Scale(domain=sure, range=[SHAPES[place % len(SHAPES)] for place in range(len(sure))])
    one_tie = slugs.nunique() == 1
    dots = alt.Chart(alt.InlineData(marks)).mark_point(size=62, strokeWidth=1.4)
    dots = dots.encode(
        **spot,
        **style.hue(slugs, ties, None if one_tie else say("chart.pick")),
        shape=alt.Shape("certainty:N", scale=shapes, legend=None),
        fillOpacity=alt.condition(f"datum.certainty == '{codes.plain()}'", alt.value(1), alt.value(0)),
        opacity=alt.value(1) if one_tie else alt.condition(pick, alt.value(1), alt.value(0.12)),
        tooltip=style.tips("statement", "id", "tie", "certainty", "verdict"),
    )
    return dots if one_tie else dots.add_params(pick)


def _widths(sure: list[str], sizes: dict[tuple[str, str], int]) -> dict[str, float]:
    """Columns as wide as their fullest cell asks, so that the many plain claims have room."""
    fullest = {s: max(times for (_, how), times in sizes.items() if how == s) for s in sure}
    widest = max(sure, key=lambda s: fullest[s])
    return {s: WIDE - LEFT - NARROW * (len(sure) - 1) if s == widest else NARROW for s in sure}


def _across(width: float) -> int:
    return max(int(width - 16) // APART, 1)


def _settled(rows: pd.DataFrame) -> tuple[int, int]:
    """How many rows have a verdict from the record, and how many of these do not fully agree."""
    settled, _ = codes.verdicts()
    return int(rows["verdict"].isin(settled).sum()), int(rows["verdict"].isin(settled[1:]).sum())


def _title(drawn: pd.DataFrame) -> str:
    plain = drawn[drawn["certainty"] == codes.plain()]
    checked, short = _settled(plain)
    if not checked:
        return words.sentence(say("chart.none_checked", claims=words.some(len(drawn), "claim")))
    if checked == 1:
        return say("chart.one_differs") if short else say("chart.one_agrees")
    number, claims = words.number(short) if short else say("chart.none"), words.some(checked, "plain_claim")
    return words.sentence(say("chart.differ", n=short, number=number, claims=claims))


def _description(drawn: pd.DataFrame) -> str:
    (settled, still_open), labels = codes.verdicts(), codes.labels(workbook().roles.checks, "verdict")
    counts = dict(words.tally(drawn["verdict"]))
    said = [f"{labels[v]} {counts[v]}" for v in (*settled, *still_open) if v in counts]
    checked, _ = _settled(drawn)
    parts = []
    for how in codes.certainties():
        rows = drawn[drawn["certainty"] == how]
        if _settled(rows)[0]:
            agree = int((rows["verdict"] == settled[0]).sum())
            parts.append(f"{how} {say('chart.of_so_many', count=agree, total=_settled(rows)[0])}")
    out = say("chart.wording_says", claims=words.some(len(drawn), "claim"), verdicts=words.listed(said))
    full = say("chart.full_agreement", wordings=words.listed(parts)) if checked else ""
    return words.sentence(f"{out} {full}".strip())
