"""What the README says of the workbook is what the workbook says of itself."""

from __future__ import annotations

import re
import shlex
import tomllib

import pytest

from afteach import cli
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


PAGES = ["README.md", "AUTHORING.md", "CONTRIBUTING.md", "src/afteach/authoring/template/README.md"]


@pytest.mark.parametrize("page", PAGES)
def test_every_command_can_be_typed_as_it_stands(root, page):
    """Indented lines whole, with what is given to uv; what a sentence names has its command and its options."""
    text = (root / page).read_text(encoding="utf-8")
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    known = {"extra": project["project"]["optional-dependencies"], "group": project["dependency-groups"]}
    for what, name in re.findall(r"--(extra|group) ([\w-]+)", text):
        assert name in known[what], f"there is no {what} {name}"
    for line in re.findall(r"^ {4}(\S.*)$", text, flags=re.M):
        for part in line.partition(" # ")[0].split(" && "):
            assert re.match(r"(python3? -m |cd |\. )", part), f"{part!r} begins with what nobody has yet"
            if " afteach " in part:
                cli._parser().parse_args(shlex.split(part.rpartition(" afteach ")[2]))


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_a_sentence_names_is_there_with_its_options(root, page, capsys):
    spans = re.findall(r"`((?:[^`\n]|\n(?!\n))+)`", (root / page).read_text(encoding="utf-8"))
    named = [span.rpartition("afteach ")[2].split() for span in spans if re.match(r"(.* )?afteach [a-z]", span)]
    assert named or page not in ("README.md", "AUTHORING.md")
    for command, *rest in named:
        with pytest.raises(SystemExit) as end:
            cli.main([command, "--help"])
        told = capsys.readouterr().out
        assert end.value.code == 0, f"there is no command {command}"
        assert [one for one in rest if one.startswith("--") and one.rstrip("=") not in told] == [], command
