"""What editors and type checkers see of the package."""

from __future__ import annotations

import ast
import subprocess
import sys

import afteach


def checker(root, *arguments):
    """What mypy says, and whether it found nothing."""
    command = [sys.executable, "-m", "mypy", "--no-error-summary", *arguments]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout + done.stderr, done.returncode == 0


def test_the_type_checker_finds_nothing(root):
    said, clean = checker(root)
    assert clean, said


USE = """
from afteach import charts, check, load
reveal_type(check)
check("sh-02", "b").outcme
charts.timelime(load("events"))
"""


def test_whoever_uses_the_package_is_told_of_a_misspelt_name(root, tmp_path):
    (tmp_path / "use.py").write_text(USE)
    said, clean = checker(root, str(tmp_path / "use.py"))
    assert not clean
    assert "-> afteach.questions.marking.Verdict" in said
    assert '"Verdict" has no attribute "outcme"' in said and '"timelime"' in said


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
