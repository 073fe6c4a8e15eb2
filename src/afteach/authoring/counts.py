"""The numbers that an output states and that the reading under it repeats: where both are written, they must agree."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import nbformat

WORDS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
NUMBER_WORDS = {word: number for number, word in enumerate(WORDS, start=1)}
WRITTEN = rf"\d{{1,3}}(?:,\d{{3}})+|\d+|{'|'.join(NUMBER_WORDS)}"
NUMBER = re.compile(rf"(?<![\w.,/-])(?:{WRITTEN})(?![\w/-]|[.,]\d)", flags=re.I)
# "five of the fourteen". A chart's or a table's own rows and columns are no count of what it shows.
SHARE = re.compile(
    rf"(?<![\w.,/-])({WRITTEN}) of (?:the |these |those |its |your |our )?({WRITTEN})\b(?!-|[.,]\d| rows?\b| columns?\b)",
    flags=re.I,
)
# "the fourteen events", where the output counts events.
ALL = re.compile(rf"\b(?:all|the|these|those) ({WRITTEN}) (\w+s)\b", flags=re.I)
COUNTED = re.compile(rf"(?<![\w.,/-])({WRITTEN}) (\w+s)\b", flags=re.I)
YEAR = re.compile(r"(1[89]|20)\d\d|0\d+")
CARD = re.compile(r"\b(?:ask|check|hint|solution|progress|submit)\(")


def value(text: str) -> int:
    """A number as prose has it, in digits or in words up to twenty."""
    return NUMBER_WORDS.get(text.lower()) or int(text.replace(",", ""))


def numbers(text: str) -> set[int]:
    """All whole numbers of a text, in digits or in words up to twenty."""
    return {value(found) for found in NUMBER.findall(text)}


def said(cell: nbformat.NotebookNode) -> str:
    """All that the outputs of a cell say in words, the same sentence once."""
    parts: dict[str, None] = {}
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        for part in (output.get("text", ""), data.get("text/plain", ""), data.get("text/markdown", "")):
            text = part if isinstance(part, str) else "".join(part)
            parts[text.replace("\\", "").strip()] = None
    return "\n".join(part for part in parts if part)


class _Table(HTMLParser):
    """The cells of the body of a printed table, row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._open = self._body = False

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self._body = self._body or tag == "tbody"
        if self._body and tag == "tr":
            self.rows.append([])
        self._open = self._body and bool(self.rows) and tag in ("td", "th")
        if self._open:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._body = self._body and tag != "tbody"
        self._open = self._open and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self._open:
            self.rows[-1][-1] += data


def stated(cell: nbformat.NotebookNode) -> set[int]:
    """The numbers that the outputs of a cell give: written, or counted off a table: its rows, equal cells, and sums."""
    found = numbers(said(cell))
    for output in cell.get("outputs", []):
        page = output.get("data", {}).get("text/html", "")
        table = _Table()
        table.feed(page if isinstance(page, str) else "".join(page))
        found |= _counted(table.rows)
    # A Series is printed in two columns and has no HTML.
    pairs = [re.split(r"\s{2,}", line) for line in said(cell).splitlines()]
    return found | _counted([pair for pair in pairs if len(pair) == 2 and pair[1].isdecimal()])


def _counted(rows: list[list[str]]) -> set[int]:
    found = {len(rows)}
    for marked in zip(*rows, strict=False):
        column = [cell.replace(",", "") if cell.replace(",", "").isdecimal() else cell for cell in marked]
        found |= set(Counter(column).values())
        if all(cell.isdecimal() for cell in column):
            found.add(sum(map(int, column)))
    return found


def share_faults(above: nbformat.NotebookNode, text: str) -> list[str]:
    """Where the reading under an output speaks of "five of the fourteen", and the output gives no fourteen, or no five."""
    if CARD.search(above.source) or not said(above):
        return []
    there = stated(above)
    found = []
    prose = re.sub(r"`[^`]*`", " ", text)
    for share in SHARE.finditer(prose):
        part, whole = value(share[1]), value(share[2])
        if whole < 2 or part > whole or YEAR.fullmatch(share[2]):
            continue
        if whole not in there:
            found.append(f"'{share[0]}': there are no {share[2]} in the output above")
        elif part > 1 and part not in there | {whole - number for number in there}:
            found.append(f"'{share[0]}': there are no {share[1].lower()} in the output above")
    counted = {noun.lower() for _, noun in COUNTED.findall(said(above))}
    for whole, noun in ALL.findall(prose):
        if noun.lower() in counted and not YEAR.fullmatch(whole) and value(whole) not in there:
            found.append(f"'{whole} {noun}': the output above counts {noun}, and not {whole} of them")
    return found
