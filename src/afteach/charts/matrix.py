"""By which means each tie was kept, as the article tells it: relationship by kind of claim, counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from afteach.charts import codes, figure, frames, style, words
from afteach.workbook import workbook

if TYPE_CHECKING:
    import pandas as pd

LEFT, ROW = 112, 27
WIDE = style.WIDTH - LEFT - 14
WIDEST = 150  # a column, where there are few
ALL = "all claims"
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
        return figure.nothing("claims", counted, unknown, sealed=rows.attrs.get("sealed", ""))
    return figure.finished(
        _chart(rows, counted),
        _title(counted),
        f"A claim has one kind, the first that fits. {style.source_line(table)}",
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


def _chart(rows: pd.DataFrame, counted: pd.DataFrame):
    alt = figure.altair()
    ties = {slug: label for slug, label in frames.relationship_labels().items() if slug in set(rows["relationship"])}
    kinds = codes.labels(workbook().roles.claims, "kind")
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
        cells.append({"tie": tie, "kind": ALL, "shade": 0, **{name: int(own[name].sum()) for name in none}})
    down = alt.Axis(title="Kind of claim", minExtent=LEFT - 16, maxExtent=LEFT - 16, ticks=False, domain=False)
    x = alt.X("tie:N", sort=list(ties.values()), axis=None, scale=alt.Scale(paddingInner=0.05, paddingOuter=0))
    base = alt.Chart(alt.InlineData(cells)).encode(
        x=x,
        y=alt.Y("kind:N", sort=[*kinds.values(), ALL], axis=down, scale=alt.Scale(paddingInner=0.12, paddingOuter=0)),
        tooltip=[
            alt.Tooltip("tie:N", title="relationship"),
            alt.Tooltip("kind:N", title="kind of claim"),
            alt.Tooltip("claims:Q", title="claims"),
            alt.Tooltip("plain:Q", title="of these worded plainly"),
            alt.Tooltip("named:Q", title="of these said by somebody named"),
        ],
    )
    hue = style.hue(alt, rows["relationship"], frames.relationship_labels(), title=None)
    box = base.mark_rect(strokeWidth=1, cornerRadius=3).encode(
        **hue,
        fillOpacity=alt.FillOpacity("shade:Q", scale=None, legend=None),
        strokeOpacity=alt.condition("datum.claims > 0", alt.value(0.9), alt.value(0.3)),
    )
    number = base.mark_text(fontSize=14).encode(
        text="claims:Q", opacity=alt.condition("datum.claims > 0", alt.value(1), alt.value(0.45))
    )
    # Vega writes the second line of an axis label into the cells below.
    wide = min(WIDE, WIDEST * len(ties))
    heads = [
        {"tie": tie, "line": line, "up": up}
        for tie in ties.values()
        for up, line in enumerate(words.wrap(tie, wide / len(ties) - 4)[::-1])
    ]
    head = alt.Chart(alt.InlineData(heads)).mark_text(baseline="bottom", dy={"expr": "-7 - 14 * datum.up"})
    head = head.encode(x=x, y=alt.value(0), text="line:N")
    return alt.layer(box, number, head).properties(width=wide, height=ROW * (len(kinds) + 1))


def _title(counted: pd.DataFrame) -> str:
    total = int(counted["claims"].sum())
    kinds = counted.groupby("kind", sort=False)["claims"].sum()
    most = int(kinds.max())
    first = [kind for kind, times in kinds.items() if times == most]
    if len(first) > 1:
        named = words.listed(f"“{kind}”" for kind in first)
        return words.sentence(f"{words.number(most)} of the {words.some(total, 'claim')} each are {named}")
    own: dict[str, dict[str, int]] = {}
    for row in counted.to_dict("records"):
        own.setdefault(row["relationship"], {})[row["kind"]] = row["claims"]
    leads = sum(times.pop(first[0], 0) > max(times.values(), default=0) for times in own.values())
    if most == total:
        every = "the one claim is" if total == 1 else f"all {words.number(total)} claims are"
        return words.sentence(f"{every} “{first[0]}”")
    out = f"{words.number(most)} of the {words.some(total, 'claim')} are “{first[0]}”"
    if len(own) > 1:
        where = "each" if leads == len(own) else words.number(leads)
        out += f", the most frequent kind in {where} of {words.some(len(own), 'relationship')}"
    return words.sentence(out)


def _description(rows: pd.DataFrame, counted: pd.DataFrame) -> str:
    kinds = words.listed(f"{kind} {times}" for kind, times in words.tally(rows["kind"]))
    parts = []
    for slug, times in words.tally(rows["relationship"]):
        own = counted[counted["relationship"] == slug].sort_values("claims", ascending=False, kind="stable")
        first = words.listed(f"{row['kind']} {row['claims']}" for row in own.head(2).to_dict("records"))
        parts.append(f"{frames.in_prose(slug)} {times} ({first})")
    return words.sentence(
        f"{words.some(len(rows), 'claim')} by relationship and kind: {kinds}. "
        f"By relationship, with the most frequent kinds: {'; '.join(parts)}."
    )
