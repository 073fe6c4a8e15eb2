"""Mark what was handed in, again and from the raw answers. No score in a student's file is believed."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from afteach.answers import log as answers
from afteach.answers import seal
from afteach.files import LONGEST_NAME
from afteach.grading import encodings
from afteach.grading.attempts import (
    RECORDED,
    TOO_LATE,
    Attempt,
    Attempts,
    Judged,
    Result,
    attempt,
    instant,
    picked,
    resolve,
)
from afteach.grading.hand_ins import Found
from afteach.grading.labels import Said, receipt, said, shown
from afteach.questions import marking
from afteach.questions import model as questions
from afteach.questions.model import Bank, Question
from afteach.questions.shapes import blank

MOST_LINES = 20_000
MOST_PROBLEMS_A_FILE = 20
MOST_LETTERS_KEPT = 20_000_000
MOST_VERDICTS_KEPT = 50_000
LEFT_BLANK = "left blank"
MARKED = "marked"
# An id that a kernel drew by chance; two people never draw the same.
DRAWN = re.compile(r"[0-9a-f]{16,}")


class Problem(NamedTuple):
    """One line of problems.csv: where, whose, what is wrong, and what was done about it."""

    file: str
    line: str
    student: str
    problem: str
    done: str


@dataclass(slots=True, eq=False)
class HandIn:
    """One file handed in, marked. `name` is whose it says to be, `kind` what it is where it holds no answers."""

    label: str
    path: tuple[str, ...] = ()
    name: str = ""
    signed: str = ""
    headed: bool = False
    said: list[Said] = field(default_factory=list)
    receipt: tuple[str, str] | None = None
    kind: str = ""
    fault: str = ""
    at: str = ""
    digest: bytes = b""
    readable: bool = False
    results: dict[str, Result] = field(default_factory=dict)
    attempts: dict[str, Attempts] = field(default_factory=dict)
    opened: dict[str, dt.datetime] = field(default_factory=dict)
    drawn: array = field(default_factory=lambda: array("q"))
    unkept: int = 0

    @property
    def number(self) -> str:
        """The number or user name that a platform gave, if one did."""
        return self.said[0].number if self.said else ""


class Header(msgspec.Struct):
    """The first line of a file made by submit; nothing in it is believed but the name and the date."""

    header: bool
    v: int = 0
    name: str = ""
    at: str = ""


_decode_header = msgspec.json.Decoder(Header).decode


class Marker:
    """Marks hand-ins with one bank, keys resolved once, and collects the problems."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.problems: list[Problem] = []
        self.letters_left = MOST_LETTERS_KEPT
        self.now = dt.datetime.now(dt.UTC)
        self._verdicts: dict[tuple[str, bytes], Judged] = {}
        self._prints = {question.id: questions.fingerprint(question) for question in bank.values()}
        self._questions = dict(bank)
        self._waits = seal.forecasts(bank.values())
        for question in bank.values():
            resolve(question)

    def note(self, file: str, line: str | int, student: str, problem: str, done: str) -> None:
        """Put one line into problems.csv."""
        self.problems.append(Problem(file, str(line), student, shown(problem, 400), done))

    def read(self, found: Found) -> HandIn:
        """Mark one file; whatever is in it, this raises nothing."""
        path = found.path or (found.label,)
        one = HandIn(found.label, path, said=said(path), kind=found.kind, fault=found.problem)
        if found.kind:
            # What is no answer file may lie beside one; whether it is all there is shows later.
            return one
        try:
            if found.problem:
                raise ValueError(found.problem)
            one.receipt = receipt(path, found.raw)
            if one.receipt:
                one.kind = "a receipt of Blackboard"
                one.fault = "Blackboard's receipt is here, but no answer file"
                return one
            raw, notes = encodings.plain(found.raw)
            if not raw.strip():
                raise ValueError("it is empty")
        except ValueError as fault:
            one.fault = str(fault)
            self.note(one.label, "", "", one.fault, LEFT_BLANK)
            return one
        one.digest = hashlib.sha256(raw).digest()
        self._read_lines(one, raw, notes)
        if one.headed:
            self.finish(one)
        return one

    def finish(self, one: HandIn) -> None:
        """Turn the attempts of a hand-in into results, once no more of them will come."""
        unfit: Counter[str] = Counter()
        late: Counter[str] = Counter()
        shut = self._shut(one)
        for question_id, own in one.attempts.items():
            question = self._questions[question_id]
            kept = own.tries(question)
            first = last = self._judge(question, *own.first)
            if own.last is not own.first:
                last = self._judge(question, *own.last)
            if not (first.readable and last.readable):
                unfit[question_id] += 1
            if question_id in shut:
                # A forecast that was recorded after its outcome could be read is none.
                first, last = (
                    judged._replace(score=TOO_LATE, picks=()) if _is_after(shut[question_id], given) else judged
                    for judged, given in ((first, kept[0]), (last, kept[-1]))
                )
                late[question_id] += TOO_LATE in (first.score, last.score)
            text = self._kept(one, last.text)
            one.results[question_id] = Result(first.score, last.score, len(kept), first.picks, kept[0].sure, text)
        one.attempts = {}
        self._list(one, {"unfit": unfit, "late": +late})

    def _shut(self, one: HandIn) -> dict[str, dt.datetime]:
        """For each forecast whose outcome the student could read: since when. All records of a table's forecasts open it."""
        found: dict[str, dt.datetime] = {}
        for table, asked in self._waits.items():
            own = [one.attempts[question.id].all for question in asked if question.id in one.attempts]
            firsts = [min((t for a in all_ if (t := instant(a.order[1]))), default=None) for all_ in own]
            times = [one.opened[table]] if table in one.opened else []
            if asked and len(own) == len(asked) and None not in firsts:
                times.append(max(t for t in firsts if t))
            if times:
                found |= {question.id: min(times) for question in asked}
        # A seal of a table that this workbook does not know: of its forecasts none can be trusted.
        unknown = [when for table, when in one.opened.items() if table not in self._waits]
        if unknown:
            ids = [q.id for q in self.bank.values() if q.foretells and q.id not in found]
            found |= dict.fromkeys(ids, min(unknown))
        return found

    def _kept(self, one: HandIn, text: str) -> str:
        if len(text) > self.letters_left:
            one.unkept += 1
            return ""
        self.letters_left -= len(text)
        return text

    def _judge(self, question: Question, given: Attempt, raw: bytes) -> Judged:
        key = (question.id, given.said)
        if key in self._verdicts:
            return self._verdicts[key]
        answer = answers.parse(raw).answer
        verdict = marking.judge(question, answer)
        readable = verdict.outcome != "unreadable"
        score = RECORDED if verdict.outcome == "recorded" else verdict.score
        text = answer if readable and question.keeps_text else ""
        judged = Judged(score, picked(question, answer) if readable else (), readable, text)
        if given.is_whole and not text and len(self._verdicts) < MOST_VERDICTS_KEPT:
            self._verdicts[key] = judged
        return judged

    def _read_lines(self, one: HandIn, raw: bytes, notes: list[str]) -> None:
        bad: list[tuple[int, str]] = []
        odd: dict[str, Counter[str]] = {name: Counter() for name in ODD}
        seen: set[str] = set()
        wrapped = False
        for count, (number, text) in enumerate(encodings.lines(raw)):
            if count == MOST_LINES:
                bad.append((number, f"more than {MOST_LINES:,} lines; the rest was not read"))
                break
            line, header, fault = _line(text)
            if line is None and header is None:
                for again in encodings.unwrapped(text):
                    wrapped = True
                    line, header, _ = _line(again)
                    if line or header:
                        text = again
                        notes += [encodings.EXCEL] if encodings.EXCEL not in notes else []
                        break
            if header:
                name = shown(header.name, LONGEST_NAME)
                if not one.readable:
                    self._take_header(one, header, name, number)
                elif one.headed and name == one.signed:
                    # One's own file twice in one, as when two downloads were joined.
                    one.at = max(one.at, self._when(header.at))
                else:
                    bad.append((number, f"a second student begins here ({name}); the rest was not read"))
                    break
            elif line is None:
                bad.append((number, fault))
            else:
                one.readable = True
                if line.id not in seen:
                    seen.add(line.id)
                    self._take(one, line, text, odd)
        if not one.headed and one.readable:
            latest = [attempt.order[1] for own in one.attempts.values() for attempt in own.all]
            one.at = max(map(self._when, latest), default="")
        self._say(one, bad, odd, notes, wrapped)

    def _take_header(self, one: HandIn, header: Header, name: str, number: int) -> None:
        one.headed = one.readable = True
        # A letter that was lost makes another name.
        one.name = one.signed = name if "\ufffd" not in name else ""
        if header.v != answers.FORMAT:
            self.note(one.label, number, name, f"format {header.v} of the header is not known here", MARKED)
        if not one.name:
            self.note(one.label, number, name, "it names no student", f"{MARKED}, named by its file")
        one.at = self._when(header.at)
        if not one.at:
            lies = "lies ahead" if instant(header.at) else "cannot be read"
            told = f"its date, {shown(header.at, 40)}, {lies}; it counts as the earliest"
            self.note(one.label, number, name, told, MARKED)

    def _when(self, at: str) -> str:
        """A date in UTC as text that sorts; nothing for one that cannot be read or has not come yet."""
        when = instant(at)
        if when is None or when > self.now + dt.timedelta(days=1):
            return ""
        text = when.isoformat(timespec="milliseconds" if when.microsecond else "seconds")
        return text.replace("+00:00", "Z")

    def _take(self, one: HandIn, line: answers.Line, raw: bytes, odd: dict[str, Counter[str]]) -> None:
        if DRAWN.fullmatch(line.id):
            one.drawn.append(hash(line.id))
        if line.q.startswith(seal.PREFIX):
            table, when = line.q.removeprefix(seal.PREFIX), instant(line.at)
            if when and line.answer == seal.OPENED:
                one.opened[table] = min(when, one.opened.get(table, when))
            return
        question = self._questions.get(line.q)
        if question is None:
            odd["unknown"][line.q] += 1
        elif blank(line.answer):
            odd["blank"][line.q] += 1
        else:
            if line.f != self._prints[question.id]:
                odd["changed"][line.q] += 1
            given = attempt(line)
            if line.q in one.attempts:
                one.attempts[line.q].add(given, raw)
            else:
                # The bank's own text of the id, so that ten thousand students share it.
                only = (given, raw)
                one.attempts[question.id] = Attempts([given], only, only)

    def _say(
        self, one: HandIn, bad: list[tuple[int, str]], odd: dict[str, Counter[str]], notes: list[str], wrapped: bool
    ) -> None:
        if not one.readable:
            reason = f": {bad[0][1]}" if len(bad) == 1 else ""
            one.fault = f"no line of it could be read{reason}"
            if wrapped:
                one.fault += "; a spreadsheet or a word processor saved it: ask for the file that submit() wrote"
            self.note(one.label, "", one.name, one.fault, LEFT_BLANK)
            return
        for text in notes:
            self.note(one.label, "", one.name, text, MARKED)
        if not one.headed:
            told = "it has no header line, so it does not say whose it is"
            self.note(one.label, 1, "", told, f"{MARKED}, named by its file")
        for number, reason in bad[:MOST_PROBLEMS_A_FILE]:
            self.note(one.label, number, one.name, reason, "line passed over; the others are marked")
        if len(bad) > MOST_PROBLEMS_A_FILE:
            told = f"{len(bad) - MOST_PROBLEMS_A_FILE} more lines cannot be read"
            self.note(one.label, "", one.name, told, "lines passed over; the others are marked")
        self._list(one, odd)

    def _list(self, one: HandIn, odd: dict[str, Counter[str]]) -> None:
        for kind, ids in odd.items():
            if ids:
                words, done = ODD[kind]
                self.note(one.label, "", one.name, f"questions {words}: {_listed(ids)}", done)


ODD = {
    "unknown": ("not in this bank", "passed over"),
    "changed": ("changed since this was answered", "marked as far as the answer still fits"),
    "unfit": ("with an answer that does not fit it", LEFT_BLANK),
    "blank": ("answered with a blank", "passed over"),
    "late": ("forecast after the outcomes were open", "not scored"),
}


def _line(raw: bytes) -> tuple[answers.Line | None, Header | None, str]:
    try:
        return answers.parse(raw), None, ""
    except ValueError as fault:
        return None, _header(raw), str(fault)


def _is_after(moment: dt.datetime, given: Attempt) -> bool:
    when = instant(given.order[1])
    return when is not None and when > moment


def _header(raw: bytes) -> Header | None:
    if b'"header"' not in raw or len(raw) > answers.MOST_BYTES_A_LINE:
        return None
    try:
        found = _decode_header(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return found if found.header else None


def _listed(ids: Iterable[str]) -> str:
    names = [shown(one, 40) for one in ids]
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
