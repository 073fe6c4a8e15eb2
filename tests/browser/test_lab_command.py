"""The first command of the README, as a student meets it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time

from .conftest import PATIENCE, Desk


def test_the_workbook_opens_at_the_first_notebook_and_asks_nobody_anything(tmp_path, browser):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (tmp_path / "log").open("w")
    environment = {**os.environ, "HOME": str(tmp_path), "JUPYTER_DATA_DIR": str(tmp_path / "jupyter")}
    command = [sys.executable, "-m", "afteach.cli", "lab", "--port", str(port), "--no-browser"]
    server = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=log)
    desk = Desk(browser)
    try:
        until, address = time.monotonic() + PATIENCE / 1000, None
        while not address and time.monotonic() < until and server.poll() is None:
            time.sleep(0.2)
            address = re.search(rf"http://127\.0\.0\.1:{port}/\S+", (tmp_path / "log").read_text())
        assert address, (tmp_path / "log").read_text()
        desk.page.goto(address.group())
        desk.page.wait_for_selector(".jp-Notebook h1:has-text('Start here')")
        desk.page.wait_for_timeout(3000)
        assert desk.page.url.endswith("/lab/tree/00-start-here.ipynb")
        assert desk.page.locator(".jp-toast-button, .jp-Dialog").count() == 0
        desk.shot("lab")
        assert desk.strangers == []
        assert (tmp_path / "my-workbook" / "01-united-states.ipynb").exists()
    finally:
        desk.close()
        server.terminate()
        server.wait(20)
