"""Who had how much: the article's split beside every other count, each in its own unit and never joined."""

from __future__ import annotations

import pandas as pd

from afteach.charts import figure, frames, style, words
from afteach.charts.entries import Shares
from afteach.workbook import workbook

LEFT, ROW = 172, 21
BAR = ROW - 5
WIDE = style.WIDTH - LEFT - 16
EVERY = "every unit"
AROUND = {"about": "≈ ", "more-than": "> ", "under": "< ", "up-to": "≤ ", "at-least": "≥ "}
STRIPE = 5  # pixels from one stripe to the next


def shares(name: str, known: Shares, table: pd.DataFrame, figures: pd.DataFrame) -> figure.Figure:
    """Draw the article's split of a whole beside every other count of it.

    Arguments: name, the chart's own; known, what workbook.toml says of it; table, rows of its table; figures, the
    article's figures.
    Returns a Figure with a drop-down for the unit. A share that a count does not give is left blank; a count that
    answers another question stands under the chart and not on its axis.
    Errors: AfteachError for a table that lacks a column.
    """
    wanted = ["series", "start", "end", "unit", known.whole, "qualifier", "note"]
    wanted += [column for part in known.parts.values() for column in (part.share, part.number)]
    counts = frames.needed(table, wanted, name, known.table)
    of_article = workbook().roles.figures
    own = frames.needed(figures, ["claim_id", "value", "unit", "what", "qualifier", "note"], name, of_article)
    rows = frames.dated(counts, name, known.table)
    undated = frames.left_out([("no date", len(counts) - len(rows))])
    if rows.empty:
        return figure.nothing(f"counts of {known.of}", rows, undated)
    own = own[own["unit"] == known.article_unit]
    named = own["what"].map(lambda what: any(word in frames.text(what) for word in _said_of(known).values()))
    unnamed = frames.left_out([("no holder that is known", int((~named).sum()))])
    own = own[named & own["value"].notna()]
    on_axis = [known.another_question not in note for note in frames.column(rows, "note")]
    rows = rows.assign(on_axis=on_axis, **{f"{key}_share": _shares(known, rows, key) for key in known.parts})
    drawn, apart = rows[rows["on_axis"]], rows[~rows["on_axis"]]
    return figure.finished(
        _chart(known, drawn, apart, own),
        _title(known, drawn, own),
        f"A blank is a share that was not given. {style.source_line(of_article, known.table)}",
        _description(known, drawn, apart, own),
        rows.reset_index(drop=True),
        undated,
        f"Of the figures: {unnamed}" if unnamed else "",
    )


def _said_of(known: Shares) -> dict[str, str]:
    """The words by which the article's figures say which part they are."""
    return {key: part.said or part.name for key, part in known.parts.items()}


def _shares(known: Shares, rows: pd.DataFrame, key: str) -> list[float]:
    """The share as given, else the number of the whole; nan where a count gives neither."""
    out = []
    columns = (known.parts[key].share, known.parts[key].number, known.whole)
    for given, part, whole in zip(*(rows[column] for column in columns), strict=True):
        counted = not (pd.isna(part) or pd.isna(whole))
        divided = round(100 * part / whole, 1) if counted else float("nan")
        out.append(divided if pd.isna(given) else float(given))
    return out


def _article(known: Shares, own: pd.DataFrame) -> dict[str, float]:
    """The article's shares by part."""
    return {
        key: float(value)
        for value, what in zip(own["value"], own["what"], strict=True)
        for key, word in _said_of(known).items()
        if word in what
    }


def _chart(known: Shares, drawn: pd.DataFrame, apart: pd.DataFrame, own: pd.DataFrame):
    alt = figure.altair()
    lines, parts, remarks = _lines(known, drawn, own)
    units = list(dict.fromkeys(drawn["unit"]))
    unit = alt.param(name="unit", value=EVERY, bind=alt.binding_select(options=[EVERY, *units], name="Counts in "))
    kept = f"unit == '{EVERY}' || indexof(datum.units, unit) >= 0"
    share = alt.Scale(domain=[0, 100], nice=False)
    x_axis = alt.Axis(title="Per cent of the unit named on the left", values=list(range(0, 101, 20)))
    labels = alt.Axis(title=None, labelExpr="split(datum.label, '|')[1]", ticks=False, domain=False)
    y = alt.Y("row:O", axis=labels)
    told = {
        "who": "who counted", "when": "when", "unit": "unit", "holder": known.held, "told": "share", "note": "note",
        "id": "row",
    }  # fmt: skip
    tips = [alt.Tooltip(f"{name}:N", title=title) for name, title in told.items()]
    heads = alt.Chart(alt.InlineData(lines)).transform_filter(kept).encode(y=y)
    names = heads.mark_text(align="left", fontWeight="bold", dy=3).encode(x=alt.value(-LEFT), text="head:N")
    fields = ["units", "estimate", "who", "when", "unit", "note", "id"]
    row = alt.LookupData(data=alt.InlineData(lines), key="row", fields=fields)
    shares = alt.Chart(alt.InlineData(parts)).transform_lookup("row", row).transform_filter(kept)
    shares = shares.encode(y=y, tooltip=tips)
    bars = _patterns(alt, known, shares, share, x_axis, round(STRIPE * 100 / WIDE, 2))
    said = shares.mark_text().encode(
        x=alt.X("centre:Q", scale=share, axis=x_axis), text="said:N", color=alt.Color("ink:N", scale=None)
    )
    main = alt.layer(names, *bars, said).properties(width=WIDE, height=alt.Step(ROW))
    remarks = [*remarks, *(_remark("Not on this axis", row) for _, row in apart.iterrows())]
    below = [_remarks(alt, remarks)] if remarks else []
    # Fewer lines make a lower chart.
    fit = alt.AutoSizeParams(type="pad", resize=True)
    return alt.vconcat(_key(alt, known), main, *below, spacing=12, autosize=fit).add_params(unit)


def _lines(known: Shares, drawn: pd.DataFrame, own: pd.DataFrame) -> tuple[list[dict], list[dict], list[str]]:
    """The lines of the chart, the parts of its bars, and what must be said under it."""
    units = list(dict.fromkeys(drawn["unit"]))
    lines: list[dict] = []
    parts: list[dict] = []
    remarks: list[str] = []

    def line(label: str, of: list[str], head: str = "", **told: object) -> str:
        row = f"{len(lines):03}|{label}"
        lines.append({"row": row, "head": head, "units": of, **told})
        return row

    if len(own):
        said = [*own["qualifier"], *frames.column(own, "note")]
        qualified = ", ".join(dict.fromkeys(one for one in said if one))
        line("", units, f"The article: {qualified}")
        when = words.listed(dict.fromkeys(frames.column(own, "when", "not dated")))
        ids = words.listed(own["claim_id"])
        told = {"who": "the article", "when": when, "unit": known.article_unit, "note": qualified, "id": ids}
        row = line(f"{when}, {known.article_unit.split()[-1]}", units, estimate=True, **told)
        parts += [{**part, "row": row} for part in _parts(known, _article(known, own), "")]
        line("", units)
    for series, _ in words.tally(drawn["series"]):
        rows = drawn[drawn["series"] == series]
        line("", list(dict.fromkeys(rows["unit"])), series)
        for _, count in rows.iterrows():
            given = {key: count[f"{key}_share"] for key in known.parts if not pd.isna(count[f"{key}_share"])}
            # One sign cannot stand for several shares, unless it means all of them.
            several = len(given) > 1 and count["qualifier"] not in ("exact", "about")
            sign = "" if several else AROUND.get(count["qualifier"], "")
            star = " *" if several else ""
            if several:
                remarks.append(_remark("*", count))
            short = words.short_date(count["start"], count["end"], frames.text(count.get("precision")) or "span")
            told = {
                "who": series,
                "when": frames.text(count.get("when")) or short,
                "unit": count["unit"],
                "note": frames.text(count["note"]),
                "id": frames.row_id(count, known.table),
            }
            row = line(f"{short}, {count['unit']}{star}", [count["unit"]], estimate=False, **told)
            for key, part in zip(given, _parts(known, given, sign), strict=True):
                parts.append({**part, "told": part["told"] + _of_all(known, count, key), "row": row})
    return lines, parts, remarks


def _parts(known: Shares, given: dict[str, float], sign: str) -> list[dict]:
    """The first part from the left, the last from the right, the others between; what is not given stays blank."""
    out = []
    first, *_, last = known.parts
    keys = [key for key in known.parts if key in given]
    for place, key in enumerate(keys):
        left = 0 if key == first else 100 - given.get(last, 0)
        if key not in (first, last):
            before, rest = keys[:place], [other for other in keys[place:] if other != last]
            left = sum(given[b] for b in before) if first in given else left - sum(given[r] for r in rest)
        right = left + given[key]
        said = f"{sign}{given[key]:g}"
        # In pixels: half of what the number takes. Where the part is too narrow the number stands beside it.
        half = words.width(said) / 2 + 2
        fits = given[key] * WIDE / 100 >= 2 * half
        beside = right + half * 100 / WIDE if key == first else left - half * 100 / WIDE
        out.append(
            {
                "from": round(left, 1),
                "to": round(right, 1),
                "centre": round((left + right) / 2 if fits else beside, 2),
                "clear": round(half * 100 / WIDE, 2),
                "holder": known.parts[key].name,
                "said": said,
                "told": f"{said} %",
                "ink": style.ink_on(known.tie) if key == first and fits else style.INK_OF_PAGE,
            }
        )
    return out


def _of_all(known: Shares, count: pd.Series, key: str) -> str:
    part, whole = count[known.parts[key].number], count[known.whole]
    if pd.isna(part):
        return ""
    given = "" if not pd.isna(count[known.parts[key].share]) else ", divided for this chart"
    return f" ({part:g} of {whole:g} {known.counted}{given})"


def _patterns(alt, known: Shares, shares, scale, axis, step: float) -> list:
    """The first part full, the last striped, the others empty, all in the colour of the tie."""
    names = [part.name for part in known.parts.values()]
    hue = style.colour(known.tie)
    dash = alt.condition("datum.estimate", alt.value(style.DASHED), alt.value([1, 0]))
    x = alt.X("from:Q", scale=scale, axis=axis)
    bars = shares.mark_bar(fill=hue, stroke=hue, strokeWidth=1.4, height=BAR).encode(
        x=x,
        x2="to:Q",
        strokeDash=dash,
        fillOpacity=alt.condition(f"datum.holder == '{names[0]}'", alt.value(1), alt.value(0)),
    )
    stripes = (
        shares.transform_filter(f"datum.holder == '{names[-1]}'")
        .transform_calculate(at=f"sequence(datum.from + {step / 2}, datum.to, {step})")
        .transform_flatten(["at"])
        .transform_filter("abs(datum.at - datum.centre) > datum.clear")
        .mark_tick(color=hue, thickness=1.4, height=BAR - 2, opacity=0.8)
        .encode(x=alt.X("at:Q", scale=scale, axis=axis))
    )
    return [bars, stripes]


def _key(alt, known: Shares):
    spots, place = [], 0.0
    for holder in (part.name for part in known.parts.values()):
        spot = {"from": place, "to": place + 28, "holder": holder, "text": holder, "centre": 0, "clear": 0}
        spots.append({**spot, "row": 0, "estimate": False})
        place += round(28 + words.width(holder) + 30)
    scale = alt.Scale(domain=[0, WIDE], nice=False)
    shares = alt.Chart(alt.InlineData(spots)).encode(y=alt.Y("row:O", axis=None))
    text = shares.mark_text(align="left", dx=6).encode(x=alt.X("to:Q", scale=scale, axis=None), text="text:N")
    return alt.layer(*_patterns(alt, known, shares, scale, None, STRIPE), text).properties(width=WIDE, height=ROW)


def _remark(head: str, count: pd.Series) -> str:
    note = frames.text(count["note"])
    return f"{head}{':' if len(head) > 1 else ''} {count['series']}, {frames.text(count.get('when'))}. {note}"


def _remarks(alt, said: list[str]):
    lines = [line for remark in said for line in [*words.wrap(remark, style.WIDTH - 20), ""]][:-1]
    spots = [{"y": 16 * place + 8, "text": line} for place, line in enumerate(lines) if line]
    return (
        alt.Chart(alt.InlineData(spots))
        .mark_text(align="left")
        .encode(x=alt.value(-LEFT), y=alt.Y("y:Q", scale=None, axis=None), text="text:N")
        .properties(width=WIDE, height=16 * len(lines))
    )


def _title(known: Shares, drawn: pd.DataFrame, own: pd.DataFrame) -> str:
    key, first = next(iter(known.parts.items()))
    shares = drawn[drawn[f"{key}_share"].notna()]
    mine = _article(known, own).get(key)
    if mine is None or shares.empty:
        return words.sentence(f"{words.some(len(drawn), 'count')} of {known.of}, each by its own rule")
    more = shares[shares[f"{key}_share"] > mine]
    above = f"above the article's {mine:g} per cent"
    whose = f"The {first.name}'s share is"
    if len(shares) == 1:
        return f"{whose} {'' if len(more) else 'not '}{above} in the one other count"
    out = f"{whose} {above} in {words.number(len(more))} of {words.number(len(shares))} other counts"
    return out + (f", none later than {words.long_month(more['start'].max())}" if len(more) else "")


def _description(known: Shares, drawn: pd.DataFrame, apart: pd.DataFrame, own: pd.DataFrame) -> str:
    first, last = drawn["start"].min().year, drawn["end"].max().year
    units = [f"{words.number(n)} in {unit}" for unit, n in words.tally(drawn["unit"])]
    years = f"{first} to {last}" if first < last else str(first)
    out = f"{words.some(len(drawn), 'count')}, {years}, each in its own unit ({words.listed(units)})"
    for key, part in known.parts.items():
        shares = drawn[f"{key}_share"].dropna()
        if len(shares):
            low, high = shares.min(), shares.max()
            out += f"; {part.name} {low:g} to {high:g} per cent" if low < high else f"; {part.name} {low:g} per cent"
    mine = _article(known, own)
    if mine:
        said = words.listed(f"{part.name} {mine[key]:g}" for key, part in known.parts.items() if key in mine)
        qualified = words.listed(dict.fromkeys(own["qualifier"]))
        out += f"; beside them the article's {qualified}: {said}"
    for _, row in apart.iterrows():
        out += f"; not on this axis: {row['series']}, {frames.text(row.get('when'))}, which answers another question"
    return words.sentence(out + ".")
