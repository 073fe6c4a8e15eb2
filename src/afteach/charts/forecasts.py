"""How well a student's own forecasts hold: the probability given against what happened."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from afteach.charts import alt, figure, style, words
from afteach.words import say

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ["question_id", "forecast", "happened", "knew", "squared_error"]
KNEW = "knew"  # what the card logs where a student says that the outcome was known before
LEFT, LINE, ASIDE, HEAD = 250, 15, 16, 30
WIDE = style.WIDTH - LEFT - 64
HALF = 0.5  # what somebody says who knows nothing
BINS, ENOUGH, ENOUGH_IN_A_BIN = 5, 10, 3


def forecasts() -> figure.Figure:
    """Draw the latest answer to each forecast question against what happened, and say how well the forecasts hold.

    Before an outcome is open its forecast is not drawn, for one outcome would colour the next forecast.

    Returns a Figure; its table has a row for each statement: question_id, forecast (0 to 1), happened, knew and
    squared_error. What was known before stands apart and is not in the score.
    Source: the answers recorded beside the notebook and the question bank.
    """
    table, prompts, changed, waiting = _recorded()
    if waiting and table.empty:
        said = say("chart.recorded", forecasts=words.some(len(waiting), "forecast"), why=waiting[0])
        return figure.nothing("", table, sealed=words.sentence(said))
    scored = table[~table["knew"]]
    score = brier(zip(scored["forecast"], scored["happened"], strict=True))
    found = bins(list(zip(scored["forecast"], scored["happened"], strict=True)))
    return figure.finished(
        _chart(table, prompts, found),
        _title(table, score),
        say("chart.of_forecasts", source=say("chart.source_rows", whose=say("chart.answers"))),
        _description(table, score, found, changed),
        table,
    )


def brier(pairs: Iterable[tuple[float, bool]]) -> float | None:
    """The mean squared distance between the probability given and what happened (1 or 0); None without any pair."""
    errors = [(forecast - happened) ** 2 for forecast, happened in pairs]
    return sum(errors) / len(errors) if errors else None


def bins(pairs: Sequence[tuple[float, bool]]) -> list[tuple[float, int, int]]:
    """For each fifth of the scale: the mean forecast, how many happened, of how many; none where there are too few."""
    if len(pairs) < ENOUGH:
        return []
    out = []
    for place in range(BINS):
        inside = [pair for pair in pairs if min(int(pair[0] * BINS), BINS - 1) == place]
        if len(inside) >= ENOUGH_IN_A_BIN:
            mean = sum(forecast for forecast, _ in inside) / len(inside)
            out.append((mean, sum(bool(happened) for _, happened in inside), len(inside)))
    return out


def _recorded() -> tuple[pd.DataFrame, list[str], int, list[str]]:
    """The forecasts as rows in the order of the bank, their prompts, how many answer an older wording, why some wait."""
    # Only this chart reads answers; the others must not wait for the bank.
    from afteach.answers import seal
    from afteach.answers.lines import is_outdated
    from afteach.questions import model as questions

    log = seal.read()
    latest = log.latest()
    rows, prompts, changed, waiting = [], [], 0, []
    for question in questions.bank().values():
        line = latest.get(question.id)
        if not question.foretells or line is None or not _is_probability(line.answer):
            continue
        if is_outdated(line, question):
            changed += 1
            continue
        if shut := seal.shut(question, log):
            waiting.append(shut)
            continue
        knew = line.sure == KNEW
        error = None if knew else round((line.answer - question.came()) ** 2, 4)
        rows.append([question.id, float(line.answer), question.came(), knew, error])
        prompts.append(question.prompt.replace("`", "").replace("*", ""))
    import pandas as pd  # forecasts alone load no table

    table = pd.DataFrame(rows, columns=COLUMNS)
    types = {"forecast": float, "happened": bool, "knew": bool, "squared_error": float}
    return table.astype(types), prompts, changed, waiting


def _is_probability(answer: object) -> bool:
    return isinstance(answer, int | float) and not isinstance(answer, bool) and 0 <= answer <= 1


def _chart(table: pd.DataFrame, prompts: list[str], found: list[tuple[float, int, int]]) -> Any:
    marks, names, high = _rows(table, prompts)
    layers = _forecasts(marks, high) if marks else [_invitation(high)]
    if found:
        shares, more, high = _shares(found, high)
        layers = [*(_forecasts(marks, high)), *_calibration(shares, high)]
        names += more
    text = alt.Chart(alt.InlineData(names)).mark_text(align="left", fontWeight={"expr": "datum.weight"})
    layers.append(text.encode(x=alt.value(-LEFT), y=style.down("y:Q", high), text="text:N"))
    return alt.layer(_reference_line(), *layers, *_ends(bool(marks)), width=WIDE, height=high)


def _rows(table: pd.DataFrame, prompts: list[str]) -> tuple[list[dict], list[dict], float]:
    """A line a forecast: its mark, its statement in as many lines as it needs, and where the last one ends."""
    marks, names, y = [], [], float(HEAD)
    for row, prompt in zip(table.to_dict("records"), prompts, strict=True):
        lines = words.wrap(prompt, LEFT - 24)
        high = max(LINE * len(lines), 2 * LINE) + 10
        names += [{"y": y + LINE * (place + 0.5), "text": line, "weight": 400} for place, line in enumerate(lines)]
        came = "happened" if row["happened"] else "did_not"
        marks.append(
            {
                "x": round(100 * row["forecast"], 1),
                "end": 100 * int(row["happened"]),
                "y": y + LINE * len(lines) / 2,
                "mark": "knew" if row["knew"] else "scored",
                "prompt": prompt,
                "given": _percent(row["forecast"]),
                "happened": say(f"chart.{came}"),
                "error": say("chart.not_scored") if row["knew"] else f"{row['squared_error']:.2f}",
                "id": row["question_id"],
            }
        )
        y += high
    return marks, names, y if marks else 3.0 * HEAD


def _percent_across(field: str) -> Any:
    axis = alt.Axis(title=None, values=list(range(0, 101, 20)), labelExpr="datum.label + ' %'")
    return alt.X(field, scale=alt.Scale(domain=[0, 100], nice=False), axis=axis)


def _forecasts(marks: list[dict], high: float) -> list:
    """What was said, joined by a line to what came: the longer the line, the worse the forecast."""
    tips = style.tips("prompt", "given", "happened", "error", "id", happened=say("tip.it"))
    base = alt.Chart(alt.InlineData(marks)).encode(y=style.down("y:Q", high), tooltip=tips)
    line = base.mark_rule(stroke=style.OTHER, strokeWidth=3, opacity=0.5)
    guess = base.mark_point(shape="circle", size=110, strokeWidth=1.8, opacity=1)
    end = base.mark_point(shape="diamond", size=110, filled=True, opacity=1, fill=style.INK_OF_PAGE)
    said = base.mark_text(baseline="bottom", dy=-8)
    error = base.mark_text(align="left", dx=ASIDE).encode(x=alt.value("width"), text="error:N")
    return [
        line.encode(x=_percent_across("x:Q"), x2="end:Q"),
        end.encode(x=_percent_across("end:Q")),
        guess.encode(x=_percent_across("x:Q"), **_looks(marks)),
        said.encode(x=_percent_across("x:Q"), text="given:N"),
        error,
    ]


def _looks(marks: list[dict]) -> dict:
    there = {mark["mark"] for mark in marks}
    present = [mark for mark in ("scored", "knew") if mark in there]
    named = {mark: say(f"chart.{mark}") for mark in present}
    # Where all are scored, a legend would say what the head of the scale says.
    legend = alt.Legend(title=None, labelExpr=f"{json.dumps(named)}[datum.label]", symbolStrokeWidth=1.8)
    fills = [style.OTHER if mark == "scored" else "transparent" for mark in present]
    lines = [style.OTHER] * len(present)
    return style.coded("mark", present, legend if "knew" in there else None, fill=fills, stroke=lines)


def _shares(found: list[tuple[float, int, int]], top: float) -> tuple[list[dict], list[dict], float]:
    """A line for each fifth of the scale: what was said on average beside how much of it happened."""
    y = top + 2 * LINE
    names = [{"y": y - LINE, "text": say("chart.together"), "weight": 600}]
    spots = []
    for mean, yes, total in found:
        names.append({"y": y + LINE, "text": say("chart.of_those", count=total, mean=_percent(mean)), "weight": 400})
        happened = say("chart.of_so_many", count=yes, total=total)
        share = {"x": round(100 * mean, 1), "share": round(100 * yes / total, 1), "y": y + LINE}
        spots.append({**share, "text": happened, "mean": _percent(mean)})
        y += 2 * LINE + 6
    return spots, names, y


def _calibration(spots: list[dict], high: float) -> list:
    """The mean of what was said joined to the share that happened: on one spot where they are well judged."""
    tips = style.tips("mean", "text", text=say("chart.happened"))
    base = alt.Chart(alt.InlineData(spots)).encode(y=style.down("y:Q", high), tooltip=tips)
    line = base.mark_rule(stroke=style.OTHER, strokeWidth=3, opacity=0.5)
    mean = base.mark_point(shape="circle", size=110, filled=True, opacity=1, color=style.OTHER)
    share = base.mark_point(shape="square", size=90, filled=True, opacity=1, color=style.INK_OF_PAGE)
    text = base.mark_text(baseline="bottom", dy=-8)
    return [
        line.encode(x=_percent_across("x:Q"), x2="share:Q"),
        mean.encode(x=_percent_across("x:Q")),
        share.encode(x=_percent_across("share:Q")),
        text.encode(x=_percent_across("share:Q"), text="text:N"),
    ]


def _reference_line() -> Any:
    """What somebody says who knows nothing."""
    base = alt.Chart(alt.InlineData([{"x": 100 * HALF}])).encode(x=_percent_across("x:Q"))
    return base.mark_rule(stroke=style.NEUTRAL, strokeDash=[5, 4])


def _ends(scored: bool) -> list:
    """What the two ends of the scale mean, and what the column on the right holds, above the plot."""
    heads = [
        {"x": 0, "text": say("chart.did_not"), "side": "left"},
        {"x": 100 * HALF, "text": say("chart.always", share=_percent(HALF)), "side": "center"},
        {"x": 100, "text": say("chart.happened"), "side": "right"},
    ]
    base = alt.Chart(alt.InlineData(heads)).mark_text(dy=8, align={"expr": "datum.side"})
    ends = [base.encode(x=_percent_across("x:Q"), y=alt.value(0), text="text:N")]
    if scored:
        error = alt.Chart(alt.InlineData([{"text": say("chart.error")}]))
        error = error.mark_text(align="left", dx=ASIDE, dy=8)
        ends.append(error.encode(x=alt.value("width"), y=alt.value(0), text="text:N"))
    return ends


def _invitation(high: float) -> Any:
    said = alt.Chart(alt.InlineData([{"text": say("chart.no_forecast")}])).mark_text()
    return said.encode(x=alt.value(WIDE / 2 - LEFT / 2), y=alt.value(high / 2 + HEAD / 4), text="text:N")


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _half() -> str:
    """What somebody scores who knows nothing."""
    return f"{brier([(HALF, True)]):.2f}"


def _title(table: pd.DataFrame, score: float | None) -> str:
    if table.empty:
        return say("chart.no_forecast_yet", chance=_percent(HALF), half=_half())
    if score is None:
        return say("chart.nothing_to_score", chance=_percent(HALF), half=_half())
    total = int((~table["knew"]).sum())
    about = {"number": words.number(total), "score": f"{score:.2f}", "chance": _percent(HALF), "half": _half()}
    return words.sentence(say("chart.your_score", n=total, **about))


def _description(table: pd.DataFrame, score: float | None, found: list[tuple[float, int, int]], changed: int) -> str:
    if table.empty:
        out = say("chart.no_forecast_says", chance=_percent(HALF), half=_half())
    else:
        yes, known = int(table["happened"].sum()), int(table["knew"].sum())
        statements = words.some(len(table), "statement")
        parts = [say("chart.forecasts_say", statements=statements, happened=words.number(yes))]
        reference = say("chart.reference", chance=_percent(HALF), half=_half())
        parts.append(reference if score is None else say("chart.brier", score=f"{score:.2f}", reference=reference))
        if known:
            parts.append(say("chart.known_before", number=words.number(known)))
        for mean, happened, total in found:
            about = {"number": words.number(total), "mean": _percent(mean), "happened": words.number(happened)}
            parts.append(say("chart.on_average", **about))
        out = "; ".join(parts)
    if changed:
        out += "; " + say("chart.older_wording", answers=words.some(changed, "answer"))
    return words.sentence(out + ".")
