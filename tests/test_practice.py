"""Practice: items from the rows, balanced, and what was missed comes back by a fixed ladder."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter

import pytest

import afteach
from afteach import student
from afteach.answers import ladder
from afteach.answers import log as answers
from afteach.answers.ladder import Round
from afteach.answers.lines import FORMAT, Line, encode, header
from afteach.grading.gradebook import grade
from afteach.questions import drill
from afteach.questions.model import bank

START = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.delenv("AFTEACH_WORKBOOK", raising=False)
    monkeypatch.setenv("AFTEACH_ANSWERS", str(tmp_path / "answers"))
    return tmp_path


def day(number: int) -> str:
    return (START + dt.timedelta(days=number)).isoformat()


def line(question_id: str, answer, at: dt.datetime, number: int = 0) -> Line:
    when = at.isoformat().replace("+00:00", "Z")
    return Line(v=FORMAT, id=f"{number:016x}", q=question_id, f="", answer=answer, at=when, try_=1)


def item_of(question_id: str) -> drill.Item:
    return next(one for one in drill.items() if (one.sort, one.row) == drill.key_of(question_id))


@pytest.mark.parametrize(
    ("past", "due"),
    [
        ([], None),
        ([(0, True)], None),
        ([(0, False)], 1),
        ([(0, False), (1, True)], 4),
        ([(0, False), (1, True), (4, True)], 11),
        ([(0, False), (1, True), (4, True), (11, True)], 32),
        ([(0, False), (1, True), (4, True), (11, True), (32, True)], None),
        ([(0, False), (1, True), (4, False)], 5),
        ([(0, False), (0.1, True)], 1),
        ([(0, True), (30, False)], 31),
    ],
)
def test_what_is_missed_comes_back_after_1_3_7_and_21_days(past, due):
    rounds = [Round(day(number), is_right) for number, is_right in past]
    assert ladder.due_at(rounds) == (day(due) if due is not None else "")


def test_what_is_due_is_dealt_first_and_as_a_new_question():
    missed = "practice.who.P10-3.1"
    lines = [line(missed, "author", START)]
    assert ladder.deal(lines, START + dt.timedelta(hours=23)) != "practice.who.P10-3.2"
    assert ladder.deal(lines, START + dt.timedelta(days=1)) == "practice.who.P10-3.2"
    again = [*lines, line("practice.who.P10-3.2", "unnamed", START + dt.timedelta(days=1), 1)]
    assert ladder.deal(again, START + dt.timedelta(days=3)) != "practice.who.P10-3.3"
    assert ladder.deal(again, START + dt.timedelta(days=4)) == "practice.who.P10-3.3"


def test_the_first_answer_counts_and_a_second_try_does_not_take_a_miss_back():
    lines = [line("practice.who.P10-3.1", "author", START), line("practice.who.P10-3.1", "unnamed", START, 1)]
    lines[1] = Line(**{**{f: getattr(lines[1], f) for f in Line.__struct_fields__}, "try_": 2})
    assert ladder.deal(lines, START + dt.timedelta(days=2)) == "practice.who.P10-3.2"


@pytest.mark.parametrize("at", ["2026-02-30T10:00:00Z", "2026-99-99T99:99:99Z", "9999-12-31T23:59:59Z"])
def test_a_line_with_a_day_that_is_none_does_not_stop_practice(at):
    whole = [line(ladder.deal([], START), "never", START)]
    odd = Line(v=FORMAT, id="f" * 16, q="practice.who.P10-3.1", f="", answer="never", at=at, try_=1)
    assert ladder.deal([odd, *whole], START + dt.timedelta(days=1)) == ladder.deal(whole, START + dt.timedelta(days=1))


def test_always_the_same_answer_does_not_win():
    lines: list[Line] = []
    for number in range(150):
        dealt = ladder.deal(lines, START)
        lines.append(line(dealt, drill.made(dealt).right_answers()[0], START + dt.timedelta(minutes=number), number))
    by_sort: dict[str, Counter] = {}
    for one in lines:
        item = item_of(one.q)
        by_sort.setdefault(item.sort, Counter())[item.code] += 1
    assert set(by_sort) == {"who", "sure", "held", "standing", "desk"}
    for sort, codes in by_sort.items():
        assert max(codes.values()) - min(codes.values()) <= 1, (sort, codes)
    assert sum(one.code == "author" for one in drill.items()) > 100, "dealt as they stand, one answer would win"


def test_it_is_dealt_within_a_tenth_of_a_second_from_5000_answers(place):
    folder = place / "answers"
    folder.mkdir()
    every = list(drill.items())
    found = [
        line(f"practice.{every[n % len(every)].sort}.{every[n % len(every)].row}.{n // len(every) + 1}", "x", START, n)
        for n in range(5_000)
    ]
    (folder / "a.jsonl").write_bytes(b"".join(encode(one) + b"\n" for one in found))
    lines = answers.read().lines
    ladder.deal(lines, START)
    times = []
    for _ in range(5):
        start = time.thread_time()
        ladder.deal(lines, START)
        times.append(time.thread_time() - start)
    print(f"a deal from 5,000 answers: {min(times) * 1000:.0f} ms")
    assert min(times) < 0.1


def test_every_item_can_be_asked_and_its_code_is_the_right_answer():
    for one in drill.items():
        made = drill.made(f"practice.{one.sort}.{one.row}.1")
        assert made.judge(made.right_answers()[0]).outcome == "right"
        assert not [fault for fault in made.faults() if "no feedback" not in fault], made.id


def test_an_item_is_answered_like_any_question_and_an_unknown_one_is_named():
    assert student.check("practice.who.P10-3.1", "unnamed").outcome == "right"
    assert afteach.practice()._question.id.startswith("practice.")
    with pytest.raises(afteach.errors.UnknownName):
        student.check("practice.who.P99-9.1", "author")


def test_practice_disturbs_neither_progress_nor_what_is_graded(place):
    student.check("practice.who.P10-3.1", "unnamed")
    student.check("sh-02", "a")
    assert sum(total - left for _, _, total, _, _, left in afteach.progress().rows) == 1, (
        "the question of the bank alone"
    )
    file = place / "answers-bluebird.jsonl"
    lines = answers.read().lines
    assert len(lines) == 2
    file.write_bytes(header("Bluebird", "1", bank().fingerprint) + b"".join(encode(one) + b"\n" for one in lines))
    grade([file], place / "out")
    assert (place / "out" / "problems.csv").read_text(encoding="utf-8-sig").count("\n") == 1, "its head alone"
