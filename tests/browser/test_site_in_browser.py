"""The site in a browser that may talk to nobody else: answered, saved, opened again, and without its server."""

from __future__ import annotations

import functools
import http.server
import os
import subprocess
import sys
import threading

import pytest

from .conftest import PATIENCE, ROOT

pyodide = os.environ.get("AFTEACH_PYODIDE", "")
pytestmark = pytest.mark.skipif(not pyodide, reason="AFTEACH_PYODIDE names no Pyodide; see CONTRIBUTING.md")
ALL_AWAKE = """() => { const cards = [...document.querySelectorAll("form.af-card")];
  return cards.length && cards.every((card) => !/Waking/.test(card.querySelector(".af-badge").textContent))
    && ![...document.querySelectorAll(".jp-InputPrompt")].some((one) => one.textContent.includes("*")); }"""
STEM = "00-start-here"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_args):
        pass


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    place = tmp_path_factory.mktemp("site") / "out"
    command = [sys.executable, "-m", "afteach.cli", "site", "--out", str(place), "--pyodide", pyodide]
    subprocess.run(command, cwd=ROOT, check=True)
    return place


@pytest.fixture
def server(out):
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(out)))
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


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


def test_an_answer_outlives_the_page_and_the_server(context, server):
    url = f"http://127.0.0.1:{server.server_port}/lite/notebooks/index.html?path={STEM}.ipynb"
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    run_all(page, url)
    card = page.locator('form.af-card[data-question="sh-02"]').first
    card.scroll_into_view_if_needed()
    card.locator("input[type=radio]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    card.get_by_text("Saved in this browser").wait_for(timeout=PATIENCE)
    assert page.locator(".vega-embed svg").count() >= 3
    # A line for each thing that an axis of null was lost for: the map of tiles has no axes.
    assert page.locator(".vega-embed svg").first.locator(".role-axis").count() == 0
    page.keyboard.press("Control+s")
    page.wait_for_timeout(4000)

    run_all(page, url)
    assert page.locator('form.af-card[data-question="sh-02"] input[type=radio]').first.is_checked()
    hosts = {one.split("/")[2] for one in asked if one.startswith("http")}
    assert hosts == {f"127.0.0.1:{server.server_port}"}

    server.shutdown()
    server.server_close()
    page.close()
    page = context.new_page()
    run_all(page, url)
    assert page.locator('form.af-card[data-question="sh-02"] input[type=radio]').first.is_checked()


@pytest.mark.parametrize("stem", sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb")))
def test_every_notebook_runs_to_its_end(context, server, stem):
    page = context.new_page()
    run_all(page, f"http://127.0.0.1:{server.server_port}/lite/notebooks/index.html?path={stem}.ipynb")
    drawn = page.locator(".vega-embed").count()
    assert page.locator(".vega-embed svg").count() == drawn
