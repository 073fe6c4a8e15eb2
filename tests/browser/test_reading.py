"""What a reader sees before anything runs: tables, folded code, and the row behind an id. No kernel, nothing trusted."""

from __future__ import annotations

import nbformat
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe

from afteach import display, load
from afteach.record.tables import names

# What a notebook leaves for a table on a screen of 1366 x 768 with files on the left and contents on the right.
BETWEEN_PANELS = 647
FRAME = pd.DataFrame(
    {
        "id": [f"row-{n}" for n in range(12)],
        "soldiers": range(1000, 13000, 1000),
        "note": ["a sentence (fc037), " * 9] * 12,
    }
)


@pytest.fixture
def opened(lab, desk):
    """A notebook that nobody has trusted, stored with a table, a count, folded code and a text that names a row."""
    cells = [nbformat.v4.new_markdown_cell("So it was (fc036), as `fc036` says; fc99999 is none.")]
    count = display.series_html(pd.Series([4, 1], index=["a", "b"], name="count"))
    cells += [shown("from afteach import load", display.frame_html(FRAME)), shown("COUNT", count)]
    cells[2].metadata["jupyter"] = {"source_hidden": True}
    look_at(lab, desk, "reading.ipynb", cells)
    yield desk.page
    lab.close_kernels()


def shown(source: str, page: str) -> nbformat.NotebookNode:
    output = nbformat.v4.new_output("display_data", {"text/html": page, "text/plain": source})
    return nbformat.v4.new_code_cell(source, outputs=[output])


def look_at(lab, desk, name: str, cells: list) -> None:
    made = nbformat.v4.new_notebook(cells=cells)
    made.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(made, lab.work / name)
    desk.look_at(lab, name)
    desk.page.wait_for_selector(".af-frame table")
    # JupyterLab goes to a cell once the notebook is there.
    desk.page.wait_for_function("() => document.activeElement.closest('.jp-Cell')")


def style(page, selector: str, name: str) -> str:
    return page.eval_on_selector(selector, f"(node) => getComputedStyle(node).{name}")


def test_a_stored_table_is_laid_out_and_folds_without_a_kernel(opened, desk):
    page = opened
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('.af-frame td:nth-child(2)')).textAlign === 'end'"
    )
    assert style(page, ".af-frame td:nth-child(1)", "textAlign") == "start"
    assert style(page, ".af-frame td:nth-child(1)", "whiteSpace") == "nowrap"
    shown = "() => [...document.querySelectorAll('.af-frame tbody tr')].slice(0, 12).filter((row) => row.offsetHeight).length"
    assert page.evaluate(shown) == 10
    page.locator(".af-frame summary").focus()
    page.keyboard.press("Enter")
    page.wait_for_function(f"() => ({shown})() === 12")
    widths = page.eval_on_selector_all(".af-bar", "(bars) => bars.map((bar) => bar.offsetWidth)")
    assert widths[0] == pytest.approx(4 * widths[1], abs=3) and widths[1] > 5
    found = Axe().run(page, context=".af-frame")
    assert found.response["violations"] == []
    desk.shot("tables")


def test_a_table_of_which_the_telling_columns_are_shown_does_not_scroll_beside_two_open_panels(lab, desk):
    tables = {one: load(one) for one in names() if len(load(one).columns) > display.MOST_COLUMNS and len(load(one))}
    assert len(tables) > 5
    cells = [
        shown(f"from afteach import load\nload('{name}'){part}", display.frame_html(table))
        for name, whole in tables.items()
        for part, table in (("", whole), (".head(10)", whole.head(10)))
    ]
    look_at(lab, desk, "tables.ipynb", cells)
    desk.page.wait_for_function("all => document.querySelectorAll('.af-frame table').length === all", arg=len(cells))
    # The style sheet is there, and so is every class that it knows.
    desk.page.wait_for_function("() => getComputedStyle(document.querySelector('.af-frame')).overflowX === 'auto'")
    widths = desk.page.evaluate(
        """(page) => [...document.querySelectorAll('.af-frame')].map((frame) => {
          frame.style.width = page;
          return [frame.clientWidth, frame.scrollWidth];
        })""",
        f"{BETWEEN_PANELS}px",
    )
    wide = [cell.source for cell, (room, taken) in zip(cells, widths, strict=True) if taken > room]
    assert wide == [] and {room for room, _ in widths} == {BETWEEN_PANELS}
    lab.close_kernels()


def test_a_table_that_scrolls_keeps_the_id_of_a_row_in_sight(opened):
    places = opened.evaluate(
        """() => {
          const frame = document.querySelector('.af-frame');
          frame.style.width = '200px';
          const [first, last] = ['tbody tr > :first-child', 'tbody tr > :last-child'].map((one) => frame.querySelector(one));
          const left = (node) => Math.round(node.getBoundingClientRect().left - frame.getBoundingClientRect().left);
          const before = left(last);
          frame.scrollLeft = 60;
          return [left(first), before - left(last)];
        }"""
    )
    assert places == [0, 60]


def test_folded_code_takes_no_line_and_opens_by_keyboard(opened):
    line = opened.locator(".jp-InputPlaceholder .jp-Placeholder-content")
    opened.wait_for_selector(".jp-InputPlaceholder [role=button]")
    assert line.count() == 1 and line.get_attribute("aria-label") == "COUNT"
    taken = opened.locator(".jp-Cell-inputWrapper:has(> .jp-InputPlaceholder)")
    assert taken.evaluate("(node) => node.offsetHeight") == 0
    # Beside the output and not on it.
    assert line.evaluate("(node) => node.getBoundingClientRect().right") <= opened.locator(
        ".jp-Cell:has(.jp-InputPlaceholder) .jp-OutputArea-output"
    ).evaluate("(node) => node.getBoundingClientRect().left")
    line.focus()
    # Under the focus it says what it opens.
    assert line.inner_text().strip() == "COUNT"
    opened.keyboard.press("Enter")
    opened.wait_for_function("() => !document.querySelector('.jp-InputPlaceholder')")
    opened.wait_for_function("() => document.activeElement.closest('.jp-Cell')")


def test_no_line_ends_between_an_id_and_the_bracket_that_holds_it(opened):
    opened.wait_for_selector(".jp-MarkdownCell .af-row-id")
    held = opened.locator(".jp-MarkdownCell .af-unbroken")
    assert held.all_inner_texts() == ["(fc036),"]
    assert held.evaluate("(node) => getComputedStyle(node).whiteSpace") == "nowrap"
    assert opened.locator(".jp-MarkdownCell p").inner_text() == "So it was (fc036), as fc036 says; fc99999 is none."


# What a card says comes in one task, and what a screen reader is given comes after it.
TOLD = """async () => {
  const card = document.createElement('div');
  card.className = 'af-card';
  card.innerHTML = '<div class="af-status" role="status"></div><p class="af-note" role="status"></p>';
  document.querySelector('.af-workbook .af-frame').append(card);
  for (const one of card.children) one.replaceChildren('Read fc036 again.');
  for (let i = 0; i < 100; i++) await null;
  const ids = [...card.children].map((one) => one.querySelectorAll('.af-row-id').length);
  card.remove();
  return ids;
}"""


def test_an_id_in_what_a_card_says_is_a_button_before_it_is_read_out(opened):
    opened.wait_for_selector(".jp-MarkdownCell .af-row-id")
    assert opened.evaluate(TOLD) == [1, 0]


def test_an_id_in_a_table_opens_its_row(opened):
    opened.locator(".af-frame td .af-row-id", has_text="fc037").first.click()
    opened.wait_for_selector(".af-row-open:popover-open .af-record:has-text('fc037')")


def test_an_id_in_a_text_opens_its_row_by_keyboard_and_gives_the_focus_back(opened, desk):
    page = opened
    page.wait_for_selector(".jp-MarkdownCell .af-row-id")
    assert page.locator(".jp-MarkdownCell .af-row-id").all_inner_texts() == ["fc036"]
    page.locator(".af-row-id").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".af-row-open:popover-open .af-record")
    assert page.locator(".af-row-open").get_attribute("aria-label") == "fc036"
    assert page.locator(".jp-mod-editMode").count() == 0
    found = Axe().run(page, context=".af-row-open")
    assert found.response["violations"] == []
    desk.shot("row")
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.activeElement.className === 'af-row-id'")
    assert page.locator(".af-row-open:popover-open").count() == 0


def test_the_page_of_a_row_is_for_those_who_may_use_the_server(lab):
    import urllib.error
    import urllib.request

    assert "fc036" in lab.ask("/afteach/rows.json")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{lab.url}/afteach/rows.json", timeout=10)
    with pytest.raises(urllib.error.HTTPError, match="404"):
        lab.ask("/afteach/rows/nothing1.html")
