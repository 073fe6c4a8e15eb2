"""The arithmetic of the measure against other computations, and on made-up readers of whom the truth is known."""

from __future__ import annotations

import math
import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afteach.answers import discernment
from afteach.answers.measuring import Half, Rating, Standing
from afteach.grading import gains, simulated, wiser
from afteach.grading.simulated import Skill, distance_of, ratings
from afteach.questions import measured

NORMAL = statistics.NormalDist()
LEANS = st.lists(st.integers(0, 100), min_size=1, max_size=20)


def counted_by_pairs(supported, contradicted):
    wins = [1 if one > other else 0.5 if one == other else 0 for one in supported for other in contradicted]
    return sum(wins) / len(wins)


@given(LEANS, LEANS)
def test_the_auc_is_the_share_of_pairs_in_order_with_ties_half(supported, contradicted):
    assert discernment.auc(supported, contradicted) == pytest.approx(counted_by_pairs(supported, contradicted))
    assert discernment.auc(contradicted, supported) == pytest.approx(1 - discernment.auc(supported, contradicted))


def test_the_auc_of_known_lists():
    assert discernment.auc([80, 90], [10, 80]) == 0.875
    assert discernment.auc([50] * 8, [50] * 8) == 0.5, "who says 50 to all tells nothing apart"


@given(LEANS, LEANS)
def test_the_edges_of_the_auc_solve_the_equation_that_defines_them(supported, contradicted):
    found = discernment.discernment(supported, contradicted)
    assert 0 <= found.low <= found.value <= found.high <= 1
    count = (len(supported) + len(contradicted)) / 2 - 1
    for edge in (found.low, found.high):
        if 1e-9 < edge < 1 - 1e-9:
            width = 1 + count * (1 - edge) / (2 - edge) + count * edge / (1 + edge)
            spread = math.sqrt(edge * (1 - edge) * width / len(supported) / len(contradicted))
            assert abs(found.value - edge) == pytest.approx(1.959964 * spread, abs=1e-6)


def test_an_auc_of_one_keeps_an_interval():
    found = discernment.discernment([90] * 8, [10] * 8)
    assert found.value == found.high == 1 and 0.6 < found.low < 0.9


@pytest.mark.parametrize(
    ("freedom", "known"), [(1, 12.7062), (2, 4.3027), (3, 3.1824), (5, 2.5706), (7, 2.3646), (15, 2.1314), (30, 2.0423)]
)
def test_students_t_is_that_of_printed_tables(freedom, known):
    assert discernment._student(freedom) == pytest.approx(known, rel=0.003)


def test_wilsons_interval_is_that_of_a_worked_example():
    """81 of 263: 0.2553 to 0.3662, in Newcombe's comparison of seven methods."""
    found = discernment.share(81, 263)
    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)


@given(LEANS, LEANS)
def test_each_rating_falls_into_one_band(supported, contradicted):
    found = discernment.bands(supported, contradicted)
    assert sum(band.number for band in found) == len(supported) + len(contradicted)
    assert sum(band.supported for band in found) == len(supported)
    for band in found:
        assert band.low <= band.mean <= band.high and band.share.low <= band.share.value <= band.share.high


# Made-up readers


def reader(before: Skill, after: Skill, chance: random.Random, first: str = "A", easier: float = 0) -> Standing:
    """How a reader stands who rated both forms; form B can be easier than A by so much distance."""
    items = list(measured.items().values())
    halves = {}
    for number, (when, skill) in enumerate((("before", before), ("after", after))):
        form = first if when == "before" else next(one for one in measured.forms() if one != first)
        own = [one for one in items if one.form == form]
        harder = skill._replace(distance=skill.distance + (easier if form == "B" else 0))
        counts = [sum(one.is_supported == side for one in own) for side in (True, False)]
        given = [iter(side) for side in ratings(harder, *counts, chance)]
        rated = [Rating(one, next(given[not one.is_supported]), [], f"2030-01-0{number + 1}") for one in own]
        halves[when] = Half(form, rated, [])
    return Standing(first, halves)


def class_of(count: int, before: Skill, after: Skill, chance: random.Random, **more) -> list[Standing]:
    forms = measured.forms()
    return [reader(before, after, chance, forms[n % 2], **more) for n in range(count)]


def finely(skill: Skill, chance: random.Random) -> tuple[list[float], list[float]]:
    """Ratings without steps and ends, of which the AUC is known."""
    return tuple(
        [chance.gauss(sign * skill.distance * skill.spread / 2, skill.spread) for _ in range(8)] for sign in (1, -1)
    )


@pytest.mark.parametrize("skill", [0.5, 0.65, 0.8, 0.92])
def test_of_one_reader_the_known_skill_comes_out_and_the_interval_holds_it(skill):
    chance = random.Random(1)
    found = [discernment.discernment(*finely(Skill(distance_of(skill)), chance)) for _ in range(1_000)]
    bias = statistics.fmean(one.value for one in found) - skill
    held = statistics.fmean(one.low <= skill <= one.high for one in found)
    print(f"skill {skill}: bias {bias:+.3f}, held {held:.1%}")
    assert abs(bias) < 0.015
    assert 0.93 <= held <= 0.995


def test_of_one_reader_the_interval_of_the_change_holds_it():
    chance = random.Random(2)
    held = []
    for _ in range(1_000):
        both = [discernment.discernment(*finely(Skill(distance_of(skill)), chance)) for skill in (0.65, 0.75)]
        change = discernment.change(*both)
        held.append(change.low <= 0.1 <= change.high)
    assert 0.93 <= statistics.fmean(held) <= 0.99


def test_of_a_class_the_known_gain_comes_out_and_the_interval_holds_it():
    chance = random.Random(3)
    before, after = (Skill(distance_of(skill)) for skill in (0.65, 0.75))
    # Steps of five and the ends of the scale bend the truth a little: a very large class has it.
    pairs = [ratings(skill, 8, 8, chance) for skill in [before] * 6_000 + [after] * 6_000]
    aucs = [discernment.auc(*pair) for pair in pairs]
    truth = statistics.fmean(aucs[6_000:]) - statistics.fmean(aucs[:6_000])
    found = [gains.pooled(class_of(30, before, after, chance), draws=200).gains[0].change for _ in range(100)]
    bias = statistics.fmean(one.value for one in found) - truth
    held = statistics.fmean(one.low <= truth <= one.high for one in found)
    print(f"gain {truth:.3f}: bias {bias:+.4f}, held {held:.1%} of 100 classes of 30")
    assert abs(bias) < 0.01
    assert 0.88 <= held <= 0.99


def test_drawing_again_gives_what_a_plain_loop_over_students_gives():
    chance = random.Random(4)
    standings = class_of(20, Skill(0.5), Skill(1.0), chance)
    found = gains.pooled(standings, draws=4_000).gains[0].change
    changes = {form: [] for form in measured.forms()}
    for one in standings:
        first, last = (counted_by_pairs(half.leans(True), half.leans(False)) for half in one.halves.values())
        changes[one.drawn].append(last - first)
    drawn = sorted(
        statistics.fmean(statistics.fmean(chance.choices(own, k=len(own))) for own in changes.values())
        for _ in range(4_000)
    )
    assert found.value == pytest.approx(statistics.fmean(map(statistics.fmean, changes.values())))
    assert (found.low, found.high) == pytest.approx((drawn[100], drawn[3_899]), abs=0.012)


def test_a_second_run_gives_the_same_to_the_last_digit():
    standings = class_of(9, Skill(0.5), Skill(1.0), random.Random(5))
    assert gains.pooled(standings) == gains.pooled(standings)


def test_a_form_that_is_easier_cancels_when_half_begin_with_each_and_is_named_when_not():
    chance = random.Random(6)
    same = Skill(distance_of(0.65))
    balanced = [gains.pooled(class_of(40, same, same, chance, easier=0.8), draws=200) for _ in range(15)]
    assert all(one.is_balanced for one in balanced)
    assert abs(statistics.fmean(one.gains[0].change.value for one in balanced)) < 0.015
    lopsided = gains.pooled([reader(same, same, chance, "A", easier=0.8) for _ in range(400)])
    assert not lopsided.is_balanced and lopsided.began_with == {"A": 400, "B": 0}
    assert lopsided.gains[0].change.value > 0.08, "the gain that is none"


def test_a_form_that_is_easier_cancels_too_where_three_of_four_began_with_one():
    chance, same, found = random.Random(10), Skill(distance_of(0.65)), []
    for _ in range(8):
        readers = [reader(same, same, chance, "A" if n % 4 else "B", easier=0.8) for n in range(80)]
        found.append(gains.pooled(readers, draws=50).gains[0].change.value)
    assert abs(statistics.fmean(found)) < 0.04, "the plain mean of all shows a gain of 0.09"


def test_distrust_is_named_only_where_both_fell():
    def estimate(value):
        return discernment.Estimate(value, value - 2, value + 2)

    def said(supported, contradicted):
        changes = {"discernment": 0, "supported": supported, "contradicted": contradicted}
        found = [gains.Gain(name, estimate(50), estimate(50), estimate(value)) for name, value in changes.items()]
        return wiser.finding(gains.Pooled(20, 0, {"A": 10, "B": 10}, True, found, []))

    assert "distrust" in said(-10, -10) and "more trust" in said(10, 10)
    for supported, contradicted in ((-10, 0), (0, -10), (-10, 10), (10, -10), (0, 0)):
        assert "trust" not in said(supported, contradicted)


def test_only_more_distrust_is_called_that_and_a_gain_is_called_one():
    chance = random.Random(7)
    skilled, same = Skill(distance_of(0.85)), Skill(distance_of(0.65))
    assert "Only more distrust is seen" in wiser.finding(
        gains.pooled(class_of(40, same, same._replace(trust=30), chance))
    )
    assert "Only more trust is seen" in wiser.finding(gains.pooled(class_of(40, same, same._replace(trust=70), chance)))
    assert wiser.finding(gains.pooled(class_of(40, same, skilled, chance))).endswith("better than before.")
    assert "less well" in wiser.finding(gains.pooled(class_of(40, skilled, same, chance)))
    none = wiser.finding(gains.pooled(class_of(40, same, same, chance)))
    assert none.startswith("No gain is seen") and "distrust" not in none


def test_of_too_few_nothing_is_said():
    found = gains.pooled(class_of(4, Skill(0.5), Skill(1.0), random.Random(8)))
    assert found.gains == found.bands == [] and "Too few" in wiser.finding(found) and found.compared == 4


def test_a_class_of_the_size_that_the_guide_names_sees_the_gain_four_times_in_five():
    items = [one for one in measured.items().values() if one.form == "A"]
    counts = [sum(one.is_supported == side for one in items) for side in (True, False)]
    size = simulated.class_size(0.1, *counts)
    chance, seen = random.Random(9), 0
    for _ in range(150):
        shown = [simulated.gain(simulated.SKILL, simulated.SKILL + 0.1, *counts, chance) for _ in range(size)]
        seen += discernment.mean(shown, -1, 1).low > 0
    print(f"a class of {size} sees a gain of 0.1 in {seen / 150:.0%} of classes")
    assert 0.68 <= seen / 150 <= 0.92
    assert simulated.class_size(0.05, *counts) > 3 * size
