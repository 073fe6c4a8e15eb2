"""Rows as source cards: the article on the left, each other record once on the right, everything escaped."""

from __future__ import annotations

import re

import pytest
import sample

from afteach.errors import UnknownName
from afteach.record import source_card

CHECKS = (
    "fact_check_id,claim_id,source_id,verdict,note\n"
    'fc001,P01-1,so002,agrees-in-part,"Seen <script>alert(1)</script> & noted."\n'
    "fc002,P01-1,,not-found,We have not found a record.\n"
)


CLAIMS = "claim_id,paragraph,relationship,statement,kind\nP01-1,P01,russia,Anna met Boris in the spring.,meeting\n"


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setitem(sample.TABLES, "claims", CLAIMS + "P01-2,P01,iran,They met.,\nP02-1,P02,russia,A truce.,\n")
    monkeypatch.setitem(sample.TABLES, "fact_checks", CHECKS)
    monkeypatch.setitem(sample.LINKS, "fact_checks", "claims")
    monkeypatch.setattr(sample, "WORKBOOK", sample.WORKBOOK.replace("[roles]\n", '[roles]\nchecks = "fact_checks"\n'))
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(sample.build(tmp_path)))
    return tmp_path


def test_a_statement_stands_once_beside_every_record_of_it(place):
    shown = source_card.html(["P01-1", "fc001", "ev01"], checks=True)
    assert shown.count("Anna met Boris in the spring.") == 1
    assert shown.count('class="af-group"') == 1
    for once in (
        "fc001",
        "fc002",
        "ev01",
        "agrees in part",
        "A second view",
        "Daily Paper · 3 May 2019 · who pays: private",
    ):
        assert shown.count(once) == 1, once
    assert shown.index("First meeting") < shown.index("fc001"), "what the article tells of stands on its side"


def test_without_checks_only_the_rows_that_are_named_are_shown(place):
    shown = source_card.html(["fc002"])
    assert "fc001" not in shown
    assert "Anna met Boris" in shown and "We have not found a record." in shown


def test_every_text_is_escaped_and_only_the_web_is_linked(place):
    shown = source_card.html(["fc001"])
    assert "<script>" not in shown and "&lt;script&gt;" in shown
    assert '<a href="https://example.org/a" target="_blank" rel="noopener noreferrer">A second view</a>' in shown
    sources = place / "data" / "sources.csv"
    sources.write_text(sources.read_text().replace("https://example.org/a", "javascript:alert(1)"))
    shown = source_card.html(["fc001"])
    assert "A second view" in shown and "<a " not in shown and "javascript" not in shown


def test_codes_that_are_asked_for_are_not_shown(place):
    assert "kind: meeting" in source_card.html(["P01-1"])
    assert "kind: meeting" not in source_card.html(["P01-1"], hidden={"kind"})


def test_an_id_that_is_none_is_named(place):
    with pytest.raises(UnknownName, match="fc999"):
        source_card.html(["fc999"])


def test_what_a_row_says_stands_in_lines_with_their_names_and_reads_as_a_sentence():
    """In the workbook itself: rows that name accuser, denial and what was shown."""
    shown = source_card.html(["oe19", "st05"])
    for line in (
        "<li><b>denial</b> no denial found</li>",
        "<li><b>claimed by</b> the author; ",
        "<li><b>standing</b> claimed</li>",
    ):
        assert line in shown
    assert "denied by no" not in shown


def test_no_look_of_a_source_card_is_also_one_of_a_question_card(root):
    """Evidence stands inside a card: a name that both use gives it two looks, and the last one wins."""
    package = root / "src" / "afteach"
    named = re.compile(r"\.(af-[a-z-]+)")
    inside = set(named.findall((package / "look" / "source.css").read_text(encoding="utf-8"))) - {"af-sources"}
    around = {
        name for path in (package / "card").rglob("*.css") for name in named.findall(path.read_text(encoding="utf-8"))
    }
    assert len(inside) > 8 and inside & around == set()
