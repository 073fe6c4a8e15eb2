"""Read what students handed in, as bytes and with limits. Nothing is unpacked, followed, evaluated or believed."""

from __future__ import annotations

import io
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from afteach.errors import AfteachError
from afteach.grading.encodings import kind_of, looks_like_answers, member_name
from afteach.grading.labels import ENDINGS, litter, shown
from afteach.grading.results import are_results

MOST_BYTES = 10_000_000
MOST_BYTES_IN_ZIP = 1_000_000_000
# A workbook with its notebooks and pictures is larger than a file of answers.
MOST_BYTES_OF_INNER_ZIP = 60_000_000
MOST_FILES = 50_000
MOST_DIRECTORY_BYTES = 6_000_000
MOST_RATIO = 200
RATIO_MATTERS_ABOVE = 1_000_000
HEAD = 4096
ZIPPED = (b"PK\x03\x04", b"PK\x05\x06")
OFFICE = {
    "word/document.xml": "a Word document",
    "xl/workbook.xml": "an Excel file",
    "ppt/presentation.xml": "a PowerPoint file",
    "index/document.iwa": "a Pages or Numbers document",
    "content.xml": "a Writer or Calc document",
}
ASK = "not the file that submit() wrote; ask for answers-NAME.jsonl"


class Found(NamedTuple):
    """One file handed in: its label, its bytes, and else why they were not read. A label is never a place to write.

    `path` leads to it, one text for a place and one for each archive on the way; `kind` says what a file is that holds
    no answers, in words.
    """

    label: str
    raw: bytes = b""
    problem: str = ""
    path: tuple[str, ...] = ()
    kind: str = ""


class _TooMuch(Exception):
    pass


class _Room:
    """How many bytes may still come out of one archive and the archives in it."""

    def __init__(self) -> None:
        self.left = MOST_BYTES_IN_ZIP


def files(places: list[Path], skip: tuple[Path, ...] = ()) -> Iterator[Found]:
    """Every file of the given files, folders and zips, in a fixed order, one in memory at a time.

    Arguments: places; skip, folders that are passed over (our own results). Errors: AfteachError for a place that
    does not exist; everything else becomes a Found with a problem.
    """
    for place in places:
        if not os.path.lexists(place):
            raise AfteachError(f"There is no file or folder {place}. Check the path.")
    for place in places:
        if place.is_dir() and not place.is_symlink():
            yield from _folder(place, skip)
        else:
            yield from _file(place, (place.name,), given=True)


def _folder(top: Path, skip: tuple[Path, ...]) -> Iterator[Found]:
    count = 0
    faults: list[OSError] = []
    passed_over = {other.resolve() for other in skip}
    for folder, folders, names in os.walk(top, onerror=faults.append):
        here = Path(folder)
        for name in sorted(folders):
            if (here / name).is_symlink():
                yield _no(_inside(here / name, top), "this is a link; links are not followed")
        folders[:] = sorted(name for name in folders if not litter(name) and (here / name).resolve() not in passed_over)
        ours = are_results(here, names)
        for name in sorted(names):
            if litter(name) or name in ours:
                continue
            count += 1
            if count > MOST_FILES:
                yield _no((top.name,), f"more than {MOST_FILES:,} files; the rest was not read")
                return
            yield from _file(here / name, _inside(here / name, top), given=False)
    for fault in faults:
        yield _no((str(fault.filename),), f"the folder cannot be read: {fault.strerror}")


def _inside(path: Path, top: Path) -> tuple[str, ...]:
    # The name of the folder that was given may say whose it is: `afteach grade anna`.
    return (top.resolve().name, str(path.relative_to(top)))


def _no(path: tuple[str, ...], problem: str, kind: str = "") -> Found:
    return Found(label_of(path), problem=problem, path=path, kind=kind)


def label_of(path: tuple[str, ...]) -> str:
    """A path as it is shown: the archive, then what lies in it."""
    return shown(": ".join(path[1:] if len(path) > 1 and not path[0].lower().endswith(".zip") else path))


def _file(path: Path, inside: tuple[str, ...], given: bool) -> Iterator[Found]:
    try:
        kind = os.lstat(path).st_mode
        if not stat.S_ISREG(kind):
            what = "a link; links are not followed" if stat.S_ISLNK(kind) else "no ordinary file, so it was not opened"
            yield _no(inside, f"this is {what}")
            return
        with _open(path) as file:
            head = file.read(HEAD)
            if head[:4] in ZIPPED:
                file.seek(0)
                yield from _zip(file, inside, _Room())
            else:
                yield _read(file, inside, head, given)
    except OSError as fault:
        yield _no(inside, f"it cannot be read: {fault.strerror or fault}")
    except ValueError as fault:
        yield _no(inside, f"it cannot be read: {fault}")


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


def _read(file: IO[bytes], path: tuple[str, ...], head: bytes, given: bool) -> Found:
    if kind := kind_of(path[-1], head):
        return _no(path, f"it is {kind}, {ASK}", kind)
    if not (given or path[-1].lower().endswith(ENDINGS) or looks_like_answers(head)):
        return _no(path, "this is no answer file; the name of one ends in .jsonl", "a file of another kind")
    raw = head + file.read(MOST_BYTES + 1 - len(head))
    if len(raw) > MOST_BYTES:
        return _no(path, f"it is larger than {MOST_BYTES:,} bytes")
    return Found(label_of(path), raw, path=path)


class _Careful:
    """A file of which no single piece may be larger than a zip's directory: zipfile reads that in one piece."""

    def __init__(self, file: io.BufferedReader | io.BytesIO) -> None:
        self.file, self.seek, self.tell, self.seekable = file, file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        asked = MOST_DIRECTORY_BYTES + 1 if size is None or size < 0 else size
        if size > MOST_DIRECTORY_BYTES:
            raise _TooMuch
        return self.file.read(asked)


def _zip(
    file: io.BufferedReader | io.BytesIO, path: tuple[str, ...], room: _Room, inner: bool = False
) -> Iterator[Found]:
    try:
        with zipfile.ZipFile(_Careful(file)) as archive:
            names = {member.filename.lower() for member in archive.infolist()[:MOST_FILES]}
            kind = next((words for name, words in OFFICE.items() if name in names), "")
            if kind and {"[content_types].xml", "mimetype", "index/document.iwa"} & names:
                yield _no(path, f"it is {kind}, {ASK}", kind)
                return
            yield from _members(archive, path, room, inner)
    except _TooMuch:
        yield _no(path, "the zip lists too many files; hand it over in parts")
    except OSError:
        raise
    except Exception as fault:
        # zipfile reads what a stranger wrote and fails in many ways; no damaged zip may cost the files beside it.
        yield _no(path, f"the zip is damaged: {shown(str(fault)) or type(fault).__name__}")


def _members(archive: zipfile.ZipFile, path: tuple[str, ...], room: _Room, inner: bool) -> Iterator[Found]:
    members = [(member_name(m.filename, bool(m.flag_bits & 0x800), m.extra), m) for m in archive.infolist()]
    members.sort(key=lambda pair: pair[0])
    if len(members) > MOST_FILES:
        yield _no(path, f"the zip holds {len(members):,} files; at most {MOST_FILES:,} are read")
        return
    for name, member in members:
        parts = name.split("/")
        # A name may be empty, on which is_dir() fails.
        if not parts[-1] or any(litter(part) for part in parts):
            continue
        inside = (*path, name)
        if problem := _refused(member, name):
            yield _no(inside, problem)
            continue
        before = room.left
        for found in _member(archive, member, inside, room, inner):
            if room.left < 0:
                break
            yield found
        if room.left == before and member.file_size:
            room.left -= min(member.file_size, HEAD)
        if room.left < 0:
            yield _no(path, f"the zip holds more than {MOST_BYTES_IN_ZIP:,} bytes; the rest was not read")
            return


def _refused(member: zipfile.ZipInfo, name: str) -> str:
    if member.flag_bits & 0x1:
        return "it is encrypted"
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "this is a link or a device, not a file"
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "it is compressed in a way that is not read here"
    most = MOST_BYTES_OF_INNER_ZIP if name.lower().endswith(".zip") else MOST_BYTES
    if member.file_size > most and not kind_of(name, b""):
        return f"it is larger than {most:,} bytes"
    if member.file_size > RATIO_MATTERS_ABOVE and member.file_size > MOST_RATIO * max(member.compress_size, 1):
        return "it is compressed beyond anything that answers could be"
    return ""


def _member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: tuple[str, ...], room: _Room, inner: bool
) -> Iterator[Found]:
    try:
        with archive.open(member) as file:
            head = file.read(HEAD)
            if head[:4] not in ZIPPED:
                found = _read(file, path, head, given=False)
                room.left -= len(found.raw) or (0 if found.kind else min(member.file_size, MOST_BYTES))
                yield found
                return
            if inner:
                yield _no(path, "only one zip inside a zip is opened; unpack it and grade the folder", "a zip in a zip")
                return
            raw = head + file.read(min(MOST_BYTES_OF_INNER_ZIP, max(room.left, 0)) + 1)
    except (_TooMuch, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as fault:
        yield _no(path, f"it cannot be unpacked: {shown(str(fault)) or type(fault).__name__}")
        return
    room.left -= len(raw)
    if len(raw) > MOST_BYTES_OF_INNER_ZIP:
        yield _no(path, f"it is a zip larger than {MOST_BYTES_OF_INNER_ZIP:,} bytes")
    elif room.left >= 0:
        yield from _zip(io.BytesIO(raw), path, room, inner=True)
