"""How the article's claims stand on two ladders, who says it and how surely, and what is left without the weaker."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from afteach.charts import alt, codes, figure, frames, style, words
from afteach.words import say
from afteach.workbook import workbook

if TYPE_CHECKING:
    import pandas as pd

LEFT, TOP, ROW, BAR, BETWEEN = 140, 26, 34, 23, 18
WIDE = style.WIDTH - LEFT - 10
DARKEST = 0.6  # the shade of a cell that holds every claim


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
        return figure.nothing(say("chart.claims"), rows, unknown)
    return figure.finished(
        _chart(rows),
        _title(rows),
        say("chart.of_ladder", source=style.source_line(table)),
        _description(rows),
        rows,
        unknown,
    )


def _speakers() -> dict[str, str]:
    return codes.labels(workbook().roles.claims, "attribution")


def _wordings_kept() -> dict[str, list[str]]:
    """What each step of the control keeps, from everything to the surest wording alone."""
    sure = list(codes.certainties())
    steps = {say("chart.every_wording"): sure, say("chart.without_wording", wording=sure[-1]): sure[:-1]}
    steps |= {words.listed(sure[:kept]): sure[:kept] for kept in range(len(sure) - 2, 1, -1)}
    return {**steps, say("chart.only_wording", wording=sure[0]): sure[:1]}


def _speakers_kept() -> dict[str, list[str]]:
    who, table = list(codes.speakers()), workbook().roles.claims
    named = codes.role(table, "attribution", "named")
    steps = {say("chart.everybody"): who, say("chart.without_speaker", speaker=who[-1]): who[:-1]}
    steps[_speakers()[who[0]]] = who[:1]
    return {**steps, **{say("chart.only_speaker", speaker=code): [code] for code in named}}


def _chart(rows: pd.DataFrame) -> Any:
    by_wording, by_speaker = _wordings_kept(), _speakers_kept()
    kept = f"{_kept(by_wording, 'wording', 'certainty')} && {_kept(by_speaker, 'speaker', 'attribution')}"
    # A wording that no claim has takes no column.
    there = set(rows["certainty"])
    sure = [how for how in codes.certainties() if how in there]
    bars, high = _relationships(rows, TOP + ROW * len(_speakers()) + BETWEEN)
    menus = [
        _menu("wording", by_wording, say("chart.keep_wording")),
        _menu("speaker", by_speaker, say("chart.keep_speaker")),
    ]
    resolve = alt.Resolve(scale=alt.ScaleResolveMap(x="independent"))
    grid, left = _grid(rows, sure, kept, high, menus), _bars(rows, bars, kept, high)
    return alt.layer(grid, left, resolve=resolve, width=WIDE, height=high)


def _grid(rows: pd.DataFrame, sure: list[str], kept: str, high: float, menus: list) -> Any:
    """Who says it by how sure the wording is: the more claims, the darker a cell; what is not kept fades."""
    cells = []
    for down, (who, label) in enumerate(_speakers().items()):
        for along, how in enumerate(sure):
            claims = int(((rows["attribution"] == who) & (rows["certainty"] == how)).sum())
            x, x2, y, y2 = along + 0.01, along + 0.99, TOP + ROW * down, TOP + ROW * (down + 1) - 4
            # The square root keeps one claim apart from none beside a hundred.
            shade = round(DARKEST * (claims / len(rows)) ** 0.5, 3)
            spot = {"x": x, "x2": x2, "y": y, "y2": y2, "centre": (x + x2) / 2, "middle": (y + y2) / 2, "shade": shade}
            cells.append({**spot, "who": label, "attribution": who, "certainty": how, "claims": claims})
    x = style.across("x:Q", len(sure))
    box = (
        alt.Chart()
        .mark_rect(fill=style.NEUTRAL, stroke=style.NEUTRAL, cornerRadius=3)
        .encode(
            x=x,
            y=style.down("y:Q", high),
            x2="x2:Q",
            y2="y2:Q",
            fillOpacity=alt.FillOpacity("shown:Q", scale=None, legend=None),
            strokeOpacity=alt.condition("datum.kept", alt.value(0.7), alt.value(0.25)),
        )
        .add_params(*menus)
    )
    number = (
        alt.Chart()
        .mark_text(fontSize=14)
        .encode(
            x=style.across("centre:Q", len(sure)),
            y=style.down("middle:Q", high),
            text="claims:Q",
            opacity=alt.condition("datum.kept && datum.claims > 0", alt.value(1), alt.value(0.35)),
        )
    )
    base = alt.Chart().transform_calculate(kept=kept).transform_calculate(shown="datum.kept ? datum.shade : 0")
    base = base.encode(tooltip=style.tips("who", "certainty", "claims"))
    grid = style.layers([box, number], base, data=alt.InlineData(cells))
    heads = [{"x": along + 0.5, "text": how} for along, how in enumerate(sure)]
    head = alt.Chart(alt.InlineData(heads)).mark_text().encode(x=x, y=alt.value(TOP - 12), text="text:N")
    names = [{"y": TOP + ROW * (down + 0.5) - 2, "text": label} for down, label in enumerate(_speakers().values())]
    return alt.layer(grid, head, _names(names, high))


def _relationships(rows: pd.DataFrame, top: float) -> tuple[list[dict], float]:
    """The claims of each relationship by speaker and wording, each line with its place; and where the last one ends."""
    ties = frames.relationship_labels()
    totals = words.tally(rows["relationship"], {slug: slug for slug in ties})
    places = {slug: top + BAR * place for place, (slug, _) in enumerate(totals)}
    counted = rows.groupby(["relationship", "attribution", "certainty"], sort=False).size()
    parts = [
        {"slug": slug, "tie": ties.get(slug, slug), "attribution": who, "certainty": how, "claims": int(times)}
        for (slug, who, how), times in counted.items()
    ]
    return [{**part, "y": places[part["slug"]]} for part in parts], top + BAR * len(places)


def _bars(rows: pd.DataFrame, parts: list[dict], kept: str, high: float) -> Any:
    """What is left of each relationship, filled, of all its claims, outlined."""
    ties = frames.relationship_labels()
    most = max(times for _, times in words.tally(rows["relationship"]))
    of = json.dumps(f" {say('chart.of')} ")
    middle = style.down("middle:Q", high)
    x, total = style.across("zero:Q", most * 1.12), style.across("total:Q", most * 1.12)
    whole = alt.Chart().mark_bar(fillOpacity=0, strokeWidth=1.2).encode(x2="total:Q")
    place = alt.Chart().encode(x=x, y=style.down("y:Q", high), y2="y2:Q", **style.hue(rows["relationship"], ties, None))
    both = style.layers([whole, alt.Chart().mark_bar().encode(x2="left:Q")], place)
    said = alt.Chart().mark_text(align="left", dx=6).encode(x=total, y=middle, text="said:N")
    name = alt.Chart().mark_text(align="right").encode(x=alt.value(-10), y=middle, text="tie:N")
    base = (
        alt.Chart()
        .transform_calculate(left=f"{kept} ? datum.claims : 0")
        .transform_aggregate(left="sum(left)", total="sum(claims)", groupby=["tie", "y"])
        .transform_calculate(
            zero="0",
            y2=f"datum.y + {BAR - 8}",
            middle=f"datum.y + {BAR / 2 - 4}",
            said=f"datum.left < datum.total ? datum.left + {of} + datum.total : '' + datum.total",
        )
        .encode(tooltip=style.tips("tie", "left", "total"))
    )
    return style.layers([both, said, name], base, data=alt.InlineData(parts))


def _names(names: list[dict], high: float) -> Any:
    text = alt.Chart(alt.InlineData(names)).mark_text(align="right")
    return text.encode(x=alt.value(-10), y=style.down("y:Q", high), text="text:N")


def _menu(param: str, steps: dict[str, list[str]], name: str) -> Any:
    return alt.param(name=param, value=next(iter(steps)), bind=alt.binding_select(options=list(steps), name=name))


def _kept(steps: dict[str, list[str]], param: str, field: str) -> str:
    cases = [
        f"({param} == {json.dumps(step)} && indexof({names}, datum.{field}) >= 0)" for step, names in steps.items()
    ]
    return f"({' || '.join(cases)})"


def _title(rows: pd.DataFrame) -> str:
    plain = int(((rows["attribution"] == codes.speakers()[0]) & (rows["certainty"] == codes.plain())).sum())
    claims = words.some(len(rows), "claim")
    return words.sentence(say("chart.plain_claims", n=plain, number=words.number(plain), claims=claims))


def _description(rows: pd.DataFrame) -> str:
    sure = words.tally(rows["certainty"])
    who = words.tally(rows["attribution"], _speakers())
    plain = rows[rows["certainty"] == codes.plain()]
    kept = words.tally(plain["relationship"], {slug: frames.in_prose(slug) for slug in frames.relationship_labels()})
    left = words.listed(say("chart.number_on", number=words.number(n), tie=name) for name, n in kept)
    return words.sentence(
        say(
            "chart.ladder_says",
            claims=words.some(len(rows), "claim"),
            wordings=words.listed(f"{how} {n}" for how, n in sure),
            speakers=words.listed(say("chart.said_by", number=words.number(n), name=name) for name, n in who),
            kept=left or say("chart.none"),
        )
    )
