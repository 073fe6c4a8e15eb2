"""The measure in a browser: offered, rated by keyboard, gone on with after a restart, and opened at the end."""

from __future__ import annotations

import json
import shutil

import pytest

from .conftest import ROOT, Desk, Server, serving

CELLS = ("from afteach import measure", 'measure("before")', 'measure("after")')


@pytest.fixture(scope="module")
def ferry(tmp_path_factory, browser):
    """JupyterLab on the small workbook, which has a measure of two times four statements."""
    folder = tmp_path_factory.mktemp("measured")
    shutil.copytree(ROOT / "tests" / "ferry", folder / "ferry")
    with serving(folder, "jupyterlab", AFTEACH_WORKBOOK=str(folder / "ferry")) as server:
        yield server


def show(desk: Desk, server: Server, keep: bool = False) -> None:
    if not keep:
        shutil.rmtree(server.answers, ignore_errors=True)
    server.close_kernels()
    desk.open(server, server.write("measured.ipynb", *CELLS))
    desk.run_all()
    desk.page.wait_for_function("() => document.querySelectorAll('.af-measure').length === 2")


def half(desk: Desk, number: int):
    return desk.page.locator(".af-measure").nth(number)


def place_is(desk: Desk, number: int, text: str) -> None:
    """Wait until a half stands at this statement and its card has heard from its kernel."""
    desk.page.wait_for_function(
        """([number, text]) => {
          const one = document.querySelectorAll('.af-measure')[number];
          const badge = one.querySelector('.af-badge')?.textContent ?? '';
          return one.querySelector('.af-place')?.textContent === text && badge && !/Waking/.test(badge);
        }""",
        arg=[number, text],
    )


def lines(server: Server) -> list[dict]:
    return [json.loads(line) for file in server.answers.glob("*.jsonl") for line in file.read_text().splitlines()]


def rate_the_rest(desk: Desk, number: int, first: int) -> None:
    for statement in range(first, 5):
        place_is(desk, number, f"Statement {statement} of 4")
        half(desk, number).get_by_label("As a number, of 100").fill(str(10 * statement))
        desk.page.keyboard.press("Enter")
    desk.page.wait_for_function(
        "number => !document.querySelectorAll('.af-measure')[number].querySelector('.af-place')", arg=number
    )


def faults(desk: Desk) -> list[str]:
    return desk.hard_to_use(".af-measure", runOnly=["wcag2a", "wcag2aa", "wcag21aa"])


def test_it_is_offered_rated_by_keyboard_gone_on_with_and_opened(ferry, desk):
    show(desk, ferry)
    page, press, one = desk.page, desk.page.keyboard.press, half(desk, 0)
    assert "leave it out" in one.inner_text() and not ferry.answers.exists()
    assert faults(desk) == []
    desk.shot("measure-offer")
    one.get_by_role("button", name="Begin").focus()
    press("Enter")
    place_is(desk, 0, "Statement 1 of 4")
    assert page.evaluate("() => document.activeElement.textContent") == "Statement 1 of 4"
    press("Tab")
    assert page.evaluate("() => document.activeElement.getAttribute('aria-label')").startswith("Open: ")
    press("Enter")
    page.wait_for_selector(".af-measure .af-desk-note:visible")
    assert "Opened 1 of 2." in one.inner_text()
    one.get_by_role("slider").focus()
    press("ArrowRight")
    assert faults(desk) == []
    desk.shot("measure-statement")
    one.get_by_role("button", name="Record, and on").focus()
    press("Enter")
    place_is(desk, 0, "Statement 2 of 4")
    assert page.evaluate("() => document.activeElement.textContent") == "Statement 2 of 4"
    drawn, rated = lines(ferry)
    assert drawn["q"] == "measure.drawn" and rated["answer"]["lean"] == 51 and len(rated["answer"]["trail"]) == 1

    show(desk, ferry, keep=True)  # another kernel
    place_is(desk, 0, "Statement 2 of 4")
    rate_the_rest(desk, 0, 2)
    assert "in later" in half(desk, 0).inner_text()
    half(desk, 1).get_by_role("button", name="Begin").click()
    rate_the_rest(desk, 1, 1)
    told = half(desk, 1)
    page.wait_for_selector(".af-measure-report")
    assert "discernment" in told.inner_text() and "4 statements a half" in told.inner_text()
    told.get_by_text("Each statement, what the records say, and your rating").click()
    assert told.get_by_text("decides it").count() == 8
    assert faults(desk) == []
    desk.shot("measure-report")
    assert len(lines(ferry)) == 9


def test_the_browser_holds_nothing_of_a_verdict_and_brings_back_what_it_kept(ferry, desk):
    show(desk, ferry)
    half(desk, 0).get_by_role("button", name="Begin").click()
    place_is(desk, 0, "Statement 1 of 4")
    half(desk, 0).get_by_label("As a number, of 100").fill("30")
    desk.page.keyboard.press("Enter")
    place_is(desk, 0, "Statement 2 of 4")
    kept = desk.page.evaluate("() => Object.entries(localStorage).filter(([key]) => key.includes('answers'))")
    assert "measure.drawn" in str(kept) and "measure.me" in str(kept)
    page = desk.page.content() + str(kept)
    assert [
        secret for secret in ("it holds", "it fails", "By the log of that week", "decides it") if secret in page
    ] == []


def test_it_fits_a_narrow_window_and_a_dark_one(ferry, desk):
    show(desk, ferry)
    half(desk, 0).get_by_role("button", name="Begin").click()
    place_is(desk, 0, "Statement 1 of 4")
    half(desk, 0).get_by_role("button", name="Open: ").first.click()
    desk.page.wait_for_selector(".af-measure .af-desk-note:visible")
    # Of 730 the list of files takes 330.
    for scheme, width in (("light", 730), ("dark", 1366)):
        desk.look(width, 800, scheme)
        desk.shot(f"measure-{width}-{scheme}")
        wide = desk.page.evaluate(
            "() => [...document.querySelectorAll('.af-measure *')].filter(n => n.scrollWidth > n.clientWidth + 1 && n.clientWidth > 40).map(n => n.className)"
        )
        assert wide == [], width
        assert faults(desk) == [], scheme
