"""What a reader sees before anything runs: tables, folded code, and the row behind an id. No kernel, nothing trusted."""

from __future__ import annotations

import nbformat
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe

from afteach import display

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
    html = [display.frame_html(FRAME), display.series_html(pd.Series([4, 1], index=["a", "b"], name="count"))]
    cells = [nbformat.v4.new_markdown_cell("So it was (fc036), as `fc036` says; fc99999 is none.")]
    for source, page in zip(("from afteach import load", "COUNT"), html, strict=True):
        output = nbformat.v4.new_output("display_data", {"text/html": page, "text/plain": source})
        cells.append(nbformat.v4.new_code_cell(source, outputs=[output]))
    cells[2].metadata["jupyter"] = {"source_hidden": True}
    made = nbformat.v4.new_notebook(cells=cells)
    made.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(made, lab.work / "reading.ipynb")
    desk.look_at(lab, "reading.ipynb")
    desk.page.wait_for_selector(".af-frame table")
    yield desk.page
    lab.close_kernels()


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
    assert opened.evaluate("document.activeElement.closest('.jp-Cell') !== null")


def test_no_line_ends_between_an_id_and_the_bracket_that_holds_it(opened):
    opened.wait_for_selector(".jp-MarkdownCell .af-row-id")
    held = opened.locator(".jp-MarkdownCell .af-unbroken")
    assert held.all_inner_texts() == ["(fc036),"]
    assert held.evaluate("(node) => getComputedStyle(node).whiteSpace") == "nowrap"
    assert opened.locator(".jp-MarkdownCell p").inner_text() == "So it was (fc036), as fc036 says; fc99999 is none."


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
