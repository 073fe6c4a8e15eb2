"""The site in a browser that may talk to nobody else: answered, saved, opened again, and without its server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import types
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from afteach.site import serving
from afteach.site.building import MARK

from .conftest import PATIENCE, ROOT

pyodide = os.environ.get("AFTEACH_PYODIDE", "")
pytestmark = pytest.mark.skipif(not pyodide, reason="AFTEACH_PYODIDE names no Pyodide; see CONTRIBUTING.md")
ALL_AWAKE = """() => { const cards = [...document.querySelectorAll("form.af-card")];
  return cards.length && cards.every((card) => !/Waking/.test(card.querySelector(".af-badge").textContent))
    && ![...document.querySelectorAll(".jp-InputPrompt")].some((one) => one.textContent.includes("*")); }"""
STEM = "00-start-here"


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    if (Path(pyodide) / MARK).is_file():
        return Path(pyodide)
    place = tmp_path_factory.mktemp("site") / "out"
    command = [sys.executable, "-m", "afteach.cli", "site", "--out", str(place), "--pyodide", pyodide]
    subprocess.run(command, cwd=ROOT, check=True)
    return place


@pytest.fixture
def server(out):
    """What `afteach serve` runs."""
    made = serving.open_server(out, 0)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def address(server, stem):
    return f"http://127.0.0.1:{server.server_port}/lite/notebooks/index.html?path={stem}.ipynb"


def run_all(page, url):
    page.goto(url)
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=2 * PATIENCE)
    page.wait_for_timeout(1000)
    assert page.get_by_text("model not found").count() == 0
    page.click('.lm-MenuBar-itemLabel >> text="Run"')
    page.click('.lm-Menu-itemLabel >> text="Run All Cells"')
    page.wait_for_selector("form.af-card", timeout=3 * PATIENCE)
    page.wait_for_function(ALL_AWAKE, timeout=3 * PATIENCE)
    wrong = page.locator('[data-mime-type="application/vnd.jupyter.error"], [data-mime-type$="stderr"]')
    assert wrong.all_inner_texts() == []


@pytest.fixture
def context(browser):
    made = browser.new_context(viewport={"width": 1366, "height": 768}, accept_downloads=True)
    yield made
    made.close()


@pytest.fixture
def heard(context):
    """Every host that a page asks, and every file that was not there."""
    heard = types.SimpleNamespace(hosts=set(), missing=set())

    def note(response):
        if response.url.startswith("http"):
            heard.hosts.add(urlsplit(response.url).netloc)
            # Whether a folder is there JupyterLite asks so; a browser asks each host for its icon.
            asked = response.url.endswith(("/all.json", f"{response.url.split('/')[2]}/favicon.ico"))
            if response.status >= 400 and not asked:
                heard.missing.add(response.url)

    context.on(
        "request", lambda request: request.url.startswith("http") and heard.hosts.add(urlsplit(request.url).netloc)
    )
    context.on("response", note)
    return heard


def answer(page, question):
    """The first choice of a card, by keyboard alone."""
    card = page.locator(f'form.af-card[data-question="{question}"]').first
    card.scroll_into_view_if_needed()
    card.locator("input[type=radio]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    card.get_by_text("Saved in this browser").wait_for(timeout=PATIENCE)


def test_an_answer_outlives_the_page_and_the_server(context, server, heard):
    url = address(server, STEM)
    page = context.new_page()
    run_all(page, url)
    answer(page, "sh-02")
    assert page.locator(".vega-embed svg").count() >= 3
    # A line for each thing that an axis of null was lost for: the map of tiles has no axes.
    assert page.locator(".vega-embed svg").first.locator(".role-axis").count() == 0
    page.keyboard.press("Control+s")
    page.wait_for_timeout(4000)

    run_all(page, url)
    assert page.locator('form.af-card[data-question="sh-02"] input[type=radio]').first.is_checked()
    assert heard.hosts == {f"127.0.0.1:{server.server_port}"} and heard.missing == set()

    server.shutdown()
    server.server_close()
    page.close()
    page = context.new_page()
    run_all(page, url)
    assert page.locator('form.af-card[data-question="sh-02"] input[type=radio]').first.is_checked()


def typed(page, code):
    """Run code in a cell of its own above the first."""
    page.locator(".jp-Notebook .jp-Cell").first.click()
    for key in ("Escape", "a", "y", "Enter"):
        page.keyboard.press(key)
    page.keyboard.type(code)
    page.keyboard.press("Shift+Enter")


def test_rows_open_and_what_is_handed_in_is_downloaded(context, server):
    page = context.new_page()
    run_all(page, address(server, "01-united-states"))
    button = page.locator("button.af-row-id").first
    button.scroll_into_view_if_needed()
    button.focus()
    page.keyboard.press("Enter")
    panel = page.locator(".af-row-open")
    panel.get_by_text(button.inner_text(), exact=True).first.wait_for(timeout=PATIENCE)
    # The sheet of style that a card of a source stands on is there.
    assert panel.locator(".af-group").first.evaluate("one => getComputedStyle(one).display") == "flex"
    page.keyboard.press("Escape")
    answer(page, "us-01")
    typed(page, 'submit("Blue bird")')
    link = page.locator('a[download^="answers-"]').first
    link.wait_for(timeout=PATIENCE)
    with page.expect_download(timeout=PATIENCE) as got:
        link.click()
    header = json.loads(got.value.path().read_text(encoding="utf-8").splitlines()[0])
    assert header["header"] and header["name"] == "Blue bird"


@pytest.mark.parametrize("stem", sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb")))
def test_every_notebook_runs_to_its_end(context, server, heard, stem):
    page = context.new_page()
    run_all(page, address(server, stem))
    drawn = page.locator(".vega-embed").count()
    assert page.locator(".vega-embed svg").count() == drawn
    assert heard.missing == set()
