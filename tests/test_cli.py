"""The afteach command."""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
import sample

from afteach import cli, lab
from afteach.answers.places import EDITIONS
from afteach.errors import AfteachError


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """Two notebooks as shipped, and an empty place to work in."""
    source = tmp_path / "shipped" / "notebooks"
    source.mkdir(parents=True)
    (source.parent / "data").mkdir()
    names = '["00-start-here", "01-next"]'
    text = sample.WORKBOOK.partition("[[plans]]")[0].replace('["00-example"]', names) + "[ties]\n"
    (source.parent / "data" / "workbook.toml").write_text(text, encoding="utf-8")
    for name in ("00-start-here", "01-next"):
        (source / f"{name}.ipynb").write_text(json.dumps({"edition": 1, "name": name}))
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(source.parent))
    monkeypatch.chdir(tmp_path)
    return source


def test_lab_copies_the_notebooks_flat(shipped, tmp_path):
    assert lab.lay_out(tmp_path / "work") == [f"2 notebooks copied to {tmp_path / 'work'}."]
    assert (tmp_path / "work" / "00-start-here.ipynb").read_bytes() == (shipped / "00-start-here.ipynb").read_bytes()


def test_lab_touches_no_file_that_the_student_changed(shipped, tmp_path):
    work = tmp_path / "work"
    lab.lay_out(work)
    (work / "00-start-here.ipynb").write_text("mine")
    assert lab.lay_out(work) == [f"Your notebooks in {work} are as you left them."]
    (shipped / "00-start-here.ipynb").write_text("edition 2")
    (shipped / "01-next.ipynb").write_text("edition 2")
    said = "\n".join(lab.lay_out(work))
    assert (work / "00-start-here.ipynb").read_text() == "mine"
    assert (work / "00-start-here.new.ipynb").read_text() == "edition 2"
    assert (work / "01-next.ipynb").read_text() == "edition 2"
    assert "left alone" in said and "00-start-here.new.ipynb" in said and "01-next.ipynb was brought up to date" in said
    assert lab.lay_out(work) == [f"Your notebooks in {work} are as you left them."]


def test_a_newer_edition_that_the_student_changed_is_not_touched_either(shipped, tmp_path):
    work = tmp_path / "work"
    lab.lay_out(work)
    (work / "00-start-here.ipynb").write_text("mine")
    (shipped / "00-start-here.ipynb").write_text("edition 2")
    lab.lay_out(work)
    (work / "00-start-here.new.ipynb").write_text("mine too")
    (shipped / "00-start-here.ipynb").write_text("edition 3")
    lab.lay_out(work)
    assert (work / "00-start-here.new.ipynb").read_text() == "mine too"
    assert (work / "00-start-here.new-2.ipynb").read_text() == "edition 3"


@pytest.mark.parametrize("editions", [None, "{", "[]", b"\xff"])
def test_a_lost_record_of_editions_loses_no_work(shipped, tmp_path, editions):
    work = tmp_path / "work"
    work.mkdir()
    (work / "00-start-here.ipynb").write_text("mine")
    if editions is not None:
        (work / EDITIONS).write_bytes(editions if isinstance(editions, bytes) else editions.encode())
    lab.lay_out(work)
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
    assert (
        "use_redirect_file=False" in options
        and "open_browser=False" in options
        and "address" in capsys.readouterr().out
    )


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("AFTEACH_WORKBOOK", str(sample.build(tmp_path)))
    sample.build_notebook(tmp_path / "notebooks")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_validate_is_quiet_where_nothing_is_wrong(place, capsys):
    assert cli.main(["validate"]) == 0
    assert capsys.readouterr().out == f"Workbook: A walk ({place})\nNo fault found.\n"


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
    assert "1 of 16" in capsys.readouterr().out
    assert cli.main(["submit", str(work), "--name", ""]) == 2


def test_an_error_is_one_line_and_never_a_traceback(place):
    (place / "data" / "datapackage.json").write_text("{")
    done = subprocess.run(
        [sys.executable, "-m", "afteach.cli", "guide", "--out", "x.md"], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "datapackage.json" in done.stderr and "Traceback" not in done.stderr


# Folders and terminals as people have them


def test_a_full_disk_leaves_no_piece_of_a_notebook_and_the_next_start_mends_it(shipped, tmp_path, monkeypatch):
    work, real = tmp_path / "work", os.fsync
    calls = []

    def full(descriptor):
        calls.append(descriptor)
        if len(calls) > 1:
            raise OSError(28, "No space left on device")
        real(descriptor)

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(AfteachError, match="No space left on device"):
            lab.lay_out(work)
    assert [path.name for path in work.iterdir()] == ["00-start-here.ipynb"]
    assert lab.lay_out(work) == [f"1 notebook copied to {work}."]
    assert sorted(path.name for path in work.glob("*.ipynb")) == ["00-start-here.ipynb", "01-next.ipynb"]


def test_a_notebook_that_was_deleted_stays_away_until_it_is_asked_for(shipped, tmp_path):
    work = tmp_path / "work"
    lab.lay_out(work)
    (work / "01-next.ipynb").unlink()
    said = "\n".join(lab.lay_out(work))
    assert not (work / "01-next.ipynb").exists()
    assert "01-next.ipynb is no longer here" in said and "afteach lab --bring-back" in said
    (shipped / "01-next.ipynb").write_text("edition 2")
    lab.lay_out(work)
    assert not (work / "01-next.ipynb").exists()
    lab.lay_out(work, bring_back=True)
    assert (work / "01-next.ipynb").read_text() == "edition 2"


def test_a_notebook_that_was_moved_is_not_copied_again(shipped, tmp_path):
    work = tmp_path / "work"
    lab.lay_out(work)
    (work / "week1").mkdir()
    (work / "01-next.ipynb").rename(work / "week1" / "01-next.ipynb")
    assert lab.lay_out(work) == [f"Your notebooks in {work} are as you left them."]
    assert not (work / "01-next.ipynb").exists()


def test_jupyterlab_opens_a_notebook_that_is_there(shipped, tmp_path):
    work = tmp_path / "work"
    lab.lay_out(work)
    assert "--LabApp.default_url=/lab/tree/00-start-here.ipynb" in lab.options(work, None, True)
    (work / "00-start-here.ipynb").unlink()
    assert "--LabApp.default_url=/lab/tree/01-next.ipynb" in lab.options(work, None, True)
    (work / "01-next.ipynb").unlink()
    assert "--LabApp.default_url=/lab" in lab.options(work, None, True)


@pytest.mark.skipif(os.name == "nt", reason="this system has no such pipes and links")
@pytest.mark.parametrize("kind", ["pipe", "folder", "link", "broken link"])
def test_what_only_has_the_name_of_a_notebook_is_left_as_it_is(shipped, tmp_path, kind):
    work = tmp_path / "work"
    work.mkdir()
    target = work / "00-start-here.ipynb"
    (tmp_path / "mine").write_text("mine")
    make = {
        "pipe": lambda: os.mkfifo(target),
        "folder": target.mkdir,
        "link": lambda: target.symlink_to(tmp_path / "mine"),
        "broken link": lambda: target.symlink_to(tmp_path / "nowhere"),
    }
    make[kind]()
    before = target.lstat().st_ino
    for _ in range(2):
        lab.lay_out(work)
    assert target.lstat().st_ino == before and (tmp_path / "mine").read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()
    assert [path.name for path in work.glob("*.new*")] == ["00-start-here.new.ipynb"]


def test_from_a_folder_within_the_workbook_no_second_one_is_made(shipped, tmp_path, monkeypatch):
    lab.lay_out(tmp_path / "my-workbook")
    (tmp_path / "my-workbook" / "week1").mkdir()
    assert lab.usual_folder(tmp_path) == tmp_path / "my-workbook"
    assert lab.usual_folder(tmp_path / "my-workbook") == tmp_path / "my-workbook"
    assert lab.usual_folder(tmp_path / "my-workbook" / "week1") == tmp_path / "my-workbook"


def test_from_a_folder_within_the_project_the_workbook_lies_at_its_top(root, tmp_path):
    assert lab.usual_folder(root / "notebooks") == root / "my-workbook" == lab.usual_folder(root)
    assert lab.usual_folder(tmp_path) == tmp_path / "my-workbook"


def test_a_folder_of_nobody_is_said(shipped, capsys):
    assert cli.main(["lab", "~nobody-of-this-name/work"]) == 2
    error = capsys.readouterr().err
    assert "afteach lab DIR" in error and error.count("\n") == 1


# In the place of JupyterLab, which takes longer to import than the command takes.
QUIET_LAB = """
import sys, types
sys.modules["jupyterlab.labapp"] = types.SimpleNamespace(main=print)
from afteach import cli
sys.exit(cli.main(sys.argv[1:]))
"""


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_a_terminal_that_cannot_show_a_name_does_not_end_the_command(tmp_path, encoding):
    settings = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "DISPLAY": ""}
    command = [sys.executable, "-c", QUIET_LAB, "lab", str(tmp_path / "Łódź 李")]
    done = subprocess.run(command, env=settings, capture_output=True, check=False)
    assert done.returncode == 0 and done.stderr == b""
    assert (tmp_path / "Łódź 李" / "00-start-here.ipynb").exists()
    assert "Łódź 李".encode(encoding, "backslashreplace") in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="this system has no such pipes")
@pytest.mark.parametrize(
    "command",
    [["validate", "--bank", "{bank}"], ["links", "--repo", "a/b", "--ref", "main"], ["--help"], ["guide", "--help"]],
)
def test_whoever_reads_the_output_may_stop_at_any_time(place, command):
    bank = place / "mine.toml"
    bank.write_text(sample.BANK.replace('goal = "read"', 'goal = "sing"'), encoding="utf-8")
    reader, writer = os.pipe()
    os.close(reader)
    given = [part.format(bank=bank) for part in command]
    done = subprocess.run(
        [sys.executable, "-m", "afteach.cli", *given], stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    # The links themselves are piped, so which workbook they open is said beside them.
    said = f"Workbook: A walk ({place})\n" if given[0] == "links" else ""
    assert done.stderr.decode() == said and done.returncode == ("--help" not in given)


def test_an_error_that_nobody_reads_is_no_traceback_either(place):
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "afteach.cli", "submit", "--name", "Bluebird"]
    assert subprocess.run(command, stdout=writer, stderr=writer, check=False).returncode == 2
    os.close(writer)


def test_settings_of_another_course_do_not_keep_jupyterlab_from_starting(tmp_path):
    """A real server, with the settings file that JupyterLab's own help tells people to make."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "jupyter_server_config.py").write_text(
        f"c.ServerApp.preferred_dir = {str(elsewhere)!r}\n"
        f"c.ServerApp.root_dir = {str(elsewhere)!r}\n"
        f"c.FileContentsManager.root_dir = {str(elsewhere)!r}\n"
        "c.FileContentsManager.preferred_dir = 'course'\n"
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {**os.environ, "JUPYTER_CONFIG_DIR": str(tmp_path / "config"), "HOME": str(tmp_path)}
    command = [sys.executable, "-m", "afteach.cli", "lab", str(tmp_path / "work"), "--port", str(port), "--no-browser"]
    server = subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        said = ""
        for line in server.stdout:
            said += line
            if token := re.search(r"\?token=(\w+)", line):
                break
        assert server.poll() is None and token, said
        address = f"http://127.0.0.1:{port}/api/contents?token={token.group(1)}"
        names = set()
        # The address is printed a moment before the server listens.
        for _ in range(60):
            with contextlib.suppress(urllib.error.URLError), urllib.request.urlopen(address, timeout=30) as answer:
                names = {entry["name"] for entry in json.load(answer)["content"]}
                break
            time.sleep(0.5)
        assert "00-start-here.ipynb" in names
    finally:
        server.terminate()
        server.wait(30)
