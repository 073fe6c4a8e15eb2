"""Charts in a real JupyterLab and Notebook 7: as wide as the page, in its colours, and worked by the keyboard."""

from __future__ import annotations

import pytest

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


@pytest.fixture(params=["lab", "notebook7"])
def charts(request, desk):
    """A page with charts, after Run All."""
    server = request.getfixturevalue(request.param)
    desk.open(server, server.write("charts.ipynb", *CELLS))
    desk.run_all()
    desk.page.wait_for_function("() => document.querySelectorAll('.vega-embed svg.marks').length === 4")
    desk.page.wait_for_timeout(1000)
    yield desk
    server.close_kernels()


def wide(desk):
    desk.page.wait_for_timeout(1000)
    return desk.page.evaluate(SEEN)


def test_a_chart_is_as_wide_as_the_page_and_follows_its_width_and_its_theme(charts):
    for width in (1366, 1100, 1366):
        charts.page.set_viewport_size({"width": width, "height": 768})
        for seen in wide(charts):
            assert seen["page"] - 60 <= seen["chart"] <= seen["page"] + 1, (width, seen)
            assert seen["controls"] and seen["described"] > 100
    light = wide(charts)
    charts.shot("charts-light")
    charts.page.emulate_media(color_scheme="dark")
    charts.page.wait_for_function("() => document.body.dataset.jpThemeLight === 'false'")
    dark = wide(charts)
    charts.shot("charts-dark")
    for before, after in zip(light, dark, strict=True):
        assert before["ink"] == before["text"] != after["ink"] == after["text"]
        assert before["ground"] == after["ground"] == "transparent"


def test_the_keys_of_a_control_are_its_own(charts):
    page = charts.page
    menu = page.locator(".vega-bindings select").nth(2)
    high = page.locator(".vega-embed svg.marks").nth(1).evaluate("(svg) => svg.getBoundingClientRect().height")
    cells = page.locator(".jp-Cell").count()
    menu.focus()
    page.keyboard.press("ArrowDown")
    # What JupyterLab would take for "cut this cell" is for the menu to look for an entry.
    page.keyboard.press("x")
    assert menu.evaluate("(node) => node.selectedIndex") == 1
    assert page.locator(".jp-Cell").count() == cells
    page.wait_for_timeout(800)
    every = page.locator(".vega-embed svg.marks").nth(1).evaluate("(svg) => svg.getBoundingClientRect().height")
    assert every > 2 * high
    charts.shot("charts-every")


def test_the_words_of_a_chart_lie_under_a_fold(charts):
    page = charts.page
    fold = page.locator("details", has_text="This chart in words").first
    text = fold.locator("p")
    assert not text.is_visible()
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    text.wait_for(state="visible")
    assert text.inner_text() == page.locator(".vega-embed").first.get_attribute("aria-label")
