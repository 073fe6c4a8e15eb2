"""Keep every answer: one append-only file per kernel, merged when read."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from afteach.answers.answer_file import read_file
from afteach.answers.lines import FORMAT, MOST_BYTES_A_LINE, Line, encode, parse
from afteach.answers.places import answers_dir
from afteach.answers.tries import same_answer, tries
from afteach.errors import AfteachError
from afteach.questions.marking import Unreadable
from afteach.questions.model import fingerprint
from afteach.questions.question import LONGEST_ID, Question
from afteach.words import say

# Of the tries whose lines are lost there may be many; nobody made more than these.
MOST_TRIES_LOST = 100_000


class Saved(NamedTuple):
    """What became of one answer: whether it is on disk, its line (the one before, if it says the same), the problem."""

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

    def tries(self, question: Question) -> list[Line]:
        """The tries at one question, earliest first: the same answer given again is no new try."""
        return tries(question, self.lines)

    def latest(self) -> dict[str, Line]:
        """The last answer to each question."""
        found: dict[str, Line] = {}
        for line in self.lines:
            if line.q not in found or line.order > found[line.q].order:
                found[line.q] = line
        return found


class _Writer:
    """The one file that this kernel appends to, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.process = folder, os.getpid()
        stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S")
        self.path = folder / f"{stamp}-{self.process}-{os.urandom(4).hex()}.jsonl"
        self.torn = False

    def append(self, lines: Iterable[Line]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        data = b"".join(encode(line) + b"\n" for line in lines)
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


def record(question: Question, answer: Any, hints: int = 0, sure: str = "", shown: bool = False) -> Saved:
    """Log an answer in its logged shape and put it on disk before returning.

    The same answer again is no new try: the line before stands, unless the student is now more or less sure.
    Returns Saved; where the disk refuses, ok is False, problem says why, and the answer is kept in this kernel and
    written with the next one. Errors: Unreadable where an answer cannot be kept by any disk, in words.
    """
    answer = _storable(answer)
    folder = answers_dir().absolute()
    given = read(folder).of(question.id)
    before, print_ = given[-1] if given else None, fingerprint(question)
    again = before is not None and before.f == print_ and same_answer(question, before.answer, answer)
    if before is not None and again and sure in ("", before.sure):
        problem = _write(folder, [])
        return Saved(not problem, before, problem)
    line = Line(
        v=FORMAT,
        id=os.urandom(8).hex(),
        q=question.id,
        f=print_,
        answer=answer,
        at=dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        try_=(before.try_ if before else 0) + (not again),
        hints=hints,
        sure=sure,
        shown=shown,
    )
    problem = _write(folder, [line])
    return Saved(not problem, line, problem)


def _storable(answer: Any) -> Any:
    """An answer as it will be read back from its line."""
    try:
        raw = _encode_any(answer)
        if len(raw) > MOST_BYTES_A_LINE - 1_000:
            most = (MOST_BYTES_A_LINE - 1_000) // 1_000
            raise Unreadable(say("read.large", size=f"{len(raw) // 1_000:,}", most=most))
        return msgspec.json.decode(raw)
    except UnicodeEncodeError:
        raise Unreadable(say("read.half_a_sign")) from None
    except (TypeError, ValueError, OverflowError, RecursionError, msgspec.MsgspecError):
        raise Unreadable(say("read.unkeepable")) from None


def _plain_kind(value: Any) -> Any:
    # numpy's texts and numbers are kinds of Python's own, and msgspec takes only those themselves.
    for kind in (str, int, float):
        if isinstance(value, kind):
            return kind(value)
    raise TypeError


_encode_any = msgspec.json.Encoder(enc_hook=_plain_kind).encode


def note(name: str, answer: Any) -> Saved:
    """Log what a reader did that answers no question, such as opening a table; name is no question's id."""
    at = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    line = Line(v=FORMAT, id=os.urandom(8).hex(), q=name, f="", answer=answer, at=at, try_=1)
    problem = _write(answers_dir().absolute(), [line])
    return Saved(not problem, line, problem)


def first_id(line: Line) -> str:
    """The id of the first answer of all, of which this is one: a browser's copy of them is named by it."""
    return min([line, *read().lines], key=lambda one: (one.at, one.id)).id


def restore(lines: Iterable[Any]) -> tuple[int, int]:
    """Take answers that a browser kept, as dicts or JSON text; nothing is overwritten.

    Returns (taken, refused): an answer that is here already counts as neither. Errors: AfteachError where the disk
    refuses; what was taken is kept in this kernel.
    """
    folder = answers_dir().absolute()
    have = {line.id for line in read(folder).lines}
    taken, refused = [], 0
    for entry in lines:
        try:
            line = parse(entry.encode() if isinstance(entry, str) else encode(entry))
        except (ValueError, TypeError, RecursionError):
            refused += 1
            continue
        if line.id not in have:
            have.add(line.id)
            taken.append(line)
    problem = _write(folder, taken) if taken else ""
    if problem:
        raise AfteachError(say("log.not_on_disk", n=len(taken), problem=problem))
    return len(taken), refused


def _write(folder: Path, lines: list[Line]) -> str:
    waiting = [*_unsaved.get(folder, ()), *lines]
    if not waiting:
        return ""
    # Whatever goes wrong from here on, they wait for the next answer.
    _unsaved[folder] = waiting
    try:
        _writer(folder).append(waiting)
    except OSError as fault:
        return f"{fault.strerror or fault} ({folder})"
    del _unsaved[folder]
    return ""


def unsaved(folder: Path | None = None) -> set[str]:
    """The ids of answers that this kernel holds and could not yet put on disk."""
    return {line.id for line in _unsaved.get((folder or answers_dir()).absolute(), ())}


def read(folder: Path | None = None) -> Log:
    """Merge the answer files of a folder (by default the student's own) and what this kernel could not yet save.

    Nothing is written, renamed or deleted. A torn last line is passed over; what else cannot be read is named.
    """
    folder = (folder or answers_dir()).absolute()
    lines: dict[str, Line] = {}
    problems: list[str] = []
    files, fault = _answer_files(folder)
    problems += [fault] if fault else []
    handed_in = []
    for path in files:
        found = read_file(path)
        problems += found.problems
        if found.header is not None:
            handed_in.append((path.name, found.header.name[:LONGEST_ID], found.lines))
            continue
        for line in found.lines:
            lines.setdefault(line.id, line)
    for line in _unsaved.get(folder, ()):
        lines.setdefault(line.id, line)
    for file, name, own in handed_in:
        more = sum(line.id not in lines for line in own)
        if more:
            problems.append(say("log.handed_in", file=file, name=name, n=more))
    return Log(*_plausible(lines.values(), problems))


def _answer_files(folder: Path) -> tuple[list[Path], str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(folder / entry.name for entry in entries if entry.name.endswith(".jsonl")), ""
    except FileNotFoundError:
        return [], ""
    except OSError as fault:
        return [], say("log.folder", folder=folder, reason=fault.strerror)


def _plausible(lines: Iterable[Line], problems: list[str]) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """Pass over a line whose try is beyond any count, for the answer after it must get a higher one."""
    lines = tuple(lines)
    if all(line.try_ <= MOST_TRIES_LOST for line in lines):
        return lines, tuple(problems)
    counts = Counter(line.q for line in lines)
    # With each answer the count rises by one, as the try does, so that a line that is taken can stop no other.
    odd = {line.id: line.q for line in lines if line.try_ > MOST_TRIES_LOST + counts[line.q]}
    told = [say("log.tries", id=one) for one in sorted(set(odd.values()))]
    return tuple(line for line in lines if line.id not in odd), (*problems, *told)
