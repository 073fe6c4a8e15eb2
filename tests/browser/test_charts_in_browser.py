"""Charts in a real JupyterLab and Notebook 7: as wide as the page, in its colours, and worked by the keyboard."""

from __future__ import annotations

import pytest

from .conftest import Desk

CELLS = (
    "from afteach import charts, load",
    'charts.ladder(load("claims"))',
    'charts.territory(load("district_control"), load("figures"))',
    'charts.troops(load("troop_levels"))',
    'charts.timeline(load("events"))',
    "1 + 1",
)
SEEN = """() => [...document.querySelectorAll('.vega-embed')].map((chart) => {
  const svg = chart.querySelector('svg.marks');
  const form = chart.querySelector('form');
  return {
    chart: svg.getBoundingClientRect().width,
    page: chart.clientWidth,
    ink: getComputedStyle(svg.querySelector('.role-title-text text')).fill,
    text: getComputedStyle(chart.parentElement).color,
    ground: svg.querySelector('.background').getAttribute('fill'),
    described: chart.getAttribute('aria-label').length,
    controls: form.childElementCount && form.getBoundingClientRect().bottom <= svg.getBoundingClientRect().top + 1,
  };
})"""


@pytest.fixture(scope="module", params=["lab", "notebook7"])
def charts(request, browser):
    """A page with charts, after Run All."""
    server = request.getfixturevalue(request.param)
    desk = Desk(browser)
    desk.open(server, server.write("charts.ipynb", *CELLS))
    desk.run_all()
    # A chart is there before its marks are.
    desk.page.wait_for_function(
        "() => document.querySelectorAll('.vega-embed svg.marks .role-title-text text').length === 4"
    )
    yield desk
    assert desk.strangers == [] and desk.faults() == []
    desk.close()
    server.close_kernels()


HELD = 2600  # so long the page is put back after a run, where nobody moves it


def test_whoever_enters_an_output_without_a_key_after_a_run_stays_in_its_cell(charts):
    """As a screen reader does. The next key goes to the cell that is active, and X cuts that one."""
    charts.page.locator(".vega-bindings select").nth(2).focus()
    charts.page.wait_for_timeout(HELD)
    assert charts.page.evaluate(
        "() => document.querySelector('.jp-Cell.jp-mod-active').contains(document.activeElement)"
    )


def followed(desk, holds, **look) -> list[dict]:
    """How the charts stand on a page that looks like this, once this holds; if it never does, as they stand in the end."""
    desk.look(**look)
    return desk.until(lambda: desk.page.evaluate(SEEN), holds)


def fits(seen: list[dict]) -> bool:
    return all(one["page"] - 60 <= one["chart"] <= one["page"] + 1 and one["controls"] for one in seen)


def test_a_chart_is_as_wide_as_the_page_and_follows_its_width_and_its_theme(charts):
    for width in (1366, 1100, 1366):
        light = followed(charts, fits, width=width, height=768)
        assert fits(light), (width, light)
        assert all(one["described"] > 100 for one in light)
    charts.shot("charts-light")
    dark = followed(
        charts, lambda seen: all(one["ink"] == one["text"] for one in seen), width=1366, height=768, scheme="dark"
    )
    charts.shot("charts-dark")
    for before, after in zip(light, dark, strict=True):
        assert before["ink"] == before["text"] != after["ink"] == after["text"]
        assert before["ground"] == after["ground"] == "transparent"


def test_the_keys_of_a_control_are_its_own(charts):
    page = charts.page
    menu = page.locator(".vega-bindings select").nth(2)
    high = page.locator(".vega-embed svg.marks").nth(1).evaluate("(svg) => svg.getBoundingClientRect().height")
    cells = page.locator(".jp-Cell").count()
    # Focused for each key anew: a JupyterLab kept busy still takes the focus at its start (its issue 18457).
    menu.press("ArrowDown")
    # What JupyterLab would take for "cut this cell" is for the menu to look for an entry.
    menu.press("x")
    assert menu.evaluate("(node) => node.selectedIndex") == 1
    assert page.locator(".jp-Cell").count() == cells
    page.wait_for_function(
        "(high) => document.querySelectorAll('.vega-embed svg.marks')[1].getBoundingClientRect().height > 2 * high",
        arg=high,
    )
    charts.shot("charts-every")


# The last cell is called the active one, as after Run All, while the focus is in a menu elsewhere and a key is pressed
# there. No other task comes in between: at its start JupyterLab takes the focus without a key.
PRESSED = """async (menu) => {
  menu.focus();
  [...document.querySelectorAll('.jp-Cell')].at(-1).dispatchEvent(new FocusEvent('focusin', { bubbles: true }));
  menu.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', keyCode: 40, bubbles: true, cancelable: true }));
  for (let i = 0; i < 100; i++) await null;
  return document.activeElement === menu;
}"""


def test_a_key_in_a_control_takes_nobody_to_the_cell_that_is_called_active(charts):
    assert charts.page.locator(".vega-bindings select").nth(2).evaluate(PRESSED)


def test_the_words_of_a_chart_lie_under_a_fold(charts):
    page = charts.page
    fold = page.locator("details", has_text="This chart in words").first
    text = fold.locator("p")
    assert not text.is_visible()
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    text.wait_for(state="visible")
    assert text.inner_text() == page.locator(".vega-embed").first.get_attribute("aria-label")
