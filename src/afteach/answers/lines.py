"""One answer as one line, and the first line of a file to hand in. Nothing here opens a file."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

import msgspec

from afteach.questions.model import fingerprint
from afteach.questions.question import LONGEST_ID, Question

FORMAT = 1
MOST_BYTES_A_LINE = 200_000
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|\+00:00)")


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One answer as it is logged; it holds no verdict that anyone would have to believe."""

    v: int
    id: str
    q: str
    f: str
    answer: Any
    at: str
    try_: int = msgspec.field(name="try")
    hints: int = 0
    sure: str = ""
    shown: bool = False  # whether the text that teaches the answer was opened before it

    def __post_init__(self) -> None:
        if self.v != FORMAT:
            raise ValueError(f"format {self.v} is not known here")
        # A class is a hundred thousand lines, and each is checked here.
        if not (0 < len(self.id) <= LONGEST_ID and 0 < len(self.q) <= LONGEST_ID):
            raise ValueError("an id is empty or too long")
        if len(self.f) > LONGEST_ID or len(self.sure) > 20:
            raise ValueError("an id is empty or too long")
        if not MOMENT.fullmatch(self.at):
            raise ValueError("the time is not UTC in ISO form")
        if not 1 <= self.try_ <= 1_000_000 or not 0 <= self.hints <= 1_000_000:
            raise ValueError("a count is out of range")

    @property
    def order(self) -> tuple[int, str, str]:
        """What makes one answer later than another: try, then time, then id; a clock may jump, a try does not."""
        return (self.try_, self.at, self.id)


class Header(msgspec.Struct, frozen=True):
    """The first line of a file to hand in; nothing in it is believed but the name and the date."""

    header: bool
    v: int = 0
    name: str = ""
    at: str = ""


class _Version(msgspec.Struct):
    v: int


_decode = msgspec.json.Decoder(Line).decode
_decode_version = msgspec.json.Decoder(_Version).decode
_decode_header = msgspec.json.Decoder(Header).decode
encode = msgspec.json.Encoder().encode
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class Newer(ValueError):
    """A line that a later version of afteach wrote."""


def parse(raw: bytes) -> Line:
    """Read one line; ValueError says what is wrong with it, whatever the bytes are."""
    if len(raw) > MOST_BYTES_A_LINE:
        raise ValueError(f"a line of {len(raw):,} bytes is too long")
    try:
        return _decode(raw)
    except _UNREADABLE as fault:
        if _version(raw) > FORMAT:
            raise Newer(f"a newer version of afteach wrote this (format {_version(raw)})") from None
        raise ValueError(str(fault)) from None


def _version(raw: bytes) -> int:
    try:
        return _decode_version(raw).v
    except _UNREADABLE:
        return 0


def parse_header(raw: bytes) -> Header | None:
    """Read the first line of a file to hand in; None where it is no such line."""
    if b'"header"' not in raw or len(raw) > MOST_BYTES_A_LINE:
        return None
    try:
        found = _decode_header(raw)
    except _UNREADABLE:
        return None
    return found if found.header else None


def header(name: str, version: str, bank: str) -> bytes:
    """The first line of a file to hand in."""
    at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return encode({"v": FORMAT, "header": True, "name": name, "version": version, "bank": bank, "at": at}) + b"\n"


def body(lines: Iterable[Line]) -> bytes:
    """The lines of a file to hand in."""
    return b"".join(encode(line) + b"\n" for line in lines)


def is_outdated(line: Line, question: Question) -> bool:
    """Whether the question has changed since this answer was given."""
    return line.f != fingerprint(question)
