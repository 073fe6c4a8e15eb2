"""Every file is read and written in UTF-8 and with one sort of line end, on every system."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src" / "afteach"
FILES = sorted(SOURCE.rglob("*.py"))
TEXT = {"read_text", "write_text", "open", "fdopen", "TextIOWrapper", "NamedTemporaryFile", "TemporaryFile"}


def calls(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            made = node.func
            name = made.attr if isinstance(made, ast.Attribute) else getattr(made, "id", "")
            owner = made.value.id if isinstance(made, ast.Attribute) and isinstance(made.value, ast.Name) else ""
            yield name, owner, node


def without_encoding(text):
    """The lines on which a text file is opened in whatever encoding the system has."""
    found = []
    for name, owner, node in calls(ast.parse(text)):
        modes = [part.value for part in [*node.args, *(k.value for k in node.keywords if k.arg == "mode")]
                 if isinstance(part, ast.Constant) and isinstance(part.value, str)]  # fmt: skip
        binary = any("b" in mode and len(mode) <= 3 for mode in modes)
        # Bytes come out of these: a number of the system, an archive or its member, a picture, a page of the browser.
        other = (name, owner) in {
            ("open", "os"),
            ("open", "archive"),
            ("open", "webbrowser"),
            ("open", "Image"),
            ("open", "tarfile"),
        }
        if name in TEXT and not binary and not other and "encoding" not in {k.arg for k in node.keywords}:
            found.append(node.lineno)
    return found


def translating(text):
    """The lines on which a text file is written with the line ends of the system."""
    found = []
    for name, owner, node in calls(ast.parse(text)):
        given = {k.arg for k in node.keywords}
        modes = [part.value for part in [*node.args, *(k.value for k in node.keywords if k.arg == "mode")]
                 if isinstance(part, ast.Constant) and isinstance(part.value, str)]  # fmt: skip
        writes = any(mode in ("w", "a", "x", "w+", "a+") for mode in modes) or name == "write_text"
        if name in TEXT and owner != "os" and writes and "newline" not in given:
            found.append(node.lineno)
    return found


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(SOURCE)) for path in FILES])
def test_a_text_file_is_opened_in_utf_8_and_written_with_one_line_end(path):
    text = path.read_text(encoding="utf-8")
    assert without_encoding(text) == []
    assert translating(text) == []


@pytest.mark.parametrize(
    ("line", "bad"),
    [
        ("path.read_text()", True),
        ("path.read_text(encoding='utf-8')", False),
        ("open(path)", True),
        ("open(path, 'rb')", False),
        ("path.open('wb')", False),
        ("os.fdopen(number, 'wb')", False),
        ("os.open(path, os.O_RDONLY)", False),
    ],
)
def test_the_check_sees_a_file_without_an_encoding(line, bad):
    assert bool(without_encoding(line)) is bad


def test_the_check_sees_a_file_written_with_the_line_ends_of_the_system():
    assert translating("path.write_text(a, encoding='utf-8')") == [1]
    assert translating("path.write_text(a, encoding='utf-8', newline='\\n')") == []
