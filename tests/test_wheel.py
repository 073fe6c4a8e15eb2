"""A wheel, built and installed where no checkout is near, with all that the workbook needs in it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile

import pytest

from afteach.authoring import new


@pytest.fixture(scope="module")
def uv():
    found = os.environ.get("UV") or shutil.which("uv")
    if not found:
        pytest.skip("uv is not there; the README's test command brings it")
    return found


@pytest.fixture(scope="module")
def wheel(uv, root, tmp_path_factory):
    out = tmp_path_factory.mktemp("dist")
    subprocess.run([uv, "build", "-q", "--wheel", "--out-dir", str(out), str(root)], check=True)
    (made,) = out.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(uv, wheel, tmp_path_factory):
    """The Python of a clean environment."""
    place = tmp_path_factory.mktemp("clean")
    subprocess.run([uv, "venv", "-q", "--python", sys.executable, str(place / "env")], check=True)
    python = place / "env" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    subprocess.run([uv, "pip", "install", "-q", "--python", str(python), str(wheel)], check=True)
    return python


def run(python, folder, *arguments):
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV", "AFTEACH_ANSWERS")}
    return subprocess.run([str(python), *arguments], cwd=folder, env=environment, capture_output=True, text=True)


def test_the_wheel_holds_tables_questions_notebooks_and_the_card(wheel, root):
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = [path.relative_to(root) for folder in ("data", "notebooks") for path in (root / folder).rglob("*")
              if path.suffix in (".csv", ".toml", ".json", ".ipynb") and "answers" not in path.parts
              and ".ipynb_checkpoints" not in path.parts]  # fmt: skip
    assert {f"afteach/{path.as_posix()}" for path in wanted} <= names
    assert {f"afteach/card/{name}" for name in ("card.js", "dom.js", "card.css", "kinds/choice.js")} | {
        "afteach/py.typed",
        "afteach/words.toml",
        "afteach/words_of_pages.toml",
    } <= names
    pages = {f"afteach/pages/{path.name}" for path in (root / "src/afteach/pages").iterdir() if path.is_file()}
    assert pages <= names and "afteach/pages/report.html.j2" in pages
    template = [path.relative_to(root / "src") for path in new.TEMPLATE.rglob("*") if path.is_file()]
    assert {path.as_posix() for path in template if not new.LEFT_BY_A_RUN & set(path.parts)} <= names
    assert not [name for name in names if name.endswith((".jsonl", ".pyc"))]


def test_the_installed_package_works_from_another_folder(installed, tmp_path):
    code = (
        "from afteach import load, cite, check, submit, charts\n"
        "print(len(load('claims')), cite('P12'))\n"
        "print(check('us-05', 1).outcome)\n"
        "print(repr(charts.timeline(load('events'), relationship='Russia')))\n"
        "print(submit('Blue bird'))\n"
    )
    made = run(installed, tmp_path, "-c", code)
    assert made.returncode == 0, made.stderr
    lines = made.stdout.splitlines()
    assert "paragraph P12" in lines[0]
    assert lines[1] == "not yet"
    assert lines[2].startswith("Timeline of")
    assert "answers-blue-bird.jsonl is written" in made.stdout
    assert list((tmp_path / "answers").glob("*.jsonl"))


def test_the_installed_command_finds_no_fault_and_hands_in(installed, tmp_path):
    made = run(installed, tmp_path, "-m", "afteach.cli", "validate")
    assert (made.returncode, made.stdout.strip().splitlines()[-1]) == (0, "No fault found."), made.stdout + made.stderr
    made = run(installed, tmp_path, "-m", "afteach.cli", "submit", "--name", "x")
    assert (made.returncode, len(made.stderr.splitlines())) == (2, 1)


def test_the_readme_says_how_long_a_path_windows_leaves_for_the_folder(installed, root):
    place = installed.parent.parent
    inside = [path.relative_to(place).as_posix() for path in place.rglob("*")]
    longest = max((re.sub(r"^lib/python3\.\d+/", "Lib/", path) for path in inside), key=len)
    room = 259 - len("/.venv/") - len(longest)
    stated = int(re.search(r"path may have at most (\d+)", (root / "README.md").read_text(encoding="utf-8")).group(1))
    assert stated <= room < stated + 15, longest


def test_no_file_of_our_own_has_a_name_too_long_for_windows(root):
    done = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=False)
    names = done.stdout.splitlines() or [str(path.relative_to(root)) for path in (root / "src").rglob("*")]
    assert [name for name in names if len(name) >= 100] == []
