"""Mark what was handed in, again and from the raw answers. Who handed nothing in is left blank, never given a 0."""

from __future__ import annotations

import csv
import datetime as dt
import functools
import hashlib
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from afteach import answers, marking, questions
from afteach.errors import AfteachError, DataFault
from afteach.files import file_name
from afteach.questions import Bank, Question
from afteach.teach import reading
from afteach.teach.reading import Found, LmsName, shown
from afteach.teach.roster import LONGEST_NAME, Entry, Roster, fold

MOST_LINES = 20_000
MOST_PROBLEMS_A_FILE = 20
MOST_LETTERS_KEPT = 20_000_000
LAYOUTS = ("plain", "moodle", "canvas")
RECORDED = "recorded"
LEFT_BLANK = "left blank"
MARKED = "marked"
FORMULA = "=+-@\t\r\n＝＋－＠"
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*([eE][+-]?\d+)?%?")


class Problem(NamedTuple):
    """One line of problems.csv: where, whose, what is wrong, and what was done about it."""

    file: str
    line: str
    student: str
    problem: str
    done: str


class Result(NamedTuple):
    """What one student made of one question: a score, RECORDED, or None where an answer cannot be marked."""

    first: float | str | None
    now: float | str | None
    tries: int
    picks: tuple[str, ...] = ()
    sure: str = ""
    text: str = ""


@dataclass(slots=True)
class Tally:
    """The tries of one student at one question, as far as they matter: the earliest, the latest, how many."""

    first_order: tuple
    first: float | str | None
    picks: tuple[str, ...]
    sure: str
    now_order: tuple
    now: float | str | None
    text: str
    tries: int = 1

    def join(self, other: Tally) -> None:
        """Count the tries of another tally as well."""
        if other.first_order < self.first_order:
            self.first_order, self.first, self.picks, self.sure = (
                other.first_order,
                other.first,
                other.picks,
                other.sure,
            )
        if other.now_order > self.now_order:
            self.now_order, self.now, self.text = other.now_order, other.now, other.text
        self.tries += other.tries

    def result(self) -> Result:
        """What is left when no more tries will come."""
        return Result(self.first, self.now, self.tries, self.picks, self.sure, self.text)


@dataclass(slots=True)
class HandIn:
    """One file handed in, marked."""

    label: str
    name: str = ""
    headed: bool = False
    lms: LmsName | None = None
    at: str = ""
    digest: bytes = b""
    readable: bool = False
    results: dict[str, Result] = field(default_factory=dict)
    tallies: dict[str, Tally] = field(default_factory=dict)


@dataclass(slots=True)
class Student:
    """One line of the gradebook: the hand-in that counts, or none."""

    name: str
    entry: Entry | None
    hand_in: HandIn | None
    status: str

    @property
    def results(self) -> dict[str, Result]:
        return self.hand_in.results if self.hand_in else {}


class Header(msgspec.Struct):
    """The first line of a file made by submit; nothing in it is believed but the name and the date."""

    header: bool
    v: int = 0
    name: str = ""
    at: str = ""


@dataclass(slots=True)
class Class:
    """A whole class, marked: its students, the bank it was marked with, and everything that went wrong."""

    bank: Bank
    students: list[Student]
    problems: list[Problem]
    files: int
    roster: Roster | None = None


def grade(
    places: list[Path],
    out: Path,
    roster: Roster | None = None,
    bank: Bank | None = None,
    layout: str = "plain",
    anonymous: bool = False,
) -> list[str]:
    """Mark files, folders and zips, and write gradebook.csv, items.csv, problems.csv and report.html into out.

    Returns what was done, in words. Errors: AfteachError for a place that does not exist or an out that cannot be
    used; what students sent raises nothing.
    """
    from afteach.teach import items, report

    if layout != "plain" and roster is None:
        raise AfteachError(f"--layout {layout} needs --roster: the list of students that your platform exports.")
    prepare(out)
    marked = read_class(places, bank if bank is not None else questions.bank(), roster, skip=out)
    found = items.analyse(marked)
    tables = {"gradebook.csv": plain_rows(marked)}
    if layout != "plain":
        rows = moodle_rows(marked) if layout == "moodle" else canvas_rows(marked)
        tables = {"gradebook.csv": rows, "gradebook-plain.csv": plain_rows(marked)}
    tables["items.csv"] = items.rows(found)
    tables["problems.csv"] = [Problem._fields, *marked.problems]
    for name, rows in tables.items():
        write_csv(out / name, rows)
    write(out / "report.html", report.page(marked, found, anonymous=anonymous))
    return _summary(marked, out, [*tables, "report.html"])


def _summary(marked: Class, out: Path, written: list[str]) -> list[str]:
    given = sum(student.hand_in is not None for student in marked.students)
    missing = len(marked.students) - given
    lines = [f"{marked.files} files read; {given} students marked" + (f", {missing} left blank." if missing else ".")]
    if marked.problems:
        lines.append(f"{len(marked.problems)} things to look at: {out / 'problems.csv'}")
    return [*lines, f"Written to {out}: {', '.join(written)}."]


def read_class(places: list[Path], bank: Bank, roster: Roster | None = None, skip: Path | None = None) -> Class:
    """Mark every file in turn and settle whose it is."""
    marker = Marker(bank)
    hand_ins = [marker.read(found) for found in reading.files(places, skip)]
    students = settle(hand_ins, roster, marker.problems)
    return Class(bank, students, marker.problems, len(hand_ins), roster)


class Marker:
    """Marks hand-ins with one bank, keys resolved once, and collects the problems."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.problems: list[Problem] = []
        self.letters_left = MOST_LETTERS_KEPT
        self._shared: dict[tuple[str, ...], tuple[str, ...]] = {}
        for question in bank.values():
            resolve(question)

    def note(self, file: str, line: str | int, student: str, problem: str, done: str) -> None:
        """Put one line into problems.csv."""
        self.problems.append(Problem(file, str(line), student, shown(problem, 400), done))

    def read(self, found: Found) -> HandIn:
        """Mark one file; whatever is in it, this raises nothing."""
        one = HandIn(found.label, lms=reading.lms_name(found.label))
        try:
            if found.problem:
                raise ValueError(found.problem)
            raw, noted = reading.plain(found.raw)
            if not raw.strip():
                raise ValueError("it is empty")
        except ValueError as fault:
            self.note(one.label, "", "", str(fault), LEFT_BLANK)
            return one
        one.digest = hashlib.sha256(raw).digest()
        if noted:
            self.note(one.label, "", "", noted, MARKED)
        self._read_lines(one, raw)
        if one.headed:
            one.results = {question_id: tally.result() for question_id, tally in one.tallies.items()}
            one.tallies = {}
        return one

    def _read_lines(self, one: HandIn, raw: bytes) -> None:
        bad: list[tuple[int, str]] = []
        odd: dict[str, Counter[str]] = {
            "unknown": Counter(),
            "changed": Counter(),
            "unfit": Counter(),
            "blank": Counter(),
        }
        seen: set[str] = set()
        for count, (number, text) in enumerate(reading.lines(raw)):
            if count == MOST_LINES:
                bad.append((number, f"more than {MOST_LINES:,} lines; the rest was not read"))
                break
            try:
                line = answers.parse(text)
            except ValueError as fault:
                header = _header(text)
                if header and count == 0:
                    self._take_header(one, header, number)
                    continue
                if header:
                    other = shown(header.name, LONGEST_NAME)
                    bad.append((number, f"a second student begins here ({other}); the rest was not read"))
                    break
                bad.append((number, str(fault)))
                continue
            one.readable = True
            if line.id not in seen:
                seen.add(line.id)
                self._mark(one, line, odd)
        if not one.headed and one.readable:
            one.at = max(tally.now_order[1] for tally in one.tallies.values()) if one.tallies else ""
        self._say(one, bad, odd)

    def _take_header(self, one: HandIn, header: Header, number: int) -> None:
        one.headed = one.readable = True
        one.name = shown(header.name, LONGEST_NAME)
        if header.v != answers.FORMAT:
            self.note(one.label, number, one.name, f"format {header.v} of the header is not known here", MARKED)
        if not one.name:
            self.note(one.label, number, "", "it names no student", f"{MARKED}, named by its file")
        try:
            when = dt.datetime.fromisoformat(header.at)
            if when.utcoffset() is None:
                raise ValueError
            if when > dt.datetime.now(dt.UTC) + dt.timedelta(days=1):
                self.note(one.label, number, one.name, f"its date, {shown(header.at, 40)}, lies ahead", MARKED)
            one.at = header.at
        except (ValueError, OverflowError):
            self.note(one.label, number, one.name, "its date cannot be read; it counts as the earliest", MARKED)

    def _mark(self, one: HandIn, line: answers.Line, odd: dict[str, Counter[str]]) -> None:
        question = self.bank.get(line.q)
        if question is None:
            odd["unknown"][line.q] += 1
            return
        verdict = marking.judge(question, line.answer)
        if verdict.outcome == "unanswered":
            odd["blank"][line.q] += 1
            return
        if line.f != questions.fingerprint(question):
            odd["changed"][line.q] += 1
        score: float | str | None = RECORDED if verdict.outcome == "recorded" else verdict.score
        if verdict.outcome == "unreadable":
            odd["unfit"][line.q] += 1
            picks, text = (), ""
        else:
            picks = picked(question, line.answer)
            picks = self._shared.setdefault(picks, picks) if len(self._shared) < 50_000 else picks
            text = self._kept(line.answer) if question.kind == "reflect" else ""
        tally = Tally(line.order, score, picks, line.sure, line.order, score, text)
        if line.q in one.tallies:
            one.tallies[line.q].join(tally)
        else:
            # The bank's own text of the id, so that ten thousand students share it.
            one.tallies[question.id] = tally

    def _kept(self, text: str) -> str:
        if len(text) > self.letters_left:
            return ""
        self.letters_left -= len(text)
        return text

    def _say(self, one: HandIn, bad: list[tuple[int, str]], odd: dict[str, Counter[str]]) -> None:
        if not one.readable:
            reason = f": {bad[0][1]}" if len(bad) == 1 else ""
            self.note(one.label, "", one.name, f"no line of it could be read{reason}", LEFT_BLANK)
            return
        if not one.headed:
            self.note(
                one.label,
                1,
                "",
                "it has no header line, so it does not say whose it is",
                f"{MARKED}, named by its file",
            )
        for number, reason in bad[:MOST_PROBLEMS_A_FILE]:
            self.note(one.label, number, one.name, reason, "line passed over; the others are marked")
        if len(bad) > MOST_PROBLEMS_A_FILE:
            rest = len(bad) - MOST_PROBLEMS_A_FILE
            self.note(
                one.label, "", one.name, f"{rest} more lines cannot be read", "lines passed over; the others are marked"
            )
        told = {
            "unknown": ("not in this bank", "passed over"),
            "changed": ("changed since this was answered", "marked as far as the answer still fits"),
            "unfit": ("with an answer that does not fit it", LEFT_BLANK),
            "blank": ("answered with a blank", "passed over"),
        }
        for kind, (words, done) in told.items():
            if odd[kind]:
                self.note(one.label, "", one.name, f"questions {words}: {_listed(odd[kind])}", done)


def _listed(ids: Iterable[str]) -> str:
    names = [shown(one, 40) for one in ids]
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")


def resolve(question: Question) -> None:
    """Read the key of a question once, so that a bad one is found before anybody is marked."""
    if question.kind in ("number", "value"):
        try:
            marking.resolved(question)
        except (AfteachError, LookupError, ValueError, TypeError) as fault:
            raise DataFault(f"{question.notebook}.toml ({question.id}): its key cannot be read: {fault}") from None


_decode_header = msgspec.json.Decoder(Header).decode


def _header(raw: bytes) -> Header | None:
    if b'"header"' not in raw or len(raw) > answers.MOST_BYTES_A_LINE:
        return None
    try:
        found = _decode_header(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return found if found.header else None


def picked(question: Question, answer: Any) -> tuple[str, ...]:
    """What an answer that could be read chose, as short texts that can be counted."""
    match question.kind:
        case "choice":
            return (answer,)
        case "many" | "order":
            given = answer if isinstance(answer, (list, tuple)) else re.split(r"[,;\s]+", answer.strip(" ,;"))
            return tuple(sorted(set(given))) if question.kind == "many" else (" > ".join(given),)
        case "match":
            return tuple(f"{left}={right}" for left, right in answer.items() if not marking.blank(right))
        case "reflect":
            return ()
    if isinstance(answer, dict):
        answer = answer.get("value")
    if isinstance(answer, bool) or not isinstance(answer, (str, int, float)):
        return ()
    return (shown(answer if isinstance(answer, str) else f"{answer:.10g}", 60),)


# Whose is it?


def settle(hand_ins: list[HandIn], roster: Roster | None, problems: list[Problem]) -> list[Student]:
    """Say whose each hand-in is, which of several counts, and who on the class list is missing."""
    known = _file_names(hand_ins, roster)
    groups: dict[Any, list[HandIn]] = {}
    entries: dict[Any, Entry] = {}
    for one in hand_ins:
        if not (one.readable or one.lms or one.label.lower().endswith(".jsonl")):
            continue
        key, entry = _whose(one, roster, known, problems)
        groups.setdefault(key, []).append(one)
        if entry:
            entries[key] = entry
    students = []
    for key, group in groups.items():
        for name, own, entry in _apart(group, entries.get(key), roster, problems):
            students.append(_student(name, own, entry, problems))
    here = {id(student.entry) for student in students}
    for entry in roster.entries if roster else ():
        if id(entry) not in here:
            students.append(Student(entry.name, entry, None, "nothing handed in"))
    return sorted(students, key=lambda student: (fold(student.name), student.name))


def _file_names(hand_ins: list[HandIn], roster: Roster | None) -> dict[str, str]:
    # submit names a file after its author, so that even a file nobody can read may say whose it is.
    names = [one.name for one in hand_ins if one.name] + [entry.name for entry in (roster.entries if roster else ())]
    found: dict[str, str] = {}
    for name in names:
        slug = file_name(name)
        found[slug] = "" if fold(found.get(slug, name)) != fold(name) else name
    return found


def _whose(
    one: HandIn, roster: Roster | None, known: dict[str, str], problems: list[Problem]
) -> tuple[Any, Entry | None]:
    own = one.name
    if not one.name:
        guess = reading.name_from(one.label)
        one.name = known.get(file_name(guess)) or shown(one.lms.name if one.lms else guess, LONGEST_NAME)
    if roster:
        by_platform = roster.of_platform(one.lms) if one.lms else []
        if len(by_platform) == 1:
            entry = by_platform[0]
            if (own and fold(own) not in roster.by_name) or (own and entry not in roster.named(own)):
                text = f"the file is signed '{own}'; the platform says that it is from '{entry.name}'"
                problems.append(Problem(one.label, "", entry.name, text, f"counted for {entry.name}"))
            return ("roster", id(entry)), entry
        fits = roster.named(one.name)
        if len(fits) == 1:
            return ("roster", id(fits[0])), fits[0]
        text = (
            f"{len(fits)} students on the class list have this name" if fits else "this name is not on the class list"
        )
        problems.append(Problem(one.label, "", one.name, text, "given a line of its own"))
    return ("name", fold(one.name)), None


def _apart(
    group: list[HandIn], entry: Entry | None, roster: Roster | None, problems: list[Problem]
) -> list[tuple[str, list[HandIn], Entry | None]]:
    """Two students who sign with one name stay two where the platform tells them apart."""
    name = entry.name if entry else max(group, key=_recent).name
    parts: dict[str, list[HandIn]] = {}
    for one in group:
        parts.setdefault(one.lms.number if one.lms else "", []).append(one)
    numbers = [number for number in parts if number]
    if len(numbers) < 2:
        return [(name, group, entry)]
    own = [n for n in numbers if entry and roster and entry in roster.of_platform(parts[n][0].lms)]
    home = own[0] if len(own) == 1 else ""
    for number in numbers:
        for one in parts[number] if number != home else ():
            text = f"the platform has {len(numbers)} students who sign as '{name}'"
            problems.append(Problem(one.label, "", one.name, text, "given a line of its own"))
    together = parts.pop("", []) + (parts.pop(home) if home else [])
    apart = [(f"{one[0].name} ({one[0].lms.name} {number})", one, None) for number, one in parts.items()]
    return [*([(name, together, entry)] if together else []), *apart]


def _recent(one: HandIn) -> tuple:
    return (one.readable, one.at.replace("+00:00", "").rstrip("Z"), one.label)


def _student(name: str, group: list[HandIn], entry: Entry | None, problems: list[Problem]) -> Student:
    spellings = sorted({one.name for one in group if one.headed and one.name})
    if len(spellings) > 1:
        text = f"one student in {len(spellings)} spellings: {'; '.join(spellings)}"
        problems.append(Problem("", "", name, text, "counted as one"))
    group = _merged(_once(name, group, problems))
    last = max(group, key=_recent)
    if len(group) > 1:
        for one in group:
            text = "the last of several hand-ins" if one is last else "an earlier hand-in, or one that cannot be read"
            done = "this one counts" if one is last else f"passed over for {last.label}"
            problems.append(Problem(one.label, "", name, text, done))
    if not last.readable:
        return Student(name, entry, None, "cannot be read")
    return Student(name, entry, last, "handed in" if last.results else "no answer in it")


def _once(name: str, group: list[HandIn], problems: list[Problem]) -> list[HandIn]:
    # Only within one student: two students who hand in the same bytes stay two.
    kept: dict[bytes, HandIn] = {}
    for one in group:
        same = kept.setdefault(one.digest or one.label.encode(), one)
        if same is not one:
            text = f"it is the same, byte for byte, as {same.label}"
            problems.append(Problem(one.label, "", name, text, "read once"))
    return list(kept.values())


def _merged(group: list[HandIn]) -> list[HandIn]:
    """A kernel writes a file a session; all of one student's together are one hand-in."""
    raw = [one for one in group if one.readable and not one.headed]
    if not raw:
        return group
    whole = max(raw, key=_recent)
    for one in raw:
        for question_id, tally in one.tallies.items() if one is not whole else ():
            if question_id in whole.tallies:
                whole.tallies[question_id].join(tally)
            else:
                whole.tallies[question_id] = tally
    whole.results = {question_id: tally.result() for question_id, tally in whole.tallies.items()}
    return [one for one in group if one not in raw or one is whole]


# What is written


def scored(question: Question) -> bool:
    """Whether answers to a question are right or wrong at all."""
    return question.kind not in ("reflect", "forecast") and not question.guess


def plain_rows(marked: Class) -> Iterable[list]:
    """gradebook.csv: a line a student; right at first try, now and tries for each question, totals a notebook."""
    bank = marked.bank
    stems = list(bank.chapters)
    asked = {stem: bank.of(stem) for stem in stems}
    totals = ("answered", "right at first try", "right now", "points now")
    yield [
        *("student", "id", "status", "file", "handed in at"),
        *totals,
        *(f"{stem} {total}" for stem in stems for total in totals),
        *(f"{question_id} {part}" for question_id in bank for part in ("first", "now", "tries")),
    ]
    for student in marked.students:
        one, results = student.hand_in, student.results
        head = [student.name, student.entry.id if student.entry else "", student.status]
        head += [one.label, one.at] if one else ["", ""]
        parts = [count for stem in stems for count in sums(results, asked[stem])]
        cells = []
        for question_id in bank:
            result = results.get(question_id)
            cells += [cell(result.first), cell(result.now), result.tries] if result else ("", "", "")
        yield [*head, *sums(results, bank.values()), *parts, *cells]


def sums(results: dict[str, Result], asked: Iterable[Question]) -> list:
    """How many of these questions were answered, right at first try, right now, and the points; blank if none was."""
    own = [results[question.id] for question in asked if question.id in results]
    if not own:
        return ["", "", "", ""]
    points = sum(result.now for result in own if isinstance(result.now, float))
    return [len(own), sum(r.first == 1 for r in own), sum(r.now == 1 for r in own), cell(points)]


def cell(score: float | str | None) -> float | int | str:
    """A score as it stands in a table: blank where there is none."""
    if score is None or isinstance(score, str):
        return score or ""
    return int(score) if score == int(score) else round(score, 4)


def _points(marked: Class, student: Student) -> list:
    bank = marked.bank
    return [sums(student.results, [q for q in bank.of(stem) if scored(q)])[3] for stem in bank.chapters]


def moodle_rows(marked: Class) -> Iterable[list]:
    """The gradebook as Moodle imports it: the columns that name a student, and the points now for each notebook."""
    columns = {
        "First name": ("first name", "firstname"),
        "Last name": ("last name", "surname", "lastname"),
        "ID number": ("id number", "student id"),
        "Username": ("username", "login"),
        "Email address": ("email address", "email", "e-mail"),
    }
    entries = [student.entry for student in marked.students if student.entry]
    used = {name: keys for name, keys in columns.items() if any(e.cells.get(k) for e in entries for k in keys)}
    if not set(used) & {"ID number", "Username", "Email address"}:
        raise AfteachError(
            "Moodle needs an ID number, a username or an email address: add such a column to the roster."
        )
    yield [*used, *(f"{stem} {chapter.title}" for stem, chapter in marked.bank.chapters.items())]
    for student in marked.students:
        if student.entry:
            cells = student.entry.cells
            own = [next((cells[k] for k in keys if cells.get(k)), "") for keys in used.values()]
            yield [*own, *_points(marked, student)]


def canvas_rows(marked: Class) -> Iterable[list]:
    """The gradebook as Canvas imports it: its five columns, a line of points possible, the points now."""
    bank = marked.bank
    yield [
        *("Student", "ID", "SIS User ID", "SIS Login ID", "Section"),
        *(f"{stem} {chapter.title}" for stem, chapter in bank.chapters.items()),
    ]
    yield ["    Points Possible", "", "", "", "", *(sum(map(scored, bank.of(stem))) for stem in bank.chapters)]
    for student in marked.students:
        if student.entry:
            cells = student.entry.cells
            own = [cells.get(column, "") for column in ("id", "sis user id", "sis login id", "section")]
            yield [student.entry.name, *own, *_points(marked, student)]


def harmless(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula; numbers stay as they are."""
    if isinstance(value, str) and value.lstrip(" ")[:1] and value.lstrip(" ")[0] in FORMULA:
        return value if NUMBER.fullmatch(value) else f"'{value}"
    return value


def write_csv(path: Path, rows: Iterable[Iterable]) -> None:
    """Write a table in one go: either the whole is there afterwards or what was there before."""
    with _replacing(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([harmless(value) for value in row] for row in rows)


def write(path: Path, text: str) -> None:
    """Write a text in one go."""
    with _replacing(path) as file:
        file.write(text)


class _replacing:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Any:
        descriptor, self.spare = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}-")
        self.file = open(descriptor, "w", encoding="utf-8", errors="replace", newline="")
        return self.file

    def __exit__(self, kind: Any, *_: Any) -> None:
        self.file.close()
        if kind is not None:
            os.unlink(self.spare)
            return
        os.chmod(self.spare, 0o666 & ~_umask())
        os.replace(self.spare, self.path)


@functools.cache
def _umask() -> int:
    current = os.umask(0o077)
    os.umask(current)
    return current


def prepare(out: Path) -> None:
    """Make the folder of results; AfteachError where that cannot be."""
    if out.exists() and not out.is_dir():
        raise AfteachError(f"{out} is a file. Name a folder: --out DIR")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise AfteachError(f"The folder {out} cannot be made: {fault.strerror}. Choose another: --out DIR") from None
    if not os.access(out, os.W_OK):
        raise AfteachError(f"The folder {out} cannot be written to. Choose another: --out DIR")
