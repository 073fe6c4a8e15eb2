"""Read the question bank; refuse a bad one with the place of the fault."""

from __future__ import annotations

import functools
import hashlib
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from afteach import paths, tables
from afteach.errors import DataFault, UnknownName, known_name, unknown

# An answer carries the id of its question, and a line of answers takes none that is longer.
LONGEST_ID = 64
Level = Literal["recall", "understand", "apply", "analyse", "evaluate"]
Scalar = str | int | float | bool


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, eq=False, weakref=True):
    pass


class Lookup(_Part, kw_only=True):
    """Where a key stands, in one of three forms that marking.resolve reads.

    One cell: table, row, column. A query: table, where, by, agg (or no agg: the rows themselves, in order if sort).
    The days from the start of one dated row to the start of another: days = [from, to].
    Where the rows are asked for, `columns` names those that the answer must have, and no others.
    """

    table: str = ""
    row: str = ""
    column: str = ""
    where: dict[str, Scalar | list[Scalar]] = {}
    by: str | list[str] = ""
    agg: str = ""
    sort: str = ""
    days: list[str] = []
    columns: list[str] = []


Key = str | Lookup


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
        return type(self).__struct_config__.tag

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

    def __iter__(self):
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


@functools.lru_cache(maxsize=32)
def _bank(files: tuple[tuple[Path, int], ...], rules: bool = True) -> Bank:
    found, chapters, questions = [], {}, {}
    for file, _ in files:
        chapter, own, faults = read_file(file, questions, rules)
        found += faults
        if chapter:
            chapters[file.stem] = chapter
            questions.update(own)
    if found:
        raise DataFault(found[0])
    return Bank(chapters, questions)


def faults(path: Path | str | None = None) -> list[str]:
    """Every fault of the bank, each with file, question and reason; no fault, an empty list."""
    try:
        files = _files(Path(path) if path is not None else paths.data_dir() / "questions")
    except DataFault as fault:
        return [str(fault)]
    found: list[str] = []
    taken: dict[str, Question] = {}
    for file in files:
        _, own, own_faults = read_file(file, taken)
        taken.update(own)
        found += own_faults
    return found


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
    file: Path, taken: Mapping[str, Question], rules: bool = True
) -> tuple[Chapter | None, dict[str, Question], list[str]]:
    """Read one file: what it says of itself, its good questions by id, and every fault (without rules, of form)."""
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as fault:
        return None, {}, [f"{file.name}: byte {fault.start} is not UTF-8. Save the file as UTF-8."]
    except (OSError, tomllib.TOMLDecodeError, RecursionError) as fault:
        return None, {}, [f"{file.name}: {fault}."]
    try:
        chapter = msgspec.structs.replace(msgspec.convert(raw, Chapter), notebook=file.stem)
    except msgspec.ValidationError as fault:
        return None, {}, [f"{file.name}: {_plain(fault)}."]
    good: dict[str, Question] = {}
    found = []
    for number, entry in enumerate(chapter.question, start=1):
        place = f"{file.name}, question {number}"
        try:
            question = msgspec.structs.replace(msgspec.convert(entry, Question), notebook=file.stem)
        except msgspec.ValidationError as fault:
            named = entry.get("id") if isinstance(entry.get("id"), str) else "no id"
            found.append(f"{place} ({named}): {_plain(fault)}.")
            continue
        reasons = [f"the id '{question.id}' is taken"] if question.id in taken or question.id in good else []
        reasons += rule_faults(question, chapter) if rules else []
        found += [f"{place} ({question.id}): {reason}." for reason in reasons]
        if not reasons:
            good[question.id] = question
    return chapter, good, found


def _plain(fault: msgspec.ValidationError) -> str:
    return str(fault).replace("`", "'").replace("Object ", "").replace(" - at '$.", " at '").replace(" - at '$'", "")


def rule_faults(question: Question, chapter: Chapter) -> list[str]:
    """What the types cannot say: keys that exist, feedback for every choice, evidence that can be looked up."""
    found = []
    for name in ("id", "prompt", "explain"):
        if not getattr(question, name).strip():
            found.append(f"{name} is empty")
    if len(question.id) > LONGEST_ID:
        found.append(f"its id has {len(question.id)} letters; at most {LONGEST_ID} can be answered")
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
    for text in texts(question):
        if "<" in text and ">" in text:
            found.append(f"HTML is not read: '{text[:40]}'")
    return found + _kind_faults(question)


def texts(question: Question) -> list[str]:
    """Every text of a question that a student can see."""
    parts = [question.prompt, question.explain, *question.hints]
    for name in ("choices", "left", "right"):
        for choice in getattr(question, name, []):
            parts += [choice.text, choice.says]
    return parts


def _kind_faults(question: Question) -> list[str]:
    found: list[str] = []
    for name in ("choices", "left", "right"):
        ids = [choice.id for choice in getattr(question, name, [])]
        if len(ids) != len(set(ids)):
            found.append(f"two of its {name} have the same id")
    match question:
        case ChoiceQuestion() | ManyQuestion():
            right = [c for c in question.choices if c.right]
            wrong = [c for c in question.choices if not c.right]
            if len(question.choices) < 2:
                found.append("it has fewer than two choices")
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
            found += _key_faults(question.key)
            if question.tolerance < 0 or question.relative_tolerance < 0:
                found.append("a tolerance cannot be below 0")
        case TextQuestion():
            if not any(text.strip() for text in question.accept):
                found.append("accept is empty")
        case ReflectQuestion():
            if not question.model.startswith("One good answer"):
                found.append("the model answer must begin 'One good answer'")
    return found


def _key_faults(key: Key) -> list[str]:
    try:
        if isinstance(key, str):
            table, line = tables.row(key)
            return [] if "value" in line else [f"the key '{key}' is a row of {table}, not a figure"]
        if key.days:
            undated = [row_id for row_id in key.days if tables.span(tables.row(row_id)[1]).first is None]
            short = [] if len(key.days) == 2 else ["days names two rows"]
            return short + [f"the key's row '{row_id}' has no date" for row_id in undated]
        columns = [field["name"] for field in tables.resource(key.table)["schema"]["fields"]]
        if key.row and tables.row(key.row)[0] != key.table:
            return [f"the key's row '{key.row}' is not in {key.table}"]
        if bool(key.row) != bool(key.column):
            return ["a key in one cell needs both row and column"]
        by = [key.by] if isinstance(key.by, str) else key.by
        where = [name.partition(" ")[0] for name in key.where]
        used = [*where, *key.columns, *filter(None, [*by, key.sort, key.column, key.agg.partition(":")[2]])]
        return [str(unknown(f"column of {key.table}", c, columns)).rstrip(".") for c in used if c not in columns]
    except (UnknownName, DataFault) as fault:
        return [f"key: {str(fault).rstrip('.')}"]


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
