"""The extension of JupyterLab that comes with the package: written by hand, so its parts must fit by themselves."""

from __future__ import annotations

import json
import re
import tomllib


def test_the_extension_names_files_that_are_there_and_the_version_of_the_package(root):
    folder = root / "src" / "afteach" / "labextension"
    about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    assert about["version"] == project["project"]["version"]
    shared = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert shared[folder.relative_to(root).as_posix()] == f"share/jupyter/labextensions/{about['name']}"
    build = about["jupyterlab"]["_build"]
    remote = (folder / build["load"]).read_text(encoding="utf-8")
    modules = dict(re.findall(r'"(\./\w+)": "(\./[\w.]+)"', remote))
    assert {build["extension"], build["style"]} == set(modules)
    assert f"window._JUPYTERLAB.{about['name']} =" in remote
    assert all((folder / "static" / path).is_file() for path in modules.values())


def test_the_extension_asks_the_network_for_nothing(root):
    for path in (root / "src" / "afteach" / "labextension" / "static").iterdir():
        assert not re.search(r"https?:|@import|url\(", path.read_text(encoding="utf-8")), path.name


def test_each_rule_of_a_style_sheet_is_closed_before_the_next_begins(root):
    """A browser reads what follows an open rule as part of it, and shows the rest undressed without a word."""
    sheets = list((root / "src" / "afteach").rglob("*.css"))
    assert len(sheets) > 2
    for sheet in sheets:
        text = re.sub(
            r"/\*.*?\*/", lambda found: re.sub(r"[^\n]", " ", found[0]), sheet.read_text(encoding="utf-8"), flags=re.S
        )
        open_rules: list[int] = []
        for number, line in enumerate(text.splitlines(), start=1):
            # A rule at the edge of the page is within no other.
            assert not (open_rules and line.rstrip().endswith("{") and line[0] != " "), f"{sheet.name}:{open_rules[-1]}"
            for sign in re.findall(r"[{}]", line):
                open_rules.append(number) if sign == "{" else open_rules.pop()
        assert open_rules == [], f"{sheet.name}:{open_rules}"
