"""`afteach new` writes a workbook of its own, whole and valid, and never over anything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib

import msgspec
import pytest

from afteach.authoring import new
from afteach.cli import main
from afteach.workbook import Workbook


def text(path):
    return path.read_text(encoding="utf-8")


def files_of(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def written(tmp_path):
    folder = tmp_path / "Fähre und Damm"
    new.write(folder, "Die Fähre: ein „Artikel“ und \\ das\nArchiv")
    return folder


def test_a_new_workbook_has_a_file_of_each_sort(written):
    names = files_of(written)
    wanted = {
        "README.md", "pyproject.toml", "runtime.txt", ".gitignore", ".github/workflows/check.yml", "data/workbook.toml",
        "data/datapackage.json", "tests/test_workbook.py",
    }  # fmt: skip
    assert wanted <= names
    described = json.loads(text(written / "data" / "datapackage.json"))
    assert {f"data/{table['path']}" for table in described["resources"]} <= names
    about = msgspec.convert(tomllib.loads(text(written / "data" / "workbook.toml")), Workbook)
    assert {f"notebooks/{stem}.ipynb" for stem in about.notebooks} <= names
    assert {f"data/questions/{stem}.toml" for stem in about.notebooks} <= names
    assert not [name for name in names if name.startswith(("gitignore", "github", "answers"))]


def test_it_bears_its_own_name_and_title_everywhere(written):
    title = "Die Fähre: ein „Artikel“ und \\ das Archiv"
    about = tomllib.loads(text(written / "data" / "workbook.toml"))
    project = tomllib.loads(text(written / "pyproject.toml"))["project"]
    described = json.loads(text(written / "data" / "datapackage.json"))
    assert (about["name"], project["name"], described["name"]) == ("fahre-und-damm",) * 3
    assert (about["title"], project["description"], described["title"]) == (title,) * 3
    assert text(written / "README.md").startswith(f"# {title}\n")
    for name in new.NAMED:
        assert new.NAME not in text(written / name) and new.TITLE not in text(written / name)


def test_it_has_no_fault_and_each_output_is_as_it_is_made_again(written):
    """Its own tests, as its README says: validate, and strict nbval over its notebooks."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AFTEACH_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=written, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "skipped" not in done.stdout and files_of(written / "notebooks") == {
        "00-start-here.ipynb", "01-first-tie.ipynb", "02-together.ipynb",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("Ferry", "ferry"),
        ("the_dam 2", "the-dam-2"),
        ("afteach", "workbook-"),
        ("فیری", "workbook-"),
        ("轮渡", "workbook-"),
    ],
)
def test_every_folder_gives_a_name_that_can_key_a_copy_in_the_browser(folder, name):
    made = new.workbook_name(folder)
    assert made.startswith(name) and made != "afteach"
    msgspec.convert(tomllib.loads(text(new.TEMPLATE / "data" / "workbook.toml")) | {"name": made}, Workbook)


def test_two_folders_in_a_script_without_small_letters_get_two_names():
    assert new.workbook_name("فیری") != new.workbook_name("سد")


def test_a_folder_with_anything_in_it_is_refused_in_one_line(tmp_path, capsys):
    mine = tmp_path / "mine" / "data" / "claims.csv"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    assert main(["new", str(tmp_path / "mine")]) == 2
    assert main(["new", str(mine)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert "mine is not empty, and nothing is overwritten. Name a new folder" in lines[0]
    assert "claims.csv is a file, and nothing is overwritten. Name a new folder" in lines[1]
    assert len(lines) == 2 and files_of(tmp_path) == {"mine/data/claims.csv"} and mine.read_text() == "mine"


def test_an_empty_folder_will_do_and_gives_the_title(tmp_path, capsys, monkeypatch):
    (tmp_path / "the-old_dam").mkdir()
    monkeypatch.chdir(tmp_path / "the-old_dam")
    assert main(["new", "."]) == 0
    assert "A workbook is written to" in capsys.readouterr().out
    about = tomllib.loads(text(tmp_path / "the-old_dam" / "data" / "workbook.toml"))
    assert (about["name"], about["title"]) == ("the-old-dam", "the old dam")


def test_what_a_run_left_in_the_template_is_not_copied(tmp_path, monkeypatch):
    made = tmp_path / "template"
    for name in ("data/workbook.toml", "notebooks/answers/a.jsonl", "notebooks/.ipynb_checkpoints/x.ipynb"):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text("x")
    monkeypatch.setattr(new, "TEMPLATE", made)
    new.write(tmp_path / "mine")
    assert files_of(tmp_path / "mine") == {"data/workbook.toml"}


def test_the_bank_of_a_new_workbook_has_a_question_of_each_kind():
    bank = [
        question
        for file in (new.TEMPLATE / "data" / "questions").glob("*.toml")
        for question in tomllib.loads(text(file))["question"]
    ]
    from afteach.questions.kinds import KINDS

    assert {question["kind"] for question in bank} == set(KINDS)
