"""How sure the article sounds, crossed with what the record says: plain wording is not evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from afteach.charts import codes, figure, frames, style, words
from afteach.workbook import workbook

if TYPE_CHECKING:
    import pandas as pd

LEFT, TOP, APART, BREAK = 104, 38, 13, 30
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
        return figure.nothing("claims", rows, unknown)
    drawn = rows.assign(verdict=worst(rows, checks))
    return figure.finished(
        _chart(drawn),
        _title(drawn),
        f"One mark a claim, at the worst verdict of its checks. {style.source_line(roles.claims, roles.checks)}",
        _description(drawn),
        drawn,
        unknown,
        f"Of the checks: {unjudged}" if unjudged else "",
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


def _chart(drawn: pd.DataFrame):
    alt = figure.altair()
    ties = frames.relationship_labels()
    sure = list(codes.certainties())
    settled, still_open = codes.verdicts()
    apart = codes.role(workbook().roles.claims, "certainty", "number")
    verdicts = codes.labels(workbook().roles.checks, "verdict")
    # Columns as wide as their fullest cell asks, so that the many plain claims have room.
    sizes = {(v, s): int(((drawn["verdict"] == v) & (drawn["certainty"] == s)).sum()) for v in verdicts for s in sure}
    widths = _widths(sure, sizes)
    marks, cells, heads, y = [], [], [], TOP
    x_of = {s: LEFT + sum(widths[t] for t in sure[:place]) + (12 if s in apart else 0) for place, s in enumerate(sure)}
    heads += [{"x": x_of[s] + 4, "y": TOP - 8, "text": s} for s in sure]
    heads.append({"x": x_of[sure[0]] + 4, "y": 8, "text": "How sure the wording is"})
    for verdict in (*settled, *still_open):
        if verdict == still_open[0]:
            heads.append({"x": 0, "y": y + BREAK - 10, "text": "No verdict from the record:"})
            y += BREAK
        high = max(-(-sizes[verdict, s] // _across(widths[s])) for s in sure) * APART + 25
        high = max(high, 38)
        heads.append({"x": 0, "y": y + 18, "text": verdicts[verdict]})
        for s in sure:
            inside = drawn[(drawn["verdict"] == verdict) & (drawn["certainty"] == s)]
            cells.append(
                {
                    "x": x_of[s],
                    "y": y,
                    "x2": x_of[s] + widths[s] - 4,
                    "y2": y + high - 4,
                    "claims": len(inside),
                    "certainty": s,
                    "verdict": verdicts[verdict],
                }
            )
            line = _across(widths[s])
            order = {slug: place for place, slug in enumerate(ties)}
            inside = inside.sort_values("relationship", key=lambda column: column.map(order), kind="stable")
            for place, row in enumerate(inside.to_dict("records")):
                marks.append(
                    {
                        "x": x_of[s] + 10 + place % line * APART,
                        "y": y + 25 + place // line * APART,
                        "tie": ties.get(row["relationship"], row["relationship"]),
                        "certainty": s,
                        "verdict": verdicts[verdict],
                        "statement": row["statement"],
                        "id": row["claim_id"],
                    }
                )
        y += high
    xs, ys = (alt.Scale(domain=[0, n], range=[0, n], nice=False) for n in (style.WIDTH - 6, y))
    spot = {"x": alt.X("x:Q", scale=xs, axis=None), "y": alt.Y("y:Q", scale=ys, axis=None)}
    grid = alt.Chart(alt.InlineData(cells)).encode(**spot, tooltip=["certainty:N", "verdict:N", "claims:Q"])
    box = grid.mark_rect(fill=style.NEUTRAL, fillOpacity=0.1, cornerRadius=3).encode(x2="x2:Q", y2="y2:Q")
    number = grid.mark_text(align="left", baseline="top", dx=5, dy=4, fontWeight="bold").encode(
        text="claims:Q", opacity=alt.condition("datum.claims > 0", alt.value(1), alt.value(0.5))
    )
    head = alt.Chart(alt.InlineData(heads)).mark_text(align="left").encode(**spot, text="text:N")
    pick = alt.selection_point(name="tie", fields=["tie"], bind="legend")
    dots = (
        alt.Chart(alt.InlineData(marks))
        .mark_point(size=62, strokeWidth=1.4)
        .encode(
            **spot,
            **style.hue(alt, drawn["relationship"], ties, title="Relationship (click to pick one)"),
            shape=alt.Shape(
                "certainty:N",
                scale=alt.Scale(domain=sure, range=[SHAPES[place % len(SHAPES)] for place in range(len(sure))]),
                legend=None,
            ),
            fillOpacity=alt.condition(f"datum.certainty == '{codes.plain()}'", alt.value(1), alt.value(0)),
            opacity=alt.condition(pick, alt.value(1), alt.value(0.12)),
            tooltip=[alt.Tooltip(f"{name}:N") for name in ("statement", "id", "tie", "certainty", "verdict")],
        )
        .add_params(pick)
    )
    return alt.layer(box, number, head, dots).properties(width=style.WIDTH - 6, height=y)


def _widths(sure: list[str], sizes: dict[tuple[str, str], int]) -> dict[str, int]:
    room = style.WIDTH - 6 - LEFT - 12
    least = 92
    fullest = {s: max(times for (_, how), times in sizes.items() if how == s) for s in sure}
    widest = max(sure, key=lambda s: fullest[s])
    return {s: room - least * (len(sure) - 1) if s == widest else least for s in sure}


def _across(width: int) -> int:
    return max((width - 16) // APART, 1)


def _settled(rows: pd.DataFrame) -> tuple[int, int]:
    """How many rows have a verdict from the record, and how many of these do not fully agree."""
    settled, _ = codes.verdicts()
    return int(rows["verdict"].isin(settled).sum()), int(rows["verdict"].isin(settled[1:]).sum())


def _title(drawn: pd.DataFrame) -> str:
    plain = drawn[drawn["certainty"] == codes.plain()]
    checked, short = _settled(plain)
    if not checked:
        return words.sentence(f"{words.some(len(drawn), 'claim')}, and no verdict from the record on a plain one")
    if checked == 1:
        agrees = "differs from the record or agrees only in part" if short else "agrees with the record"
        return f"The one plainly worded claim that could be checked {agrees}"
    return words.sentence(
        f"{words.number(short) if short else 'none'} of the {words.some(checked, 'plainly worded claim')} that could be checked "
        f"{'differs' if short == 1 else 'differ'} from the record or {'agrees' if short == 1 else 'agree'} only in part"
    )


def _description(drawn: pd.DataFrame) -> str:
    (settled, still_open), labels = codes.verdicts(), codes.labels(workbook().roles.checks, "verdict")
    counts = dict(words.tally(drawn["verdict"]))
    said = [f"{labels[v]} {counts[v]}" for v in (*settled, *still_open) if v in counts]
    checked, _ = _settled(drawn)
    parts = []
    for how in codes.certainties():
        rows = drawn[drawn["certainty"] == how]
        if _settled(rows)[0]:
            parts.append(f"{how} {int((rows['verdict'] == settled[0]).sum())} of {_settled(rows)[0]}")
    return words.sentence(
        f"{words.some(len(drawn), 'claim')}, each at its worst verdict: {words.listed(said)}. "
        + (f"In full agreement, by wording: {words.listed(parts)} with a verdict from the record." if checked else "")
    ).strip()
