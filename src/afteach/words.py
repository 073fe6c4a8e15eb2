"""The words in which the engine speaks to a student: one table, which a workbook may bring in its own language."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from afteach import toml, workbook
from afteach.errors import DataFault

ENGLISH = Path(__file__).with_name("words.toml")
# What no card says: the first card need not wait for it.
LATER = Path(__file__).with_name("words_of_pages.toml")
OWN = Path("data") / "words.toml"
IN_BROWSER = "in_browser."
FILLED = re.compile(r"\{(\w+)\}")
# A text, or one for the number 1 and one for every other number.
Entry = str | dict[str, str]


def say(key: str, **values: object) -> str:
    """The text of a key with its values filled in; of two texts the one that fits the number `n`."""
    early = in_use(cards=True)
    text = early[key] if key in early else in_use()[key]
    if isinstance(text, dict):
        text = text["one" if values["n"] == 1 else "other"]
    if not values:
        return text
    first, *gaps = _parts(text)
    return first + "".join([f"{values[name]}{rest}" for name, rest in zip(gaps[::2], gaps[1::2], strict=True)])


def called(key: str, otherwise: str) -> str:
    """The text of a key; the other one where there is no such key, as for a kind of question added from outside."""
    return say(key) if key in in_use(cards=True) or key in in_use() else otherwise


@functools.cache
def _parts(text: str) -> list[str]:
    """A text, the name of its first gap, the text behind it, and so on."""
    return FILLED.split(text)


def of_card() -> dict[str, Entry]:
    """What a browser needs, by the part of the key behind "card."."""
    return {key.removeprefix("card."): text for key, text in in_use(cards=True).items() if key.startswith("card.")}


@functools.cache
def in_use(cards: bool = False) -> Mapping[str, Entry]:
    """The English words and over them those of the workbook; read once, so that marking does not wait for a disk.

    `cards`: those of cards and marking are enough.
    """
    try:
        own = _own()
    except DataFault:
        # `faults` names it to the author; a student is better served in English than not at all.
        own = {}
    there = _read(ENGLISH) if cards else english()
    used = there | {key: text for key, text in own.items() if key in there and not _fault(key, text, there)}
    return used | _without_a_server(used) if sys.platform == "emscripten" else used


def _without_a_server(used: Mapping[str, Entry]) -> dict[str, Entry]:
    """What is said in another way where Python runs in the reader's browser."""
    return {key.removeprefix(IN_BROWSER): text for key, text in used.items() if key.startswith(IN_BROWSER)}


@functools.cache
def english() -> dict[str, Entry]:
    """Every key with its English text."""
    return _read(ENGLISH) | _read(LATER)


@functools.lru_cache(maxsize=8)
def _read(path: Path, _changed: int = 0) -> dict[str, Entry]:
    return _flat(toml.loads(path.read_text(encoding="utf-8-sig")))


def _own() -> dict[str, Entry]:
    path = workbook.root() / OWN
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as fault:
        raise DataFault(f"{path.name}: byte {fault.start} is not UTF-8. Save the file as UTF-8.") from None
    except (OSError, toml.TOMLDecodeError, RecursionError) as fault:
        raise DataFault(f"{path.name}: {str(fault).rstrip('.')}.") from None


def _flat(table: dict) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for part, entries in table.items():
        if isinstance(entries, dict):
            found |= {f"{part}.{key}": text for key, text in entries.items()}
        else:
            found[part] = entries
    return found


def faults() -> list[str]:
    """Every fault of the workbook's own words; none where it brings none."""
    try:
        own = _own()
    except DataFault as fault:
        return [str(fault)]
    return [f"{OWN.name}: {reason}." for key, text in own.items() if (reason := _fault(key, text, english()))]


def _fault(key: str, text: object, english: Mapping[str, Entry]) -> str:
    """What is wrong with one entry of a workbook's words; empty where nothing is."""
    there = english.get(key)
    if there is None:
        return f"'{key}' is no key; the keys are those of {ENGLISH.name} and {LATER.name} in the package"
    if isinstance(there, str):
        texts = [text]
    elif isinstance(text, dict) and set(text) == {"one", "other"}:
        texts = list(text.values())
    else:
        return f"'{key}' needs a text for one and a text for other"
    if not all(isinstance(given, str) and given.strip() for given in texts):
        return f"'{key}' must be a text"
    known = set(FILLED.findall(there if isinstance(there, str) else "".join(there.values())))
    odd = sorted({name for given in texts for name in FILLED.findall(str(given))} - known)
    return f"'{key}' has {{{odd[0]}}}, which nothing fills in" if odd else ""
