"""Reading, describing and citing tables."""

from __future__ import annotations

import math

import pandas as pd
import pytest
import sample

from afteach.errors import AfteachError, DataFault, UnknownName
from afteach.record import agreement, citations, dates, descriptions, soundness, tables


@pytest.fixture
def small(tmp_path, monkeypatch):
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(sample.build(tmp_path)))
    return tmp_path / "data"


def test_a_written_date_becomes_the_days_it_can_mean(small):
    events = tables.load("events").set_index("event_id")
    assert events.loc["ev01", "start"] == events.loc["ev01", "end"] == pd.Timestamp(2018, 11, 9)
    assert (events.loc["ev02", "start"], events.loc["ev02", "end"]) == (
        pd.Timestamp(2018, 12, 1),
        pd.Timestamp(2019, 2, 3),
    )
    assert (events.loc["ev03", "start"], events.loc["ev03", "end"]) == (
        pd.Timestamp(2019, 1, 1),
        pd.Timestamp(2019, 12, 31),
    )
    assert pd.isna(events.loc["ev04", "start"])
    assert list(events["precision"]) == ["day", "span", "year", "none"]
    assert list(events["when"]) == ["9 November 2018", "December 2018 to 3 February 2019", "2019", "not dated"]


def test_types_come_from_the_data_package(small):
    events = tables.load("events")
    assert events["weight"].dtype == "float64"
    assert events["public"].isna().sum() == 1
    assert pd.isna(tables.load("figures")["as_of"][1])


def test_a_table_with_as_of_gets_days_too(small):
    figures = tables.load("figures")
    assert figures["as_of"][0] == "2019"
    assert figures["end"][0] == pd.Timestamp(2019, 12, 31)


def test_a_loaded_table_is_the_callers_own(small):
    claims = tables.load("claims")
    claims.loc[0, "statement"] = "changed"
    assert tables.load("claims").loc[0, "statement"] != "changed"


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2019-05-28", "2019-05-30", "28 to 30 May 2019"),
        ("2019-06", "2019-09", "June to September 2019"),
        ("2007", "2013", "2007 to 2013"),
        ("2018-12-30", "2019-01-02", "30 December 2018 to 2 January 2019"),
    ],
)
def test_a_span_is_written_as_a_reader_would(start, end, words):
    assert dates.span({"start": start, "end": end}).when == words


@pytest.mark.parametrize("start", ["2019-13", "2019-02-30", "19", "May 2019", "2019-2-1"])
def test_a_date_that_is_none_is_refused(start):
    with pytest.raises(ValueError, match=start):
        dates.span({"start": start})


def test_an_unknown_table_gets_a_suggestion(small):
    with pytest.raises(UnknownName, match=r"There is no table called 'event'\. Did you mean 'events'\?"):
        tables.load("event")


def test_unknown_names_are_lookup_errors_and_ours():
    assert issubclass(UnknownName, LookupError) and issubclass(UnknownName, AfteachError)


@pytest.mark.parametrize(
    ("table", "old", "new", "reason"),
    [
        ("events", "2.5", "heavy", r"events.csv, row 2: weight 'heavy' is not of type number"),
        ("events", "2018-11-09", "2018-11-31", r"events.csv, row 2: .*not a date of the calendar"),
        ("events", "russia", "rusia", r"events.csv, row 2: relationship 'rusia' is none of"),
        ("events", "ev02", "ev01", r"events.csv, row 3: the id 'ev01' is taken"),
        ("claims", "P01-2,P01,", "P01-2,", r"claims.csv, row 3: 3 fields, 4 expected"),
        ("claims", "claim_id,", "claimid,", r"claims.csv, row 1: the columns differ"),
        ("events", "First", '"First', r"events.csv, row \d"),
    ],
)
def test_a_broken_table_names_file_row_and_reason(small, table, old, new, reason):
    path = small / f"{table}.csv"
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(DataFault, match=reason):
        tables.load(table)


def test_a_table_that_is_not_utf8_or_missing_is_a_fault(small):
    (small / "claims.csv").write_bytes(b"claim_id,paragraph\n\xff")
    with pytest.raises(DataFault, match="not UTF-8"):
        tables.load("claims")
    (small / "claims.csv").unlink()
    with pytest.raises(DataFault, match="missing"):
        tables.load("claims")


def test_a_broken_data_package_is_a_fault(small):
    (small / "datapackage.json").write_text("{")
    with pytest.raises(DataFault, match=r"datapackage\.json"):
        tables.load("claims")


def test_a_key_that_leads_nowhere_is_a_fault(small):
    path = small / "events.csv"
    path.write_text(path.read_text().replace("P02-1", "P09-9", 1))
    assert soundness.faults("events") == ["events.csv, row 4: claim_id 'P09-9' is not in claims."]


def test_the_date_of_the_article_is_written_as_a_reader_would(small):
    path = small / "sources.csv"
    path.write_text(path.read_text().replace(",2020,", ",2019-11,"))
    assert citations.cite("P02") == "“The long walk” (November 2019), paragraph P02."
    path.write_text(path.read_text().replace(",2019-11,", ",,"))
    assert citations.cite("P02") == "“The long walk” (no date), paragraph P02."


def test_cite_gives_one_reference_for_a_paragraph_a_row_and_a_source(small):
    assert citations.cite("P02") == "“The long walk” (2020), paragraph P02."
    assert citations.cite("ev01") == "ev01: First meeting (9 November 2018). “The long walk” (2020), paragraph P01."
    assert "Daily Paper, “A second view”, 3 May 2019" in citations.cite("so002")
    with pytest.raises(UnknownName, match="P03"):
        citations.cite("P03")
    with pytest.raises(UnknownName, match="ev09"):
        citations.cite("ev09")


def test_describe_tells_rows_columns_codes_and_limits(small):
    for text in (repr(descriptions.Description("events")), descriptions.Description("events")._repr_markdown_()):
        for part in ("4 rows", "weight", "With Moscow (P01-1).", "Nobody counted", "added by load"):
            assert part in text


def test_describe_publishes_the_agreement_of_two_passes(small):
    total, raw, value = agreement.of("kind")
    assert (total, raw) == (3, 2 / 3)
    assert math.isclose(value, (2 / 3 - 4 / 9) / (1 - 4 / 9))
    assert "67% of 3 rows (Cohen's kappa 0.40)" in repr(descriptions.Description("claims"))


def test_kappa_is_undefined_where_everybody_says_the_same():
    assert math.isnan(agreement.kappa([("a", "a")])[2])
    assert math.isnan(agreement.kappa([])[1])


def test_a_relationship_is_known_by_id_and_by_label(small):
    assert tables.relationship_id("Russia") == tables.relationship_id("russia") == "russia"
    with pytest.raises(UnknownName, match="Did you mean 'russia'"):
        tables.relationship_id("Rusia")


def test_two_tables_cannot_share_an_id(small):
    path = small / "figures.csv"
    path.write_text(path.read_text().replace("fg01", "ev01"))
    assert soundness.all_faults() == ["figures.csv: the id 'ev01' is also used in events."]


def test_a_row_with_a_fault_is_not_cited_and_its_fault_is_told(small):
    path = small / "events.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2.5", "heavy"), encoding="utf-8")
    with pytest.raises(DataFault, match=r"events\.csv, row 2: weight 'heavy'"):
        citations.cite("ev01")
    assert str(citations.cite("ev02")).startswith("ev02: Second meeting")
