"""The pages for students as files: called as each hand-in was, and zipped as a platform takes them back.

Moodle (assignment, upload of feedback files in a zip) reads the name, the number, the kind and the plug-in in front of
a file's own name, parted by low lines. Canvas (upload of submissions) looks for the first two parts that are numbers,
those of the user and of the file that was handed in, and shows the page under that file's name. Both ignore every
file that they do not know, so a page that cannot be sent back that way is not in the zip.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable
from pathlib import Path

from afteach.files import file_name
from afteach.grading import results
from afteach.grading.encodings import BACK_GENERATOR
from afteach.grading.feedback import Pages
from afteach.grading.hand_in import HandIn
from afteach.grading.labels import components, shown
from afteach.grading.matching import Class

PLATFORMS = ("moodle", "canvas")
LONGEST_STEM, MOST_BYTES = 60, 180
HEAD = 4096
FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


def write(marked: Class, folder: Path, limit: dt.datetime | None) -> list[str]:
    """Write a page for every student whose hand-in could be read, and a zip for each platform that they came from."""
    pages = Pages(marked, limit)
    written: dict[str, bytes] = {}
    taken: set[str] = set()
    zips: dict[str, dict[str, bytes]] = {}
    for student in marked.students:
        if student.hand_in:
            platform, stem = called(student.hand_in)
            name = _free(stem, student.name, taken)
            written[name] = pages.page(student).encode("utf-8", "replace")
            if platform:
                zips.setdefault(platform, {})[name] = written[name]
    told = f"{len(written)} pages for students" if len(written) != 1 else "1 page for a student"
    files = {f"feedback-{platform}.zip": _zip(entries) for platform, entries in zips.items()}
    results.write_all(folder, {**written, **files}, "--feedback")
    also = "".join(f"; {name} is for the upload to {name[9:-4].title()}" for name in files)
    lines = [f"{told} written to {folder}{also}."]
    if left := _of_earlier_runs(folder, {**written, **files}):
        lines.append(
            f"Not of this run, and still in {folder}: {', '.join(left)}. Delete them, so that nobody is sent an old page."
        )
    return lines


def _of_earlier_runs(folder: Path, written: Iterable[str]) -> list[str]:
    """The pages and zips in a folder that an earlier run left there, which this one did not replace."""
    left = [folder / f"feedback-{platform}.zip" for platform in PLATFORMS] + sorted(folder.glob("*.html"))
    return [file.name for file in left if file.is_file() and file.name not in written and _is_page_back(file)]


def _is_page_back(file: Path) -> bool:
    with contextlib.suppress(OSError), file.open("rb") as page:
        return file.suffix == ".zip" or BACK_GENERATOR.encode() in page.read(HEAD)
    return False


def called(hand_in: HandIn) -> tuple[str, str]:
    """The platform that can take a page back, if one named the hand-in, and what the page is called, but for its ending."""
    parts = components(hand_in.path) or ["answers"]
    own = _plain(parts[-1].rpartition(".")[0] or parts[-1])[:LONGEST_STEM].strip() or "answers"
    said = hand_in.said[0] if hand_in.said else None
    if said is None or said.platform not in PLATFORMS or not said.number:
        return "", own
    head = _plain(parts[said.depth])
    if said.depth == len(parts) - 1:
        # The platform's own name of the file: a student's own words stand behind the last number, with their ending.
        return said.platform, head.rpartition(".")[0] or head
    # Moodle gives each student a folder; a file beside others carries the same in front of its own name.
    return said.platform, f"{head.rstrip('_')}_{own}"


def _free(stem: str, student: str, taken: set[str]) -> str:
    """A name that no other page has, whether or not a file system tells small letters from capitals."""
    stem = stem.encode()[:MOST_BYTES].decode(errors="ignore")
    more = file_name(student)
    tries = [stem, f"{stem}-{more}", *(f"{stem}-{more}-{number}" for number in range(2, len(taken) + 3))]
    name = next(one for one in tries if one.casefold() not in taken)
    taken.add(name.casefold())
    return f"{name}.html"


def _plain(name: str) -> str:
    """A name that every file system and archive can hold, still as it was in what a platform reads."""
    return FORBIDDEN.sub("-", shown(unicodedata.normalize("NFC", name))).strip(". ")


def _zip(entries: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return packed.getvalue()
