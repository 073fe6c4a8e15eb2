"""What the measure says of a class: does it tell true from false better, or does it only trust less?

Each student counts once. Where enough began with either form, the gain is the mean of the two orders, so that a form that is
harder than the other cancels. Intervals come from drawing students again, with a seed, so that a second run says the same.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from afteach.answers import discernment, measuring
from afteach.answers.discernment import BANDS, Estimate
from afteach.answers.lines import parse
from afteach.answers.measuring import Half, Standing
from afteach.grading.attempts import instant
from afteach.grading.hand_in import HandIn
from afteach.grading.layouts import cell
from afteach.grading.matching import Class
from afteach.questions import measured

if TYPE_CHECKING:
    import numpy as np

DRAWS, MOST_CELLS = 2_500, 20_000_000
# Below so many students, and below so many in one order, chance says more than they do.
FEWEST, FEWEST_OF_AN_ORDER = 5, 5
MEASURES = ("discernment", "supported", "contradicted")


class Gain(NamedTuple):
    """One measure before and after, and what changed."""

    name: str
    before: Estimate
    after: Estimate
    change: Estimate


class ClassBand(NamedTuple):
    """Of all ratings of a half within a band: how many, their mean, and the share that is borne out."""

    half: str
    low: int
    high: int
    number: int
    mean: float
    share: Estimate


class Pooled(NamedTuple):
    """What is known of a class; `gains` and `bands` are empty where too few can be compared."""

    compared: int
    begun: int  # rated something, and cannot be compared
    began_with: dict[str, int]
    is_balanced: bool
    gains: list[Gain]
    bands: list[ClassBand]


def standing_of(hand_in: HandIn) -> Standing:
    """How one student stands with the measure; what was rated after its tables were opened does not count."""
    since = [hand_in.opened[table] for table in measured.tables_of() if table in hand_in.opened]
    lines = [parse(raw) for _, raw in hand_in.rated.values()]
    return measuring.standing(line for line in lines if not since or ((at := instant(line.at)) and at <= min(since)))


def of_class(marked: Class) -> list[Standing]:
    """How each student stands who began the measure."""
    return [standing_of(one.hand_in) for one in marked.students if one.hand_in and one.hand_in.rated]


def pooled(standings: Sequence[Standing], draws: int = DRAWS) -> Pooled:
    """Pool a class; of a student who did not rate both halves in order nothing is taken but that there is one."""
    sound = [one for one in standings if one.can_be_compared]
    begun = sum(any(half.rated for half in one.halves.values()) for one in standings) - len(sound)
    began_with = Counter({form: 0 for form in measured.forms()})
    began_with.update(one.drawn for one in sound)
    is_balanced = min(began_with.values(), default=0) >= FEWEST_OF_AN_ORDER
    known = Pooled(len(sound), begun, dict(began_with), is_balanced, [], [])
    if len(sound) < FEWEST:
        return known
    values = [_values(one) for one in sound]
    orders = [one.drawn for one in sound]
    groups = [[n for n, drawn in enumerate(orders) if drawn == form] for form in began_with]
    found = _means(values, [group for group in groups if group] if is_balanced else [list(range(len(sound)))], draws)
    gains = [Gain(name, *found[3 * place : 3 * place + 3]) for place, name in enumerate(MEASURES)]
    return known._replace(gains=gains, bands=_bands(sound, draws))


def _values(one: Standing) -> list[float]:
    """Of one student each measure before, after, and its change."""
    found: list[list[float]] = [[], [], []]
    for half in one.halves.values():
        sides = half.leans(True), half.leans(False)
        for place, value in enumerate([discernment.auc(*sides), *map(statistics.fmean, sides)]):
            found[place].append(value)
    return [part for before, after in found for part in (before, after, after - before)]


def _means(values: list[list[float]], groups: list[list[int]], draws: int) -> list[Estimate]:
    """The mean of the groups' means of each column, with an interval from drawing within each group."""
    import numpy as np  # only a class that took the measure waits for it

    table = np.array(values)
    found = np.mean([table[group].mean(axis=0) for group in groups], axis=0)
    chance = np.random.default_rng(0)
    drawn = np.mean([_drawn(chance, table[group], draws) / len(group) for group in groups], axis=0)
    low, high = np.percentile(drawn, [2.5, 97.5], axis=0)
    return [Estimate(*map(float, three)) for three in zip(found, low, high, strict=True)]


def _drawn(chance: np.random.Generator, table: np.ndarray, draws: int) -> np.ndarray:
    """The sums of the columns over as many rows as there are, drawn again and again."""
    import numpy as np

    rows = len(table)
    at_once = max(1, MOST_CELLS // 10 // rows)
    parts = [
        chance.multinomial(rows, np.full(rows, 1 / rows), size=min(at_once, draws - start)) @ table
        for start in range(0, draws, at_once)
    ]
    return np.concatenate(parts)


def _bands(sound: Sequence[Standing], draws: int) -> list[ClassBand]:
    """Calibration of the whole class; a student whose ratings are drawn is drawn with all of them."""
    import numpy as np

    counts = np.array([[part for half in one.halves.values() for part in _in_bands(half)] for one in sound])
    drawn = _drawn(np.random.default_rng(0), counts, draws)
    total, found = counts.sum(axis=0), []
    for place, half in enumerate(sound[0].halves):
        for number, (low, high) in enumerate(BANDS):
            at = 3 * (place * len(BANDS) + number)
            count, supported, leans = total[at : at + 3]
            if not count:
                continue
            full = drawn[:, at] > 0
            edges = np.percentile(drawn[full, at + 1] / drawn[full, at], [2.5, 97.5])
            share = Estimate(float(supported / count), float(edges[0]), float(edges[1]))
            found.append(ClassBand(half, low, high, int(count), float(leans / count), share))
    return found


def _in_bands(half: Half) -> list[float]:
    bands = {band.low: band for band in discernment.bands(half.leans(True), half.leans(False))}
    known = [bands.get(low) for low, _ in BANDS]
    return [
        part for one in known for part in ((one.number, one.supported, one.number * one.mean) if one else (0, 0, 0))
    ]


HEAD = (
    *("statement", "form", "verdict", "ratings before", "mean before", "ratings after", "mean after"),
    *("opened, median", "opened first"),
)


def rows(standings: Sequence[Standing]) -> list[list]:
    """measure.csv: a line a statement, with all ratings that count, of those too who did not rate both halves."""
    given: dict[str, dict[str, list]] = {name: {"before": [], "after": []} for name in measured.items()}
    for one in standings:
        for when, half in one.halves.items():
            for rating in half.rated:
                given[rating.statement.id][when].append(rating)
    table = [list(HEAD)]
    for name, statement in measured.items().items():
        line: list = [statement.statement, statement.form, measured.settled()[not statement.is_supported]]
        both = [*given[name]["before"], *given[name]["after"]]
        for when in ("before", "after"):
            leans = [rating.lean for rating in given[name][when]]
            line += [len(leans), cell(statistics.fmean(leans)) if leans else ""]
        opened = [[step for step in rating.trail if isinstance(step, str)] for rating in both]
        firsts = Counter(steps[0] for steps in opened if steps)
        line += [
            cell(float(statistics.median(map(len, opened)))) if opened else "",
            "; ".join(f"{row}: {count}" for row, count in sorted(firsts.items(), key=lambda pair: (-pair[1], pair[0]))),
        ]
        table.append(line)
    return table
