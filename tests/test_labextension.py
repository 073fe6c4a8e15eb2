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
