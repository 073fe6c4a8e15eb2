"""Keeping answers."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time

import pytest
import sample

from afteach import answers, questions


@pytest.fixture
def bank(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("AFTEACH_DATA", str(sample.build(tmp_path / "data")))
    monkeypatch.setenv("AFTEACH_ANSWERS", str(tmp_path / "answers"))
    return questions.bank()


def test_an_answer_is_on_disk_when_record_returns(bank, tmp_path):
    saved = answers.record(bank["ex-01"], "b", hints=1, sure="guess")
    [file] = (tmp_path / "answers").glob("*.jsonl")
    line = json.loads(file.read_text())
    assert saved.ok and line["q"] == "ex-01" and line["answer"] == "b"
    assert (line["try"], line["hints"], line["sure"]) == (1, 1, "guess")
    assert line["f"] == questions.fingerprint(bank["ex-01"])
    assert not {"score", "outcome", "right"} & set(line)


def test_every_attempt_is_kept_and_the_latest_wins(bank):
    for choice in "bab":
        answers.record(bank["ex-01"], choice)
    log = answers.read()
    assert [line.try_ for line in log.of("ex-01")] == [1, 2, 3]
    assert log.latest()["ex-01"].answer == "b"


def test_a_clock_that_jumps_back_does_not_change_what_is_latest(bank, monkeypatch):
    answers.record(bank["ex-01"], "a")

    class Past(answers.dt.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(1999, 1, 1, tzinfo=tz)

    monkeypatch.setattr(answers.dt, "datetime", Past)
    answers.record(bank["ex-01"], "b")
    assert answers.read().latest()["ex-01"].answer == "b"


def test_two_kernels_never_write_one_file(bank, tmp_path):
    answers.record(bank["ex-01"], "a")
    code = "from afteach import answers, questions; answers.record(questions.question('ex-01'), 'b')"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert len(list((tmp_path / "answers").glob("*.jsonl"))) == 2
    assert answers.read().latest()["ex-01"].answer == "b"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_takes_a_file_of_its_own(bank, tmp_path):
    answers.record(bank["ex-01"], "a")
    child = multiprocessing.get_context("fork").Process(target=answers.record, args=(bank["ex-01"], "b"))
    child.start()
    child.join()
    assert len(list((tmp_path / "answers").glob("*.jsonl"))) == 2


def test_a_torn_last_line_loses_at_most_that_line(bank, tmp_path):
    for choice in "aba":
        answers.record(bank["ex-01"], choice)
    [file] = (tmp_path / "answers").glob("*.jsonl")
    file.write_bytes(file.read_bytes()[:-20])
    log = answers.read()
    assert [line.answer for line in log.lines] == ["a", "b"] and not log.problems


def test_random_bytes_are_set_aside_named_and_never_deleted(bank, tmp_path):
    answers.record(bank["ex-01"], "a")
    folder = tmp_path / "answers"
    noise = random.Random(7).randbytes(5000)
    for name in ("x.jsonl", "y.jsonl"):
        (folder / name).write_bytes(noise)
    (folder / "z.jsonl").write_text("hello")
    log = answers.read()
    assert [line.answer for line in log.lines] == ["a"]
    for name in "xyz":
        assert any(f"{name}.jsonl.unreadable" in problem for problem in log.problems)
    assert (folder / "x.jsonl.unreadable").read_bytes() == noise
    (folder / "x.jsonl").write_bytes(noise)
    answers.read()
    assert len(list(folder.glob("*x.jsonl.unreadable"))) == 2


def test_a_bad_line_between_good_ones_is_named_and_the_others_used(bank, tmp_path):
    answers.record(bank["ex-01"], "a")
    [file] = (tmp_path / "answers").glob("*.jsonl")
    file.write_bytes(b'{"v":9}\n' + file.read_bytes())
    log = answers.read()
    assert len(log.lines) == 1 and "1 lines" in log.problems[0]


def _full(*_):
    raise OSError(28, "No space left on device")


def test_a_full_disk_is_said_and_the_answer_is_written_with_the_next(bank, tmp_path, monkeypatch):
    with monkeypatch.context() as full:
        full.setattr(answers.os, "fsync", _full)
        saved = answers.record(bank["ex-01"], "a")
        assert not saved.ok and "No space left" in saved.problem
        assert answers.read().latest()["ex-01"].answer == "a"
    assert answers.record(bank["ex-01"], "b").ok
    text = b"".join(path.read_bytes() for path in (tmp_path / "answers").glob("*.jsonl"))
    assert {json.loads(line)["try"] for line in text.splitlines() if line} == {1, 2}
    assert [line.try_ for line in answers.read().of("ex-01")] == [1, 2]


def test_a_line_torn_by_a_full_disk_does_not_spoil_the_next(bank, tmp_path, monkeypatch):
    answers.record(bank["ex-01"], "a")
    real = os.write
    with monkeypatch.context() as full:
        full.setattr(answers.os, "write", lambda f, data: real(f, data[:10]) and _full())
        assert not answers.record(bank["ex-01"], "b").ok
    assert answers.record(bank["ex-01"], "a").ok
    answers._cache.clear()
    assert [line.answer for line in answers.read().of("ex-01")] == ["a", "b", "a"]


def test_a_folder_that_cannot_be_written_is_said(bank, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("AFTEACH_ANSWERS", str(tmp_path / "file"))
    saved = answers.record(bank["ex-01"], "a")
    assert not saved.ok and saved.problem
    assert (tmp_path / "file").read_text() == "not a folder"


def test_the_browsers_copy_is_joined_by_id_and_nothing_is_overwritten(bank):
    first = answers.record(bank["ex-01"], "a").line
    copy = [
        json.loads(answers.body([first])),
        json.loads(answers.body([first])) | {"id": "other", "answer": "b", "try": 2},
    ]
    assert answers.restore(copy) == (1, 0)
    assert answers.restore(copy) == (0, 0)
    assert {line.answer for line in answers.read().lines} == {"a", "b"}


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"id": ""},
        {"id": "x" * 99},
        {"at": "yesterday"},
        {"try": 0},
        {"try": "1"},
        {"q": 3},
        {"sure": "y" * 99},
        {"at": "99999-01-01T00:00:00Z"},
        {"hints": -1},
        {"answer": "x" * 300_000},
    ],
)
def test_a_copy_that_is_no_answer_is_refused(bank, change):
    good = json.loads(answers.body([answers.record(bank["ex-01"], "a").line])) | {"id": "new"}
    assert answers.restore([good | change]) == (0, 1)
    assert answers.restore(["{", None, 3, [], "[" * 100_000]) == (0, 5)


def test_an_answer_to_a_question_that_changed_is_kept_and_marked(bank, tmp_path):
    line = answers.record(bank["ex-01"], "a").line
    assert not answers.changed(line, bank["ex-01"])
    file = tmp_path / "data" / "questions" / "00-example.toml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("Who met Boris?", "Whom did Boris meet?"), encoding="utf-8"
    )
    assert answers.changed(answers.read().latest()["ex-01"], questions.question("ex-01"))


def test_five_thousand_answers_are_read_back_quickly(bank, tmp_path):
    line = answers.record(bank["ex-01"], "a").line
    entry = json.loads(answers.body([line]))
    text = "".join(json.dumps(entry | {"id": f"{n:06}", "try": n + 1}) + "\n" for n in range(5000))
    (tmp_path / "answers" / "many.jsonl").write_text(text)
    best = 1.0
    for _ in range(5):
        answers._cache.clear()
        start = time.perf_counter()
        assert len(answers.read().lines) == 5001
        best = min(best, time.perf_counter() - start)
    assert best < 0.1


WRITER = """
import sys
from afteach import answers, questions
question = questions.question("ex-01")
while True:
    saved = answers.record(question, "a")
    if saved.ok:
        print(saved.line.id, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_no_answer_is_lost_that_was_said_to_be_saved(bank, tmp_path):
    chance, said = random.Random(11), []
    # Several writers at a time: a start costs more than the answers do.
    for _ in range(10):
        writers = [subprocess.Popen([sys.executable, "-c", WRITER], stdout=subprocess.PIPE) for _ in range(5)]
        for writer in writers:
            said.append(writer.stdout.readline().decode().strip())
        for writer in writers:
            time.sleep(chance.uniform(0, 0.02))
            writer.send_signal(signal.SIGKILL)
        for writer in writers:
            said += [text for text in writer.stdout.read().decode().split("\n")[:-1] if len(text) == 16]
            writer.wait()
    answers._cache.clear()
    kept = {line.id for line in answers.read().lines}
    assert len(said) >= 50 and set(filter(None, said)) <= kept
