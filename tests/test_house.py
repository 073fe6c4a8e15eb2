"""What no file of the project may hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys

import pytest

LONGEST_MODULE, LONGEST_FUNCTION = 350, 50
TOP = {
    "pyproject.toml", "README.md", "notebooks", "src", "data", "tests", "LICENSE", "CONTRIBUTING.md", "CHANGELOG.md",
    "CITATION.cff", "runtime.txt", "AUTHORING.md",
}  # fmt: skip
# Written apart, so that this file does not hold them either.
REGISTRIES = [
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "registry." + "npmjs",
    "deb." + "debian.org",
    "conda." + "anaconda",
]
WEB = re.compile(r"https?://[^\s,\"]+")  # a page may lie in a folder called home
MACHINE = re.compile(r"/(?:home|Users|root|tmp|work)/[a-z]\w*/")


@pytest.fixture(scope="module")
def tracked(root):
    if not (root / ".git").exists():
        pytest.skip("this is no checkout of git")
    names = subprocess.check_output(["git", "ls-files", "-z"], cwd=root, text=True).split("\0")
    return [root / name for name in names if name and (root / name).exists()]


def text(path):
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_the_top_of_the_project_is_as_it_was_agreed(root, tracked):
    tops = {path.relative_to(root).parts[0] for path in tracked}
    assert {name for name in tops if not name.startswith(".")} == TOP


def test_no_file_names_the_host_of_a_package_registry(tracked):
    assert [(path.name, host) for path in tracked for host in REGISTRIES if host in text(path)] == []


def test_no_file_names_a_path_of_one_machine(root, tracked):
    shipped = [path for path in tracked if path.relative_to(root).parts[0] != "tests"]
    assert [(path.name, found) for path in shipped for found in MACHINE.findall(WEB.sub(" ", text(path)))] == []


def test_every_setting_is_told_to_whoever_works_on_the_code(root, tracked):
    code = [path for path in tracked if path.suffix in (".py", ".yml") or path.parent.name == ".ci"]
    used = {name for path in code for name in re.findall(r"\bAFTEACH_[A-Z]+\b", text(path))}
    told = set(re.findall(r"\bAFTEACH_[A-Z]+\b", text(root / "CONTRIBUTING.md")))
    assert "AFTEACH_WORKBOOK" in used and used - told == set()


def test_no_lock_file_is_kept(tracked):
    assert "uv.lock" not in {path.name for path in tracked}


def test_code_holds_no_rows_and_no_years(root):
    """A date, a figure or a row of the tables stands in data/ and notebooks/ alone."""
    found = []
    for path in (root / "src").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and id(node) not in prose:
                told = re.search(
                    r"\b(?:19[789]|20[012])\d\b|\bP\d\d-\d+\b", re.sub(r"https?://\S+", "", str(node.value))
                )
                found += [(path.name, node.lineno, told.group())] if told else []
    assert found == []


def test_a_module_is_short_and_a_function_fits_one_screen(root):
    found = set()
    package = root / "src" / "afteach"
    for path in package.rglob("*.py"):
        text, name = path.read_text(encoding="utf-8"), path.relative_to(package).as_posix()
        if len(text.splitlines()) > LONGEST_MODULE:
            found.add(name)
        functions = [
            node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        found |= {f"{name}: {node.name}" for node in functions if node.end_lineno - node.lineno >= LONGEST_FUNCTION}
    assert sorted(found) == []


def test_no_template_lets_a_text_through_unescaped(root):
    templates = sorted((root / "src" / "afteach" / "pages").glob("*.j2"))
    assert len(templates) > 3
    found = [(path.name, re.findall(r"\|\s*safe\b|autoescape|Markup", text(path))) for path in templates]
    assert [entry for entry in found if entry[1]] == []


@pytest.mark.parametrize("command", [["check"], ["format", "--diff"]], ids=["lint", "layout"])
def test_the_linter_finds_nothing(root, command):
    ruff = [sys.executable, "-m", "ruff", *command, "--quiet", "--no-cache", "src", "tests"]
    done = subprocess.run(ruff, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
