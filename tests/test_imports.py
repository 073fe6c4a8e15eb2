"""Imports point one way, file by file, and importing the package costs a student nothing yet."""

from __future__ import annotations

import ast
import graphlib
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "afteach"
# What `afteach new` writes is somebody else's project.
TEMPLATE = PACKAGE / "authoring" / "template"
FILES = sorted(path for path in PACKAGE.rglob("*.py") if TEMPLATE not in path.parents)
# A room may use the rooms before it. Files at the top of the package stand where they are named here.
TEACHERS = ("grading", "authoring", "site", "exchange", "lab", "cli")


def dotted(path: Path) -> str:
    """The name by which a file is imported."""
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


NAMES = {dotted(path): path for path in FILES}


def imported(tree: ast.Module) -> set[str]:
    """The files of the package that a file imports, wherever in the file it does, but for a type checker's eyes."""
    seen_by_checkers = {
        part
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
        for part in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if node in seen_by_checkers:
            continue
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "afteach":
            # `from afteach.record import tables` imports a file; `from afteach.record.tables import load` a name of one.
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= whole & set(NAMES) or {node.module}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("afteach.")}
    return found & set(NAMES)


GRAPH = {name: imported(ast.parse(path.read_text(encoding="utf-8"))) for name, path in NAMES.items()}
# A kind of question is read when it is first met, by its name.
GRAPH["afteach.questions.kinds"] |= {name for name in NAMES if name.startswith("afteach.questions.kinds.")}


def room(name: str) -> str:
    """The room, or the file at the top of the package, that a name belongs to."""
    return name.split(".")[1] if "." in name else ""


def test_no_file_imports_itself_by_way_of_others():
    graphlib.TopologicalSorter(GRAPH).prepare()


def test_a_circle_of_imports_is_seen():
    with pytest.raises(graphlib.CycleError):
        graphlib.TopologicalSorter({**GRAPH, "afteach.errors": {"afteach.student"}}).prepare()


def test_rooms_import_one_another_one_way():
    """No file of a room may need one of another room that needs a file of the first."""
    rooms: dict[str, set[str]] = {}
    for name, needs in GRAPH.items():
        rooms.setdefault(room(name), set()).update({room(need) for need in needs} - {room(name)})
    graphlib.TopologicalSorter(rooms).prepare()


@pytest.mark.parametrize("name", sorted(name for name in GRAPH if room(name) not in TEACHERS))
def test_the_student_side_never_imports_the_teachers(name):
    assert not {need for need in GRAPH[name] if room(need) in TEACHERS}


@pytest.mark.parametrize("name", sorted(name for name in GRAPH if room(name) == "pages"))
def test_what_writes_pages_knows_no_other_room(name):
    """A page is given what it shows; so any room may have one."""
    assert {room(need) for need in GRAPH[name]} <= {"pages"}


def test_there_is_no_drawer_for_odd_things():
    names = {path.stem for path in FILES}
    assert not names & {"utils", "util", "helpers", "constants", "common", "misc", "base"}


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys, afteach; "
        "print(sorted({'pandas', 'altair', 'ipywidgets', 'anywidget', 'traitlets', 'msgspec', 'IPython', 'jinja2'} & set(sys.modules)))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_a_card_reads_its_own_kind_of_question_and_nothing_that_a_later_click_opens():
    code = (
        "import sys; from afteach import ask; ask('sh-02'); "
        "print(*sorted(name for name in sys.modules if name.startswith('afteach.') or name in ('difflib', 'unicodedata')))"
    )
    loaded = set(subprocess.check_output([sys.executable, "-c", code], text=True).split())
    kinds = {name.rpartition(".")[2] for name in loaded if name.startswith("afteach.questions.kinds.")}
    assert kinds == {"choice", "choosing"}
    later = {"questions.drill", "questions.numerals", "answers.submission", "card.contents", "record.desk"}
    assert not loaded & {"difflib", "unicodedata", *(f"afteach.{name}" for name in later)}


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
