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

from afteach.answers import answer_file
from afteach.answers import log as answers
from afteach.answers.lines import Line, body, header, is_outdated
from afteach.answers.tries import same_answer, tries
from afteach.errors import AfteachError
from afteach.questions import model as questions


@pytest.fixture
def bank(tmp_path, monkeypatch):
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(sample.build(tmp_path)))
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
    code = "from afteach.answers import log as answers; from afteach.questions import model as questions; answers.record(questions.question('ex-01'), 'b')"
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


def test_random_bytes_are_named_and_nothing_is_renamed(bank, tmp_path):
    answers.record(bank["ex-01"], "a")
    folder = tmp_path / "answers"
    noise = random.Random(7).randbytes(5000)
    for name in ("x.jsonl", "y.jsonl"):
        (folder / name).write_bytes(noise)
    (folder / "train.jsonl").write_text('{"text": "a"}\n{"text": "b"}\n')
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    log = answers.read()
    assert [line.answer for line in log.lines] == ["a"]
    assert [problem.split()[0] for problem in log.problems] == ["train.jsonl", "x.jsonl", "y.jsonl"]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no such pipes")
def test_a_pipe_named_like_answers_is_named_and_not_waited_for(bank, tmp_path):
    answers.record(bank["ex-01"], "a")
    os.mkfifo(tmp_path / "answers" / "x.jsonl")
    log = answers.read()
    assert len(log.lines) == 1 and "no ordinary file" in log.problems[0]


def test_a_file_larger_than_any_answers_is_not_read(bank, tmp_path):
    answers.record(bank["ex-01"], "a")
    with (tmp_path / "answers" / "x.jsonl").open("wb") as file:
        file.truncate(answer_file.MOST_BYTES_A_FILE + 1)
    assert "larger" in answers.read().problems[0]


def test_answers_of_a_newer_version_are_called_that_and_stay_where_they_are(bank, tmp_path):
    line = json.loads(body([answers.record(bank["ex-01"], "a").line]))
    newer = tmp_path / "answers" / "newer.jsonl"
    newer.write_text(json.dumps({"v": 2, "id": "n", "question": "ex-01", "answers": []}) + "\n")
    mixed = tmp_path / "answers" / "mixed.jsonl"
    mixed.write_text(json.dumps(line | {"id": "o", "try": 2}) + "\n" + json.dumps(line | {"v": 2, "id": "p"}) + "\n")
    log = answers.read()
    assert len(log.lines) == 2 and newer.exists()
    assert all("newer version of afteach wrote one answer" in problem for problem in log.problems)
    assert len(log.problems) == 2


def test_a_mark_that_an_editor_puts_first_loses_no_answer(bank, tmp_path):
    for choice in "ab":
        answers.record(bank["ex-01"], choice)
    [file] = (tmp_path / "answers").glob("*.jsonl")
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    log = answers.read()
    assert [line.answer for line in log.lines] == ["a", "b"] and not log.problems


def test_a_folder_that_cannot_be_read_is_said(bank, tmp_path, monkeypatch):
    def shut(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(answers.os, "scandir", shut)
    assert "cannot be read: Permission denied" in answers.read().problems[0]


def test_a_file_to_hand_in_is_no_answer_file_and_is_named_where_it_holds_more(bank, tmp_path):
    line = answers.record(bank["ex-01"], "a").line
    copy = tmp_path / "answers" / "answers-李雷.jsonl"
    copy.write_bytes(header("李雷", "0", "") + body([line]))
    assert answers.read() == ((line,), ())
    copy.write_bytes(header("李雷", "0", "") + body([line, Line(
        v=1, id="other", q="ex-01", f=line.f, answer="b", at=line.at, try_=9)]))  # fmt: skip
    log = answers.read()
    assert log.lines == (line,) and "handed in by 李雷; one answer" in log.problems[0]


def test_an_answer_that_is_too_large_is_refused_and_the_own_file_stays(bank, tmp_path):
    huge = [{"event_id": "x" * 1000}] * 200
    with pytest.raises(AfteachError, match="at most 199 kB"):
        answers.record(bank["ex-10"], huge)
    answers.record(bank["ex-10"], huge[:150])
    [file] = (tmp_path / "answers").iterdir()
    answer_file._cache.clear()
    assert file.suffix == ".jsonl" and len(answers.read().lines) == 1


@pytest.mark.parametrize("bad", ["half \ud800", {"a": "\udfff"}, [{"a": 1j}], object(), 10**5000], ids=type)
def test_what_no_file_can_hold_is_refused_and_drops_nothing_that_waits(bank, monkeypatch, bad):
    with monkeypatch.context() as full:
        full.setattr(answers.os, "fsync", _full)
        assert not answers.record(bank["ex-01"], "a").ok
        with pytest.raises(AfteachError):
            answers.record(bank["ex-08"], bad)
    assert answers.record(bank["ex-02"], ["b"]).ok
    answers._unsaved.clear()
    assert {line.q for line in answers.read().lines} == {"ex-01", "ex-02"}


def test_a_stop_in_the_middle_of_saving_drops_nothing(bank, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as pressed:
        pressed.setattr(answers.os, "fsync", stop)
        with pytest.raises(KeyboardInterrupt):
            answers.record(bank["ex-01"], "a")
    assert answers.record(bank["ex-01"], "b").ok
    answers._unsaved.clear()
    assert [line.answer for line in answers.read().of("ex-01")] == ["a", "b"]


@pytest.mark.parametrize("count", [999_999, 1_000_000, 99_999_999, 2**70])
def test_no_stored_line_can_stop_a_new_answer(bank, tmp_path, count):
    line = json.loads(body([answers.record(bank["ex-01"], "a").line]))
    planted = line | {"id": "planted", "try": count, "at": "2099-01-01T00:00:00Z"}
    (tmp_path / "answers" / "planted.jsonl").write_text(json.dumps(planted) + "\n")
    for choice in "bab":
        assert answers.record(bank["ex-01"], choice).ok
        assert answers.read().latest()["ex-01"].answer == choice
    assert len(answers.read().problems) == 1


def test_the_highest_try_that_is_taken_leaves_room_for_the_next(bank, tmp_path):
    line = json.loads(body([answers.record(bank["ex-01"], "a").line]))
    planted = line | {"id": "planted", "try": answers.MOST_TRIES_LOST + 2}
    (tmp_path / "answers" / "planted.jsonl").write_text(json.dumps(planted) + "\n")
    for choice in "bababa":
        answers.record(bank["ex-01"], choice)
        assert answers.read().latest()["ex-01"].answer == choice
    assert not answers.read().problems


# The same answer again

AGAIN = {
    "ex-01": ("a", "a", "b"),
    "ex-02": (["a", "b"], ["b", "a"], ["a"]),
    "ex-04": (["one", "two"], ["one", "two"], ["two", "one"]),
    "ex-05": ({"x": "1", "y": "2"}, {"y": "2", "x": "1"}, {"x": "2", "y": "1"}),
    "ex-07": ([{"a": 1, "b": 2}], [{"a": 1, "b": 2}], [{"b": 2, "a": 1}]),
    "ex-08": ("Because.", "Because.", "Because of it."),
}


@pytest.mark.parametrize(
    ("question_id", "old", "new"),
    [
        ("ex-01", " A ", "a"),
        ("ex-02", "b, a", ["a", "b"]),
        ("ex-03", "1,200", 1200),
        ("ex-03", 12, {"value": 12.0, "unit": ""}),
        ("ex-06", "Zurich", " zurich "),
        ("ex-09", 0.7, 0.70),
    ],
)
def test_an_answer_of_an_older_file_is_the_same_however_it_was_written(bank, question_id, old, new):
    assert same_answer(bank[question_id], old, new)
    assert same_answer(bank[question_id], new, old)


def test_two_chances_are_not_the_same_though_both_could_be_read_as_per_cent(bank):
    assert not same_answer(bank["ex-09"], 0.01, 1)
    assert not same_answer(bank["ex-09"], 1, 100)


def test_what_cannot_be_read_is_compared_as_it_stands(bank):
    deep: list = []
    for _ in range(500):
        deep = [deep]
    assert same_answer(bank["ex-03"], "many", "many") and not same_answer(bank["ex-03"], "many", "few")
    assert same_answer(bank["ex-01"], deep, deep) and not same_answer(bank["ex-01"], deep, "a")


@pytest.mark.parametrize("question_id", AGAIN)
def test_the_same_answer_again_is_no_new_try(bank, tmp_path, question_id):
    first, again, other = AGAIN[question_id]
    question = bank[question_id]
    saved = answers.record(question, first)
    assert answers.record(question, again) == saved
    assert len(answers.read().lines) == 1
    assert answers.record(question, other).line.try_ == 2
    assert answers.record(question, first).line.try_ == 3


def test_being_more_or_less_sure_is_kept_and_is_no_new_try(bank):
    answers.record(bank["ex-01"], "a")
    answers.record(bank["ex-01"], "a", sure="guess")
    answers.record(bank["ex-01"], "a", sure="guess")
    answers.record(bank["ex-01"], "a")
    log = answers.read()
    assert [(line.try_, line.sure) for line in log.of("ex-01")] == [(1, ""), (1, "guess")]
    assert log.latest()["ex-01"].sure == "guess" and len(log.tries(bank["ex-01"])) == 1


def test_an_answer_to_a_question_that_changed_is_a_new_try_though_it_is_the_same(bank, tmp_path):
    answers.record(bank["ex-01"], "a")
    file = tmp_path / "data" / "questions" / "00-example.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("Who met Boris?", "Whom did he meet?"), encoding="utf-8")
    assert answers.record(questions.question("ex-01"), "a").line.try_ == 2


def test_the_same_answer_again_is_saved_where_the_disk_was_full_before(bank, monkeypatch):
    with monkeypatch.context() as full:
        full.setattr(answers.os, "fsync", _full)
        assert not answers.record(bank["ex-01"], "a").ok
        assert not answers.record(bank["ex-01"], "a").ok
    assert answers.record(bank["ex-01"], "a").ok
    answers._unsaved.clear()
    assert [line.try_ for line in answers.read().of("ex-01")] == [1]


def test_repeated_answers_in_older_files_count_as_one_try(bank, tmp_path):
    line = json.loads(body([answers.record(bank["ex-01"], "b").line]))
    old = [line | {"id": f"{n}", "try": n + 1, "answer": choice} for n, choice in enumerate("bbabb")]
    folder = tmp_path / "answers"
    (folder / "old.jsonl").write_text("".join(json.dumps(one) + "\n" for one in old))
    (folder / "old-copy.jsonl").write_text("".join(json.dumps(one) + "\n" for one in old))
    log = answers.read()
    assert [line.answer for line in log.tries(bank["ex-01"])] == ["b", "a", "b"]
    assert len(log.of("ex-01")) == 6
    assert tries(bank["ex-01"], [*log.lines, *log.lines]) == log.tries(bank["ex-01"])


def test_a_bad_line_between_good_ones_is_named_and_the_others_used(bank, tmp_path):
    answers.record(bank["ex-01"], "a")
    [file] = (tmp_path / "answers").glob("*.jsonl")
    file.write_bytes(b'{"v":1}\n' + file.read_bytes())
    log = answers.read()
    assert len(log.lines) == 1 and "One line" in log.problems[0]


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


def test_answers_that_a_browser_kept_and_the_disk_refuses_are_not_called_unreadable(bank, monkeypatch):
    line = json.loads(body([answers.record(bank["ex-01"], "a").line])) | {"id": "other", "answer": "b"}
    with monkeypatch.context() as full:
        full.setattr(answers.os, "fsync", _full)
        with pytest.raises(AfteachError, match="One answer is not on disk yet: No space left"):
            answers.restore([line])
    answers.record(bank["ex-02"], ["a"])
    answers._unsaved.clear()
    assert "other" in {line.id for line in answers.read().lines}


def test_a_line_torn_by_a_full_disk_does_not_spoil_the_next(bank, tmp_path, monkeypatch):
    answers.record(bank["ex-01"], "a")
    real = os.write
    with monkeypatch.context() as full:
        full.setattr(answers.os, "write", lambda f, data: real(f, data[:10]) and _full())
        assert not answers.record(bank["ex-01"], "b").ok
    assert answers.record(bank["ex-01"], "a").ok
    answer_file._cache.clear()
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
        json.loads(body([first])),
        json.loads(body([first])) | {"id": "other", "answer": "b", "try": 2},
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
    good = json.loads(body([answers.record(bank["ex-01"], "a").line])) | {"id": "new"}
    assert answers.restore([good | change]) == (0, 1)
    assert answers.restore(["{", None, 3, [], "[" * 100_000]) == (0, 5)


def test_an_answer_to_a_question_that_changed_is_kept_and_marked(bank, tmp_path):
    line = answers.record(bank["ex-01"], "a").line
    assert not is_outdated(line, bank["ex-01"])
    file = tmp_path / "data" / "questions" / "00-example.toml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("Who met Boris?", "Whom did Boris meet?"), encoding="utf-8"
    )
    assert is_outdated(answers.read().latest()["ex-01"], questions.question("ex-01"))


def test_five_thousand_answers_are_read_back_quickly(bank, tmp_path):
    line = answers.record(bank["ex-01"], "a").line
    entry = json.loads(body([line]))
    text = "".join(json.dumps(entry | {"id": f"{n:06}", "try": n + 1}) + "\n" for n in range(5000))
    (tmp_path / "answers" / "many.jsonl").write_text(text)
    best = plain = 1.0
    for _ in range(5):
        start = time.process_time()
        assert all(json.loads(one) for one in text.splitlines())
        plain = min(plain, time.process_time() - start)
        answer_file._cache.clear()
        start = time.process_time()
        assert len(answers.read().lines) == 5001
        best = min(best, time.process_time() - start)
    assert best < 3 * plain


WRITER = """
import sys
from afteach.answers import log as answers
from afteach.questions import model as questions
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
    answer_file._cache.clear()
    kept = {line.id for line in answers.read().lines}
    assert len(said) >= 50 and set(filter(None, said)) <= kept
