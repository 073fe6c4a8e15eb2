"""What editors and type checkers see of the package."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

import afteach

USE = """
from afteach import charts, check, load
reveal_type(check)
check("sh-02", "b").outcme
charts.timelime(load("events"))
"""


@pytest.fixture(scope="module")
def said(root, tmp_path_factory):
    """What mypy says of the package, and of somebody's own file that uses it."""
    use = tmp_path_factory.mktemp("use") / "use.py"
    use.write_text(USE)
    command = [sys.executable, "-m", "mypy", "--no-error-summary", "src", str(use)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    lines = (done.stdout + done.stderr).splitlines()
    return {mine: "\n".join(line for line in lines if (use.name in line) == mine) for mine in (True, False)}


def test_the_type_checker_finds_nothing(said):
    assert said[False] == ""


def test_whoever_uses_the_package_is_told_of_a_misspelt_name(said):
    assert "-> afteach.questions.marking.Verdict" in said[True]
    assert '"Verdict" has no attribute "outcme"' in said[True] and '"timelime"' in said[True]


def test_the_names_for_editors_stand_where_the_package_finds_them(root):
    tree = ast.parse((root / "src/afteach/__init__.py").read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {}
    for node in block.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("afteach"):
            for name in node.names:
                assert name.asname == name.name, "only `import x as x` is seen outside the package"
                seen[name.name] = node.module.removeprefix("afteach").removeprefix(".") or name.name
    assert seen == afteach._PLACES
    assert set(seen) == set(afteach.__all__)
