"""Writing a file in one go, and names that every system can hold."""

from __future__ import annotations

import os
import stat
import unicodedata

import pytest

from afteach import files
from afteach.errors import AfteachError


def _full(*_):
    raise OSError(28, "No space left on device")


def test_a_file_is_written_whole(tmp_path):
    files.write_whole(tmp_path / "a.txt", b"one\r\ntwo\n")
    assert (tmp_path / "a.txt").read_bytes() == b"one\r\ntwo\n"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_what_was_there_and_nothing_beside_it(tmp_path, monkeypatch, step):
    (tmp_path / "a.txt").write_bytes(b"before")
    monkeypatch.setattr(files.os, step, _full)
    with pytest.raises(OSError, match="No space left") as fault:
        files.write_whole(tmp_path / "a.txt", b"after")
    assert fault.value.filename == str(tmp_path / "a.txt")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"before"]


def test_a_stop_in_the_middle_leaves_nothing_beside_it(tmp_path, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        files.write_whole(tmp_path / "a.txt", b"after")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "symlink") or os.name == "nt", reason="a link needs rights on this system")
def test_a_planted_link_is_never_followed(tmp_path, monkeypatch):
    (tmp_path / "precious").write_bytes(b"mine")
    monkeypatch.setattr(files.os, "urandom", bytes)
    (tmp_path / ".afteach-0000000000000000.part").symlink_to(tmp_path / "precious")
    with pytest.raises(FileExistsError):
        files.write_whole(tmp_path / "a.txt", b"after")
    assert (tmp_path / ".afteach-0000000000000000.part").is_symlink()
    monkeypatch.undo()
    (tmp_path / "a.txt").symlink_to(tmp_path / "precious")
    files.write_whole(tmp_path / "a.txt", b"after")
    assert (tmp_path / "precious").read_bytes() == b"mine"
    assert (tmp_path / "a.txt").read_bytes() == b"after" and not (tmp_path / "a.txt").is_symlink()


@pytest.mark.skipif(os.name == "nt", reason="this system keeps no such modes")
def test_a_new_file_is_as_open_as_any_other_and_an_old_one_keeps_its_mode(tmp_path):
    (tmp_path / "any").write_bytes(b"")
    files.write_whole(tmp_path / "new", b"")
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == stat.S_IMODE((tmp_path / "any").stat().st_mode)
    (tmp_path / "any").chmod(0o640)
    files.write_whole(tmp_path / "any", b"more")
    assert stat.S_IMODE((tmp_path / "any").stat().st_mode) == 0o640


NAMES = {
    "李雷": "李雷",
    "احمد رحیمی": "احمد-رحیمی",
    "Strauß": "strauß",
    "রিনা": "রিনা",
    "রানী": "রানী",
    "Łódź": "łódź",
    "Zoë O’Neill-Núñez": "zoë-o-neill-núñez",
    unicodedata.normalize("NFD", "Zürich"): "zürich",
    "علی\u200cرضا": "علیرضا",
    "../../etc/passwd": "etc-passwd",
    "C:\\x. . .": "c-x",
    "CON": "con-name",
    "lpt1": "lpt1-name",
    "🦊": "student",
}


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_file_name_keeps_the_letters_of_every_script_and_nothing_else(name):
    assert files.file_name(files.clean_name(name)) == NAMES[name]


def test_a_long_name_is_cut_between_letters():
    cut = files.file_name("李" * 80)
    assert cut == "李" * 60 and len(cut.encode()) <= 180


def test_a_name_is_one_line_without_hidden_signs():
    assert files.clean_name(" Bluebird \n of\x00 Zürich ") == "Bluebird of Zürich"
    assert files.clean_name("Анна\u202e\u200b\ufeff Smith") == "Анна Smith"
    assert files.clean_name("علی\u200cرضا") == "علی\u200cرضا"
    assert files.clean_name("\u200dA\u200c \ud800B") == "A B"
    assert len(files.clean_name("å" * 200)) == 80
    for nothing in ("", " \t ", "\u200c", "\ud800\x00"):
        with pytest.raises(AfteachError, match="A name is needed"):
            files.clean_name(nothing)
