"""Mark what was handed in, again and from the raw answers. No score in a student's file is believed."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Iterable

from afteach.answers import seal
from afteach.answers.lines import FORMAT, Header, Line
from afteach.files import LONGEST_NAME
from afteach.grading import encodings
from afteach.grading.attempts import (
    RECORDED,
    TOO_LATE,
    Attempt,
    Attempts,
    Judged,
    Result,
    answer_of,
    attempt,
    instant,
    path_of,
    picked,
    resolve,
)
from afteach.grading.hand_in import LEFT_BLANK, MARKED, HandIn, Problem, line_or_header
from afteach.grading.hand_ins import Found
from afteach.grading.labels import receipt, said, shown
from afteach.questions import marking, measured
from afteach.questions import model as questions
from afteach.questions.model import Bank, Question
from afteach.questions.question import PRACTICE
from afteach.questions.shapes import blank

MOST_LINES = 20_000
MOST_PROBLEMS_A_FILE = 20
MOST_LETTERS_KEPT = 20_000_000
MOST_VERDICTS_KEPT = 50_000
# An id that a kernel drew by chance; two people never draw the same.
DRAWN = re.compile(r"[0-9a-f]{16,}")


class Marker:
    """Marks hand-ins with one bank, keys resolved once, and collects the problems."""

    def __init__(self, bank: Bank, keep: bool = False) -> None:
        self.bank, self.keep = bank, keep
        self.problems: list[Problem] = []
        self.letters_left = MOST_LETTERS_KEPT
        self.now = dt.datetime.now(dt.UTC)
        self._verdicts: dict[tuple[str, bytes], Judged] = {}
        self._prints = {question.id: questions.fingerprint(question) for question in bank.values()}
        self._waits = seal.forecasts(bank.values())
        self._rated = measured.items()
        for question in bank.values():
            resolve(question)

    def note(self, file: str, line: str | int, student: str, problem: str, done: str) -> None:
        """Put one line into problems.csv."""
        self.problems.append(Problem(file, str(line), student, shown(problem, 400), done))

    def read(self, found: Found) -> HandIn:
        """Mark one file; whatever is in it, this raises nothing."""
        path = found.path or (found.label,)
        hand_in = HandIn(found.label, path, said=said(path), kind=found.kind, fault=found.problem)
        if found.kind:
            # What is no answer file may lie beside one; whether it is all there is shows later.
            return hand_in
        try:
            if found.problem:
                raise ValueError(found.problem)
            hand_in.receipt = receipt(path, found.raw)
            if hand_in.receipt:
                hand_in.kind = "a receipt of Blackboard"
                hand_in.fault = "Blackboard's receipt is here, but no answer file"
                return hand_in
            raw, notes = encodings.plain(found.raw)
            if not raw.strip():
                raise ValueError("it is empty")
        except ValueError as fault:
            hand_in.fault = str(fault)
            self.note(hand_in.label, "", "", hand_in.fault, LEFT_BLANK)
            return hand_in
        hand_in.digest = hashlib.sha256(raw).digest()
        self._read_lines(hand_in, raw, notes)
        if hand_in.headed:
            self.finish(hand_in)
        return hand_in

    def finish(self, hand_in: HandIn) -> None:
        """Turn the attempts of a hand-in into results, once no more of them will come."""
        unfit: Counter[str] = Counter()
        late: Counter[str] = Counter()
        shut = self._shut(hand_in)
        for question_id, attempts in hand_in.attempts.items():
            question = self.bank[question_id]
            first = last = self._judge(question, *attempts.first)
            if attempts.last is not attempts.first:
                last = self._judge(question, *attempts.last)
            fits = first.readable and last.readable
            kept = attempts.tries(question, fits and first.score != last.score)
            if not fits:
                unfit[question_id] += 1
            if question_id in shut:
                # A forecast that was recorded after its outcome could be read is none.
                first, last = (
                    judged._replace(score=TOO_LATE, picks=()) if _is_after(shut[question_id], given) else judged
                    for judged, given in ((first, kept[0]), (last, kept[-1]))
                )
                late[question_id] += TOO_LATE in (first.score, last.score)
            text = self._kept(hand_in, last.text) if last.text else ""
            given = (attempts.first[1], attempts.last[1]) if self.keep else (b"", b"")
            hand_in.results[question_id] = Result(
                first.score,
                last.score,
                len(kept),
                first.picks,
                kept[0].sure,
                text,
                first.ideas,
                last.ideas,
                first.path,
                given,
            )
        hand_in.attempts = {}
        self._list(hand_in, {"unfit": unfit, "late": +late})

    def _shut(self, hand_in: HandIn) -> dict[str, dt.datetime]:
        """For each forecast whose outcome the student could read: since when. All records of a table's forecasts open it."""
        since: dict[str, dt.datetime] = {}
        for table, asked in self._waits.items():
            answered = [hand_in.attempts[question.id].all for question in asked if question.id in hand_in.attempts]
            firsts = [min((t for a in all_ if (t := instant(a.order[1]))), default=None) for all_ in answered]
            times = [hand_in.opened[table]] if table in hand_in.opened else []
            if asked and len(answered) == len(asked) and None not in firsts:
                times.append(max(t for t in firsts if t))
            if times:
                since |= {question.id: min(times) for question in asked}
        # A seal of a table that this workbook does not know: of its forecasts none can be trusted.
        known = {*self._waits, *measured.tables_of()}
        unknown = [when for table, when in hand_in.opened.items() if table not in known]
        if unknown:
            ids = [q.id for q in self.bank.values() if q.foretells and q.id not in since]
            since |= dict.fromkeys(ids, min(unknown))
        return since

    def _kept(self, hand_in: HandIn, text: str) -> str:
        if len(text) > self.letters_left:
            hand_in.unkept += 1
            return ""
        self.letters_left -= len(text)
        return text

    def _judge(self, question: Question, given: Attempt, raw: bytes) -> Judged:
        key = (question.id, given.said)
        if key in self._verdicts:
            return self._verdicts[key]
        answer = answer_of(given, raw)
        verdict = marking.judge(question, answer)
        readable = verdict.outcome != "unreadable"
        score = RECORDED if verdict.outcome == "recorded" else verdict.score
        text = answer if readable and question.keeps_text else ""
        judged = Judged(
            score,
            picked(question, answer) if readable else (),
            readable,
            text,
            question.ideas(answer) if readable else (),
            path_of(question, answer) if readable else None,
        )
        if given.is_whole and not text and len(self._verdicts) < MOST_VERDICTS_KEPT:
            self._verdicts[key] = judged
        return judged

    def _read_lines(self, hand_in: HandIn, raw: bytes, notes: list[str]) -> None:
        bad: list[tuple[int, str]] = []
        odd: dict[str, Counter[str]] = {name: Counter() for name in ODD}
        seen: dict[str, None] = {}  # in the order of the file
        wrapped = False
        for count, (number, text) in enumerate(encodings.lines(raw)):
            if count == MOST_LINES:
                bad.append((number, f"more than {MOST_LINES:,} lines; the rest was not read"))
                break
            line, header, fault = line_or_header(text)
            if line is None and header is None:
                for again in encodings.unwrapped(text):
                    wrapped = True
                    line, header, _ = line_or_header(again)
                    if line or header:
                        note = encodings.EXCEL if text.startswith(b'"') else encodings.CURLED
                        notes += [note] if note not in notes else []
                        text = again
                        break
            if header:
                name = shown(header.name, LONGEST_NAME)
                if not hand_in.readable:
                    self._take_header(hand_in, header, name, number)
                elif hand_in.headed and name == hand_in.signed:
                    # One's own file twice in one, as when two downloads were joined.
                    hand_in.at = max(hand_in.at, self._when(header.at))
                else:
                    bad.append((number, f"a second student begins here ({name}); the rest was not read"))
                    break
            elif line is None:
                bad.append((number, fault))
            else:
                hand_in.readable = True
                if line.id not in seen:
                    seen[line.id] = None
                    self._take(hand_in, line, text, odd)
        hand_in.drawn.extend(map(hash, filter(DRAWN.fullmatch, seen)))
        if not hand_in.headed and hand_in.readable:
            latest = [attempt.order[1] for attempts in hand_in.attempts.values() for attempt in attempts.all]
            hand_in.at = max(map(self._when, latest), default="")
        self._say(hand_in, bad, odd, notes, wrapped)

    def _take_header(self, hand_in: HandIn, header: Header, name: str, number: int) -> None:
        hand_in.headed = hand_in.readable = True
        # A letter that was lost makes another name.
        hand_in.name = hand_in.signed = name if "\ufffd" not in name else ""
        if header.v != FORMAT:
            self.note(hand_in.label, number, name, f"format {header.v} of the header is not known here", MARKED)
        if not hand_in.name:
            self.note(hand_in.label, number, name, "it names no student", f"{MARKED}, named by its file")
        hand_in.at = self._when(header.at)
        if not hand_in.at:
            lies = "lies ahead" if instant(header.at) else "cannot be read"
            text = f"its date, {shown(header.at, 40)}, {lies}; it counts as the earliest"
            self.note(hand_in.label, number, name, text, MARKED)

    def _when(self, at: str) -> str:
        """A date in UTC as text that sorts; nothing for one that cannot be read or has not come yet."""
        when = instant(at)
        if when is None or when > self.now + dt.timedelta(days=1):
            return ""
        text = when.isoformat(timespec="milliseconds" if when.microsecond else "seconds")
        return text.replace("+00:00", "Z")

    def _take(self, hand_in: HandIn, line: Line, raw: bytes, odd: dict[str, Counter[str]]) -> None:
        question = self.bank.get(line.q)
        if question is None:
            if line.q.startswith(seal.PREFIX):
                table, when = line.q.removeprefix(seal.PREFIX), instant(line.at)
                if when and line.answer == seal.OPENED:
                    hand_in.opened[table] = min(when, hand_in.opened.get(table, when))
            elif line.q in self._rated or line.q == measured.DRAWN:
                self._take_rating(hand_in, line, raw, odd)
            elif not line.q.startswith(PRACTICE):  # a student's own practice, which no bank asks for
                odd["unknown"][line.q] += 1
        elif blank(line.answer):
            odd["blank"][line.q] += 1
        else:
            if line.f != self._prints[question.id]:
                odd["changed"][line.q] += 1
            given = attempt(line)
            if line.q in hand_in.attempts:
                hand_in.attempts[line.q].add(given, raw)
            else:
                # The bank's own text of the id, so that ten thousand students share it.
                only = (given, raw)
                hand_in.attempts[question.id] = Attempts([given], only, only)

    def _take_rating(self, hand_in: HandIn, line: Line, raw: bytes, odd: dict[str, Counter[str]]) -> None:
        """Keep a line of the measure, which is no question of the bank, where it is the first of its name that can be read."""
        key: tuple = (line.at, line.id)
        if line.q in self._rated:
            outcome, key = marking.judge(self._rated[line.q], line.answer).outcome, line.order
            if outcome != RECORDED:
                odd["blank" if outcome == "unanswered" else "unfit"][line.q] += 1
                return
        elif line.answer not in measured.forms():
            odd["unfit"][line.q] += 1
            return
        hand_in.rated[line.q] = min(hand_in.rated.get(line.q, (key, raw)), (key, raw))

    def _say(
        self, hand_in: HandIn, bad: list[tuple[int, str]], odd: dict[str, Counter[str]], notes: list[str], wrapped: bool
    ) -> None:
        if not hand_in.readable:
            reason = f": {bad[0][1]}" if len(bad) == 1 else ""
            hand_in.fault = f"no line of it could be read{reason}"
            if wrapped:
                hand_in.fault += "; a spreadsheet or a word processor saved it: ask for the file that submit() wrote"
            self.note(hand_in.label, "", hand_in.name, hand_in.fault, LEFT_BLANK)
            return
        for text in notes:
            self.note(hand_in.label, "", hand_in.name, text, MARKED)
        if not hand_in.headed:
            text = "it has no header line, so it does not say whose it is"
            self.note(hand_in.label, 1, "", text, f"{MARKED}, named by its file")
        for number, reason in bad[:MOST_PROBLEMS_A_FILE]:
            self.note(hand_in.label, number, hand_in.name, reason, "line passed over; the others are marked")
        if len(bad) > MOST_PROBLEMS_A_FILE:
            text = f"{len(bad) - MOST_PROBLEMS_A_FILE} more lines cannot be read"
            self.note(hand_in.label, "", hand_in.name, text, "lines passed over; the others are marked")
        self._list(hand_in, odd)

    def _list(self, hand_in: HandIn, odd: dict[str, Counter[str]]) -> None:
        for kind, ids in odd.items():
            if ids:
                words, done = ODD[kind]
                self.note(hand_in.label, "", hand_in.name, f"questions {words}: {_listed(ids)}", done)


ODD = {
    "unknown": ("not in this bank", "passed over"),
    "changed": ("changed since this was answered", "marked as far as the answer still fits"),
    "unfit": ("with an answer that does not fit it", LEFT_BLANK),
    "blank": ("answered with a blank", "passed over"),
    "late": ("forecast after the outcomes were open", "not scored"),
}


def _is_after(moment: dt.datetime, given: Attempt) -> bool:
    when = instant(given.order[1])
    return when is not None and when > moment


def _listed(ids: Iterable[str]) -> str:
    names = [shown(question_id, 40) for question_id in ids]
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
