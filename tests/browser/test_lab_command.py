"""The first command of the README, as a student meets it; and the same on a workbook of one's own."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import time

from .conftest import PATIENCE, Desk


@contextlib.contextmanager
def opened(folder, browser, **page):
    """`afteach lab` as it is started in a folder, and a page at the address that it prints."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "log"
    environment = {**os.environ, "HOME": str(folder), "JUPYTER_DATA_DIR": str(folder / "jupyter")}
    environment.pop("AFTEACH_ANSWERS", None)
    command = [sys.executable, "-m", "afteach.cli", "lab", "--port", str(port), "--no-browser"]
    with log.open("w") as written:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=written, stderr=written)
    desk = Desk(browser, **page)
    try:
        until, address = time.monotonic() + PATIENCE / 1000, None
        while not address and time.monotonic() < until and server.poll() is None:
            time.sleep(0.2)
            address = re.search(rf"http://127\.0\.0\.1:{port}/\S+", log.read_text(encoding="utf-8"))
        assert address, log.read_text(encoding="utf-8")
        # On a busy machine the address is printed before anybody listens there.
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        desk.page.goto(address.group())
        yield desk
        assert desk.strangers == []
    finally:
        desk.close()
        server.terminate()
        server.wait(20)


def test_the_workbook_opens_at_the_first_notebook_and_stays_there_when_all_cells_run(tmp_path, browser):
    with opened(tmp_path, browser, viewport={"width": 1366, "height": 768}) as desk:
        desk.page.wait_for_selector(".jp-Notebook h1:has-text('Start here')")
        desk.page.wait_for_timeout(3000)
        assert desk.page.url.endswith("/lab/tree/00-start-here.ipynb")
        assert desk.page.locator(".jp-toast-button, .jp-Dialog").count() == 0
        desk.page.locator(".jp-TableOfContents-content:visible:has-text('Before you read')").wait_for()
        desk.page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status='idle']")
        desk.page.wait_for_timeout(1000)
        assert desk.page.locator(".jp-mod-dirty").count() == 0
        desk.shot("lab")
        assert (tmp_path / "my-workbook" / "01-united-states.ipynb").exists()
        listed = desk.page.locator(".jp-DirListing-itemText")
        listed.filter(has_text="01-united-states.ipynb").wait_for()

        desk.run_all()
        desk.page.wait_for_timeout(1000)
        assert desk.page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop") == 0
        assert "jp-mod-active" in desk.page.locator(".jp-Notebook .jp-Cell").first.get_attribute("class")
        assert desk.page.locator(".jp-cell-toolbar:visible, .jp-Notebook-footer:visible").count() == 0
        # What somebody did in the meantime is theirs.
        desk.page.locator(".jp-Notebook .jp-Cell").nth(20).click()
        kept = desk.page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop")
        assert kept > 0
        # The answers are kept, and out of sight.
        for name in ("answers", "notes"):
            (tmp_path / "my-workbook" / name).mkdir()
        desk.page.click('[data-command="filebrowser:refresh"]')
        listed.filter(has_text="notes").wait_for()
        assert "answers" not in listed.all_inner_texts()


def test_a_new_workbook_opens_with_cards_that_answer(tmp_path, browser):
    folder = tmp_path / "ferry"
    subprocess.run([sys.executable, "-m", "afteach.cli", "new", str(folder)], check=True, capture_output=True)
    with opened(folder, browser) as desk:
        desk.page.wait_for_selector(".jp-Notebook h1:has-text('read two sentences')")
        desk.page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status='idle']")
        desk.run_all()
        card = desk.page.locator('form.af-card[data-question="sh-02"]')
        card.get_by_label("That the article speaks of a payment").check()
        card.get_by_label("That nobody is named as saying it").check()
        card.get_by_role("button", name="Check").click()
        card.locator(".af-status:has-text('Right')").wait_for()
        card.get_by_role("button", name="Look at the evidence").click()
        card.locator(".af-evidence:visible:has-text('Cedar paid for guards')").wait_for()
        desk.shot("new")
    (kept,) = (folder / "my-workbook" / "answers").glob("*.jsonl")
    assert '"sh-02"' in kept.read_text(encoding="utf-8")
