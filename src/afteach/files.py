"""The one way in which a file is written, and a person's name as a line and as a file name can hold it."""

from __future__ import annotations

import os
import stat
import unicodedata
from pathlib import Path

from afteach.errors import AfteachError
from afteach.words import say

LONGEST_NAME = 80
# A file name may have 255 bytes; a learning platform puts a name and numbers of its own before ours.
MOST_BYTES_IN_A_FILE_NAME = 180
JOINERS = "\u200c\u200d"
RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{p}{n}" for p in ("com", "lpt") for n in "0123456789¹²³"
}


def write_whole(path: Path, data: bytes) -> None:
    """Write a file in one go: afterwards the whole is there, or what was there before, and nothing beside it.

    A link is replaced and never followed. Errors: OSError that names `path`.
    """
    # Nobody can have put a link where this will write: the name is random and must be new.
    spare = path.with_name(f".afteach-{os.urandom(8).hex()}.part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(spare, flags, 0o666)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            _keep_mode(path, spare)
            os.replace(spare, path)
        except BaseException:
            spare.unlink(missing_ok=True)
            raise
    except OSError as fault:
        raise OSError(fault.errno, fault.strerror, str(path)) from None


def _keep_mode(path: Path, spare: Path) -> None:
    try:
        state = path.lstat()
    except FileNotFoundError:
        return
    if stat.S_ISREG(state.st_mode):
        spare.chmod(stat.S_IMODE(state.st_mode))


def clean_name(name: str) -> str:
    """A person's name or pseudonym on one line, in any script; AfteachError where none is left."""
    text = unicodedata.normalize("NFC", str(name))
    kept = []
    for place, letter in enumerate(text):
        kind = unicodedata.category(letter)
        if letter in JOINERS:
            # Persian and many scripts of India write whole words with them; elsewhere they hide in a name.
            kept.append(letter if is_letter(text[place - 1 : place]) and is_letter(text[place + 1 : place + 2]) else "")
        elif kind != "Cf":
            kept.append(" " if kind[0] in "CZ" else letter)
    shown = " ".join("".join(kept).split())[:LONGEST_NAME].strip(f" {JOINERS}")
    if not shown:
        raise AfteachError(say("submit.no_name"))
    return shown


def file_name(name: str) -> str:
    """A name as a file name can hold it on every system: its letters, marks and digits in small letters, else dashes."""
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).lower())
    text = "".join(c if is_letter(c) else "" if c in JOINERS else " " for c in text)
    plain = "-".join(text.split())
    plain = plain.encode()[:MOST_BYTES_IN_A_FILE_NAME].decode(errors="ignore").rstrip("-") or "student"
    return f"{plain}-name" if plain in RESERVED else plain


def is_letter(text: str) -> bool:
    """Whether this is a letter, a digit, or one of the marks without which some scripts lose their vowels."""
    return bool(text) and unicodedata.category(text)[0] in "LMN"
