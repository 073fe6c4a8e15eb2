"""The desk: records opened one by one, and how far one leans on a statement."""

from __future__ import annotations

import json

from .conftest import Desk
from .test_cards import asks, badge, card, focused, says, show

NOTE = "af-desk-note"


def kept(server) -> list[dict]:
    return [
        json.loads(line)["answer"] for file in server.answers.glob("*.jsonl") for line in file.read_text().splitlines()
    ]


def unfolded(desk: Desk) -> list[str]:
    return desk.page.locator(f".{NOTE}:visible").all_text_contents()


def test_records_are_opened_and_leaned_on_by_keyboard_alone(only_lab, desk):
    show(desk, only_lab, *asks("ex-16"))
    page, press, one = desk.page, desk.page.keyboard.press, card(desk, "ex-16")
    assert "A second view" in one.text_content() and not unfolded(desk)
    one.get_by_role("slider").focus()
    press("ArrowRight")
    one.get_by_role("button", name="Open: The long walk").focus()
    press("Enter")
    page.wait_for_selector(f".{NOTE}:visible")
    assert "that was all before your answer" in one.text_content()
    assert focused(desk) == "Fold"
    press("Tab")
    assert focused(desk) == "Open"
    press("Enter")
    says(desk, "ex-16", "One record may be opened before the first answer.")
    assert len(unfolded(desk)) == 1

    one.get_by_label("As a number, of 100").fill("90")
    press("Enter")
    badge(desk, "ex-16", "Not yet")
    # What is said first is the verdict; how much is open comes after it.
    one.get_by_text("after an answer all may be opened").wait_for()
    one.get_by_role("button", name="Open: A second view").press("Enter")
    page.wait_for_function(f"() => document.querySelectorAll('.{NOTE}:not([hidden])').length === 2")
    one.get_by_label("As a number, of 100").fill("20")
    press("Enter")
    says(desk, "ex-16", "Right.")
    assert kept(only_lab) == [{"lean": 90, "trail": [51, "so001"]}, {"lean": 20, "trail": [51, "so001", 90, "so002"]}]
    page.wait_for_selector(".af-reveal h4")
    told = one.locator(".af-reveal").inner_text()
    assert "The records support 0 to 35 of 100; you leaned 20." in told and "Carries weight: It was there" in told
    desk.shot("desk")


def test_what_was_opened_and_not_answered_comes_back_with_its_notes(only_lab, desk):
    show(desk, only_lab, *asks("ex-16"))
    card(desk, "ex-16").get_by_role("button", name="Open: A second view").click()
    desk.page.wait_for_selector(f".{NOTE}:visible")
    show(desk, only_lab, *asks("ex-16"), keep=True)
    desk.page.wait_for_selector(f".{NOTE}:visible")
    assert "that was all" in card(desk, "ex-16").text_content()
    assert not kept(only_lab)


def test_a_desk_has_no_fault_that_axe_finds_and_a_narrow_one_loses_nothing(only_lab, desk):
    show(desk, only_lab, *asks("ex-16"))
    card(desk, "ex-16").get_by_role("button", name="Open: A second view").click()
    desk.page.wait_for_selector(f".{NOTE}:visible")
    card(desk, "ex-16").get_by_label("As a number, of 100").fill("10")
    card(desk, "ex-16").get_by_role("button", name="Check").click()
    desk.page.wait_for_selector(".af-reveal h4")
    # Of 730 the list of files takes 330.
    for scheme, width in (("dark", 1366), ("light", 730)):
        desk.look(width, 768, scheme)
        card(desk, "ex-16").scroll_into_view_if_needed()
        desk.shot(f"desk-{scheme}-{width}")
        assert desk.hard_to_use(".af-card") == [], scheme
        assert not card(desk, "ex-16").evaluate("(node) => node.scrollWidth > node.clientWidth"), width
