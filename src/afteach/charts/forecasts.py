"""How well a student's own forecasts hold: the probability given against what happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from afteach.charts import figure, style, words

COLUMNS = ["question_id", "forecast", "happened", "knew", "squared_error"]
KNEW = "knew"  # what the card logs where a student says that the outcome was known before
LEFT, APART, STEP = 96, 13, 14
WIDE = style.WIDTH - LEFT - 20
HALF = 0.5  # what somebody says who knows nothing
BINS, ENOUGH, ENOUGH_IN_A_BIN = 5, 10, 3
SPREAD, CLOSE = 150, 26  # between the two rows, with calibration and without
MARKS = {"scored": "your forecast", "knew": "known to you before: not in the score"}


def forecasts() -> figure.Figure:
    """Draw the latest answer to each forecast question against what happened, and say how well the forecasts hold.

    Before an outcome is open its forecast is not drawn, for one outcome would colour the next forecast.

    Returns a Figure; its table has a row for each statement: question_id, forecast (0 to 1), happened, knew and
    squared_error. What was known before stands apart and is not in the score.
    Source: the answers recorded beside the notebook and the question bank.
    """
    table, prompts, changed, waiting = _recorded()
    if waiting and table.empty:
        said = f"{words.some(len(waiting), 'forecast')} recorded. {waiting[0]}"
        return figure.nothing("", table, sealed=words.sentence(said))
    scored = table[~table["knew"]]
    score = brier(zip(scored["forecast"], scored["happened"], strict=True))
    found = bins(list(zip(scored["forecast"], scored["happened"], strict=True)))
    said = "Brier score: the mean squared distance from what happened, 0 at best. "
    if found:
        said += "Square: how many of a fifth of the scale happened; on the sloping line, as often as you said. "
    return figure.finished(
        _chart(table, prompts, found),
        _title(table, score),
        f"{said}Source: {style.ANSWERS}; the rows stand in .table.",
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
    table = pd.DataFrame(rows, columns=COLUMNS)
    types = {"forecast": float, "happened": bool, "knew": bool, "squared_error": float}
    return table.astype(types), prompts, changed, waiting


def _is_probability(answer: object) -> bool:
    return isinstance(answer, int | float) and not isinstance(answer, bool) and 0 <= answer <= 1


def _chart(table: pd.DataFrame, prompts: list[str], found: list[tuple[float, int, int]]):
    alt = figure.altair()
    stacks = {happened: _stack(table[table["happened"] == happened]) for happened in (True, False)}
    room = {happened: STEP * (max(places.values(), default=0) + 1) for happened, places in stacks.items()}
    upper = room[True] + 8
    lower = upper + (SPREAD if found else CLOSE)
    high = lower + room[False] + 8
    marks = [
        {
            "x": round(100 * row["forecast"], 1),
            "y": upper - 8 - STEP * place if row["happened"] else lower + 8 + STEP * place,
            "mark": "knew" if row["knew"] else "scored",
            "prompt": prompt,
            "given": _percent(row["forecast"]),
            "happened": "happened" if row["happened"] else "did not happen",
            "error": "not in the score" if row["knew"] else f"{row['squared_error']:.2f}",
            "id": row["question_id"],
        }
        for (where, row), prompt in zip(table.iterrows(), prompts, strict=True)
        for place in [stacks[row["happened"]][where]]
    ]
    percent = alt.Scale(domain=[0, 100], nice=False)
    pixels = alt.Scale(domain=[0, high], range=[0, high], nice=False)
    x_axis = alt.Axis(title="Probability that you gave (per cent)", values=list(range(0, 101, 10)))
    x, y = alt.X("x:Q", scale=percent, axis=x_axis), alt.Y("y:Q", scale=pixels, axis=None)
    rows = [
        {"x": 0, "x2": 100, "y": upper, "text": "happened", "middle": upper - 8},
        {"x": 0, "x2": 100, "y": lower, "text": "did not happen", "middle": lower + 8},
    ]
    base = alt.Chart(alt.InlineData(rows)).encode(y=y)
    lines = base.mark_rule(stroke=style.NEUTRAL).encode(x=x, x2="x2:Q")
    middle = alt.Y("middle:Q", scale=pixels, axis=None)
    names = base.mark_text(align="right").encode(x=alt.value(-12), y=middle, text="text:N")
    # The line of the reference leaves room for a sentence between the rows.
    spans = [(0, high)] if len(table) else [(0, upper), (lower, high)]
    half = alt.Chart(alt.InlineData([{"x": 100 * HALF, "y": top, "y2": bottom} for top, bottom in spans]))
    parts = [lines, names, half.mark_rule(stroke=style.NEUTRAL, strokeDash=[5, 4]).encode(x=x, y=y, y2="y2:Q")]
    parts.append(
        alt.Chart(alt.InlineData([{"x": 100 * HALF, "text": f"always {_percent(HALF)}"}]))
        .mark_text(baseline="bottom", dy=-3)
        .encode(x=x, y=alt.value(0), text="text:N")
    )
    if found:
        parts += _calibration(alt, found, x, y, upper, lower)
    if marks:
        told = {"prompt": "statement", "given": "you gave", "happened": "it", "error": "squared error", "id": "row"}
        tips = [alt.Tooltip(f"{name}:N", title=title) for name, title in told.items()]
        dots = alt.Chart(alt.InlineData(marks)).mark_point(shape="circle", size=95, strokeWidth=1.8, opacity=1)
        parts.append(dots.encode(x=x, y=y, tooltip=tips, **_looks(alt, marks)))
    else:
        said = "No forecast is recorded here yet. Answer a forecast question, then run this cell again."
        empty = [{"y": (upper + lower) / 2, "text": said}]
        parts.append(alt.Chart(alt.InlineData(empty)).mark_text().encode(x=alt.value(WIDE / 2), y=y, text="text:N"))
    return alt.layer(*parts).properties(width=WIDE, height=high)


def _stack(rows: pd.DataFrame) -> dict[int, int]:
    """How far from the line each mark stands, so that equal forecasts do not hide one another."""
    lanes: list[float] = []
    out = {}
    for where, forecast in rows["forecast"].sort_values(kind="stable").items():
        x = forecast * WIDE
        lane = next((place for place, last in enumerate(lanes) if x - last >= APART), len(lanes))
        lanes[lane : lane + 1] = [x]
        out[where] = lane
    return out


def _looks(alt, marks: list[dict]) -> dict:
    there = {mark["mark"] for mark in marks}
    present = [mark for mark in MARKS if mark in there]
    legend = alt.Legend(title="What a mark is", labelExpr=f"{MARKS}[datum.label]", symbolStrokeWidth=1.8)
    fills = [style.OTHER if mark == "scored" else "transparent" for mark in present]
    lines = [style.OTHER] * len(present)
    return {
        "fill": alt.Fill("mark:N", scale=alt.Scale(domain=present, range=fills), legend=legend),
        "stroke": alt.Stroke("mark:N", scale=alt.Scale(domain=present, range=lines), legend=legend),
    }


def _calibration(alt, found: list[tuple[float, int, int]], x, y, upper: float, lower: float) -> list:
    """The line on which well-judged forecasts lie, and the share that happened in each fifth of the scale."""
    ideal = alt.Chart(alt.InlineData([{"x": 0, "y": lower}, {"x": 100, "y": upper}]))
    line = ideal.mark_line(color=style.NEUTRAL, strokeWidth=1.2).encode(x=x, y=y)
    spots = [
        {
            "x": round(100 * mean, 1),
            "y": round(lower - (lower - upper) * yes / total, 1),
            "text": f"{yes} of {total}",
            "mean": _percent(mean),
        }
        for mean, yes, total in found
    ]
    base = alt.Chart(alt.InlineData(spots)).encode(
        x=x, y=y, tooltip=[alt.Tooltip("mean:N", title="mean forecast"), alt.Tooltip("text:N", title="happened")]
    )
    squares = base.mark_point(shape="square", size=85, strokeWidth=1.8, opacity=1, stroke=style.INK_OF_PAGE)
    return [line, squares, base.mark_text(align="left", dx=9).encode(text="text:N")]


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _reference() -> str:
    return f"always saying {_percent(HALF)} scores {brier([(HALF, True)]):.2f}"


def _title(table: pd.DataFrame, score: float | None) -> str:
    if table.empty:
        return f"No forecast yet; {_reference()}, and lower is better"
    if score is None:
        return f"Nothing to score, for each outcome was known to you; {_reference()}"
    total = int((~table["knew"]).sum())
    yours = "your forecast scores" if total == 1 else f"your {words.number(total)} forecasts score"
    return words.sentence(f"{yours} {score:.2f}, {_reference().replace(' scores', '')}; lower is better")


def _description(table: pd.DataFrame, score: float | None, found: list[tuple[float, int, int]], changed: int) -> str:
    if table.empty:
        out = f"No forecast is recorded here yet; {_reference()} (Brier score, lower is better)"
    else:
        yes, known = int(table["happened"].sum()), int(table["knew"].sum())
        out = f"{words.some(len(table), 'statement')}, the probability given against what happened: "
        out += f"{words.number(yes)} happened"
        out += f"; your Brier score is {score:.2f}, " if score is not None else "; "
        out += f"{_reference()}, lower is better"
        if known:
            out += f"; {words.number(known)} known before, set apart and not in the score"
        for mean, happened, total in found:
            out += f"; of {words.number(total)} with {_percent(mean)} on average {words.number(happened)} happened"
    if changed:
        old = "one answer" if changed == 1 else f"{words.number(changed)} answers"
        out += f"; {old} to an older wording left out"
    return words.sentence(out + ".")
