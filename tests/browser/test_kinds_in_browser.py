"""Kinds of question that are no list of buttons: words to mark, lines to leave out, a grid to tap."""

from __future__ import annotations

import json
from pathlib import Path

import sample

from .conftest import Desk
from .test_cards import asks, card, focused, says, show

KINDS = ("ex-13", "ex-14", "ex-15")


def kept(server) -> dict:
    lines = [json.loads(line) for file in server.answers.glob("*.jsonl") for line in file.read_text().splitlines()]
    return {line["q"]: line["answer"] for line in lines}


def pressed(desk: Desk) -> list[str]:
    return card(desk, "ex-13").locator('button[aria-pressed="true"] > :first-child').all_text_contents()


def test_each_is_answered_by_keyboard_alone(only_lab, desk):
    show(desk, only_lab, *asks(*KINDS))
    press = desk.page.keyboard.press

    card(desk, "ex-13").locator("button.af-word").first.focus()
    for key in ("ArrowRight", "ArrowDown", "Space", "Home", "End", "ArrowLeft", "ArrowLeft", "ArrowLeft", "Enter"):
        press(key)
    assert pressed(desk) == ["said", "reportedly"]
    press("Space")
    assert pressed(desk) == ["said"], "the space bar takes a mark back"
    press("Space")
    press("Tab")
    assert not focused(desk).startswith("offered"), "all words together are one tab stop"
    card(desk, "ex-13").get_by_role("button", name="Check").focus()
    press("Enter")
    says(desk, "ex-13", "Right.")

    out = card(desk, "ex-14").get_by_role("button", name='Leave out: russia = events["relationship"] = "russia"')
    out.focus()
    press("Enter")
    says(desk, "ex-14", "left out.")
    assert focused(desk) == "Put back"
    up = card(desk, "ex-14").get_by_role("button", name='Move up: russia = events["relationship"] == "russia"')
    up.focus()
    press("ArrowUp")
    card(desk, "ex-14").get_by_role("button", name="Check").focus()
    press("Enter")
    says(desk, "ex-14", "Right.")

    card(desk, "ex-15").get_by_role("radio").first.focus()
    press("Space")
    press("Tab")
    press("Space")
    press("ArrowRight")
    press("Tab")
    press("Space")
    card(desk, "ex-15").get_by_role("button", name="Check").focus()
    press("Enter")
    says(desk, "ex-15", "Right.")
    assert kept(only_lab) == {
        "ex-13": [3, 11], "ex-14": ["mask", "keep", "count"], "ex-15": {"one": "r", "two": "i", "three": "r"},
    }  # fmt: skip


def test_each_is_answered_with_the_pointer_and_comes_back_as_it_was(only_lab, desk):
    show(desk, only_lab, *asks(*KINDS))
    for name in ("met", "said"):
        card(desk, "ex-13").get_by_role("button", name=name, exact=True).click()
    card(desk, "ex-14").get_by_role("button", name="Leave out: len(rows)").click()
    card(desk, "ex-14").get_by_role("button", name="Put back: len(rows)").click()
    card(desk, "ex-14").get_by_role("button", name="Leave out: rows = events[russia]").click()
    for row in ("The first", "The second", "The truce"):
        card(desk, "ex-15").get_by_role("radiogroup", name=row).get_by_text("Iran").click(force=True)
    for one in KINDS:
        card(desk, one).get_by_role("button", name="Check").click()
        says(desk, one, "Saved.")
    show(desk, only_lab, *asks(*KINDS), keep=True)
    assert pressed(desk) == ["said", "met"]
    assert card(desk, "ex-13").locator("[data-mark]").all_text_contents() == ["met×(your answer: not right)"], (
        "and the right one is not told"
    )
    assert card(desk, "ex-14").locator(".af-left-out code").all_text_contents() == ["rows = events[russia]"]
    assert (
        card(desk, "ex-15").locator("input:checked").evaluate_all("(all) => all.map((one) => one.value)") == ["i"] * 3
    )


def test_a_screen_reader_is_told_all_of_them(only_lab, desk):
    """The accessibility tree of each, one word marked wrong and one line left out, as in screen_reader_kinds.txt."""
    show(desk, only_lab, *asks(*KINDS))
    card(desk, "ex-13").get_by_role("button", name="met", exact=True).click()
    card(desk, "ex-13").get_by_role("button", name="Check").click()
    says(desk, "ex-13", "Saved.")
    card(desk, "ex-14").get_by_role("button", name="Leave out: len(rows)").click()
    says(desk, "ex-14", "left out.")
    told = "\n\n".join(f"# {one}\n{card(desk, one).aria_snapshot()}" for one in KINDS) + "\n"
    expected = Path(__file__).with_name("screen_reader_kinds.txt")
    assert told == expected.read_text(encoding="utf-8")


def test_axe_finds_nothing_and_a_narrow_page_loses_nothing(only_lab, desk):
    show(desk, only_lab, *asks(*KINDS))
    card(desk, "ex-13").get_by_role("button", name="said", exact=True).click()
    card(desk, "ex-14").get_by_role("button", name="Leave out: len(rows)").click()
    # Of 730 the list of files takes 330.
    for scheme, width in (("light", 1366), ("dark", 1366), ("light", 730)):
        desk.look(width, 768, scheme)
        for one in KINDS:
            card(desk, one).scroll_into_view_if_needed()
            desk.shot(f"kind-{one}-{scheme}-{width}")
        assert desk.hard_to_use(".af-card") == [], (scheme, width)
        wide = "(all) => all.filter((one) => one.scrollWidth > one.clientWidth).length"
        assert desk.page.locator(".af-card").evaluate_all(wide) == 0, width


def test_what_is_chosen_from_a_list_is_read_whole_however_long_it_is(only_lab, desk, tmp_path):
    sample.build(tmp_path)
    bank = tmp_path / "data" / "questions" / "00-example.toml"
    long = "went over the pass in the second winter of the war, and came back alone in the third"
    assert 'text = "went"' in bank.read_text()
    bank.write_text(bank.read_text().replace('text = "went"', f'text = "{long}"'))
    show(desk, only_lab, f"import os; os.environ['AFTEACH_WORKBOOK'] = {str(tmp_path)!r}", 'ask("ex-05")')
    desk.look(730, 768)
    card(desk, "ex-05").locator("select").first.select_option("went")
    read = """(chosen) => {
      const list = chosen.closest(".af-card").querySelector("select");
      const [inner, outer] = [chosen, list].map((one) => one.getBoundingClientRect());
      const room = { lines: inner.height > 40, above: inner.top >= outer.top, below: inner.bottom <= outer.bottom };
      const clipped = chosen.scrollWidth > chosen.clientWidth || outer.right > list.closest("fieldset").getBoundingClientRect().right;
      return { text: chosen.textContent, ...room, clipped, own: getComputedStyle(list).webkitTextFillColor };
    }"""
    seen = card(desk, "ex-05").locator(".af-chosen").first.evaluate(read)
    fits = {"text": long, "lines": True, "above": True, "below": True, "clipped": False}
    # The list's own line, cut off, is not seen beneath it.
    assert seen == {**fits, "own": "rgba(0, 0, 0, 0)"}
    card(desk, "ex-05").locator("select").first.press("ArrowUp")
    assert card(desk, "ex-05").locator(".af-chosen").all_text_contents() == ["came", "choose…"]
