"""How the article's claims stand on two ladders, who says it and how surely, and what is left without the weaker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from afteach.charts import codes, figure, frames, style, words
from afteach.workbook import workbook

if TYPE_CHECKING:
    import pandas as pd

CELL, ROW, LEFT = 108, 34, 132


def ladder(claims: pd.DataFrame) -> figure.Figure:
    """Draw who says it against how sure the wording is, and what is left of each relationship without the weaker.

    Arguments: claims, rows of the table claims.
    Returns a Figure with two drop-downs: they drop the weaker wording or speakers, and need no kernel.
    Errors: AfteachError for a table that lacks a column.
    """
    table = workbook().roles.claims
    given = frames.needed(claims, ["relationship", "attribution", "certainty"], "ladder", table)
    rows, unknown = frames.drawable(given, "ladder", table)
    if rows.empty:
        return figure.nothing("claims", rows, unknown)
    return figure.finished(_chart(rows), _title(rows), style.source_line(table), _description(rows), rows, unknown)


def _speakers() -> dict[str, str]:
    return codes.labels(workbook().roles.claims, "attribution")


def _wordings_kept() -> dict[str, list[str]]:
    """What each step of the control keeps, from everything to the surest wording alone."""
    sure = list(codes.certainties())
    steps = {"every wording": sure, f"all but {sure[-1]}s": sure[:-1]}
    steps |= {words.listed(sure[:kept]): sure[:kept] for kept in range(len(sure) - 2, 1, -1)}
    return {**steps, f"{sure[0]} only": sure[:1]}


def _speakers_kept() -> dict[str, list[str]]:
    who, table = list(codes.speakers()), workbook().roles.claims
    steps = {"everybody": who, f"no {who[-1]} speaker": who[:-1], _speakers()[who[0]]: who[:1]}
    return {**steps, **{f"{code} speakers only": [code] for code in codes.role(table, "attribution", "named")}}


def _chart(rows: pd.DataFrame):
    alt = figure.altair()
    ties = frames.relationship_labels()
    sure, speakers = list(codes.certainties()), _speakers()
    by_wording, by_speaker = _wordings_kept(), _speakers_kept()
    cells = [
        {"who": speakers[who], "attribution": who, "certainty": how, "claims": int(times)}
        for who in speakers
        for how in sure
        for times in [((rows["attribution"] == who) & (rows["certainty"] == how)).sum()]
    ]
    counted = rows.groupby(["relationship", "attribution", "certainty"], sort=False).size()
    parts = [
        {"slug": slug, "tie": ties.get(slug, slug), "attribution": who, "certainty": how, "claims": int(times)}
        for (slug, who, how), times in counted.items()
    ]
    wording = alt.param(name="wording", value="every wording", bind=_menu(alt, by_wording, "Keep the wording "))
    speaker = alt.param(name="speaker", value="everybody", bind=_menu(alt, by_speaker, "Keep what is said by "))
    kept = f"{_kept(by_wording, 'wording', 'certainty')} && {_kept(by_speaker, 'speaker', 'attribution')}"
    across = LEFT, CELL * len(sure)
    grid = (
        alt.Chart(alt.InlineData(cells))
        .transform_calculate(kept=kept)
        .encode(
            x=alt.X(
                "certainty:N", sort=sure, axis=alt.Axis(title="How sure the wording is", orient="top", labelAngle=0)
            ),
            y=alt.Y("who:N", sort=list(speakers.values()), axis=_left(alt, "Who says it")),
            tooltip=[alt.Tooltip("who:N", title="who says it"), "certainty:N", "claims:Q"],
        )
        .properties(width=across[1], height=ROW * len(speakers))
    )
    box = grid.mark_rect(stroke=style.NEUTRAL, strokeWidth=1, cornerRadius=3).encode(
        fill=alt.value(style.NEUTRAL),
        fillOpacity=alt.condition("datum.kept && datum.claims > 0", alt.value(0.3), alt.value(0.0)),
        strokeOpacity=alt.condition("datum.kept", alt.value(1), alt.value(0.35)),
    )
    number = grid.mark_text(fontSize=14).encode(
        text="claims:Q", opacity=alt.condition("datum.kept", alt.value(1), alt.value(0.45))
    )
    order = [ties.get(slug, slug) for slug, _ in words.tally(rows["relationship"])]
    bars = (
        alt.Chart(alt.InlineData(parts))
        .transform_calculate(left=f"{kept} ? datum.claims : 0")
        .transform_aggregate(total="sum(claims)", left="sum(left)", groupby=["tie", "slug"])
        .transform_calculate(said="datum.left == datum.total ? '' + datum.total : datum.left + ' of ' + datum.total")
        .encode(
            y=alt.Y("tie:N", sort=order, axis=_left(alt, "Relationship")),
            tooltip=[alt.Tooltip("tie:N"), alt.Tooltip("left:Q", title="left"), alt.Tooltip("total:Q", title="of")],
        )
        .properties(width=across[1], height=alt.Step(23))
    )
    end = alt.Scale(domainMax=max(times for _, times in words.tally(rows["relationship"])) * 1.12, nice=False)
    x_axis = alt.Axis(title="Claims: left (filled) of all (outline)", tickMinStep=1)
    whole = bars.mark_bar(fillOpacity=0, strokeWidth=1.2, height=15).encode(
        x=alt.X("total:Q", scale=end, axis=x_axis), **style.hue(alt, rows["relationship"], ties, title=None)
    )
    rest = bars.mark_bar(height=15, strokeWidth=1.2).encode(
        x=alt.X("left:Q", scale=end, axis=x_axis), **style.hue(alt, rows["relationship"], ties, title=None)
    )
    said = bars.mark_text(align="left", dx=6).encode(x=alt.X("total:Q", scale=end, axis=x_axis), text="said:N")
    return alt.vconcat(alt.layer(box, number), alt.layer(whole, rest, said), spacing=22).add_params(wording, speaker)


def _left(alt, title: str):
    # The same width in both parts, so that they stand one above the other.
    return alt.Axis(title=title, minExtent=LEFT - 14, maxExtent=LEFT - 14, ticks=False, domain=False)


def _menu(alt, steps: dict[str, list[str]], name: str):
    return alt.binding_select(options=list(steps), name=name)


def _kept(steps: dict[str, list[str]], param: str, field: str) -> str:
    cases = [f"({param} == '{step}' && indexof({names}, datum.{field}) >= 0)" for step, names in steps.items()]
    return f"({' || '.join(cases)})"


def _title(rows: pd.DataFrame) -> str:
    plain = int(((rows["attribution"] == codes.speakers()[0]) & (rows["certainty"] == codes.plain())).sum())
    return words.sentence(
        f"{words.number(plain)} of {words.some(len(rows), 'claim')} {'is' if plain == 1 else 'are'} worded plainly "
        "and name nobody but the author"
    )


def _description(rows: pd.DataFrame) -> str:
    sure = words.tally(rows["certainty"])
    who = words.tally(rows["attribution"], {code: f"by {label}" for code, label in _speakers().items()})
    plain = rows[rows["certainty"] == codes.plain()]
    kept = words.tally(plain["relationship"], {slug: frames.in_prose(slug) for slug in frames.relationship_labels()})
    return words.sentence(
        f"{words.some(len(rows), 'claim')}, by wording: {words.listed(f'{how} {n}' for how, n in sure)}; "
        f"{words.listed(f'{words.number(n)} said {name}' for name, n in who)}. Plain wording alone leaves "
        f"{words.listed(f'{words.number(n)} on {name}' for name, n in kept) or 'none'}."
    )
