"""One file to hand in: what goes into it, where it goes, and whose file it may replace."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
import sample

from afteach import cli, files, student
from afteach.answers import answer_file, submission
from afteach.answers import log as answers
from afteach.answers.lines import header
from afteach.answers.places import EDITIONS
from afteach.errors import AfteachError
from afteach.questions import model as questions


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(sample.build(tmp_path)))
    monkeypatch.setenv("AFTEACH_ANSWERS", "")
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setattr("afteach.workbook._FIRST_FOLDER", str(here))
    return here


@pytest.fixture
def answer(place, monkeypatch):
    """Give answers as a kernel in some folder would."""

    def give(folder, *given, question_id="ex-01"):
        folder.mkdir(parents=True, exist_ok=True)
        with monkeypatch.context() as kernel:
            kernel.setattr("afteach.workbook._FIRST_FOLDER", str(folder))
            for one in given:
                assert answers.record(questions.question(question_id), one).ok

    return give


def held(file):
    """Name and answers of a file handed in."""
    head, *lines = [json.loads(text) for text in file.read_text(encoding="utf-8").splitlines()]
    return head["name"], [line["answer"] for line in lines]


# Which answers


def test_a_kernel_keeps_its_answers_in_one_folder_wherever_it_is_led(place):
    code = "import os; from afteach import check; os.chdir('/'); check('ex-01', 'a'); os.environ['AFTEACH_ANSWERS'] = 'own'; check('ex-02', ['a'])"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert len(answers.read(place / "answers").lines) == 1 and len(answers.read(place / "own").lines) == 1


def test_a_notebook_that_leads_its_kernel_away_first_still_keeps_its_answers_beside_it(place, root):
    """IPython knows where it began, even if the package is imported later."""
    code = "import os\nos.chdir('/')\nfrom afteach import check\ncheck('ex-01', 'a')\n"
    (place / "cell.py").write_text(code)
    subprocess.run([sys.executable, "-m", "IPython", "cell.py"], check=True, capture_output=True)
    assert len(answers.read(place / "answers").lines) == 1


def test_a_notebook_moved_within_the_workbook_keeps_its_answers_with_the_others(place, answer):
    (place / "week1").mkdir()
    (place / EDITIONS).write_text("{}")
    answer(place / "week1", "a")
    assert len(answers.read(place / "answers").lines) == 1


def test_an_empty_folder_does_not_hide_a_full_one(place, answer, capsys):
    (place / "answers").mkdir()
    (place / "my-workbook" / "answers").mkdir(parents=True)
    answer(place / "notebooks", "a")
    assert cli.main(["submit", "--name", "李雷"]) == 0
    assert held(place / "answers-李雷.jsonl") == ("李雷", ["a"])
    assert "Not handed in" not in capsys.readouterr().out


def test_a_second_full_folder_is_named_and_can_be_handed_in_with_the_first(place, answer, capsys):
    answer(place / "my-workbook", "b", "a")
    answer(place / "my old course", "b", question_id="ex-11")
    assert cli.main(["submit", "--name", "Bluebird"]) == 0
    out = capsys.readouterr().out
    assert held(place / "answers-bluebird.jsonl")[1] == ["b", "a"]
    command = f"""afteach submit {place / "my-workbook"} "{place / "my old course"}" --name NAME"""
    assert "my old course/answers (one answer)" in out and command in out
    assert cli.main(["submit", "my-workbook", "my old course", "--name", "Bluebird"]) == 0
    # Answers to two questions within one millisecond have no order.
    assert sorted(held(place / "answers-bluebird.jsonl")[1]) == ["a", "b", "b"]
    assert "Not handed in" not in capsys.readouterr().out


def test_answers_of_a_moved_notebook_are_taken_with_those_of_its_workbook(place, answer, capsys):
    answer(place / "my-workbook", "b")
    answer(place / "my-workbook" / "week1", "a")
    (place / "my-workbook" / EDITIONS).write_text("{}")
    for given in ([], ["my-workbook"]):
        assert cli.main(["submit", *given, "--name", "রিনা"]) == 0
        assert held(place / "answers-রিনা.jsonl") == ("রিনা", ["b", "a"])
        assert "Not handed in" not in capsys.readouterr().out


def test_folders_of_other_people_are_named_and_not_taken(place, answer, capsys):
    answer(place / "anna", "a")
    answer(place / "boris", "b")
    assert cli.main(["submit", "--name", "Anna"]) == 2
    error = capsys.readouterr().err
    assert "anna/answers (one answer)" in error and "boris/answers (one answer)" in error and error.count("\n") == 1
    assert not list(place.glob("*.jsonl"))


def test_answers_are_found_from_a_folder_within_the_workbook(place, answer, monkeypatch):
    answer(place / "my-workbook", "a")
    (place / "my-workbook" / EDITIONS).write_text("{}")
    (place / "my-workbook" / "week1").mkdir()
    monkeypatch.chdir(place / "my-workbook" / "week1")
    assert cli.main(["submit", "--name", "Bluebird"]) == 0


def test_the_tries_of_two_folders_are_counted_anew_by_time(place, answer):
    answer(place / "one", "b", "a", "b")
    answer(place / "two", "a")
    log = submission.together([answers.read(place / "one" / "answers"), answers.read(place / "two" / "answers")])
    assert [line.try_ for line in log.of("ex-01")] == [1, 2, 3, 4]
    assert log.latest()["ex-01"].answer == "a"


def test_a_copy_of_the_same_answers_adds_no_try(place, answer):
    answer(place / "one", "b", "a")
    log = answers.read(place / "one" / "answers")
    assert [line.id for line in submission.together([log, log]).of("ex-01")] == [line.id for line in log.of("ex-01")]
    assert [line.try_ for line in submission.together([log, log]).of("ex-01")] == [1, 2]


def test_submit_renames_and_changes_nothing_where_it_looks(place, answer, capsys):
    answer(place / "work", "a")
    (place / "work" / "train.jsonl").write_text('{"text": "a"}\n')
    (place / "work" / "answers" / "newer.jsonl").write_text('{"v": 2, "id": "x"}\n')
    (place / "data.jsonl").write_text("noise")
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    assert cli.main(["submit", "work", "--name", "Bluebird"]) == 0
    assert "newer version of afteach" in capsys.readouterr().out
    assert cli.main(["submit", str(place), "--name", "Bluebird"]) == 2
    after = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    assert after.keys() - before.keys() == {place / "answers-bluebird.jsonl", place / "answers-bluebird.html"}
    assert {path: after[path] for path in before} == before


def test_a_folder_that_cannot_be_read_is_said_and_not_called_empty(place, capsys):
    (place / "answers").write_text("")
    assert cli.main(["submit", "--name", "Bluebird"]) == 2
    assert "cannot be read: Not a directory" in capsys.readouterr().err


def test_submit_in_a_notebook_names_the_answers_above_it(place, answer, monkeypatch):
    answer(place / "notebooks", "a")
    monkeypatch.setattr("afteach.workbook._FIRST_FOLDER", str(place / "notebooks" / "week1"))
    assert "nothing to hand in" in student.submit("Bluebird")
    assert "notebooks/answers (one answer)" in student.submit("Bluebird")


# Whose file, and where


def test_two_people_whose_names_look_alike_keep_a_file_each(place, answer):
    answer(place, "a")
    student.submit("Zoë")
    (place / "answers").rename(place / "away")
    answer(place, "b")
    said = student.submit("ZOË")
    assert held(place / "answers-zoë.jsonl") == ("Zoë", ["a"]) and held(place / "answers-zoë-2.jsonl") == ("ZOË", ["b"])
    assert "answers-zoë.jsonl was there already, with somebody else's answers, and was left as it is" in said


def test_ones_own_file_is_replaced_and_that_is_said(place, answer):
    answer(place, "a")
    student.submit("احمد رحیمی")
    answer(place, "b")
    said = student.submit("احمد رحیمی")
    assert held(place / "answers-احمد-رحیمی.jsonl")[1] == ["a", "b"]
    assert "It takes the place of the one of 20" in said and len(list(place.glob("*.jsonl"))) == 1


def test_a_file_whose_answers_are_lost_elsewhere_is_not_replaced(place, answer):
    answer(place, "a")
    student.submit("Bluebird")
    (place / "answers").rename(place / "away")
    answer(place, "b")
    for _ in range(2):
        said = student.submit("Bluebird")
        assert "with answers that are not here" in said
    assert held(place / "answers-bluebird.jsonl")[1] == ["a"] and held(place / "answers-bluebird-2.jsonl")[1] == ["b"]
    assert len(list(place.glob("*.jsonl"))) == 2


@pytest.mark.parametrize("kind", ["folder", "noise", "pipe", "link"])
def test_what_only_has_the_name_of_a_file_to_hand_in_is_left_as_it_is(place, answer, kind):
    if os.name == "nt" and kind in ("pipe", "link"):
        pytest.skip("this system has none")
    answer(place, "a")
    target = place / "answers-bluebird.jsonl"
    (place / "precious").write_bytes(header("Bluebird", "0", ""))
    make = {
        "folder": target.mkdir,
        "noise": lambda: target.write_bytes(b"\xff"),
        "pipe": lambda: os.mkfifo(target),
        "link": lambda: target.symlink_to(place / "precious"),
    }
    make[kind]()
    assert "with something else" in student.submit("Bluebird")
    assert held(place / "answers-bluebird-2.jsonl")[1] == ["a"]
    assert (place / "precious").read_bytes().count(b"\n") == 1


def test_a_folder_that_cannot_be_written_to_sends_the_file_beside_the_answers(place, answer, monkeypatch, tmp_path):
    monkeypatch.setenv("AFTEACH_ANSWERS", str(tmp_path / "own" / "answers"))
    answer(place, "a")
    real = files.os.open

    def shut(path, *more):
        if place in type(place)(path).parents:
            raise OSError(30, "Read-only file system")
        return real(path, *more)

    monkeypatch.setattr(files.os, "open", shut)
    said = student.submit("Bluebird")
    assert held(tmp_path / "own" / "answers-bluebird.jsonl") == ("Bluebird", ["a"])
    assert "Read-only file system" in said and f"It is in {tmp_path / 'own'} instead" in said
    monkeypatch.setattr(files.os, "open", lambda *_: (_ for _ in ()).throw(OSError(30, "Read-only file system")))
    with pytest.raises(
        AfteachError, match="Open a terminal in a folder that you may write to, and run: afteach submit"
    ):
        student.submit("Bluebird")


def test_answers_that_are_on_no_disk_are_handed_in_by_the_button_and_not_by_another_program(place, monkeypatch):
    monkeypatch.setattr(files.os, "open", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    for given in ("b", "a"):
        student.check("ex-01", given)
    with pytest.raises(AfteachError, match=r"2 answers are on no disk yet.* choose Download my answers") as fault:
        student.submit("Bluebird")
    assert "terminal" not in str(fault.value)
    assert submission.whole(submission.own_folders(place / "answers")).count(b'"q":"ex-01"') == 2


def test_a_file_to_hand_in_among_the_answers_is_not_read_as_answers(place, answer):
    answer(place, "a")
    submission.write("Bluebird", [place / "answers"], place / "answers")
    answer_file._cache.clear()
    log = answers.read(place / "answers")
    assert len(log.lines) == 1 and not log.problems
