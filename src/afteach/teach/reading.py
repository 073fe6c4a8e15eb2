"""Read what students handed in, as bytes and with limits. Nothing is unpacked, followed, evaluated or believed."""

from __future__ import annotations

import contextlib
import io
import os
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from afteach.errors import AfteachError

MOST_BYTES = 10_000_000
MOST_BYTES_IN_ZIP = 1_000_000_000
MOST_FILES = 50_000
MOST_DIRECTORY_BYTES = 6_000_000
MOST_RATIO = 200
RATIO_MATTERS_ABOVE = 1_000_000
ENDINGS = (".jsonl", ".ndjson", ".json", ".txt")
LITTER = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini", ".ipynb_checkpoints")
ZIPPED = (b"PK\x03\x04", b"PK\x05\x06")
MOODLE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_file_?.*")
CANVAS = re.compile(r"(?P<name>[^_]+?)_(?:late_)?(?P<id>\d+)_\d+_.+", re.IGNORECASE)


class Found(NamedTuple):
    """One file handed in: its label, its bytes, and else why they were not read. A label is never a place to write."""

    label: str
    raw: bytes = b""
    problem: str = ""


class LmsName(NamedTuple):
    """Whom a learning platform says that a file is from: the name as it wrote it, and its number."""

    name: str
    number: str
    squashed: bool


class _TooMuch(Exception):
    pass


def files(places: list[Path], skip: Path | None = None) -> Iterator[Found]:
    """Every file of the given files, folders and zips, in a fixed order, one in memory at a time.

    Arguments: places; skip, a folder that is passed over (our own results). Errors: AfteachError for a place that
    does not exist; everything else becomes a Found with a problem.
    """
    for place in places:
        if not os.path.lexists(place):
            raise AfteachError(f"There is no file or folder {place}. Check the path.")
    for place in places:
        if place.is_dir() and not place.is_symlink():
            yield from _folder(place, skip)
        else:
            yield from _file(place, place.name, given=True)


def _folder(top: Path, skip: Path | None) -> Iterator[Found]:
    count = 0
    faults: list[OSError] = []
    for folder, folders, names in os.walk(top, onerror=faults.append):
        here = Path(folder)
        for name in sorted(folders):
            if (here / name).is_symlink():
                yield Found(
                    shown(str((here / name).relative_to(top))), problem="this is a link; links are not followed"
                )
        folders[:] = sorted(name for name in folders if name not in LITTER and not _same(here / name, skip))
        for name in sorted(names):
            if _litter(name):
                continue
            count += 1
            if count > MOST_FILES:
                yield Found(shown(str(top)), problem=f"more than {MOST_FILES:,} files; the rest was not read")
                return
            path = here / name
            yield from _file(path, str(path.relative_to(top)), given=False)
    for fault in faults:
        yield Found(shown(str(fault.filename)), problem=f"the folder cannot be read: {fault.strerror}")


def _same(path: Path, other: Path | None) -> bool:
    return other is not None and path.resolve() == other.resolve()


def _litter(name: str) -> bool:
    return name in LITTER or name.startswith("._")


def _file(path: Path, label: str, given: bool) -> Iterator[Found]:
    label = shown(label)
    try:
        kind = os.lstat(path).st_mode
        if not stat.S_ISREG(kind):
            what = "a link; links are not followed" if stat.S_ISLNK(kind) else "no ordinary file, so it was not opened"
            yield Found(label, problem=f"this is {what}")
            return
        with _open(path) as file:
            head = file.read(4)
            file.seek(0)
            if head in ZIPPED:
                yield from _zip(file, label)
            elif given or _wanted(label):
                yield _bounded(file, label)
            else:
                yield Found(label, problem="this is no answer file; the name of one ends in .jsonl")
    except OSError as fault:
        yield Found(label, problem=f"it cannot be read: {fault.strerror or fault}")
    except ValueError as fault:
        yield Found(label, problem=f"it cannot be read: {fault}")


def _open(path: Path) -> io.BufferedReader:
    # Between looking and opening a file can become a link or a pipe; these flags make the opening fail or not wait.
    flags = os.O_RDONLY
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY", "O_CLOEXEC"):
        flags |= getattr(os, name, 0)
    descriptor = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ValueError("it is no ordinary file")
    return os.fdopen(descriptor, "rb")


def _bounded(file: io.BufferedReader | zipfile.ZipExtFile, label: str) -> Found:
    raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        return Found(label, problem=f"it is larger than {MOST_BYTES:,} bytes")
    return Found(label, raw)


def _wanted(name: str) -> bool:
    return name.lower().endswith(ENDINGS)


class _Careful:
    """A file of which no single piece may be larger than a zip's directory: zipfile reads that in one piece."""

    def __init__(self, file: io.BufferedReader) -> None:
        self.file, self.seek, self.tell, self.seekable = file, file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        asked = MOST_DIRECTORY_BYTES + 1 if size is None or size < 0 else size
        if size > MOST_DIRECTORY_BYTES:
            raise _TooMuch
        return self.file.read(asked)


def _zip(file: io.BufferedReader, label: str) -> Iterator[Found]:
    try:
        with zipfile.ZipFile(_Careful(file)) as archive:
            yield from _members(archive, label)
    except _TooMuch:
        yield Found(label, problem="the zip lists too many files; hand it over in parts")
    except OSError:
        raise
    except Exception as fault:
        # zipfile reads what a stranger wrote and fails in many ways; no damaged zip may cost the files beside it.
        yield Found(label, problem=f"the zip is damaged: {shown(str(fault)) or type(fault).__name__}")


def _members(archive: zipfile.ZipFile, label: str) -> Iterator[Found]:
    members = sorted(archive.infolist(), key=lambda member: member.filename)
    if len(members) > MOST_FILES:
        yield Found(label, problem=f"the zip holds {len(members):,} files; at most {MOST_FILES:,} are read")
        return
    total = 0
    for member in members:
        parts = member.filename.replace("\\", "/").split("/")
        # A name may be empty, on which is_dir() fails.
        if not parts[-1] or any(_litter(part) for part in parts):
            continue
        named = shown(f"{label}: {member.filename}")
        problem = _refused(member)
        if problem:
            yield Found(named, problem=problem)
            continue
        found = _member(archive, member, named)
        total += len(found.raw) or min(member.file_size, MOST_BYTES)
        if total > MOST_BYTES_IN_ZIP:
            yield Found(label, problem=f"the zip holds more than {MOST_BYTES_IN_ZIP:,} bytes; the rest was not read")
            return
        yield found


def _refused(member: zipfile.ZipInfo) -> str:
    if member.flag_bits & 0x1:
        return "it is encrypted"
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "this is a link or a device, not a file"
    if member.filename.lower().endswith(".zip"):
        return "a zip inside a zip is not opened; unpack it and grade the folder"
    if not _wanted(member.filename):
        return "this is no answer file; the name of one ends in .jsonl"
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "it is compressed in a way that is not read here"
    if member.file_size > MOST_BYTES:
        return f"it is larger than {MOST_BYTES:,} bytes"
    if member.file_size > RATIO_MATTERS_ABOVE and member.file_size > MOST_RATIO * max(member.compress_size, 1):
        return "it is compressed beyond anything that answers could be"
    return ""


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, label: str) -> Found:
    try:
        with archive.open(member) as file:
            found = _bounded(file, label)
    except (_TooMuch, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as fault:
        return Found(label, problem=f"it cannot be unpacked: {shown(str(fault)) or type(fault).__name__}")
    if found.raw[:4] in ZIPPED:
        return Found(label, problem="a zip inside a zip is not opened; unpack it and grade the folder")
    return found


def shown(text: str, most: int = 200) -> str:
    """A text that others chose, on one line, without control or direction marks, and not too long."""
    # A label may be megabytes long; what is not shown need not be read.
    kept = "".join(c if unicodedata.category(c)[0] not in "CZ" else " " for c in text[: 4 * most])
    kept = " ".join(kept.split())
    return kept if len(kept) <= most else kept[: most - 1] + "…"


def lms_name(label: str) -> LmsName | None:
    """Whom Moodle or Canvas says that a file is from, read from the names they give; None for other names."""
    parts = label.rpartition(": ")[2].replace("\\", "/").split("/")
    for part in parts:
        if match := MOODLE.fullmatch(part):
            return LmsName(" ".join(match["name"].split()), match["id"], squashed=False)
    if match := CANVAS.fullmatch(parts[-1]):
        return LmsName(match["name"], match["id"], squashed=True)
    return None


def name_from(label: str) -> str:
    """What to call the author of a file that does not say: its name, or its folder's where a kernel named the file."""
    parts = [part for part in label.rpartition(": ")[2].replace("\\", "/").split("/") if part not in ("", ".", "..")]
    stem = (parts or ["unnamed"])[-1]
    for ending in ENDINGS:
        stem = stem.removesuffix(ending)
    if re.fullmatch(r"\d{8}T\d{6}-\d+-[0-9a-f]{8}", stem):
        folders = [part for part in parts[:-1] if part not in ("answers", "notebooks", "my-workbook")]
        return folders[-1] if folders else stem
    return stem.removeprefix("answers-") or "unnamed"


def lines(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """The lines of a file that are not blank, with their numbers, without copying the whole."""
    for number, line in enumerate(io.BytesIO(raw), start=1):
        if line := line.strip():
            yield number, line


def plain(raw: bytes) -> tuple[bytes, str]:
    """The bytes as UTF-8 without a mark, and a note where another encoding had to be turned into it.

    Errors: ValueError says why these bytes are no text.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        with contextlib.suppress(UnicodeError):
            return raw.decode("utf-16").encode(), "it was saved as UTF-16; it was read all the same"
        raise ValueError("it is neither UTF-8 nor whole UTF-16")
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    if b"\0" in raw[:4096]:
        raise ValueError("it is no text")
    return raw, ""
