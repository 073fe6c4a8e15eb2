"""Read the question bank, questions of every kind; refuse a bad one with the place of the fault."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from afteach import toml
from afteach.errors import AfteachError, DataFault, UnknownName
from afteach.naming import known_name, unknown
from afteach.questions import kinds
from afteach.questions.question import MEASURE, PRACTICE, WRITTEN_ID, Part, Question, id_fault
from afteach.record import lookup
from afteach.workbook import data_dir, workbook


class Chapter(Part, kw_only=True):
    """One file of the bank: what its notebook is called, how long it takes, its goals and its questions."""

    title: str
    minutes: int
    goals: dict[str, str]
    question: list[dict[str, Any]]
    needs: str = ""
    discuss: list[str] = msgspec.field(default_factory=list)
    notebook: str = ""


class Bank(dict[str, Question]):
    """All questions by id, in the order of the notebooks; `chapters` says what each file says of itself."""

    def __init__(self, chapters: dict[str, Chapter], questions: dict[str, Question]) -> None:
        super().__init__(questions)
        self.chapters = chapters

    def of(self, notebook: str) -> list[Question]:
        """The questions of one notebook, in order."""
        return [q for q in self.values() if q.notebook == notebook]

    @functools.cached_property
    def fingerprint(self) -> str:
        """Twelve characters that change when any question does."""
        return _digest([[q.id, fingerprint(q)] for q in self.values()])


def bank(path: Path | str | None = None) -> Bank:
    """Read the questions of a folder of TOML files or of one file; without a path, the workbook's own.

    Errors: DataFault names file, question and reason.
    """
    place = Path(path) if path is not None else data_dir() / "questions"
    return _bank(_stamped(place))


def _stamped(place: Path) -> tuple[tuple[Path, int], ...]:
    return tuple((file, file.stat().st_mtime_ns) for file in _files(place))


class Draft(NamedTuple):
    """A bank as it was read: what can be used, every fault, and the ids that it names, of faulty questions too."""

    bank: Bank
    faults: list[str]
    named: set[str]


@functools.lru_cache(maxsize=32)
def _bank(files: tuple[tuple[Path, int], ...]) -> Bank:
    found = _draft([file for file, _ in files])
    if found.faults:
        raise DataFault(found.faults[0])
    return found.bank


def draft(path: Path | str | None = None) -> Draft:
    """Read a bank with all its faults; without a path, the workbook's own."""
    try:
        return _draft(_files(Path(path) if path is not None else data_dir() / "questions"))
    except DataFault as fault:
        return Draft(Bank({}, {}), [str(fault)], set())


def _draft(files: list[Path]) -> Draft:
    chapters: dict[str, Chapter] = {}
    good: dict[str, Question] = {}
    found: list[str] = []
    named: set[str] = set()
    for file in files:
        chapter, own, faults, ids = read_file(file, named)
        found += faults
        named |= ids
        good |= own
        if chapter:
            chapters[file.stem] = chapter
    return Draft(Bank(chapters, good), found, named)


def _files(place: Path) -> list[Path]:
    if place.is_dir():
        order = {stem: number for number, stem in enumerate(workbook().notebooks)}
        files = sorted(place.glob("*.toml"), key=lambda file: (order.get(file.stem, len(order)), file.name))
        if not files:
            raise DataFault(f"{place} holds no question file. A question file ends in .toml.")
        return files
    if place.is_file():
        return [place]
    raise DataFault(f"There is no question file or folder {place}. Check the path.")


def read_file(file: Path, taken: Iterable[str] = ()) -> tuple[Chapter | None, dict[str, Question], list[str], set[str]]:
    """Read one file: what it says of itself, its good questions and every id by name, and every fault."""
    try:
        raw = toml.loads(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as fault:
        return None, {}, [f"{file.name}: byte {fault.start} is not UTF-8. Save the file as UTF-8."], set()
    except (OSError, ValueError, RecursionError) as fault:
        return None, {}, [f"{file.name}: {str(fault).rstrip('.')}."], set()
    try:
        chapter = msgspec.structs.replace(msgspec.convert(raw, Chapter), notebook=file.stem)
    except msgspec.ValidationError as fault:
        return None, {}, [f"{file.name}: {_plain(fault)}."], _ids(raw.get("question"))
    good: dict[str, Question] = {}
    found = [f"{file.name}: {reason}." for reason in _chapter_faults(chapter)]
    seen = set(taken)
    for number, entry in enumerate(chapter.question, start=1):
        place = f"{file.name}, question {number}"
        try:
            question = _asked(entry, file)
        except msgspec.ValidationError as fault:
            named = entry.get("id") if isinstance(entry.get("id"), str) else "no id"
            found.append(f"{place} ({named}): {_plain(fault)}.")
            continue
        reasons = [f"the id '{question.id}' is taken"] if question.id in seen else []
        seen.add(question.id)
        reasons += rule_faults(question, chapter)
        found += [f"{place} ({question.id}): {reason}{'' if reason.endswith('?') else '.'}" for reason in reasons]
        if not reasons:
            good[question.id] = question
    return chapter, good, found, _ids(chapter.question)


def _asked(entry: dict[str, Any], file: Path) -> Question:
    # To know every kind costs more than to read a question of one.
    kind = kinds.named(entry.get("kind")) or kinds.any_kind()
    return msgspec.structs.replace(msgspec.convert(entry, kind), notebook=file.stem)


def _ids(entries: object) -> set[str]:
    entries = entries if isinstance(entries, list) else []
    return {entry["id"] for entry in entries if isinstance(entry, dict) and isinstance(entry.get("id"), str)}


def _chapter_faults(chapter: Chapter) -> list[str]:
    found = []
    if not chapter.title.strip():
        found.append("title is empty")
    if chapter.minutes <= 0:
        found.append(f"minutes is {chapter.minutes}, and must be more than 0")
    found += [f"the goal '{name}' is empty" for name, goal in chapter.goals.items() if not goal.strip()]
    shown = [chapter.title, chapter.needs, *chapter.discuss, *chapter.goals.values()]
    return found + _markup_faults(shown)


def _markup_faults(shown: list[str]) -> list[str]:
    return [f"HTML is not read: '{text[:40]}'" for text in shown if "<" in text and ">" in text]


def _plain(fault: msgspec.ValidationError) -> str:
    return str(fault).replace("`", "'").replace("Object ", "").replace(" - at '$.", " at '").replace(" - at '$'", "")


def rule_faults(question: Question, chapter: Chapter) -> list[str]:
    """What the types cannot say: keys that exist, feedback for every choice, evidence that can be looked up."""
    found = []
    for name in ("prompt", "explain"):
        if not getattr(question, name).strip():
            found.append(f"{name} is empty")
    if not WRITTEN_ID.fullmatch(question.id):
        found.append(id_fault("the id", question.id))
    if not question.hints or any(not hint.strip() for hint in question.hints):
        found.append("it has no hint")
    if question.goal not in chapter.goals:
        found.append(f"the goal '{question.goal}' is none of: {', '.join(chapter.goals)}")
    if not question.evidence:
        found.append("it cites no evidence")
    for row_id in question.evidence:
        try:
            lookup.row(row_id)
        except UnknownName as fault:
            found.append(f"evidence: {str(fault).rstrip('.')}")
        except DataFault:
            continue  # listed with its table
    found += [
        f"the idea '{name}' is none of workbook.toml" for name in sorted(_ideas(question) - set(workbook().ideas))
    ]
    return found + _markup_faults(question.texts()) + question.faults()


def _ideas(question: Question) -> set[str]:
    try:
        return question.idea_names()
    except AfteachError:
        return set()  # a row that cannot be read is a fault of its own


def question(question_id: str) -> Question:
    """One question of the workbook, its id in any case; UnknownName where there is none of that id."""
    if not isinstance(question_id, str):
        raise unknown("question", question_id, bank())
    if question_id.startswith(PRACTICE):
        from afteach.questions import drill

        return drill.made(question_id)
    if question_id.startswith(MEASURE):
        from afteach.questions import measured

        return measured.made(question_id)
    if alone := _alone(_stamped(data_dir() / "questions"), question_id):
        return alone
    return bank()[known_name("question", question_id, bank())]


@functools.lru_cache(maxsize=512)
def _alone(files: tuple[tuple[Path, int], ...], question_id: str) -> Question | None:
    """A question without those beside it and without the rules, which look into tables: a card waits for neither.

    None where it cannot be had so; then the whole bank says why.
    """
    try:
        for file, changed in files:
            if question_id.encode() in file.read_bytes():
                for entry in _entries(file, changed):
                    if entry["id"] == question_id:
                        return _asked(entry, file)
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        pass
    return None


@functools.lru_cache(maxsize=64)
def _entries(file: Path, _changed: int) -> list[dict[str, Any]]:
    return toml.loads(file.read_text(encoding="utf-8-sig"))["question"]


@functools.cache
def fingerprint(question: Question) -> str:
    """Twelve characters that change when kind, prompt or choices do; the key and the feedback do not count."""
    offers = {"choices": [], "left": [], "right": [], **question.offers()}
    choices = [[[choice.id, choice.text] for choice in offered] for offered in offers.values()]
    return _digest([question.kind, question.prompt, choices])


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:12]
