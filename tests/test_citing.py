"""Cite one row, several, or a table of rows: words for a terminal, source cards for a notebook."""

from __future__ import annotations

import pandas as pd
import pytest
import sample

import afteach
from afteach.answers import citing
from afteach.card import serving
from afteach.errors import AfteachError, UnknownName


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(sample.build(tmp_path)))


def test_one_row_is_a_text_and_a_source_card():
    cited = afteach.cite("ev01")
    assert cited == "ev01: First meeting (9 November 2018). “The long walk” (2020), paragraph P01."
    assert f"{cited}" == repr(cited) == str(cited)
    assert 'class="af-sources"' in cited._repr_html_() and "First meeting" in cited._repr_html_()


def test_several_rows_stand_one_after_the_other_each_once():
    cited = afteach.cite("ev01", "EV02 ", "ev01")
    assert [part[:4] for part in cited.split("\n\n")] == ["ev01", "ev02"]
    assert cited._repr_html_().count("First meeting") == 1
    assert afteach.cite(["ev01", "ev02"]) == cited == afteach.cite("ev01", pd.Series(["ev02"]))


def test_a_filtered_table_cites_its_rows_by_its_ids():
    events = afteach.load("events")
    assert afteach.cite(events[events["event_id"] == "ev02"]) == afteach.cite("ev02")
    # The id of its own table, where another stands beside it.
    assert afteach.cite(events[["claim_id", "event_id"]].head(1)) == afteach.cite("ev01")
    assert afteach.cite(events.head(0)) == "No row fits."


def test_a_table_without_ids_says_which_column_to_keep():
    with pytest.raises(AfteachError, match="Keep the column event_id"):
        afteach.cite(afteach.load("events")[["title"]])
    with pytest.raises(AfteachError, match="Name what to cite"):
        afteach.cite()
    with pytest.raises(UnknownName):
        afteach.cite("ev01", "ev99")


def test_of_very_many_rows_the_first_are_cited_and_the_rest_are_counted(monkeypatch):
    monkeypatch.setattr(citing, "MOST", 1)
    assert afteach.cite("ev01", "ev02").endswith("These are the first 1 of 2.")
    assert "These are the first 1 of 2." in afteach.cite("ev01", "ev02")._repr_html_()


def test_a_paragraph_and_a_source_can_stand_among_rows():
    cited = afteach.cite("P01", "ev01", "so002")
    assert len(cited.split("\n\n")) == 3
    assert cited._repr_html_().index("paragraph P01") < cited._repr_html_().index("First meeting")


def test_the_words_of_a_row_are_never_read_as_html(tmp_path, monkeypatch):
    events = sample.TABLES["events"].replace("First meeting", "<img src=x onerror=alert(1)>")
    monkeypatch.setitem(sample.TABLES, "events", events)
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(sample.build(tmp_path / "hostile")))
    assert "<img" not in afteach.cite("ev01")._repr_html_() and "&lt;img" in afteach.cite("ev01")._repr_html_()


def test_a_paragraph_in_a_text_opens_too_and_says_which_statements_were_taken_from_it():
    assert {"P01", "P01-1"} <= set(citing.ids())
    said = citing.card("P01")
    assert "paragraph P01" in said and "taken apart into 2 statements, P01-1 to P01-2." in said


def test_a_server_lists_the_ids_that_a_text_can_name_and_gives_a_card_for_each():
    assert {"ev01", "P01-1", "so002"} <= set(citing.ids())
    assert citing.card("ev01") == afteach.cite("ev01")._repr_html_()
    assert serving._jupyter_server_extension_points() == [{"module": "afteach.card.serving"}]
