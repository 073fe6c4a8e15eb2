"""Read the question bank; refuse a bad one with the place of the fault."""

from __future__ import annotations

import functools
import hashlib
import json
import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec

from afteach import paths
from afteach.errors import DataFault, UnknownName, known_name
from afteach.questions import keys
from afteach.questions.keys import Key
from afteach.questions.keys import Lookup as Lookup  # a part of the bank's shape
from afteach.record import tables

# An answer carries the id of its question, and a line of answers takes none that is longer.
LONGEST_ID = 64
# A choice is typed by its id, several with commas or spaces between them.
WRITTEN_ID = re.compile(rf"[\w.-]{{1,{LONGEST_ID}}}")
Level = Literal["recall", "understand", "apply", "analyse", "evaluate"]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, eq=False, weakref=True):
    pass


class Choice(_Part, kw_only=True):
    """One choice; `says` is the feedback for whoever chose it and never gives the key away."""

    id: str
    text: str
    says: str = ""
    right: bool = False


class Slip(_Part, kw_only=True):
    """A likely wrong number and what to say to it."""

    value: float
    says: str


class Rubric(_Part, kw_only=True):
    """The three lines by which a student reads an open answer again."""

    claim: str
    evidence: str
    limit: str


class _Base(_Part, tag_field="kind", kw_only=True):
    id: str
    prompt: str
    goal: str
    level: Level
    evidence: list[str]
    hint: str | list[str]
    explain: str
    guess: bool = False
    notebook: str = ""

    @property
    def kind(self) -> str:
        return str(type(self).__struct_config__.tag)

    @property
    def hints(self) -> list[str]:
        return [self.hint] if isinstance(self.hint, str) else self.hint


class ChoiceQuestion(_Base, tag="choice", kw_only=True):
    choices: list[Choice]


class ManyQuestion(_Base, tag="many", kw_only=True):
    choices: list[Choice]


class OrderQuestion(_Base, tag="order", kw_only=True):
    choices: list[Choice]
    key: list[str]


class MatchQuestion(_Base, tag="match", kw_only=True):
    left: list[Choice]
    right: list[Choice]
    key: dict[str, str]


class NumberQuestion(_Base, tag="number", kw_only=True):
    key: Key
    unit: str = ""
    tolerance: float = 0.0
    relative_tolerance: float = 0.0
    slips: list[Slip] = []


class ValueQuestion(_Base, tag="value", kw_only=True):
    key: Key
    line: str = ""  # one line of code that gives the answer, for the solution; tests run it, marking never does
    unit: str = ""
    tolerance: float = 0.0
    relative_tolerance: float = 0.0
    slips: list[Slip] = []


class TextQuestion(_Base, tag="text", kw_only=True):
    accept: list[str]
    slips: dict[str, str] = {}


class ReflectQuestion(_Base, tag="reflect", kw_only=True):
    rubric: Rubric
    model: str


class ForecastQuestion(_Base, tag="forecast", kw_only=True):
    resolved: bool


Question = (
    ChoiceQuestion
    | ManyQuestion
    | OrderQuestion
    | MatchQuestion
    | NumberQuestion
    | ValueQuestion
    | TextQuestion
    | ReflectQuestion
    | ForecastQuestion
)


class Chapter(_Part, kw_only=True):
    """One file of the bank: what its notebook is called, how long it takes, its goals and its questions."""

    title: str
    minutes: int
    goals: dict[str, str]
    question: list[dict[str, Any]]
    needs: str = ""
    discuss: list[str] = []
    notebook: str = ""


class Bank(Mapping[str, Question]):
    """All questions by id, in the order of the notebooks; `chapters` says what each file says of itself."""

    def __init__(self, chapters: dict[str, Chapter], questions: dict[str, Question]) -> None:
        self.chapters, self._questions = chapters, questions

    def __getitem__(self, question_id: str) -> Question:
        return self._questions[question_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._questions)

    def __len__(self) -> int:
        return len(self._questions)

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
    place = Path(path) if path is not None else paths.data_dir() / "questions"
    return _bank(_stamped(place))


def _stamped(place: Path) -> tuple[tuple[Path, int], ...]:
    return tuple((file, file.stat().st_mtime_ns) for file in _files(place))


class Draft(NamedTuple):
    """A bank as it was read: what can be used, every fault, and the ids that it names, of faulty questions too."""

    bank: Bank
    faults: list[str]
    named: set[str]


@functools.lru_cache(maxsize=32)
def _bank(files: tuple[tuple[Path, int], ...], rules: bool = True) -> Bank:
    found = _draft([file for file, _ in files], rules)
    if found.faults:
        raise DataFault(found.faults[0])
    return found.bank


def draft(path: Path | str | None = None) -> Draft:
    """Read a bank with all its faults; without a path, the workbook's own."""
    try:
        return _draft(_files(Path(path) if path is not None else paths.data_dir() / "questions"))
    except DataFault as fault:
        return Draft(Bank({}, {}), [str(fault)], set())


def _draft(files: list[Path], rules: bool = True) -> Draft:
    chapters: dict[str, Chapter] = {}
    good: dict[str, Question] = {}
    found: list[str] = []
    named: set[str] = set()
    for file in files:
        chapter, own, faults, ids = read_file(file, named, rules)
        found += faults
        named |= ids
        good |= own
        if chapter:
            chapters[file.stem] = chapter
    return Draft(Bank(chapters, good), found, named)


def faults(path: Path | str | None = None) -> list[str]:
    """Every fault of the bank, each with file, question and reason; no fault, an empty list."""
    return draft(path).faults


def _files(place: Path) -> list[Path]:
    if place.is_dir():
        files = sorted(place.glob("*.toml"))
        if not files:
            raise DataFault(f"{place} holds no question file. A question file ends in .toml.")
        return files
    if place.is_file():
        return [place]
    raise DataFault(f"There is no question file or folder {place}. Check the path.")


def read_file(
    file: Path, taken: Iterable[str] = (), rules: bool = True
) -> tuple[Chapter | None, dict[str, Question], list[str], set[str]]:
    """Read one file: what it says of itself, its good questions and every id by name, and every fault.

    Without rules only the faults of form are looked for, which needs no table.
    """
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as fault:
        return None, {}, [f"{file.name}: byte {fault.start} is not UTF-8. Save the file as UTF-8."], set()
    except (OSError, ValueError, RecursionError) as fault:
        return None, {}, [f"{file.name}: {str(fault).rstrip('.')}."], set()
    try:
        chapter = msgspec.structs.replace(msgspec.convert(raw, Chapter), notebook=file.stem)
    except msgspec.ValidationError as fault:
        return None, {}, [f"{file.name}: {_plain(fault)}."], _ids(raw.get("question"))
    good: dict[str, Question] = {}
    found = [f"{file.name}: {reason}." for reason in _chapter_faults(chapter)] if rules else []
    seen = set(taken)
    for number, entry in enumerate(chapter.question, start=1):
        place = f"{file.name}, question {number}"
        try:
            question = msgspec.structs.replace(msgspec.convert(entry, Question), notebook=file.stem)
        except msgspec.ValidationError as fault:
            named = entry.get("id") if isinstance(entry.get("id"), str) else "no id"
            found.append(f"{place} ({named}): {_plain(fault)}.")
            continue
        reasons = [f"the id '{question.id}' is taken"] if question.id in seen else []
        seen.add(question.id)
        reasons += rule_faults(question, chapter) if rules else []
        found += [f"{place} ({question.id}): {reason}." for reason in reasons]
        if not reasons:
            good[question.id] = question
    return chapter, good, found, _ids(chapter.question)


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
        found.append(_id_fault("the id", question.id))
    if not question.hints or any(not hint.strip() for hint in question.hints):
        found.append("it has no hint")
    if question.goal not in chapter.goals:
        found.append(f"the goal '{question.goal}' is none of: {', '.join(chapter.goals)}")
    if not question.evidence:
        found.append("it cites no evidence")
    for row_id in question.evidence:
        try:
            tables.row(row_id)
        except UnknownName as fault:
            found.append(f"evidence: {str(fault).rstrip('.')}")
        except DataFault:
            continue  # listed with its table
    return found + _markup_faults(texts(question)) + _kind_faults(question)


def _id_fault(what: str, named: str) -> str:
    return f"{what} '{named[:80]}' must be 1 to {LONGEST_ID} letters, digits, dots, dashes and low lines"


def texts(question: Question) -> list[str]:
    """Every text of a question that a student can see."""
    parts = [question.prompt, question.explain, *question.hints]
    for name in ("choices", "left", "right"):
        for choice in getattr(question, name, []):
            parts += [choice.text, choice.says]
    slips = getattr(question, "slips", [])
    parts += slips.values() if isinstance(slips, dict) else [slip.says for slip in slips]
    if isinstance(question, ReflectQuestion):
        parts += [question.model, question.rubric.claim, question.rubric.evidence, question.rubric.limit]
    return parts


def _kind_faults(question: Question) -> list[str]:
    found: list[str] = []
    for name in ("choices", "left", "right"):
        choices = getattr(question, name, None)
        if choices is None:
            continue
        if len({choice.id.casefold() for choice in choices}) < len(choices):
            found.append(f"two of its {name} have the same id")
        found += [_id_fault(f"the id in {name}", c.id) for c in choices if not WRITTEN_ID.fullmatch(c.id)]
        found += [f"'{c.id}' in {name} has no text" for c in choices if not c.text.strip()]
        if len(choices) < 2:
            found.append(f"it has fewer than two {name if name == 'choices' else f'entries in {name}'}")
    match question:
        case ChoiceQuestion() | ManyQuestion():
            right = [c for c in question.choices if c.right]
            wrong = [c for c in question.choices if not c.right]
            if not question.guess:
                if isinstance(question, ChoiceQuestion) and len(right) != 1:
                    found.append(f"{len(right)} choices are right; one must be")
                if isinstance(question, ManyQuestion) and not (right and wrong):
                    found.append("at least one choice must be right and one wrong")
                found += [f"choice '{c.id}' has no feedback (says)" for c in question.choices if not c.says.strip()]
        case OrderQuestion():
            if sorted(question.key) != sorted(c.id for c in question.choices):
                found.append("key must list every choice id once")
            elif question.key == [c.id for c in question.choices]:
                found.append("the choices already stand in the right order")
        case MatchQuestion():
            if sorted(question.key) != sorted(c.id for c in question.left):
                found.append("key must map every id of left")
            if set(question.key.values()) - {c.id for c in question.right}:
                found.append("key maps to an id that is not in right")
        case NumberQuestion() | ValueQuestion():
            found += keys.faults(question.key, number=isinstance(question, NumberQuestion))
            found += _tolerance_faults(question)
        case TextQuestion():
            if not any(text.strip() for text in question.accept):
                found.append("accept is empty")
            # Marks are not compared: an answer of marks alone would be like every other and like none.
            found += [f"'{text}' in accept has no letter and no digit" for text in question.accept if not _said(text)]
            found += [f"'{text}' in slips has no letter and no digit" for text in question.slips if not _said(text)]
        case ReflectQuestion():
            if not question.model.startswith("One good answer"):
                found.append("the model answer must begin 'One good answer'")
    return found


def _said(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


def _tolerance_faults(question: NumberQuestion | ValueQuestion) -> list[str]:
    found = []
    for name in ("tolerance", "relative_tolerance"):
        given = getattr(question, name)
        if given < 0:
            found.append(f"{name} is {given:g}: a tolerance cannot be below 0")
        elif not math.isfinite(given):
            found.append(f"{name} is {given:g}, and must be a finite number")
    if math.isfinite(question.relative_tolerance) and question.relative_tolerance >= 1:
        found.append("relative_tolerance is a share and must be below 1: 0.05 is five per cent")
    found += [
        f"the slip {slip.value:g} is no finite number" for slip in question.slips if not math.isfinite(slip.value)
    ]
    return found


def question(question_id: str) -> Question:
    """One question of the workbook, its id in any case; UnknownName where there is none of that id."""
    files = _stamped(paths.data_dir() / "questions")
    # A card waits neither for the files of other notebooks nor for the tables, which the rules look into.
    own = _bank(_naming(files, str(question_id)), rules=False)
    found = own if isinstance(question_id, str) and question_id in own else bank()
    return found[known_name("question", question_id, found)]


@functools.lru_cache(maxsize=512)
def _naming(files: tuple[tuple[Path, int], ...], question_id: str) -> tuple[tuple[Path, int], ...]:
    """The files in whose text an id occurs: as a rule the one that holds the question."""
    try:
        return tuple(entry for entry in files if question_id.encode() in entry[0].read_bytes())
    except OSError:
        return files  # reading the whole bank says which file cannot be read


@functools.cache
def fingerprint(question: Question) -> str:
    """Twelve characters that change when kind, prompt or choices do; the key and the feedback do not count."""
    choices = [
        [[choice.id, choice.text] for choice in getattr(question, name, [])] for name in ("choices", "left", "right")
    ]
    return _digest([question.kind, question.prompt, choices])


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:12]


def schema() -> dict:
    """The JSON Schema of a question file, so that an editor can help its author."""
    outline = msgspec.json.schema(Chapter)
    entry = msgspec.json.schema(Question)
    outline["$defs"].update(entry.pop("$defs"))
    outline["$defs"]["Chapter"]["properties"]["question"]["items"] = entry
    return outline
