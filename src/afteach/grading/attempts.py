"""The tries of one student at one question: which count, what they chose, what they are worth."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import itertools
import re
import unicodedata
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec

from afteach.answers.lines import Line, parse
from afteach.answers.tries import not_repeated, saying
from afteach.errors import AfteachError, DataFault
from afteach.grading.labels import shown
from afteach.questions.kinds.weigh import WeighQuestion
from afteach.questions.model import Question

RECORDED = "recorded"
TOO_LATE = "after the outcomes were open"
LONGEST_SAYING = 400
# Nobody tries one question so often; what a stranger repeats beyond it is counted as it stands.
MOST_COMPARED = 100
DIGEST = b"\0"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)")


class Path(NamedTuple):
    """A path at a desk: the records in the order in which they were opened, the leaning before the first, and the last."""

    opened: tuple[str, ...]
    before: float | None
    after: float


class Result(msgspec.Struct, frozen=True, gc=False):
    """What one student made of one question: a score, RECORDED or TOO_LATE, or None where nothing can be marked."""

    first: float | str | None
    now: float | str | None
    tries: int
    picks: tuple[str, ...] = ()
    sure: str = ""
    text: str = ""
    ideas: tuple[str, ...] = ()  # the wrong ideas of which the first answer speaks, and the last
    ideas_now: tuple[str, ...] = ()
    path: Path | None = None  # of the first answer at a desk
    given: tuple[bytes, bytes] = (b"", b"")  # the lines of the first and the last answer, where pages are asked for


_encode = msgspec.json.Encoder().encode


class Judged(NamedTuple):
    """What marking makes of an answer: a score or RECORDED, what it chose, whether it could be read, a reflection."""

    score: float | str | None
    picks: tuple[str, ...]
    readable: bool
    text: str = ""
    ideas: tuple[str, ...] = ()
    path: Path | None = None


class Attempt(msgspec.Struct, frozen=True, order=True, gc=False):
    """One answer to one question, as far as it matters: when, its bytes (of a long one a digest), to what, how sure."""

    order: tuple[int, str, str]
    said: bytes
    print: str = ""
    sure: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether the bytes are the answer itself."""
        return not self.said.startswith(DIGEST)


def answer_of(given: Attempt, raw: bytes) -> Any:
    """The answer itself; `raw` is its line."""
    return msgspec.json.decode(given.said) if given.is_whole else parse(raw).answer


def attempt(line: Line) -> Attempt:
    """What is kept of a line."""
    try:
        said = _encode(line.answer)
    except RecursionError:
        said = b"too deep to be compared"
    if len(said) > LONGEST_SAYING:
        said = DIGEST + hashlib.blake2b(said, digest_size=16).digest()
    return Attempt(line.order, said, line.f, line.sure)


@dataclass(slots=True)
class Attempts:
    """All answers of one hand-in to one question; of the answers themselves only the first and the last are kept."""

    all: list[Attempt]
    first: tuple[Attempt, bytes]
    last: tuple[Attempt, bytes]

    def add(self, attempt: Attempt, raw: bytes) -> None:
        """Take one more answer; `raw` is its line."""
        self.all.append(attempt)
        self.first = min(self.first, (attempt, raw))
        self.last = max(self.last, (attempt, raw))

    def join(self, other: Attempts) -> None:
        """Take the answers that another file holds as well."""
        here = {attempt.order[2] for attempt in self.all}
        self.all += [attempt for attempt in other.all if attempt.order[2] not in here]
        self.first, self.last = min(self.first, other.first), max(self.last, other.last)

    def tries(self, question: Question, ends_differ: bool = False) -> list[Attempt]:
        """Those that are a try of their own, earliest first, with a bound on what finding them costs.

        `ends_differ` says that the first and the last are known to say something else, being worth something else.
        """
        if len(self.all) == 1:
            return self.all
        if len(self.all) == 2 and ends_differ:
            return sorted(self.all)
        compared = itertools.count()

        def same(before: Attempt, one: Attempt) -> bool:
            if before.print != one.print or before.said == one.said:
                return before.print == one.print
            if next(compared) >= MOST_COMPARED or not (before.is_whole and one.is_whole):
                return False
            return _saying(question, before.said) == _saying(question, one.said)

        return not_repeated(sorted(self.all), same)


@functools.lru_cache(maxsize=4096)
def _saying(question: Question, said: bytes) -> bytes:
    # Folding is slow, and some letters come apart into eighteen.
    text = said.decode("utf-8", "replace")
    if not text.isascii() and len(unicodedata.normalize("NFKD", text)) > LONGEST_SAYING:
        return said
    return saying(question, msgspec.json.decode(said))


@functools.lru_cache(maxsize=4096)
def instant(at: str) -> dt.datetime | None:
    """A date with its time and its distance from UTC, in UTC; None for anything else, week dates too."""
    if not INSTANT.fullmatch(at):
        return None
    try:
        return dt.datetime.fromisoformat(at).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def resolve(question: Question) -> None:
    """Read the key of a question once, so that a bad one is found before anybody is marked."""
    try:
        question.resolve()
    except (AfteachError, LookupError, ValueError, TypeError) as fault:
        raise DataFault(f"{question.notebook}.toml ({question.id}): its key cannot be read: {fault}") from None


def path_of(question: Question, answer: Any) -> Path | None:
    """The path of an answer that could be read; None where the question is no desk."""
    if not isinstance(question, WeighQuestion):
        return None
    opened, trail = tuple(question.opened(answer)), question.trail(answer)
    earlier = trail[: trail.index(opened[0])] if opened else trail
    return Path(opened, earlier[-1] if earlier else None, question.leaning(answer))


def scored(question: Question) -> bool:
    """Whether answers to a question are right or wrong at all."""
    return question.judged and not question.guess


def picked(question: Question, answer: Any) -> tuple[str, ...]:
    """What an answer that could be read chose, as short texts that can be counted."""
    picks = question.picks(answer)
    return tuple(shown(pick, 60) for pick in picks) if question.is_free else picks
