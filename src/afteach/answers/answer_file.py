"""Read one file of answers, whatever it holds; nothing is written, renamed or deleted."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from afteach.answers.lines import Header, Line, Newer, parse, parse_header
from afteach.words import say

MOST_BYTES_A_FILE = 100_000_000
BOM = b"\xef\xbb\xbf"


class AnswerFile(NamedTuple):
    """What one file holds; header where it is one to hand in."""

    lines: list[Line]
    problems: list[str]
    header: Header | None = None


_cache: dict[Path, tuple[tuple[int, int], AnswerFile]] = {}


def read_file(path: Path) -> AnswerFile:
    """Read one file; what cannot be read is named in its problems. A file that has not changed is read once."""
    try:
        state = path.stat()
        if not path.is_file():
            return AnswerFile([], [say("log.odd_file", file=path.name)])
        if state.st_size > MOST_BYTES_A_FILE:
            return AnswerFile([], [say("log.large_file", file=path.name)])
        mark = (state.st_size, state.st_mtime_ns)
        if path in _cache and _cache[path][0] == mark:
            return _cache[path][1]
        raw = path.read_bytes()
    except OSError as fault:
        return AnswerFile([], [say("log.unread_file", file=path.name, reason=fault.strerror)])
    found = _parse_file(path.name, raw.removeprefix(BOM))
    _cache[path] = (mark, found)
    return found


def _parse_file(name: str, raw: bytes) -> AnswerFile:
    lines, bad, newer, header = [], 0, 0, None
    *whole, last = raw.split(b"\n")
    for number, text in enumerate([*whole, last]):
        if not text.strip():
            continue
        try:
            lines.append(parse(text))
        except Newer:
            newer += 1
        except ValueError:
            if not lines and not bad and header is None and (header := parse_header(text)):
                continue
            # Without its newline the last line may still be being written, or was torn by a crash.
            bad += number < len(whole)
    problems = []
    if newer:
        problems.append(say("log.newer", n=newer, file=name))
    if not lines and not newer and header is None and (bad or not raw.lstrip().startswith(b"{")) and raw.strip():
        problems.append(say("log.no_answers", file=name))
    elif bad:
        problems.append(say("log.bad_lines", n=bad, file=name))
    return AnswerFile(lines, problems, header)


def read_submission(path: Path) -> AnswerFile | None:
    """Read a file to hand in; None where it is none. A link is not followed."""
    if path.is_symlink() or not path.is_file():
        return None
    found = read_file(path)
    return found if found.header else None
