"""What the name of a file says: whom a platform names, what a program left behind, what a person called it.

The patterns follow what the platforms write: Moodle's mod/assign (name and participant, `_` made a space), Canvas's
content zipper (name in small letters without spaces, LATE, user, attachment), Blackboard's assignment download
(assignment, user name, attempt) and Brightspace's folders (user and folder number, name, date).
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from afteach.files import JOINERS

ENDINGS = (".jsonl", ".ndjson", ".json", ".txt")
WRITTEN = (*ENDINGS, ".zip", ".csv", ".tsv", ".docx", ".doc", ".odt", ".rtf", ".pdf", ".ipynb", ".xlsx", ".xls", ".ods",
           ".pages", ".numbers", ".pptx", ".png", ".jpg", ".jpeg", ".heic", ".rar", ".7z", ".gz", ".html", ".htm")  # fmt: skip
LITTER = {
    *("__macosx", ".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", ".ipynb_checkpoints", ".git", "icon\r"),
    *(".trashes", ".spotlight-v100", ".fseventsd", "$recycle.bin", "system volume information", "index.html"),
}
LITTER_BEGINS = ("._", "~$", ".~lock.")
# Folders and files that a workbook makes or that everybody names so: no student is called this.
NAMES_OF_NOBODY = {"answers", "notebooks", "my-workbook", "submission", "submissions", "work", "home", "unnamed"}
RAW = re.compile(r"\d{8}T\d{6}-\d+-[0-9a-f]{8}")
# "answers-anna (1)", "answers-anna - Copy", "Copy of answers-anna": what browsers and file managers add.
COPIED = re.compile(r"\s*(?:\(\d+\)|-\s+(?:Copy|Kopie|Copie|Copia|Kopia|копия|副本)(?:\s*\(\d+\))?)$", re.IGNORECASE)

MOODLE = re.compile(r"(?P<name>[^_]+)_(?P<id>\d+)_assignsubmission_[a-z]+(?:_.*)?", re.DOTALL)
TEAM = re.compile(r"(?P<name>[^_]+)(?P<id>)_assignsubmission_[a-z]+(?:_.*)?", re.DOTALL)
BRIGHTSPACE = re.compile(r"(?P<id>\d+)-\d+ ?- (?P<name>.+) - (?P<when>[^-]*\b\d{4}\b[^-]*)", re.DOTALL)
BLACKBOARD = re.compile(r".+?_(?P<id>[^_]+)_attempt_\d{4}(?:-\d\d){5}(?:_.*|\.txt)?", re.DOTALL)
RECEIPT = re.compile(r".+?_[^_]+_attempt_\d{4}(?:-\d\d){5}\.txt", re.DOTALL)
CANVAS = re.compile(
    r"(?P<name>[^_\s]+?)_(?:late_)?(?P<id>\d+)_(?:\d+_.+|text\.html|link\.html)", re.DOTALL | re.IGNORECASE
)
CANVAS_ANONYMOUS = re.compile(r"(?:late_)?anon_(?P<id>[a-z0-9]{4,8})_\d+_.+", re.DOTALL | re.IGNORECASE)
PATTERNS = {
    "moodle": (MOODLE, TEAM),
    "brightspace": (BRIGHTSPACE,),
    "blackboard": (BLACKBOARD,),
    "canvas": (CANVAS_ANONYMOUS, CANVAS),
}


class Said(NamedTuple):
    """Whom a platform says that a file is from: the name as it wrote it, and its number or user name."""

    platform: str
    name: str
    number: str
    depth: int = 0

    @property
    def certain(self) -> bool:
        """Whether only that platform writes such names; a student may by chance call a file as Canvas would."""
        return self.platform != "canvas"


def shown(text: str, most: int = 200) -> str:
    """A text that others chose, on one line, without control or direction marks, and not too long."""
    # A label may be megabytes long; what is not shown need not be read.
    text = unicodedata.normalize("NFC", text[: 4 * most])
    if text.isprintable():
        kept = " ".join(text.split())
        return kept if len(kept) <= most else kept[: most - 1] + "…"
    # Joiners are letters' business in Persian and in India; everything else that is not seen goes.
    kept = "".join(c if unicodedata.category(c)[0] not in "CZ" or c in JOINERS else " " for c in text)
    kept = " ".join(kept.split()).strip(JOINERS)
    return kept if len(kept) <= most else kept[: most - 1] + "…"


def components(path: tuple[str, ...]) -> list[str]:
    """The folders and files of a path, the outermost first, over all archives it leads through."""
    parts = [part for level in path for part in level.replace("\\", "/").split("/")]
    return [part for part in parts if part not in ("", ".", "..")]


def said(path: tuple[str, ...]) -> list[Said]:
    """What platforms say of a path, the outermost name first: that one the platform wrote, those inside the student."""
    found: list[Said] = []
    for depth, part in enumerate(components(path)):
        part = unicodedata.normalize("NFC", part)
        for platform, patterns in PATTERNS.items():
            match = next((m for p in patterns if (m := p.fullmatch(part))), None)
            # Canvas's names are common: an outer one may be chance, and then an inner one tells.
            if match and (platform == "canvas" or platform not in {one.platform for one in found}):
                name = " ".join(match.groupdict().get("name", "").split())
                found.append(Said(platform, name, match["id"], depth))
    return found


def receipt(path: tuple[str, ...], raw: bytes) -> tuple[str, str] | None:
    """The name and user name in a receipt of Blackboard, a text that it lays beside what was handed in."""
    if not RECEIPT.fullmatch((components(path) or [""])[-1]):
        return None
    first = raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:500].decode("utf-8", "replace").partition("\n")[0]
    match = re.fullmatch(r"[^:{}]{1,30}:\s*(.*?)\s*\(([^()]*)\)\s*", first)
    return (shown(match[1], 80), match[2].strip()) if match else None


def litter(name: str) -> bool:
    """Whether a program left this file or folder behind, so that nobody handed it in."""
    low = name.lower()
    return low in LITTER or low.startswith(LITTER_BEGINS)


def is_raw(path: tuple[str, ...]) -> bool:
    """Whether a kernel named this file: then it says nothing of whose it is."""
    return bool(RAW.fullmatch(_stem((components(path) or [""])[-1])))


def _stem(name: str) -> str:
    name = COPIED.sub("", name)
    while (low := name.lower()).endswith(WRITTEN):
        name = COPIED.sub("", name[: low.rindex(".")])
    return name.strip()


def name_from(path: tuple[str, ...]) -> str:
    """What to call the author of a file that does not say: its name, else that of the nearest folder or archive."""
    parts = components(path)
    if len(path) == 2 and len(parts) == 2 and not path[0].lower().endswith(".zip"):
        # The folder that was given holds a class, unless its files lie deeper.
        parts = parts[1:]
    stems = [_stem(part) for part in parts] or ["unnamed"]
    last = re.sub(r"(?i)^answers[-_ ]+(?=.)", "", unicodedata.normalize("NFC", stems[-1]))
    if last and last.lower() not in NAMES_OF_NOBODY and not RAW.fullmatch(last):
        return last
    for stem in reversed(stems[:-1]):
        if stem and stem.lower() not in NAMES_OF_NOBODY:
            return unicodedata.normalize("NFC", stem)
    return last or "unnamed"


def folder_of(path: tuple[str, ...]) -> tuple[str, ...]:
    """The folder or archive in which somebody keeps a workbook: where a file lies, its `answers` folder passed over."""
    parts = components(path)[:-1]
    while parts and _stem(parts[-1]).lower() in ("answers", "notebooks", "my-workbook"):
        parts.pop()
    return tuple(parts)
