"""Keep every answer: one append-only file per kernel, merged when read."""

from __future__ import annotations

import datetime as dt
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from afteach import paths
from afteach.questions import Question, fingerprint

FORMAT = 1
MOST_BYTES_A_LINE = 200_000


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

    def __post_init__(self) -> None:
        if self.v != FORMAT:
            raise ValueError(f"format {self.v} is not known here")
        if not (0 < len(self.id) <= 64 and 0 < len(self.q) <= 64 and len(self.f) <= 64 and len(self.sure) <= 20):
            raise ValueError("an id is empty or too long")
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|\+00:00)", self.at):
            raise ValueError("the time is not UTC in ISO form")
        if not 1 <= self.try_ <= 1_000_000 or not 0 <= self.hints <= 1_000_000:
            raise ValueError("a count is out of range")

    @property
    def order(self) -> tuple[int, str, str]:
        """What makes one answer later than another: try, then time, then id; a clock may jump, a try does not."""
        return (self.try_, self.at, self.id)


class Saved(NamedTuple):
    """What became of one answer: whether it is on disk, the line, and else the problem in words."""

    ok: bool
    line: Line
    problem: str = ""


class Log(NamedTuple):
    """What a folder holds: every answer once, in order of logging, and what could not be read, in words."""

    lines: tuple[Line, ...]
    problems: tuple[str, ...] = ()

    def of(self, question_id: str) -> list[Line]:
        """The answers to one question, earliest first."""
        return sorted((line for line in self.lines if line.q == question_id), key=lambda line: line.order)

    def latest(self) -> dict[str, Line]:
        """The last answer to each question."""
        found: dict[str, Line] = {}
        for line in self.lines:
            if line.q not in found or line.order > found[line.q].order:
                found[line.q] = line
        return found


_decode = msgspec.json.Decoder(Line).decode
_encode = msgspec.json.Encoder().encode


def parse(raw: bytes) -> Line:
    """Read one line; ValueError says what is wrong with it, whatever the bytes are."""
    if len(raw) > MOST_BYTES_A_LINE:
        raise ValueError(f"a line of {len(raw):,} bytes is too long")
    try:
        return _decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise ValueError(str(fault)) from None


class _Writer:
    """The one file that this kernel appends to, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.process = folder, os.getpid()
        stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S")
        self.path = folder / f"{stamp}-{self.process}-{secrets.token_hex(4)}.jsonl"
        self.torn = False

    def append(self, lines: Iterable[Line]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        data = b"".join(_encode(line) + b"\n" for line in lines)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        try:
            rest = memoryview(b"\n" + data if self.torn else data)
            self.torn = True
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            os.fsync(descriptor)
            self.torn = False
        finally:
            os.close(descriptor)


_writers: dict[Path, _Writer] = {}
_unsaved: dict[Path, list[Line]] = {}


def _writer(folder: Path) -> _Writer:
    writer = _writers.get(folder)
    # A forked process inherits the writer, and no file may have two.
    if writer is None or writer.process != os.getpid():
        writer = _writers[folder] = _Writer(folder)
    return writer


def record(question: Question, answer: Any, hints: int = 0, sure: str = "") -> Saved:
    """Log an answer in its logged shape and put it on disk before returning.

    Returns Saved; where the disk refuses, ok is False, problem says why, and the answer is kept in this kernel and
    written with the next one.
    """
    folder = paths.answers_dir().absolute()
    tries = max((line.try_ for line in read(folder).of(question.id)), default=0)
    line = Line(
        v=FORMAT,
        id=secrets.token_hex(8),
        q=question.id,
        f=fingerprint(question),
        answer=answer,
        at=dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        try_=tries + 1,
        hints=hints,
        sure=sure,
    )
    problem = _write(folder, [line])
    return Saved(not problem, line, problem)


def restore(lines: Iterable[Any]) -> tuple[int, int]:
    """Take answers that a browser kept, as dicts or JSON text; nothing is overwritten.

    Returns (taken, refused): an answer that is here already counts as neither.
    """
    folder = paths.answers_dir().absolute()
    have = {line.id for line in read(folder).lines}
    taken, refused = [], 0
    for entry in lines:
        try:
            line = parse(entry.encode() if isinstance(entry, str) else _encode(entry))
        except (ValueError, TypeError, RecursionError):
            refused += 1
            continue
        if line.id not in have:
            have.add(line.id)
            taken.append(line)
    if taken and _write(folder, taken):
        return 0, refused + len(taken)
    return len(taken), refused


def _write(folder: Path, lines: list[Line]) -> str:
    waiting = _unsaved.pop(folder, []) + lines
    try:
        _writer(folder).append(waiting)
    except OSError as fault:
        _unsaved[folder] = waiting
        return f"{fault.strerror or fault} ({folder})"
    return ""


def read(folder: Path | None = None) -> Log:
    """Merge the answer files of a folder (by default the student's own) and what this kernel could not yet save.

    A torn last line is passed over; a file in which nothing can be read is set aside as NAME.unreadable and named.
    """
    folder = (folder or paths.answers_dir()).absolute()
    lines: dict[str, Line] = {}
    problems: list[str] = []
    try:
        files = sorted(path for path in folder.glob("*.jsonl") if path.is_file())
    except OSError as fault:
        return Log(tuple(_unsaved.get(folder, ())), (f"The folder {folder} cannot be read: {fault.strerror}.",))
    for path in files:
        own, own_problems = _read_file(path)
        problems += own_problems
        for line in own:
            lines.setdefault(line.id, line)
    for line in _unsaved.get(folder, ()):
        lines.setdefault(line.id, line)
    for path in sorted(folder.glob("*.unreadable")):
        problems.append(f"{path.name} is no answer file; it was set aside, and nothing in it was deleted.")
    return Log(tuple(lines.values()), tuple(problems))


_cache: dict[Path, tuple[tuple[int, int], list[Line], list[str]]] = {}


def _read_file(path: Path) -> tuple[list[Line], list[str]]:
    try:
        state = path.stat()
        mark = (state.st_size, state.st_mtime_ns)
        if path in _cache and _cache[path][0] == mark:
            return _cache[path][1], _cache[path][2]
        raw = path.read_bytes()
    except OSError as fault:
        return [], [f"{path.name} cannot be read: {fault.strerror}."]
    lines, bad = [], 0
    *whole, last = raw.split(b"\n")
    for number, text in enumerate([*whole, last]):
        if not text.strip():
            continue
        try:
            lines.append(parse(text))
        except ValueError:
            # Without its newline the last line may still be being written, or was torn by a crash.
            bad += number < len(whole)
    if not lines and (bad or not raw.lstrip().startswith(b"{")) and raw.strip():
        return [], _set_aside(path)
    problems = [f"{bad} lines of {path.name} could not be read; the others are used."] if bad else []
    _cache[path] = (mark, lines, problems)
    return lines, problems


def _set_aside(path: Path) -> list[str]:
    target = path.with_name(f"{path.name}.unreadable")
    while target.exists():
        target = target.with_name(f"again-{target.name}")
    try:
        path.rename(target)
    except OSError:
        return [f"{path.name} is no answer file; it is passed over."]
    return []


def changed(line: Line, question: Question) -> bool:
    """Whether the question has changed since this answer was given."""
    return line.f != fingerprint(question)


def header(name: str, version: str, bank: str) -> bytes:
    """The first line of a file to hand in."""
    at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return _encode({"v": FORMAT, "header": True, "name": name, "version": version, "bank": bank, "at": at}) + b"\n"


def body(lines: Iterable[Line]) -> bytes:
    """The lines of a file to hand in."""
    return b"".join(_encode(line) + b"\n" for line in lines)
