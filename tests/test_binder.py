"""Binder reads the root pyproject.toml and runtime.txt; the Dockerfile is rendered, nothing is built."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def dockerfile(root, tmp_path_factory):
    if os.name == "nt":
        pytest.skip("repo2docker runs on Linux and macOS")
    if not (root / ".git").exists():
        pytest.skip("this is no checkout of git")
    tool = shutil.which("jupyter-repo2docker", path=str(Path(sys.executable).parent))
    if not tool:
        pytest.skip("repo2docker is not installed")
    copy = tmp_path_factory.mktemp("binder") / "afteach"
    subprocess.run(["git", "clone", "-q", str(root), str(copy)], check=True)
    command = [tool, "--no-build", "--debug", "--user-id", "1000", "--user-name", "jovyan", str(copy)]
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    return made.stdout + made.stderr


def test_binder_uses_the_python_of_runtime_txt(dockerfile, root):
    version = (root / "runtime.txt").read_text().strip().removeprefix("python-")
    assert f"Building conda environment for python={version}\n" in dockerfile


def test_binder_installs_the_package(dockerfile):
    # Only the build pack for Python does this; the one for conda would read an environment.yml.
    assert "bin/pip install --no-cache-dir ." in dockerfile


def test_no_folder_switches_the_root_off(root):
    for name in ("binder", ".binder", "environment.yml", "requirements.txt", "setup.py", "Dockerfile"):
        assert not (root / name).exists()
