"""Made-up readers of known skill: how well the measure finds what is there, and how large a class it takes."""

from __future__ import annotations

import math
import random
import statistics
from typing import NamedTuple

from afteach.answers import discernment

NORMAL = statistics.NormalDist()
# A class that begins so, as readers of headlines do, and of which each gains more or less than the mean.
SKILL, SPREAD = 0.65, 0.3
ROUNDED_TO = 5
POWER = 0.8
READERS = 1_500


class Skill(NamedTuple):
    """How a made-up reader rates: the distance between what holds and what does not, in spreads, and the trust at large."""

    distance: float
    trust: float = 50
    spread: float = 20


def distance_of(auc: float) -> float:
    """How far apart a reader who discerns so well rates what holds and what does not."""
    return math.sqrt(2) * NORMAL.inv_cdf(auc)


def ratings(skill: Skill, supported: int, contradicted: int, chance: random.Random) -> tuple[list[float], list[float]]:
    """What such a reader gives: whole steps of five from 0 to 100, with the ties that come of them."""

    def rate(sign: int) -> float:
        mean = skill.trust + sign * skill.distance * skill.spread / 2
        return min(100, max(0, ROUNDED_TO * round(chance.gauss(mean, skill.spread) / ROUNDED_TO)))

    return [rate(1) for _ in range(supported)], [rate(-1) for _ in range(contradicted)]


def gain(before: float, after: float, supported: int, contradicted: int, chance: random.Random) -> float:
    """The change in discernment that one made-up reader shows, whose own skill strays from that of the class."""
    own = chance.gauss(0, SPREAD)
    shown = [
        discernment.auc(
            *ratings(Skill(distance_of(skill) + own + chance.gauss(0, SPREAD)), supported, contradicted, chance)
        )
        for skill in (before, after)
    ]
    return shown[1] - shown[0]


def class_size(wanted: float, supported: int, contradicted: int) -> int:
    """How many students, rounded up to tens, show a gain of this size in four classes of five."""
    chance = random.Random(0)
    spread = statistics.stdev(gain(SKILL, SKILL + wanted, supported, contradicted, chance) for _ in range(READERS))
    needed = ((discernment.SURE + NORMAL.inv_cdf(POWER)) * spread / wanted) ** 2
    return math.ceil(needed / 10) * 10
