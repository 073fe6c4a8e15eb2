"""Imports point one way, and importing the package costs a student nothing yet."""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "afteach"
# A module may import from its own rank's files above it and from lower ranks, never from a higher one.
RANKS = [
    ["errors", "saving"],
    ["paths", "files", "workbook"],
    ["datapackage"],
    ["tables"],
    ["keys"],
    ["questions"],
    ["numerals", "spelling"],
    ["marking"],
    ["answers"],
    ["seal", "submission"],
    ["student", "slips"],
    ["card", "drawing", "charts"],
    ["teach", "authoring", "lab"],
    ["cli"],
]
RANK = {name: rank for rank, names in enumerate(RANKS) for name in names}


def unit(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """The parts of the package that a file imports, wherever in the file it does."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "afteach":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("afteach."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("afteach.")}
    return found - {"__version__"}


# What `afteach new` writes is somebody else's project.
TEMPLATE = PACKAGE / "authoring" / "template"
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" and TEMPLATE not in path.parents)


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(PACKAGE)) for path in FILES])
def test_a_module_imports_only_from_below(path):
    own = unit(path)
    assert own in RANK, f"{path} has no place in the order"
    above = {name for name in imported(path) if RANK[name] > RANK[own]}
    assert not above, f"{own} imports {above}, which stands above it"
    beside = {name for name in imported(path) if RANK[name] == RANK[own] and name != own}
    assert beside <= {"drawing"} if own == "charts" else not beside


def test_the_student_side_never_imports_the_teachers():
    for path in FILES:
        if unit(path) not in ("teach", "authoring", "lab", "cli"):
            assert not imported(path) & {"teach", "authoring", "cli"}


def test_there_is_no_drawer_for_odd_things():
    names = {path.stem for path in FILES}
    assert not names & {"utils", "util", "helpers", "constants", "common", "misc", "base"}


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys, afteach; "
        "print(sorted({'pandas', 'altair', 'ipywidgets', 'anywidget', 'traitlets', 'msgspec', 'IPython'} & set(sys.modules)))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_importing_the_package_costs_no_more_than_reading_a_file():
    """At most 1.5 times `import json, importlib.resources`, whole processes, one after the other in turns."""

    def seconds(code: str) -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-I", "-c", code], check=True)
        return time.perf_counter() - start

    ratios = []
    for _ in range(15):
        floor, ours = seconds("import json, importlib.resources"), seconds("import afteach")
        ratios.append(ours / floor)
    ratio = statistics.median(ratios)
    print(f"import afteach: {ratio:.2f} times the floor")
    assert ratio <= 1.5


def test_every_public_name_is_there_and_an_unknown_one_gets_a_suggestion():
    import afteach

    for name in afteach.__all__:
        assert getattr(afteach, name) is not None
    with pytest.raises(AttributeError, match="Did you mean 'check'"):
        afteach.chek  # noqa: B018
