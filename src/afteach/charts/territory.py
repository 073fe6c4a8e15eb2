"""Who held how much: the article's split beside every other count, each in its own unit and never joined."""

from __future__ import annotations

import pandas as pd

from afteach.charts import figure, frames, style, words

LEFT, ROW = 172, 21
BAR = ROW - 5
WIDE = style.WIDTH - LEFT - 16
HOLDERS = {"gov": "government", "contested": "contested", "insurgent": "insurgents"}
# The words by which the article's figures say which part they are.
SAID_OF = {"gov": "government", "contested": "contested", "insurgent": "Taliban"}
UNIT = "per cent of territory"
EVERY = "every unit"
# What a row's note says where its numbers answer another question than who is in control.
ANOTHER_QUESTION = "not comparable"
AROUND = {"about": "≈ ", "more-than": "> ", "under": "< ", "up-to": "≤ ", "at-least": "≥ "}
STRIPE = 5  # pixels from one stripe to the next


def territory(district_control: pd.DataFrame, figures: pd.DataFrame) -> figure.Figure:
    """Draw the article's split of the territory beside every other count: government, contested, insurgents.

    Arguments: district_control, rows of the table district_control; figures, the table figures.
    Returns a Figure with a drop-down for the unit. A share that a count does not give is left blank; a count that
    answers another question stands under the chart and not on its axis.
    Errors: AfteachError for a table that lacks a column.
    """
    wanted = ["series", "start", "end", "unit", "total_districts", "qualifier", "note"]
    wanted += [f"{holder}_{what}" for holder in HOLDERS for what in ("pct", "districts")]
    counts = frames.needed(district_control, wanted, "territory", "district_control")
    own = frames.needed(figures, ["claim_id", "value", "unit", "what", "qualifier", "note"], "territory", "figures")
    rows = frames.dated(counts, "territory", "district_control")
    undated = frames.left_out([("no date", len(counts) - len(rows))])
    if rows.empty:
        return figure.nothing("counts of control", rows, undated)
    own = own[own["unit"] == UNIT]
    named = own["what"].map(lambda what: any(word in frames.text(what) for word in SAID_OF.values()))
    unnamed = frames.left_out([("no holder that is known", int((~named).sum()))])
    own = own[named & own["value"].notna()]
    on_axis = [ANOTHER_QUESTION not in note for note in frames.column(rows, "note")]
    table = rows.assign(on_axis=on_axis, **{f"{holder}_share": _shares(rows, holder) for holder in HOLDERS})
    drawn, apart = table[table["on_axis"]], table[~table["on_axis"]]
    return figure.finished(
        _chart(drawn, apart, own),
        _title(drawn, own),
        f"A blank is a share that was not given. {style.source_line('figures', 'district_control')}",
        _description(drawn, apart, own),
        table.reset_index(drop=True),
        undated,
        f"Of the figures: {unnamed}" if unnamed else "",
    )


def _shares(rows: pd.DataFrame, holder: str) -> list[float]:
    """The share as given, else the districts of all districts."""
    out = []
    columns = (f"{holder}_pct", f"{holder}_districts", "total_districts")
    for given, part, whole in zip(*(rows[column] for column in columns), strict=True):
        out.append(round(100 * part / whole, 1) if pd.isna(given) else float(given))
    return out


def _article(own: pd.DataFrame) -> dict[str, float]:
    """The article's shares by holder."""
    return {
        holder: float(value)
        for value, what in zip(own["value"], own["what"], strict=True)
        for holder, word in SAID_OF.items()
        if word in what
    }


def _chart(drawn: pd.DataFrame, apart: pd.DataFrame, own: pd.DataFrame):
    alt = figure.altair()
    lines, parts, remarks = _lines(drawn, own)
    units = list(dict.fromkeys(drawn["unit"]))
    unit = alt.param(name="unit", value=EVERY, bind=alt.binding_select(options=[EVERY, *units], name="Counts in "))
    kept = f"unit == '{EVERY}' || indexof(datum.units, unit) >= 0"
    share = alt.Scale(domain=[0, 100], nice=False)
    x_axis = alt.Axis(title="Per cent of the unit named on the left", values=list(range(0, 101, 20)))
    labels = alt.Axis(title=None, labelExpr="split(datum.label, '|')[1]", ticks=False, domain=False)
    y = alt.Y("row:O", axis=labels)
    told = {
        "who": "who counted", "when": "when", "unit": "unit", "holder": "held by", "told": "share", "note": "note",
        "id": "row",
    }  # fmt: skip
    tips = [alt.Tooltip(f"{name}:N", title=title) for name, title in told.items()]
    heads = alt.Chart(alt.InlineData(lines)).transform_filter(kept).encode(y=y)
    names = heads.mark_text(align="left", fontWeight="bold", dy=3).encode(x=alt.value(-LEFT), text="head:N")
    fields = ["units", "estimate", "who", "when", "unit", "note", "id"]
    row = alt.LookupData(data=alt.InlineData(lines), key="row", fields=fields)
    shares = alt.Chart(alt.InlineData(parts)).transform_lookup("row", row).transform_filter(kept)
    shares = shares.encode(y=y, tooltip=tips)
    bars = _patterns(alt, shares, share, x_axis, round(STRIPE * 100 / WIDE, 2))
    said = shares.mark_text().encode(
        x=alt.X("centre:Q", scale=share, axis=x_axis), text="said:N", color=alt.Color("ink:N", scale=None)
    )
    main = alt.layer(names, *bars, said).properties(width=WIDE, height=alt.Step(ROW))
    remarks = [*remarks, *(_remark("Not on this axis", row) for _, row in apart.iterrows())]
    below = [_remarks(alt, remarks)] if remarks else []
    # Fewer lines make a lower chart.
    fit = alt.AutoSizeParams(type="pad", resize=True)
    return alt.vconcat(_key(alt), main, *below, spacing=12, autosize=fit).add_params(unit)


def _lines(drawn: pd.DataFrame, own: pd.DataFrame) -> tuple[list[dict], list[dict], list[str]]:
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
        told = {"who": "the article", "when": when, "unit": UNIT, "note": qualified, "id": ids}
        row = line(f"{when}, {UNIT.split()[-1]}", units, estimate=True, **told)
        parts += [{**part, "row": row} for part in _parts(_article(own), "")]
        line("", units)
    for series, _ in words.tally(drawn["series"]):
        rows = drawn[drawn["series"] == series]
        line("", list(dict.fromkeys(rows["unit"])), series)
        for _, count in rows.iterrows():
            given = {holder: count[f"{holder}_share"] for holder in HOLDERS if not pd.isna(count[f"{holder}_share"])}
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
                "id": frames.text(count.get("district_control_id")),
            }
            row = line(f"{short}, {count['unit']}{star}", [count["unit"]], estimate=False, **told)
            for holder, part in zip(_in_order(given), _parts(given, sign), strict=True):
                parts.append({**part, "told": part["told"] + _of_all(count, holder), "row": row})
    return lines, parts, remarks


def _in_order(given: dict[str, float]) -> list[str]:
    return [holder for holder in HOLDERS if holder in given]


def _parts(given: dict[str, float], sign: str) -> list[dict]:
    """The government from the left, the insurgents from the right, contested between; what is not given stays blank."""
    out = []
    for holder in _in_order(given):
        left = 0 if holder == "gov" else 100 - given.get("insurgent", 0)
        if holder == "contested":
            left = given.get("gov", left - given["contested"])
        right = left + given[holder]
        said = f"{sign}{given[holder]:g}"
        # In pixels: half of what the number takes. Where the part is too narrow the number stands beside it.
        half = words.width(said) / 2 + 2
        fits = given[holder] * WIDE / 100 >= 2 * half
        beside = right + half * 100 / WIDE if holder == "gov" else left - half * 100 / WIDE
        out.append(
            {
                "from": round(left, 1),
                "to": round(right, 1),
                "centre": round((left + right) / 2 if fits else beside, 2),
                "clear": round(half * 100 / WIDE, 2),
                "holder": HOLDERS[holder],
                "said": said,
                "told": f"{said} %",
                "ink": style.ink_on("kabul") if holder == "gov" and fits else style.INK_OF_PAGE,
            }
        )
    return out


def _of_all(count: pd.Series, holder: str) -> str:
    part, whole = count[f"{holder}_districts"], count["total_districts"]
    if pd.isna(part):
        return ""
    given = "" if not pd.isna(count[f"{holder}_pct"]) else ", divided for this chart"
    return f" ({part:g} of {whole:g} districts{given})"


def _patterns(alt, shares, scale, axis, step: float) -> list:
    """Government full, contested empty, insurgents striped, all in the colour of the tie."""
    hue = style.colour("kabul")
    dash = alt.condition("datum.estimate", alt.value(style.DASHED["claimed"]), alt.value([1, 0]))
    x = alt.X("from:Q", scale=scale, axis=axis)
    bars = shares.mark_bar(fill=hue, stroke=hue, strokeWidth=1.4, height=BAR).encode(
        x=x,
        x2="to:Q",
        strokeDash=dash,
        fillOpacity=alt.condition("datum.holder == 'government'", alt.value(1), alt.value(0)),
    )
    stripes = (
        shares.transform_filter("datum.holder == 'insurgents'")
        .transform_calculate(at=f"sequence(datum.from + {step / 2}, datum.to, {step})")
        .transform_flatten(["at"])
        .transform_filter("abs(datum.at - datum.centre) > datum.clear")
        .mark_tick(color=hue, thickness=1.4, height=BAR - 2, opacity=0.8)
        .encode(x=alt.X("at:Q", scale=scale, axis=axis))
    )
    return [bars, stripes]


def _key(alt):
    spots, place = [], 0.0
    for holder in HOLDERS.values():
        spot = {"from": place, "to": place + 28, "holder": holder, "text": holder, "centre": 0, "clear": 0}
        spots.append({**spot, "row": 0, "estimate": False})
        place += round(28 + words.width(holder) + 30)
    scale = alt.Scale(domain=[0, WIDE], nice=False)
    shares = alt.Chart(alt.InlineData(spots)).encode(y=alt.Y("row:O", axis=None))
    text = shares.mark_text(align="left", dx=6).encode(x=alt.X("to:Q", scale=scale, axis=None), text="text:N")
    return alt.layer(*_patterns(alt, shares, scale, None, STRIPE), text).properties(width=WIDE, height=ROW)


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


def _title(drawn: pd.DataFrame, own: pd.DataFrame) -> str:
    shares = drawn[drawn["gov_share"].notna()]
    mine = _article(own).get("gov")
    if mine is None or shares.empty:
        return words.sentence(f"{words.some(len(drawn), 'count')} of control, each by its own rule")
    more = shares[shares["gov_share"] > mine]
    above = f"above the article's {mine:g} per cent"
    if len(shares) == 1:
        return f"The government's share is {'' if len(more) else 'not '}{above} in the one other count"
    out = f"The government's share is {above} in {words.number(len(more))} of {words.number(len(shares))} other counts"
    return out + (f", none later than {words.long_month(more['start'].max())}" if len(more) else "")


def _description(drawn: pd.DataFrame, apart: pd.DataFrame, own: pd.DataFrame) -> str:
    first, last = drawn["start"].min().year, drawn["end"].max().year
    units = [f"{words.number(n)} in {unit}" for unit, n in words.tally(drawn["unit"])]
    years = f"{first} to {last}" if first < last else str(first)
    out = f"{words.some(len(drawn), 'count')}, {years}, each in its own unit ({words.listed(units)})"
    for holder, name in HOLDERS.items():
        shares = drawn[f"{holder}_share"].dropna()
        if len(shares):
            low, high = shares.min(), shares.max()
            out += f"; {name} {low:g} to {high:g} per cent" if low < high else f"; {name} {low:g} per cent"
    mine = _article(own)
    if mine:
        said = words.listed(f"{HOLDERS[holder]} {mine[holder]:g}" for holder in HOLDERS if holder in mine)
        qualified = words.listed(dict.fromkeys(own["qualifier"]))
        out += f"; beside them the article's {qualified}: {said}"
    for _, row in apart.iterrows():
        out += f"; not on this axis: {row['series']}, {frames.text(row.get('when'))}, which answers another question"
    return words.sentence(out + ".")
