"""What the README says of the workbook is what the workbook says of itself."""

from __future__ import annotations

import re

import pytest

from afteach.questions.model import bank
from afteach.workbook import workbook

NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


@pytest.fixture(scope="module")
def readme(root):
    return (root / "README.md").read_text(encoding="utf-8")


def hours(minutes: int) -> str:
    whole, rest = divmod(minutes, 60)
    return " ".join(([f"{whole} h"] if whole else []) + ([f"{rest} min"] if rest or not whole else []))


def named(stems: list[str]) -> str:
    """Notebooks by their numbers: '00', '00 to 08'."""
    numbers = [stem.partition("-")[0] for stem in stems]
    return numbers[0] if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"


def route(plan) -> tuple[str, str]:
    """The notebooks of a plan and the time they take, as the README has them."""
    steps, least, most = [], 0, 0
    for step in plan.steps:
        minutes = [bank().chapters[stem].minutes for stem in step.notebooks]
        steps.append(f"one of {named(step.notebooks)} for each group" if step.one_each else named(step.notebooks))
        least += min(minutes) if step.one_each else sum(minutes)
        most += max(minutes) if step.one_each else sum(minutes)
    return ", ".join(steps), hours(least) if least == most else f"{hours(least)} to {hours(most)}"


def test_the_routes_and_their_times_are_those_of_the_workbook(readme):
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \|$", readme, flags=re.M)
    told = {name: (notebooks, time.partition(";")[0]) for name, notebooks, time in rows}
    for plan in workbook().plans:
        notebooks, time = route(plan)
        assert told.get(plan.title) == (notebooks, time), f"write: | {plan.title} | {notebooks} | {time} |"


def test_the_number_of_notebooks_is_the_number_of_notebooks(readme):
    told = [word.lower() for word in re.findall(r"\b(\w+) notebooks\b", readme) if word.lower() in NUMBERS]
    right = NUMBERS[len(workbook().notebooks)]
    assert len(told) > 1 and set(told) == {right}, f"the workbook has {right} notebooks"
