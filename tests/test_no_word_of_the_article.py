"""The engine knows no article: no word of this one stands in src/, code, styles and templates alike."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from afteach.record import tables
from afteach.workbook import workbook

SRC = Path(__file__).resolve().parent.parent / "src"
TEXT = {".py", ".js", ".css", ".html", ".toml", ".json", ".csv", ".md", ".ipynb", ".jinja", ".j2", ".pyi"}
# Kinds of table that every workbook may have, and words of plain English or of computing.
GENERIC_TABLES = {
    "claims",
    "events",
    "figures",
    "stances",
    "fact_checks",
    "codings",
    "actors",
    "places",
    "sources",
    "outside_events",
}
PLAIN = {
    "region",
    "india",
    "delhi",
    "persian",
    "state",
    "states",
    "council",
    "united",
}  # India also names numerals and scripts


def words_of_the_article() -> set[str]:
    """Names of its ties, places and actors, and of the tables and columns of counts that only it has."""
    names = set(workbook().ties) | set(tables.labels().values()) | set(workbook().charts)
    for table, columns in (("places", ("label", "country")), ("actors", ("label",))):
        names |= {row[column] for row in tables.records(table) for column in columns}
    names |= {part for name in names for part in re.findall(r"[A-Z][\w’'-]{4,}", name)}
    for table in set(tables.names()) - GENERIC_TABLES:
        names.add(table)
    return {name.casefold() for name in names if len(name) > 3} - PLAIN


def found(text: str, names: set[str]) -> list[str]:
    pattern = rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?![\w-])"
    return re.findall(pattern, text.casefold())


WORDS = words_of_the_article()


@pytest.mark.parametrize("path", sorted(p for p in SRC.rglob("*") if p.suffix in TEXT), ids=lambda p: p.name)
def test_no_word_of_the_article_stands_in_the_engine(path):
    assert found(path.read_text(encoding="utf-8"), WORDS) == []


def test_the_words_are_those_of_the_data_and_are_found_in_any_text():
    assert {"taliban", "kabul", "united-states", "troop_levels", "doha", "troops"} <= WORDS
    assert found("Talks in DOHA, with the Taliban.", WORDS) == ["doha", "the taliban"]
