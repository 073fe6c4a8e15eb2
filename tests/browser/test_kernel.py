"""What a card says when its kernel is asleep, busy, restarted, killed or gone: true, with the next step, nothing lost."""

from __future__ import annotations

import contextlib
import json

import pytest

from .conftest import WATCH, Desk
from .test_cards import answered, asks, awake, badge, card, says, show

LONG = "ж陈 words" * 2500  # 20,000 letters, as many as are kept
BUSY = "import pathlib, time\nwhile not pathlib.Path('go').exists():\n    time.sleep(0.05)"


def restart(desk: Desk, _server) -> None:
    desk.menu("Kernel", "Restart Kernel…")
    desk.page.click(".jp-Dialog button.jp-mod-accept")


def kill(desk: Desk, server) -> None:
    (kernel,) = server.kernel_processes()
    kernel.kill()


def shut_down(desk: Desk, _server) -> None:
    desk.menu("Kernel", "Shut Down Kernel")


def dismiss(desk: Desk) -> None:
    """Close what Jupyter itself says of a kernel that died."""
    with contextlib.suppress(Exception):
        desk.page.click(".jp-Dialog button.jp-mod-accept", timeout=5000)


def lines(server, question_id: str) -> list[dict]:
    found = [json.loads(line) for file in server.answers.glob("*.jsonl") for line in file.read_text().splitlines()]
    return [line for line in found if line["q"] == question_id]


def test_a_busy_kernel_is_no_alarm_and_a_double_click_is_one_answer(place, desk):
    (place.work / "go").unlink(missing_ok=True)
    show(desk, place, *asks("ex-01"))
    desk.page.evaluate(WATCH)
    place.close_kernels()
    desk.open(place, place.write("busy.ipynb", "from afteach import ask", 'ask("ex-01")', BUSY))
    desk.page.evaluate(WATCH)
    desk.menu("Run", "Run All Cells")
    card(desk, "ex-01").wait_for()
    badge(desk, "ex-01", "Waking up")
    desk.page.wait_for_timeout(7000)
    badge(desk, "ex-01", "Waking up")
    card(desk, "ex-01").get_by_label("Anna").check()
    card(desk, "ex-01").locator("button[type=submit]").dblclick()
    says(desk, "ex-01", "Sent, not saved yet: the notebook is still at work.")
    assert card(desk, "ex-01").locator("button[type=submit]").get_attribute("aria-disabled") == "true"
    desk.shot(f"kernel-{place.app}-busy")
    (place.work / "go").touch()
    says(desk, "ex-01", "Right. She is the one. Anna did (P01-1). Saved.")
    assert len(lines(place, "ex-01")) == 1
    told = desk.page.evaluate("() => globalThis.alarms")
    assert [text for text in told if "Sent, not saved yet" not in text] == []


@pytest.mark.parametrize("gone", [restart, kill, shut_down], ids=["restarted", "killed", "shut-down"])
def test_a_kernel_that_is_gone_is_said_and_nothing_is_lost(place, desk, gone):
    show(desk, place, *asks("ex-01", "ex-08", "ex-03"))
    card(desk, "ex-01").get_by_label("Anna").check()
    card(desk, "ex-01").locator("button[type=submit]").click()
    says(desk, "ex-01", "Right. She is the one. Anna did (P01-1). Saved.")
    card(desk, "ex-08").locator("textarea").fill(LONG + " more")
    assert "20,005 of at most 20,000 letters" in card(desk, "ex-08").inner_text()
    card(desk, "ex-08").locator("button[type=submit]").click(force=True)
    card(desk, "ex-08").locator(".af-why", has_text="Shorten it by 5.").wait_for()

    # Jupyter's own word on a kernel that died lies over the page as soon as it is noticed: it is closed whenever it comes.
    died = desk.page.locator(".jp-Dialog", has_text="appears to have died")
    desk.page.add_locator_handler(died, lambda _: dismiss(desk), no_wait_after=True)
    gone(desk, place)
    if gone is not kill:
        badge(desk, "ex-03", "Asleep")  # else the next answer may still find its kernel
    card(desk, "ex-01").get_by_label("Clara").check()
    card(desk, "ex-01").locator("button[type=submit]").click()
    for one in ("ex-01", "ex-08"):
        says(desk, one, "Not saved: choose Run > Run All Cells. This browser keeps what you wrote")
        badge(desk, one, "Not saved")
    assert "Saved." not in card(desk, "ex-01").locator(".af-status").inner_text()
    assert "To wake it, choose Run > Run All Cells." in card(desk, "ex-03").inner_text()
    dismiss(desk)
    desk.shot(f"kernel-{place.app}-{gone.__name__}")
    assert answered(place) == {"ex-01": "a"}

    desk.menu("Run", "Run All Cells")
    if gone is shut_down:
        # JupyterLab 4.6 starts a kernel and then runs the first cell alone, in any notebook.
        place.wait_for_kernel()
        desk.page.wait_for_timeout(2000)
        desk.menu("Run", "Run All Cells")
    for one in ("ex-01", "ex-08"):
        says(desk, one, "This is from before and is not saved yet.")
    assert card(desk, "ex-01").get_by_label("Clara").is_checked()
    assert card(desk, "ex-08").locator("textarea").input_value() == LONG + " more"
    desk.shot(f"kernel-{place.app}-{gone.__name__}-after")
    card(desk, "ex-01").locator("button[type=submit]").click()
    says(desk, "ex-01", "Not yet. Clara is not in P01. Saved.")
    card(desk, "ex-08").locator("textarea").fill(LONG)
    card(desk, "ex-08").locator("button[type=submit]").click()
    says(desk, "ex-08", "Saved.")
    assert answered(place) == {"ex-01": "b", "ex-08": LONG}
    assert desk.page.evaluate("() => Object.keys(localStorage).filter((key) => key.includes('draft'))") == []
    desk.page.remove_locator_handler(died)


def test_a_server_that_is_gone_is_said_and_nothing_is_lost(place, desk):
    show(desk, place, *asks("ex-08", "ex-09"))
    card(desk, "ex-08").locator("textarea").fill(LONG)
    place.process.kill()
    place.process.wait()
    card(desk, "ex-09").get_by_label("in per cent").fill("seventy")
    for one in ("ex-08", "ex-09"):
        says(desk, one, "Not saved: the server of this notebook does not answer. When it runs again, choose Run >")
    desk.shot(f"kernel-{place.app}-server-gone")
    place.start(AFTEACH_WORKBOOK=str(place.folder))
    desk.open(place, "cards.ipynb")
    desk.run_all()
    awake(desk)
    assert card(desk, "ex-08").locator("textarea").input_value() == LONG
    assert card(desk, "ex-09").get_by_label("in per cent").input_value() == "seventy"
    says(desk, "ex-08", "This is from before and is not saved yet.")
    # Another page, perhaps somebody else's: nothing comes back by itself.
    desk.page = desk.context.new_page()
    desk.open(place, "cards.ipynb")
    desk.run_all()
    awake(desk)
    assert card(desk, "ex-09").get_by_label("in per cent").input_value() == ""
    offer = card(desk, "ex-09").locator(".af-offered:visible")
    assert "not saved is kept in this browser" in offer.inner_text()
    offer.get_by_role("button", name="Show it").click()
    assert card(desk, "ex-09").get_by_label("in per cent").input_value() == "seventy"
    # What a page says that asks a server which is gone.
    desk.errors[:] = [error for error in desk.errors if "Failed to fetch" not in error]
