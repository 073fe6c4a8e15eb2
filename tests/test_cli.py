"""The afteach command."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys

import pytest
import sample

from afteach import cli, paths


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """Two notebooks as shipped, and an empty place to work in."""
    source = tmp_path / "shipped"
    source.mkdir()
    for name in ("00-start-here", "01-next"):
        (source / f"{name}.ipynb").write_text(json.dumps({"edition": 1, "name": name}))
    monkeypatch.setattr(paths, "notebooks_dir", lambda: source)
    monkeypatch.chdir(tmp_path)
    return source


def test_lab_copies_the_notebooks_flat(shipped, tmp_path):
    assert cli.lay_out(tmp_path / "work") == [f"2 notebooks copied to {tmp_path / 'work'}."]
    assert (tmp_path / "work" / "00-start-here.ipynb").read_bytes() == (shipped / "00-start-here.ipynb").read_bytes()


def test_lab_touches_no_file_that_the_student_changed(shipped, tmp_path):
    work = tmp_path / "work"
    cli.lay_out(work)
    (work / "00-start-here.ipynb").write_text("mine")
    assert cli.lay_out(work) == [f"Your notebooks in {work} are as you left them."]
    (shipped / "00-start-here.ipynb").write_text("edition 2")
    (shipped / "01-next.ipynb").write_text("edition 2")
    said = "\n".join(cli.lay_out(work))
    assert (work / "00-start-here.ipynb").read_text() == "mine"
    assert (work / "00-start-here.new.ipynb").read_text() == "edition 2"
    assert (work / "01-next.ipynb").read_text() == "edition 2"
    assert "left alone" in said and "00-start-here.new.ipynb" in said and "01-next.ipynb was brought up to date" in said
    assert cli.lay_out(work) == [f"Your notebooks in {work} are as you left them."]


def test_a_newer_edition_that_the_student_changed_is_not_touched_either(shipped, tmp_path):
    work = tmp_path / "work"
    cli.lay_out(work)
    (work / "00-start-here.ipynb").write_text("mine")
    (shipped / "00-start-here.ipynb").write_text("edition 2")
    cli.lay_out(work)
    (work / "00-start-here.new.ipynb").write_text("mine too")
    (shipped / "00-start-here.ipynb").write_text("edition 3")
    cli.lay_out(work)
    assert (work / "00-start-here.new.ipynb").read_text() == "mine too"
    assert (work / "00-start-here.new-2.ipynb").read_text() == "edition 3"


@pytest.mark.parametrize("editions", [None, "{", "[]", b"\xff"])
def test_a_lost_record_of_editions_loses_no_work(shipped, tmp_path, editions):
    work = tmp_path / "work"
    work.mkdir()
    (work / "00-start-here.ipynb").write_text("mine")
    if editions is not None:
        (work / cli.EDITIONS).write_bytes(editions if isinstance(editions, bytes) else editions.encode())
    cli.lay_out(work)
    assert (work / "00-start-here.ipynb").read_text() == "mine"
    assert (work / "00-start-here.new.ipynb").exists()


def test_lab_says_when_a_folder_cannot_be_used(shipped, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert cli.main(["lab", str(tmp_path / "file")]) == 2
    error = capsys.readouterr().err
    assert "cannot be used" in error and "afteach lab DIR" in error and error.count("\n") == 1


def test_lab_says_when_a_port_is_taken(shipped, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert cli.main(["lab", "--port", str(taken.getsockname()[1])]) == 2
    assert "is in use" in capsys.readouterr().err
    assert cli.main(["lab", "--port", "99999"]) == 2
    assert not os.path.exists("my-workbook")


def test_lab_opens_at_the_first_notebook_and_asks_the_network_for_nothing(shipped, monkeypatch, capsys):
    import jupyterlab.labapp

    given = []
    monkeypatch.setattr(jupyterlab.labapp, "main", given.append)
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert cli.main(["lab", "work", "--no-browser"]) == 0
    options = " ".join(given[0])
    assert "/lab/tree/00-start-here.ipynb" in options and "NeverCheckForUpdate" in options
    assert "open_browser=False" in options and "address" in capsys.readouterr().out


@pytest.fixture
def place(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("AFTEACH_DATA", str(sample.build(tmp_path / "data")))
    sample.build_notebook(tmp_path / "shipped-notebooks")
    monkeypatch.setattr(paths, "notebooks_dir", lambda: tmp_path / "shipped-notebooks")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_validate_is_quiet_where_nothing_is_wrong(place, capsys):
    assert cli.main(["validate"]) == 0
    assert capsys.readouterr().out == "No fault found.\n"


def test_validate_lists_every_fault_and_fails(place, capsys):
    events = place / "data" / "events.csv"
    events.write_text(events.read_text().replace("russia", "rusia"))
    assert cli.main(["validate"]) == 1
    out = capsys.readouterr().out
    assert "events.csv, row 2" in out and "events.csv, row 4" in out and "3 faults." in out


def test_validate_reads_another_bank(place, capsys):
    bank = place / "mine.toml"
    bank.write_text(sample.BANK.replace('kind = "many"', 'kind = "lots"'), encoding="utf-8")
    assert cli.main(["validate", "--bank", str(bank)]) == 1
    assert "mine.toml, question 2" in capsys.readouterr().out
    assert cli.main(["validate", "--bank", str(place / "nowhere")]) == 1


def test_submit_finds_the_answers_and_writes_here(place, capsys):
    assert cli.main(["submit", "--name", "Bluebird"]) == 2
    assert "afteach submit DIR" in capsys.readouterr().err
    code = "from afteach import check; check('ex-01', 'a')"
    work = place / "my-workbook"
    work.mkdir()
    subprocess.run([sys.executable, "-c", code], cwd=work, check=True, env={**os.environ, "AFTEACH_ANSWERS": ""})
    assert cli.main(["submit", "--name", "Bluebird"]) == 0
    assert (place / "answers-bluebird.jsonl").exists()
    assert "1 of 12" in capsys.readouterr().out
    assert cli.main(["submit", str(work), "--name", ""]) == 2


def test_an_error_is_one_line_and_never_a_traceback(place):
    (place / "data" / "datapackage.json").write_text("{")
    done = subprocess.run(
        [sys.executable, "-m", "afteach.cli", "guide", "--out", "x.md"], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "datapackage.json" in done.stderr and "Traceback" not in done.stderr
