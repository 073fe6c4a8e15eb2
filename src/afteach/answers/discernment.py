"""What ratings say of a reader: whether true is told from false, how much is trusted, how near the numbers come.

Everything here is arithmetic on lists of ratings from 0 to 100; nothing is shown and nothing is read.
"""

from __future__ import annotations

import bisect
import math
import statistics
from collections.abc import Callable, Sequence
from typing import NamedTuple

SURE = statistics.NormalDist().inv_cdf(0.975)  # for intervals of 95 per cent
# Ratings as a reader uses them: not leaned on, undecided, leaned on.
BANDS = ((0, 33), (34, 66), (67, 100))


class Estimate(NamedTuple):
    """A number with its interval of 95 per cent."""

    value: float
    low: float
    high: float


class Band(NamedTuple):
    """The statements that were rated from `low` to `high`: how many, their mean rating, how many are borne out."""

    low: int
    high: int
    number: int
    mean: float
    supported: int
    share: Estimate


def auc(supported: Sequence[float], contradicted: Sequence[float]) -> float:
    """How often a supported statement got the higher rating than a contradicted one; a tie counts half."""
    ordered = sorted(contradicted)
    wins = sum(bisect.bisect_left(ordered, one) + bisect.bisect_right(ordered, one) for one in supported)
    return wins / (2 * len(supported) * len(contradicted))


def discernment(supported: Sequence[float], contradicted: Sequence[float]) -> Estimate:
    """The AUC with the interval that Newcombe calls method 5 (doi 10.1002/sim.2324).

    It keeps its width where a reader gets all right, which a bootstrap over so few statements does not.
    """
    found = auc(supported, contradicted)
    product, mean = len(supported) * len(contradicted), (len(supported) + len(contradicted)) / 2

    def is_far(true: float) -> bool:
        spread = 1 + (mean - 1) * ((1 - true) / (2 - true) + true / (1 + true))
        return abs(found - true) > SURE * math.sqrt(true * (1 - true) * spread / product)

    return Estimate(found, _edge(is_far, found, 0.0), _edge(is_far, found, 1.0))


def _edge(is_far: Callable[[float], bool], near: float, end: float) -> float:
    """Where values begin to be too far from what was found, on the way to one end."""
    far = end
    if not is_far(end) and near == end:
        return end
    for _ in range(50):
        middle = (near + far) / 2
        near, far = (near, middle) if is_far(middle) else (middle, far)
    return far


def mean(values: Sequence[float], least: float = 0, most: float = 100) -> Estimate:
    """The mean with Student's interval, which ends where the scale does."""
    found, count = statistics.fmean(values), len(values)
    if count < 2:
        return Estimate(found, least, most)
    half = _student(count - 1) * statistics.stdev(values) / math.sqrt(count)
    return Estimate(found, max(least, found - half), min(most, found + half))


def _student(freedom: int) -> float:
    """The 97.5th percentile of Student's t, by the expansion of Cornish and Fisher."""
    if freedom < 3:
        return {1: 12.706, 2: 4.303}[freedom]
    z = SURE
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92_160,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, start=1))


def change(before: Estimate, after: Estimate) -> Estimate:
    """What came on top, with the interval that follows from those of both (Newcombe's square-and-add)."""
    found = after.value - before.value
    low = math.hypot(after.value - after.low, before.high - before.value)
    high = math.hypot(after.high - after.value, before.value - before.low)
    return Estimate(found, found - low, found + high)


def share(part: int, whole: int) -> Estimate:
    """A share of a whole with Wilson's interval."""
    found = part / whole
    middle = (found + SURE**2 / (2 * whole)) / (1 + SURE**2 / whole)
    half = SURE / (1 + SURE**2 / whole) * math.sqrt(found * (1 - found) / whole + SURE**2 / (4 * whole**2))
    return Estimate(found, max(0.0, middle - half), min(1.0, middle + half))


def bands(supported: Sequence[float], contradicted: Sequence[float]) -> list[Band]:
    """Calibration: of what was rated low, in the middle and high, how much is borne out."""
    found = []
    for low, high in BANDS:
        # A rating between two bands, as 33.5, belongs to the lower.
        own = [[one for one in side if low <= math.floor(one) <= high] for side in (supported, contradicted)]
        count, good = len(own[0]) + len(own[1]), len(own[0])
        if count:
            found.append(Band(low, high, count, statistics.fmean(own[0] + own[1]), good, share(good, count)))
    return found
