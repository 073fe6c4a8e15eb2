"""Who had how much: the article's split beside every other count, each in its own unit and never joined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from afteach.charts import alt, figure, frames, style, words
from afteach.charts.entries import Shares
from afteach.words import say
from afteach.workbook import workbook

if TYPE_CHECKING:
    import pandas as pd

ROW, BAR = 42, 18
DOWN = 8  # how far below the middle of its line a bar lies, under the name of the line
WIDE = style.WIDTH - 24
TOLD = ("who", "when", "unit", "holder", "told", "note", "id")
AROUND = {"about": "≈ ", "more-than": "> ", "under": "< ", "up-to": "≤ ", "at-least": "≥ "}


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
    undated = frames.left_out([(say("chart.no_date"), len(counts) - len(rows))])
    if rows.empty:
        return figure.nothing(say("chart.counts_of", of=known.of), rows, undated)
    own = own[own["unit"] == known.article_unit]
    said = _said_of(known).values()
    # Of no rows at all pandas would not know that these are truths.
    named = own["what"].map(lambda what: any(word in frames.text(what) for word in said)).astype(bool)
    unnamed = frames.left_out([(say("chart.no_holder"), int((~named).sum()))])
    own = own[named & own["value"].notna()]
    on_axis = [known.another_question not in note for note in frames.column(rows, "note")]
    rows = rows.assign(on_axis=on_axis, **{f"{key}_share": _shares(known, rows, key) for key in known.parts})
    drawn, apart = rows[rows["on_axis"]], rows[~rows["on_axis"]]
    return figure.finished(
        _chart(known, drawn, apart, own),
        _title(known, drawn, own),
        say("chart.of_shares", of=known.of, source=style.source_line(of_article, known.table)),
        _description(known, drawn, apart, own),
        rows.reset_index(drop=True),
        undated,
        say("chart.of_figures", left_out=unnamed) if unnamed else "",
    )


def _said_of(known: Shares) -> dict[str, str]:
    """The words by which the article's figures say which part they are."""
    return {key: part.said or part.name for key, part in known.parts.items()}


def _shares(known: Shares, rows: pd.DataFrame, key: str) -> list[float]:
    """The share as given, else the number of the whole; nan where a count gives neither."""
    out = []
    columns = (known.parts[key].share, known.parts[key].number, known.whole)
    for given, part, whole in zip(*(rows[column] for column in columns), strict=True):
        counted = not (frames.missing(part) or frames.missing(whole))
        divided = round(100 * part / whole, 1) if counted else float("nan")
        out.append(divided if frames.missing(given) else float(given))
    return out


def _article(known: Shares, own: pd.DataFrame) -> dict[str, float]:
    """The article's shares by part."""
    return {
        key: float(value)
        for value, what in zip(own["value"], own["what"], strict=True)
        for key, word in _said_of(known).items()
        if word in what
    }


def _chart(known: Shares, drawn: pd.DataFrame, apart: pd.DataFrame, own: pd.DataFrame) -> Any:
    lines, parts, remarks = _lines(known, drawn, own)
    menus = _menus(drawn)
    menu = alt.binding_select(options=list(menus), labels=list(menus.values()), name=say("chart.show"))
    share = alt.Scale(domain=[0, 100], nice=False)
    heads = _lines_shown(alt.Chart(alt.InlineData(lines))).encode(y=_row())
    names = heads.mark_text(
        align="left", baseline="bottom", dy=-BAR / 2 + 3, fontWeight={"expr": "datum.estimate ? 600 : 400"}
    ).encode(x=alt.value(0), text="head:N")
    fields = ["units", "last", "estimate", "who", "when", "unit", "note", "id"]
    row = alt.LookupData(data=alt.InlineData(lines), key="row", fields=fields)
    shares = _lines_shown(alt.Chart(alt.InlineData(parts)).transform_lookup("row", row))
    shares = shares.encode(y=_row(), tooltip=style.tips(*TOLD, holder=known.held))
    bars = _bars(known, shares, share)
    said = shares.mark_text(dy=DOWN).encode(
        x=alt.X("centre:Q", scale=share, axis=None), text="said:N", color=alt.Color("ink:N", scale=None)
    )
    remarks = [*remarks, *(_remark(say("chart.not_on_axis"), row) for _, row in apart.iterrows())]
    layers = [
        bars,
        *_pin(known, heads, own, share),
        said,
        names,
        *_key(known),
        *([_remarks(remarks)] if remarks else []),
    ]
    # Fewer lines make a lower chart.
    fit = alt.AutoSizeParams(type="pad", resize=True)
    show = alt.param(name="show", value="last", bind=menu)
    layers[0] = layers[0].add_params(show)
    return alt.layer(*layers, width=WIDE, height=alt.Step(ROW), autosize=fit)


def _menus(drawn: pd.DataFrame) -> dict[str, str]:
    """What the control shows: the last count of each series and unit first, then all, then those in one unit."""
    last = len(drawn.drop_duplicates(["series", "unit"]))
    units = {f"unit {unit}": say("chart.in_unit", unit=unit) for unit in dict.fromkeys(drawn["unit"])}
    every = {"every": say("chart.every_count", count=len(drawn))}
    return {"last": say("chart.last_counts", count=last), **every, **(units if len(units) > 1 else {})}


def _lines_shown(chart: Any) -> Any:
    return chart.transform_filter(
        "show == 'every' || (show == 'last' && datum.last) || indexof(datum.units, slice(show, 5)) >= 0"
    )


def _row() -> Any:
    return alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))


def _lines(known: Shares, drawn: pd.DataFrame, own: pd.DataFrame) -> tuple[list[dict], list[dict], list[str]]:
    """The lines of the chart, the article's first; the parts of its bars; and what must be said under it."""
    units = list(dict.fromkeys(drawn["unit"]))
    lines: list[dict] = []
    parts: list[dict] = []
    remarks: list[str] = []

    def line(head: list[str], of: list[str], given: list[dict], **told: Any) -> None:
        row = f"{len(lines):03}"
        lines.append({"row": row, "head": " · ".join(head), "units": of, **told})
        parts.extend({**part, "row": row} for part in given)

    if len(own):
        qualified = ", ".join(dict.fromkeys(one for one in (*own["qualifier"], *frames.column(own, "note")) if one))
        when = words.listed(dict.fromkeys(frames.column(own, "when", say("chart.not_dated"))))
        head = [say("chart.the_article"), when, known.article_unit.split()[-1], qualified]
        told = {"who": say("chart.the_article"), "when": when, "unit": known.article_unit, "note": qualified}
        given = _parts(known, _article(known, own), "")
        line(head, units, given, **told, id=words.listed(own["claim_id"]), last=True, estimate=True)
    for series, _ in words.tally(drawn["series"]):
        rows = drawn[drawn["series"] == series]
        last = set(rows.drop_duplicates("unit", keep="last").index)
        for index, count in rows.iterrows():
            given, several = _given(known, count)
            if several:
                remarks.append(_remark("*", count))
            short = words.short_date(count["start"], count["end"], frames.text(count.get("precision")) or "span")
            told = {"who": series, "when": frames.text(count.get("when")) or short, "unit": count["unit"]}
            told |= {"note": frames.text(count["note"]), "id": frames.row_id(count, known.table)}
            head = [series, short, f"{count['unit']}{' *' if several else ''}"]
            line(head, [count["unit"]], given, **told, last=index in last, estimate=False)
    return lines, parts, remarks


def _given(known: Shares, count: pd.Series) -> tuple[list[dict], bool]:
    """The parts of one count, and whether its sign means several of them and must be explained under the chart."""
    given = {key: count[f"{key}_share"] for key in known.parts if not frames.missing(count[f"{key}_share"])}
    # One sign cannot stand for several shares, unless it means all of them.
    several = len(given) > 1 and count["qualifier"] not in ("exact", "about")
    sign = "" if several else AROUND.get(count["qualifier"], "")
    parts = _parts(known, given, sign)
    named = zip(given, parts, strict=True)
    return [{**part, "told": part["told"] + _of_all(known, count, key)} for key, part in named], several


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
        # At the outer end of the first and the last part, clear of the article's line. `half` is half of what the number
        # takes; where the part is too narrow for it, it stands beside the part.
        half = (words.width(said) / 2 + 5) * 100 / WIDE
        fits = given[key] >= 2 * half
        centre = left + half if key == first else right - half if key == last else (left + right) / 2
        beside = right + half if key == first else left - half
        out.append(
            {
                "from": round(left, 1),
                "to": round(right, 1),
                "centre": round(centre if fits else beside, 2),
                "holder": known.parts[key].name,
                "said": said,
                "told": f"{said} %",
                "ink": _ink(known, key) if fits else style.INK_OF_PAGE,
            }
        )
    return out


def _ink(known: Shares, key: str) -> str:
    first, *_, last = known.parts
    return style.ink_on(known.tie) if key == first else style.INK if key == last else style.INK_OF_PAGE


def _of_all(known: Shares, count: pd.Series, key: str) -> str:
    part, whole = count[known.parts[key].number], count[known.whole]
    if frames.missing(part):
        return ""
    given = "" if not frames.missing(count[known.parts[key].share]) else say("chart.divided")
    number = say("chart.of_so_many", count=f"{part:g}", total=f"{whole:g}")
    return f" ({number} {known.counted}{given})"


def _looks(known: Shares) -> dict:
    """The first part in the colour of the tie, the last in grey, what lies between in a pale shade of both."""
    names = [part.name for part in known.parts.values()]
    hue = style.colour(known.tie)
    fills = [hue, *(f"{hue}44" for _ in names[1:-1]), style.OTHER]
    return {"fill": alt.Fill("holder:N", scale=alt.Scale(domain=names, range=fills), legend=None)}


def _bars(known: Shares, shares: Any, scale: Any) -> Any:
    """The parts as given, an estimate's with a broken edge."""
    dash = alt.condition("datum.estimate", alt.value(style.DASHED), alt.value(style.SOLID))
    edge = alt.condition("datum.estimate", alt.value(style.INK_OF_PAGE), alt.value(None))
    bars = shares.mark_bar(strokeWidth=1.4, height=BAR, yOffset=DOWN)
    bars = bars.encode(x=alt.X("from:Q", scale=scale, axis=None), x2="to:Q", strokeDash=dash, stroke=edge)
    return bars.encode(**_looks(known))


def _pin(known: Shares, lines: Any, own: pd.DataFrame, scale: Any) -> list:
    """A line through every bar at the article's first share, named at its lower end."""
    key, first = next(iter(known.parts.items()))
    mine = _article(known, own).get(key)
    if mine is None:
        return []
    at = alt.X("at:Q", scale=scale, axis=None)
    # Broken between the bars, where the names of the lines stand.
    line = lines.transform_calculate(at=f"{mine:g}").mark_tick(
        color=style.INK_OF_PAGE, thickness=2, height=BAR + 6, yOffset=DOWN, opacity=1
    )
    named = alt.Chart(alt.InlineData([{"at": mine, "text": say("chart.pin", value=f"{mine:g}", part=first.name)}]))
    text = named.mark_text(align="left", baseline="top", dx=-1, dy=5).encode(y=alt.value("height"), text="text:N")
    return [line.encode(x=at), text.encode(x=at)]


def _key(known: Shares) -> list:
    """The names of the parts above the bars, in their order and with their fill."""
    spots, place = [], 0.0
    for part in known.parts.values():
        spots.append({"from": place, "to": place + 14, "holder": part.name})
        place += round(14 + words.width(part.name) + 26)
    base = alt.Chart(alt.InlineData(spots)).encode(tooltip=alt.value(None))
    here = {"xOffset": {"expr": "datum.from"}, "x2Offset": {"expr": "datum.to"}}
    box = base.mark_rect(cornerRadius=2, **here)
    box = box.encode(x=alt.value(0), x2=alt.value(0), y=alt.value(-20), y2=alt.value(-8), **_looks(known))
    text = base.mark_text(align="left", dx={"expr": "datum.to + 6"})
    return [box, text.encode(x=alt.value(0), y=alt.value(-13.5), text="holder:N")]


def _remark(head: str, count: pd.Series) -> str:
    note = frames.text(count["note"])
    return f"{head}{':' if len(head) > 1 else ''} {count['series']}, {frames.text(count.get('when'))}. {note}"


def _remarks(said: list[str]) -> Any:
    lines = [line for remark in said for line in [*words.wrap(remark, style.WIDTH - 20), ""]][:-1]
    spots = [{"down": 16 * place + 34, "text": line} for place, line in enumerate(lines) if line]
    text = alt.Chart(alt.InlineData(spots)).mark_text(align="left", dy={"expr": "datum.down"})
    return text.encode(x=alt.value(0), y=alt.value("height"), text="text:N")


def _title(known: Shares, drawn: pd.DataFrame, own: pd.DataFrame) -> str:
    key, first = next(iter(known.parts.items()))
    shares = drawn[drawn[f"{key}_share"].notna()]
    mine = _article(known, own).get(key)
    if mine is None or shares.empty:
        return words.sentence(say("chart.own_rule", counts=words.some(len(drawn), "count"), of=known.of))
    more = shares[shares[f"{key}_share"] > mine]
    about = {"part": first.name, "share": f"{mine:g}"}
    if len(shares) == 1:
        return say("chart.above_one", **about) if len(more) else say("chart.not_above", **about)
    out = say("chart.above", **about, number=words.number(len(more)), all=words.number(len(shares)))
    return say("chart.none_later", said=out, month=words.long_month(more["start"].max())) if len(more) else out


def _description(known: Shares, drawn: pd.DataFrame, apart: pd.DataFrame, own: pd.DataFrame) -> str:
    first, last = drawn["start"].min().year, drawn["end"].max().year
    units = [say("chart.number_in", number=words.number(n), state=unit) for unit, n in words.tally(drawn["unit"])]
    about = {"counts": words.some(len(drawn), "count"), "years": words.years(first, last)}
    out = say("chart.shares_say", **about, units=words.listed(units))
    for key, part in known.parts.items():
        shares = drawn[f"{key}_share"].dropna()
        if len(shares):
            low, high = shares.min(), shares.max()
            share = say("date.span", start=f"{low:g}", end=f"{high:g}") if low < high else f"{low:g}"
            out += "; " + say("chart.per_cent", part=part.name, share=share)
    mine = _article(known, own)
    if mine:
        said = words.listed(f"{part.name} {mine[key]:g}" for key, part in known.parts.items() if key in mine)
        qualified = words.listed(dict.fromkeys(own["qualifier"]))
        out += "; " + say("chart.beside_them", qualified=qualified, shares=said)
    for _, row in apart.iterrows():
        out += "; " + say("chart.another_question", series=row["series"], when=frames.text(row.get("when")))
    return words.sentence(out + ".")
