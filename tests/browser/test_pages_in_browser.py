"""The report, the guide and the page that a student keeps, opened from disk."""

from __future__ import annotations

import json

import pytest
from axe_playwright_python.sync_playwright import Axe

from afteach.answers import page_to_keep, seal
from afteach.answers.log import read, record
from afteach.cli import main
from afteach.questions.model import bank, fingerprint

from .conftest import Desk


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The pages, made from the real bank and invented answers."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        return write_pages(tmp_path_factory, monkeypatch)


def write_pages(tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("pages")
    (folder / "in").mkdir()
    single = [one for one in bank().values() if one.kind == "choice" and not one.guess]
    reflect = next(one for one in bank().values() if one.kind == "reflect")
    for student in range(12):
        lines = [
            {"v": 1, "header": True, "name": f"S{student}", "version": "0", "bank": "x", "at": "2026-05-03T10:00:00Z"}
        ]
        given = [(one, one.choices[(student + place) % len(one.choices)].id) for place, one in enumerate(single)]
        for number, (one, answer) in enumerate([*given, (reflect, "Who counted, and when?")]):
            lines.append({"v": 1, "id": f"{student}-{number}", "q": one.id, "f": fingerprint(one), "answer": answer,
                          "at": "2026-05-03T10:00:00.000Z", "try": 1, "sure": "certain"})  # fmt: skip
        (folder / "in" / f"{student}.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n")
    assert main(["grade", str(folder / "in"), "--out", str(folder / "out")]) == 0
    assert main(["guide", "--out", str(folder / "out" / "guide.html")]) == 0
    monkeypatch.setenv("AFTEACH_ANSWERS", str(folder / "answers"))
    for one in bank().values():
        if one.keeps_text:
            row = next(row for row in one.evidence if not seal.table_of(row))
            assert record(one, f"Nobody counted ({row}). " + 12 * "Long, and with a word for each of its sides. ").ok
        elif one.foretells or one.in_cell:
            assert record(one, 0.7 if one.foretells else one.right_answers()[0]).ok
    (folder / "out" / "keep.html").write_text(page_to_keep.html("Bluebird", read()), encoding="utf-8")
    return folder / "out"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["report", "guide", "keep"])
def test_a_page_opens_without_a_network_and_axe_finds_nothing(pages, browser, name, scheme):
    desk = Desk(browser, color_scheme=scheme)
    desk.page.goto((pages / f"{name}.html").as_uri())
    desk.strangers[:] = [url for url in desk.strangers if not url.startswith("file:")]
    found = Axe().run(desk.page, options={"resultTypes": ["violations"]})
    told = [
        (fault["id"], [node["html"][:120] for node in fault["nodes"]][:3]) for fault in found.response["violations"]
    ]
    cut = desk.page.evaluate(
        "() => [...document.querySelectorAll('.scroll')].filter((box) => box.scrollWidth > box.clientWidth + 1).length"
    )
    strangers, errors = desk.strangers, desk.errors
    desk.shot(f"{name}-{scheme}")
    desk.close()
    assert (told, cut, strangers, errors) == ([], 0, [], [])


def test_reflections_can_be_searched(pages, desk):
    desk.page.goto((pages / "report.html").as_uri())
    desk.strangers.clear()
    box = desk.page.locator("input[type=search], .find input").first
    box.scroll_into_view_if_needed()
    everyone = desk.page.locator("blockquote.said").count()
    box.fill("nothing has this in it")
    desk.page.wait_for_function(
        "() => ![...document.querySelectorAll('blockquote')].some((one) => one.checkVisibility())"
    )
    box.fill("who counted")
    desk.page.wait_for_function(
        "(n) => [...document.querySelectorAll('blockquote')].filter((one) => one.checkVisibility()).length === n",
        arg=everyone,
    )


@pytest.mark.parametrize("name", ["report", "guide", "keep"])
def test_a_page_is_never_wider_than_a_telephone(pages, desk, name):
    """A long address of a source may not push the page aside; only a table scrolls, in itself."""
    desk.page.set_viewport_size({"width": 400, "height": 900})
    desk.page.goto((pages / f"{name}.html").as_uri())
    desk.strangers.clear()
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= 400
