"""By which means each tie was kept, as the article tells it: relationship by kind of claim, counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from afteach.charts import alt, codes, figure, frames, style, words
from afteach.words import say
from afteach.workbook import workbook

if TYPE_CHECKING:
    import pandas as pd

LEFT, ROW = 112, 27
WIDE = style.WIDTH - LEFT - 14
WIDEST = 150  # a column, where there are few
DARKEST, LIGHTEST = 0.6, 0.12  # the shade of the fullest cell and of a cell with one claim


def matrix(claims: pd.DataFrame) -> figure.Figure:
    """Draw how many claims of each kind the article makes of each relationship.

    Arguments: claims, rows of the table claims.
    Returns a Figure; its table has a row for each relationship and kind with a claim: `claims`, and of these how many
    are worded plainly (`plain`) and said by somebody named (`named`).
    Errors: AfteachError for a table that lacks a column.
    """
    table = workbook().roles.claims
    given = frames.needed(claims, ["relationship", "kind", "attribution", "certainty"], "matrix", table)
    rows, unknown = frames.drawable(given, "matrix", table)
    counted = _counted(rows)
    if rows.empty:
        return figure.nothing(say("chart.claims"), counted, unknown, sealed=rows.attrs.get("sealed", ""))
    return figure.finished(
        _chart(rows, counted),
        _title(counted),
        say("chart.of_matrix", source=style.source_line(table)),
        _description(rows, counted),
        counted,
        unknown,
    )


def _counted(rows: pd.DataFrame) -> pd.DataFrame:
    table = workbook().roles.claims
    marked = rows.assign(
        plain=rows["certainty"] == codes.plain(),
        named=rows["attribution"].isin(codes.role(table, "attribution", "named")),
    )
    found = marked.groupby(["relationship", "kind"])
    found = found.agg(claims=("plain", "size"), plain=("plain", "sum"), named=("named", "sum")).reset_index()
    ties, kinds = list(frames.relationship_labels()), list(codes.labels(workbook().roles.claims, "kind"))
    order = [(ties.index(a), kinds.index(b)) for a, b in zip(found["relationship"], found["kind"], strict=True)]
    return found.iloc[sorted(range(len(found)), key=order.__getitem__)].reset_index(drop=True)


def _chart(rows: pd.DataFrame, counted: pd.DataFrame) -> Any:
    ties = {slug: label for slug, label in frames.relationship_labels().items() if slug in set(rows["relationship"])}
    kinds = codes.labels(workbook().roles.claims, "kind")
    x = alt.X("tie:N", sort=list(ties.values()), axis=None, scale=alt.Scale(paddingInner=0.05, paddingOuter=0))
    down = alt.Axis(title=None, minExtent=LEFT - 8, maxExtent=LEFT - 8, ticks=False, domain=False)
    rungs = alt.Scale(paddingInner=0.12, paddingOuter=0)
    order = [*kinds.values(), say("chart.all_claims")]
    base = alt.Chart(alt.InlineData(_cells(counted, ties, kinds))).encode(
        x=x,
        y=alt.Y("kind:N", sort=order, axis=down, scale=rungs),
        tooltip=style.tips("tie", "kind", "claims", "plain", "named"),
    )
    box = base.mark_rect(strokeWidth=1, cornerRadius=3).encode(
        **style.hue(rows["relationship"], frames.relationship_labels(), None),
        fillOpacity=alt.FillOpacity("shade:Q", scale=None, legend=None),
        strokeOpacity=alt.condition("datum.claims > 0", alt.value(0.9), alt.value(0.3)),
    )
    number = base.mark_text(fontSize=14).encode(
        text="claims:Q", opacity=alt.condition("datum.claims > 0", alt.value(1), alt.value(0.45))
    )
    wide = min(WIDE, WIDEST * len(ties))
    head = _heads(list(ties.values()), wide / len(ties) - 4).encode(x=x)
    return alt.layer(box, number, head, width=wide, height=ROW * len(order))


def _cells(counted: pd.DataFrame, ties: dict[str, str], kinds: dict[str, str]) -> list[dict]:
    """Each relationship and kind, with or without a claim, and under them all claims of the relationship."""
    there = {(row["relationship"], row["kind"]): row for row in counted.to_dict("records")}
    most = int(counted["claims"].max())
    none = {"claims": 0, "plain": 0, "named": 0}
    cells = []
    for slug, tie in ties.items():
        for kind, label in kinds.items():
            found = there.get((slug, kind), none)
            numbers = {name: int(found[name]) for name in none}
            above = (numbers["claims"] - 1) / max(most - 1, 1)
            shade = LIGHTEST + (DARKEST - LIGHTEST) * above if numbers["claims"] else 0
            cells.append({"tie": tie, "kind": label, "shade": round(shade, 3), **numbers})
        own = counted[counted["relationship"] == slug]
        every = {name: int(own[name].sum()) for name in none}
        cells.append({"tie": tie, "kind": say("chart.all_claims"), "shade": 0, **every})
    return cells


def _heads(ties: list[str], room: float) -> Any:
    """The names above the columns; Vega would write the second line of an axis label into the cells below."""
    lines = [
        {"tie": tie, "line": line, "up": up} for tie in ties for up, line in enumerate(words.wrap(tie, room)[::-1])
    ]
    head = alt.Chart(alt.InlineData(lines)).mark_text(baseline="bottom", dy={"expr": "-7 - 14 * datum.up"})
    return head.encode(y=alt.value(0), text="line:N")


def _title(counted: pd.DataFrame) -> str:
    total = int(counted["claims"].sum())
    kinds = counted.groupby("kind", sort=False)["claims"].sum()
    most = int(kinds.max())
    first = [kind for kind, times in kinds.items() if times == most]
    if len(first) > 1:
        named = words.listed(f"“{kind}”" for kind in first)
        claims = words.some(total, "claim")
        return words.sentence(say("chart.kinds_each", number=words.number(most), claims=claims, kinds=named))
    own: dict[str, dict[str, int]] = {}
    for row in counted.to_dict("records"):
        own.setdefault(row["relationship"], {})[row["kind"]] = row["claims"]
    leads = sum(times.pop(first[0], 0) > max(times.values(), default=0) for times in own.values())
    if most == total:
        return words.sentence(say("chart.every_claim", n=total, number=words.number(total), kind=first[0]))
    claims = words.some(total, "claim")
    out = say("chart.claims_are", number=words.number(most), claims=claims, kind=first[0])
    if len(own) > 1:
        where = say("chart.each") if leads == len(own) else words.number(leads)
        ties = words.some(len(own), "relationship")
        out = say("chart.most_frequent", said=out, number=where, relationships=ties)
    return words.sentence(out)


def _description(rows: pd.DataFrame, counted: pd.DataFrame) -> str:
    kinds = words.listed(f"{kind} {times}" for kind, times in words.tally(rows["kind"]))
    parts = []
    for slug, times in words.tally(rows["relationship"]):
        own = counted[counted["relationship"] == slug].sort_values("claims", ascending=False, kind="stable")
        first = words.listed(f"{row['kind']} {row['claims']}" for row in own.head(2).to_dict("records"))
        parts.append(f"{frames.in_prose(slug)} {times} ({first})")
    return words.sentence(
        say("chart.matrix_says", claims=words.some(len(rows), "claim"), kinds=kinds, parts="; ".join(parts))
    )
