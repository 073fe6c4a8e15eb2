"""Bytes as text: what Excel, Word, Windows and macOS make of a file of lines, undone where that is certain."""

from __future__ import annotations

import contextlib
import csv
import io
import re
import unicodedata
from collections.abc import Iterator

from afteach.answers.page_to_keep import GENERATOR

FIELDS = "v|id|q|f|answer|at|try|hints|sure|shown|header|name|version|bank"
LOST_KEY = re.compile(rf"^({FIELDS}):")
LOST_QUOTES = re.compile(r"^([^\[\]{}:,\"]*[^\[\]{}:,\"\d\s.-][^\[\]{}:,\"]*)(?=[\]}]*$)")
MOST_LETTERS_OF_A_ROW = 400_000
EXCEL = "a spreadsheet had put quotation marks around its lines; they were taken off"
CURLED = "a word processor had made its quotation marks curly; they were made straight again"
QUOTES = str.maketrans("“”„‟″", '"""""')


def plain(raw: bytes) -> tuple[bytes, list[str]]:
    """The bytes as UTF-8 without a mark, and a note for everything that had to be undone.

    Errors: ValueError says why these bytes are no text.
    """
    notes = []
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        with contextlib.suppress(UnicodeError):
            raw = raw.decode("utf-16").encode()
            notes.append("it was saved as UTF-16; it was read all the same")
        if not notes:
            raise ValueError("it is neither UTF-8 nor whole UTF-16")
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    if b"\0" in raw[:4096]:
        raise ValueError("it is no text")
    if not raw.isascii():
        raw, note = _utf8(raw)
        notes += [note] if note else []
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    return raw, notes


def _utf8(raw: bytes) -> tuple[bytes, str]:
    try:
        raw.decode()
        return raw, ""
    except UnicodeDecodeError:
        pass
    kept = raw.decode("utf-8", "surrogateescape")
    broken = sum("\udc80" <= c <= "\udcff" for c in kept)
    whole = sum(c > "\x7f" for c in kept) - broken
    if whole >= broken:
        # UTF-8 with damage in it: a damaged line is found when it is read.
        return raw, ""
    with contextlib.suppress(UnicodeDecodeError):
        text = raw.decode("cp1252")
        if western(text):
            return text.encode(), "it was saved in the code page cp1252; it was read all the same"
    # Which letters were meant, nobody can say; ids and numbers are whole, and a wrong name would be worse than none.
    text = raw.decode("ascii", "replace")
    return text.encode(), "it was saved in a code page that is not known; letters beyond English stand as \ufffd"


def western(text: str) -> bool:
    """Whether a text that was taken for cp1252 looks it: accented letters hardly ever stand three in a row."""
    return not re.search(r"[\u00c0-\u00ff\u0152-\u0192¡-¿]{3}", text)


def lines(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """The lines of a file that are not blank, with their numbers, without copying the whole."""
    for number, line in enumerate(io.BytesIO(raw), start=1):
        if line := line.strip():
            yield number, line


def unwrapped(line: bytes) -> list[bytes]:
    """What a line may have been before a spreadsheet or a word processor put quotation marks into it, likeliest first.

    Nothing, where it does not look like that.
    """
    if len(line) > MOST_LETTERS_OF_A_ROW:
        return []
    if line.startswith("{“".encode()) or line.startswith("{„".encode()):
        return [line.decode("utf-8", "replace").translate(QUOTES).encode()]
    if not line.startswith(b'"{'):
        return []
    try:
        [cells] = csv.reader(io.StringIO(line.decode(), newline=""))
    except (csv.Error, ValueError):
        return []
    while cells and not cells[-1].strip():
        cells.pop()
    if len(cells) == 1:
        # A reader of another list separator leaves its empty cells behind.
        return [cells[0].rstrip(",;\t ").encode()]
    # Excel cuts a line at its commas, and takes the quotation marks of a word that begins a cell for its own.
    again = [LOST_KEY.sub(r'"\1":', cell) for cell in cells]
    whole = [again[0], *(LOST_QUOTES.sub(r'"\1"', cell) for cell in again[1:])]
    return [",".join(again).encode(), ",".join(whole).encode()]


# The names inside a zip: the format knows cp437 and UTF-8, and programs write what their system uses.
CODE_PAGES = (("cp437", "LATIN"), ("cp866", "CYRILLIC"), ("gb2312", "CJK"), ("cp1252", "LATIN"), ("cp1251", "CYRILLIC"))
# The Chinese letters of every day; bytes of other pages seldom fall among them alone.
COMMON_HANZI = re.compile(rb"(?:[\x00-\x7f]|[\xb0-\xd7][\xa1-\xfe])+")


def member_name(name: str, utf8: bool, extra: bytes) -> str:
    """The name of a member as it was meant. `name` is what zipfile made of it, `utf8` whether the zip says UTF-8."""
    name = name.replace("\\", "/")
    if not utf8 and not name.isascii():
        name = _meant(name, extra)
    return unicodedata.normalize("NFC", name)


def _meant(name: str, extra: bytes) -> str:
    if told := _unicode_path(extra):
        return told
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    with contextlib.suppress(UnicodeDecodeError):
        # macOS writes UTF-8 and does not say so.
        return raw.decode()
    for page, script in CODE_PAGES:
        with contextlib.suppress(UnicodeDecodeError):
            text = raw.decode(page)
            letters = all(c.isascii() or unicodedata.name(c, "").startswith(script) for c in text)
            if letters and _is_plausible(page, text, raw):
                return text
    return name


def _is_plausible(page: str, text: str, raw: bytes) -> bool:
    """Whether letters of a one-byte page make words: bytes of another page give capitals inside them."""
    if page == "gb2312":
        return bool(COMMON_HANZI.fullmatch(raw))
    words = re.findall(r"[^\W\d_]+", text)
    in_order = all(word.istitle() or word.islower() or word.isupper() for word in words if not word.isascii())
    return in_order and (page != "cp1252" or western(text))


def _unicode_path(extra: bytes) -> str:
    """Info-ZIP's own field for a name in UTF-8: identifier, length, version 1, check sum of the other name, name."""
    while len(extra) >= 4:
        kind, size = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        if kind == 0x7075 and size > 5 and extra[4] == 1:
            with contextlib.suppress(UnicodeDecodeError):
                return extra[9 : 4 + size].decode().replace("\\", "/")
        extra = extra[4 + size :]
    return ""


KINDS = (
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a text with layout (RTF), as TextEdit and WordPad save it"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"Rar!", "a RAR archive, which is not opened here"),
    (b"7z\xbc\xaf", "a 7z archive, which is not opened here"),
    (b"\x1f\x8b", "a gzip archive, which is not opened here"),
)
# It lies beside the answers where submit() wrote both.
PAGE_TO_KEEP = "the page that submit() writes to keep"
# It goes back to a student, and an earlier run may have left it among the hand-ins.
PAGE_BACK = "a page that afteach grade --feedback wrote"
BACK_GENERATOR = '<meta name="generator" content="afteach grade --feedback">'
NAMED = {
    ".ipynb": "a Jupyter notebook",
    ".docx": "a Word document",
    ".xlsx": "an Excel file",
    ".odt": "a Writer document",
    ".ods": "a Calc file",
    ".pages": "a Pages document",
    ".numbers": "a Numbers file",
    ".heic": "a picture",
    ".html": "a web page",
    ".htm": "a web page",
    ".md": "a text with notes",
    ".csv": "a table",
    ".py": "a Python file",
}


def kind_of(name: str, head: bytes) -> str:
    """What a file is that holds no answers, in words; empty where it may hold some."""
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    for mark, kind in KINDS:
        if head.startswith(mark):
            return kind
    if GENERATOR.encode() in head:
        return PAGE_TO_KEEP
    if BACK_GENERATOR.encode() in head:
        return PAGE_BACK
    low = head[:200].lower()
    if low.startswith((b"<!doctype", b"<html", b"<p", b"<div")):
        return "a web page"
    if ending == ".ipynb" or (head.startswith(b"{") and b'"nbformat"' in head) or low.startswith(b'{\n "cells"'):
        return "a Jupyter notebook"
    if ending in NAMED and not looks_like_answers(head):
        return NAMED[ending]
    return ""


def looks_like_answers(head: bytes) -> bool:
    """Whether the beginning of a file reads like one of ours, whatever it is called and whoever saved it again."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.replace(b"\0", b"")
    for quote in '"“”„':
        head = head.replace(quote.encode(), b"")
    head = head.replace(b" ", b"")
    return b"{v:" in head and (b",q:" in head or b",header:" in head)
