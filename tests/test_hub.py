"""A class on a JupyterHub: two students, one read-only folder of notebooks, answers of each apart."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shutil

import hub
import pytest

from afteach.workbook import notebooks_dir

pytestmark = pytest.mark.skipif(os.environ.get("AFTEACH_HUB") != "1", reason="a hub is started where AFTEACH_HUB=1")


def test_two_students_on_a_hub_keep_their_answers_apart():
    assert importlib.util.find_spec("jupyterhub"), "install jupyterhub"
    assert shutil.which("configurable-http-proxy"), "install configurable-http-proxy"
    with hub.running(notebooks_dir()) as found:
        for name, count in (("anna", 1), ("boris", 2)):
            found.let_in(name)
            assert "done" in asyncio.run(found.run(name, hub.WORK * count))
        answers = {
            name: sum(
                len(file.read_text("utf-8").splitlines())
                for file in (found.folder / "home" / name / "answers").glob("*.jsonl")
            )
            for name in ("anna", "boris")
        }
        assert answers["anna"] == 1 and answers["boris"] >= 1
        mine = asyncio.run(
            found.run("anna", "from afteach.answers import places\nimport os\nprint(os.environ['AFTEACH_ANSWERS'])")
        )
        assert mine.strip().endswith("anna/answers")
