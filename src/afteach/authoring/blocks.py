"""What a written guide is made of, and how it is written: as Markdown or as one HTML page, from the same blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from afteach.look import direction
from afteach.pages.render import Table, render
from afteach.words import say
from afteach.workbook import workbook

BAR = "\\|"  # a bar within a cell


@dataclass(frozen=True)
class Heading:
    """A heading below a section's own."""

    text: str
    kind: ClassVar[str] = "heading"


@dataclass(frozen=True)
class Right:
    """A paragraph that gives the right answer."""

    text: str
    kind: ClassVar[str] = "right"


@dataclass(frozen=True)
class Items:
    """A list."""

    entries: list[str]
    kind: ClassVar[str] = "list"


@dataclass(frozen=True)
class Grid:
    """A table; `numbers` are the columns set to the right."""

    caption: str
    head: list[str]
    rows: list[list[str]]
    numbers: tuple[int, ...] = ()
    kind: ClassVar[str] = "grid"

    def as_table(self) -> Table:
        """The table of a page; all its cells may have back-ticks and emphasis."""
        return Table(self.caption, self.head, self.rows, self.numbers, rich=range(len(self.head)))


@dataclass(frozen=True)
class Card:
    """What belongs to one question, below its own heading."""

    title: str
    blocks: list[str | Right | Items | Grid]
    kind: ClassVar[str] = "card"


# Plain text is a paragraph.
Block = str | Heading | Right | Items | Grid | Card


class Section(NamedTuple):
    """One chapter of the guide: a key for links, a heading, and what stands below it."""

    key: str
    title: str
    blocks: list[Block]


def as_html(title: str, lead: str, chapters: list[Section]) -> str:
    """All chapters as one HTML page that opens from disk."""
    headings = [(chapter.key, chapter.title) for chapter in chapters]
    return direction.held(
        render(
            "guide.html.j2",
            described=workbook(),
            word=say,
            title=title,
            lead=lead,
            sections=headings,
            chapters=chapters,
        )
    )


def as_markdown(title: str, lead: str, chapters: list[Section]) -> str:
    """All chapters as Markdown."""
    parts = [f"# {title}", lead]
    for chapter in chapters:
        parts += [f"## {chapter.title}", *(text for block in chapter.blocks for text in _markdown(block))]
    return "\n\n".join(parts) + "\n"


def _markdown(block: Block) -> Iterator[str]:
    match block:
        case Heading(text):
            yield f"### {_line(text)}"
        case str(text) | Right(text):
            yield text.strip()
        case Items(entries):
            yield "\n".join(f"- {_line(entry)}" for entry in entries)
        case Grid(caption, head, rows, numbers):
            rule = ["---:" if place in numbers else "---" for place in range(len(head))]
            lines = map(_row, [head, rule, *rows])
            yield f"*{caption}*\n\n" + "\n".join(lines)
        case Card(title, blocks):
            yield f"#### {_line(title)}"
            for inner in blocks:
                yield from _markdown(inner)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(_line(cell).replace('|', BAR) for cell in cells)} |"


def _line(text: str) -> str:
    return " ".join(text.split())
