"""Every notebook in a real JupyterLab, with nobody else to talk to."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from pathlib import Path

import nbformat
import pytest

from .conftest import PATIENCE, WATCH, stored_cards
from .test_cards import awake

BUSY = os.environ.get("AFTEACH_BUSY", "07-compare 08-hindsight").split()
FILES = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))


# Of each chart its marks, its width, and the room that it has.
DRAWN = """() => [...document.querySelectorAll('.vega-embed')].map((chart) => {
  const svg = chart.querySelector('svg.marks');
  return [svg?.querySelectorAll('path, text').length ?? 0, svg?.getBoundingClientRect().width, chart.clientWidth];
})"""


def all_drawn(seen: list[list[float]], charts: int) -> bool:
    return len(seen) == charts and all(marks > 10 and wide <= room + 1 for marks, wide, room in seen)


def burn() -> None:
    while True:
        pass


@contextlib.contextmanager
def busy_machine():
    """A machine that has as much to do as it has cores."""
    burners = [multiprocessing.get_context("spawn").Process(target=burn, daemon=True) for _ in range(os.cpu_count())]
    for one in burners:
        one.start()
    try:
        yield
    finally:
        for one in burners:
            one.kill()


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_run_all_reaches_the_end_draws_every_chart_and_every_card_without_an_alarm(path, lab, desk, record_property):
    cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    charts = sum(any("vegalite" in kind for o in cell.outputs for kind in o.get("data", {})) for cell in cells)
    cards = stored_cards(path)
    desk.open(lab, lab.add(path))
    # A clean page: what is seen afterwards was made by this run and not stored.
    desk.menu("Edit", "Clear Outputs of All Cells")
    desk.page.wait_for_function("() => !document.querySelector('.jp-OutputArea-output')")
    page = desk.page
    page.evaluate(WATCH)
    with busy_machine() if path.stem in BUSY else contextlib.nullcontext():
        page.set_default_timeout(3 * PATIENCE)
        record_property("seconds", round(desk.run_all(), 1))
        page.wait_for_function(f"() => document.querySelectorAll('form.af-card').length === {cards}")
        awake(desk)
    assert page.evaluate("() => globalThis.alarms") == []
    assert page.locator('[data-mime-type="application/vnd.jupyter.stderr"]').count() == 0
    assert page.locator('[data-mime-type="application/vnd.jupyter.error"]').count() == 0
    drawn = desk.until(lambda: page.evaluate(DRAWN), lambda seen: all_drawn(seen, charts))
    assert all_drawn(drawn, charts), drawn
    first = page.locator(".af-card:has(input[type=radio])").first
    first.locator("input[type=radio]").first.check()
    first.locator("button[type=submit]").click()
    status = first.locator(".af-status")
    page.wait_for_function("(node) => /Saved\\./.test(node.textContent)", arg=status.element_handle())
    for number in range(page.locator(".vega-embed").count()):
        page.locator(".vega-embed").nth(number).scroll_into_view_if_needed()
        desk.shot(f"{path.stem}-chart-{number + 1}")
    lab.close_kernels()
