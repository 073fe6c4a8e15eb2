"""The card's own code: joined, tested by node's test runner, and read by a linter, where those are there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest

from afteach.card import joining
from afteach.questions.kinds import KINDS

# Pinned, so that a new edition of the linter finds its new faults when somebody chooses to look.
LINTER = "@biomejs/biome@2.6.8"
DECLARED = re.compile(r"^(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)


def needed(command: str) -> str:
    """Where a command is; without it the test is skipped and says so, in CI it fails."""
    found = shutil.which(command)
    if not found:
        reason = f"no {command} was found"
        if os.environ.get("CI"):
            pytest.fail(f"{reason}; in CI the card's own tests must run")
        pytest.skip(f"{reason}; install Node.js 20 or newer to test the card's own code")
    return found


def run(*command: str, cwd) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_modules_join_into_one_without_a_name_declared_twice():
    names = DECLARED.findall(joining.joined())
    assert "render" in names
    assert sorted(names) == sorted(set(names))
    assert re.findall(r"^(?:import|export) .*", joining.joined(), re.MULTILINE) == ["export default { render };"]
    # The contents bar is a widget of its own.
    assert {f"{name}.js" for name in (*joining.MODULES, "card", "contents", "measure")} == {
        path.name for path in joining.BROWSER.glob("*.js")
    }
    assert {f"{name}.js" for name in KINDS} == {path.name for path in (joining.BROWSER / "kinds").glob("*.js")}


def test_what_shows_cards_in_its_own_way_is_what_is_shown():
    text = joining.joined("measure")
    names = DECLARED.findall(text)
    assert "render" in names and sorted(names) == sorted(set(names))
    assert re.findall(r"^(?:import|export) .*", text, re.MULTILINE) == ["export default { render: renderMeasure };"]


@pytest.mark.parametrize("last", ["card", "measure"])
def test_the_joined_module_is_read_by_node(tmp_path, last):
    (tmp_path / "card.mjs").write_text(joining.joined(last), encoding="utf-8")
    run(needed("node"), "--check", "card.mjs", cwd=tmp_path)


def test_the_card_in_node(root):
    files = sorted(str(path) for path in (root / "tests" / "js").glob("*.test.mjs"))
    assert files
    run(needed("node"), "--test", *files, cwd=root)


def test_the_linter_finds_nothing_in_the_card(root):
    """One that is installed is used; only in CI it is downloaded."""
    own = shutil.which("biome")
    if not own and not os.environ.get("CI"):
        pytest.skip("no biome was found; CI downloads it, or run it as CONTRIBUTING says")
    if not (root / ".ci" / "biome.json").exists():
        pytest.skip("this is no checkout of git")
    command = [own] if own else [needed("npx"), "--yes", LINTER]
    places = ["src/afteach/card", "src/afteach/labextension", "tests/js"]
    run(*command, "check", "--error-on-warnings", "--config-path=.ci", *places, cwd=root)
