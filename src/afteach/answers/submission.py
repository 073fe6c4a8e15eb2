"""One file to hand in: which answers belong to it, what it is called, and that it replaces nobody else's."""

from __future__ import annotations

import heapq
import os
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

import msgspec

from afteach.answers import log as answers
from afteach.answers.answer_file import read_submission
from afteach.answers.lines import Line, body, header
from afteach.answers.log import Log
from afteach.answers.places import laid_out
from afteach.errors import AfteachError
from afteach.files import clean_name, file_name, write_whole
from afteach.questions.model import bank
from afteach.words import say

PLACES = ("answers", "my-workbook/answers", "notebooks/answers")
BELOW = ("answers", "*/answers", "*/*/answers")
MOST_FILES_OF_ONE_NAME = 1000


class Written(NamedTuple):
    """What was written, in words, and the file."""

    said: str
    file: Path
    page: Path | None = None  # what the student wrote, to keep; None where it could not be written


def write(name: str, folders: list[Path], target: Path) -> Written:
    """Write the answers of some folders as one file, answers-NAME.jsonl, into target.

    Where target cannot be written to, the file is written beside the answers, else among them. A file of the same
    name is replaced only if it is of the same person and every answer in it is in the new one.
    Errors: AfteachError where no name is given or no folder can be written to.
    """
    shown = clean_name(name)
    log = together([answers.read(folder) for folder in folders])
    text = _text(shown, log)
    fault = ""
    for folder in dict.fromkeys([target, folders[0].parent, folders[0]]):
        file, told = _free(folder, shown, log)
        is_new = not os.path.lexists(file)
        try:
            write_whole(file, text)
        except OSError as reason:
            fault = fault or say("submit.unwritable", file=file, reason=reason.strerror)
            continue
        where = f"{fault} {say('submit.instead', folder=folder)}" if fault else ""
        page, kept = _keep(file, is_new, shown, log)
        return Written(
            "\n".join(filter(None, [_summary(file.name, log), where, *told, kept, *log.problems])), file, page
        )
    raise AfteachError(f"{fault} {_other_way(folders)}")


def _other_way(folders: list[Path]) -> str:
    """How answers are handed in that can be written nowhere here; no other program finds those that are on no disk."""
    if unsaved := sum(len(answers.unsaved(folder)) for folder in folders):
        return say("submit.unsaved", n=unsaved, button=say("contents.download"))
    return say("submit.terminal", command=f"afteach submit {_typed([folders[0]])} --name NAME")


def _keep(file: Path, is_new: bool, shown: str, log: Log) -> tuple[Path | None, str]:
    """Write the page to keep beside a file of answers, and say so; what goes wrong costs nobody the answers."""
    from afteach.answers import page_to_keep  # only whoever hands in waits for it

    stem = file.with_suffix("").name
    names = [f"{stem}.html", *(f"{stem}-page-{number}.html" for number in range(2, MOST_FILES_OF_ONE_NAME))]
    places = (file.with_name(name) for name in names)
    # Beside a file that is replaced its page is replaced too; what else has that name is nobody's to replace.
    page = next(one for one in places if not os.path.lexists(one) or (not is_new and page_to_keep.is_of(one, shown)))
    try:
        write_whole(page, page_to_keep.html(shown, log).encode())
    except (AfteachError, OSError) as fault:
        return None, say("submit.no_page", reason=getattr(fault, "strerror", None) or fault)
    return page, say("submit.page", file=page.name)


def whole(folders: list[Path]) -> bytes:
    """The answers of some folders as one file, for whoever takes it from the browser: it bears no name."""
    return _text("", together([answers.read(folder) for folder in folders]))


def _text(shown: str, log: Log) -> bytes:
    ordered = sorted(log.lines, key=lambda line: (line.at, line.order))
    return header(shown, own_version(), bank().fingerprint) + body(ordered)


def _free(folder: Path, shown: str, log: Log) -> tuple[Path, list[str]]:
    """The file to write, and what is to be said of those that are there already."""
    stem, ids = f"answers-{file_name(shown)}", {line.id for line in log.lines}
    told: list[str] = []
    for number in range(1, MOST_FILES_OF_ONE_NAME):
        file = folder / (f"{stem}-{number}.jsonl" if number > 1 else f"{stem}.jsonl")
        if not os.path.lexists(file):
            return file, told
        before = read_submission(file)
        header = before.header if before else None
        if before and header and header.name == shown:
            if not before.problems and ids.issuperset(line.id for line in before.lines):
                return file, [*told, say("submit.replaces", day=header.at[:10])]
            told.append(say("submit.was_there_same", file=file.name))
        else:
            told.append(say("submit.was_there_other" if before else "submit.was_there", file=file.name))
    raise AfteachError(say("submit.too_many", folder=folder, name=stem))


def together(logs: list[Log]) -> Log:
    """The answers of several folders as one log; each folder counted its own tries, so they are counted anew by time."""
    if len(logs) == 1:
        return logs[0]
    lines: dict[str, Line] = {}
    for question_id in dict.fromkeys(line.q for log in logs for line in log.lines):
        parts = [part for log in logs if (part := log.of(question_id))]
        # Within a folder the tries say what came first, for its clock may have jumped.
        merged = {line.id: line for line in heapq.merge(*parts, key=lambda line: line.at)}
        if len(parts) > 1:
            merged = {
                key: msgspec.structs.replace(line, try_=number)
                for number, (key, line) in enumerate(merged.items(), start=1)
            }
        lines |= merged
    return Log(tuple(lines.values()), tuple(problem for log in logs for problem in log.problems))


def own_folders(folder: Path) -> list[Path]:
    """An answers folder and those that moved notebooks have started in the same workbook, itself first."""
    workbook = laid_out(folder.absolute().parent)
    return [folder, *_others([folder], [workbook] if workbook else [])]


def left_out(taken: list[Path], tops: list[Path]) -> str:
    """The answers below some folders that are not handed in, and how to hand them in too, in words; empty if none."""
    others = _others(taken, tops)
    if not others:
        return ""
    listed = ", ".join(say("submit.in_folder", folder=one, n=len(answers.read(one).lines)) for one in others)
    command = f"afteach submit {_typed([*taken[:1], *others])} --name NAME"
    return say("submit.left_out", folders=listed, command=command)


def find(named: list[Path], here: Path) -> tuple[list[Path], str]:
    """The answers folders to hand in, and in words those that were found beside them.

    Arguments: named, folders of notebooks or of answers, or none; here, where to look then.
    Errors: AfteachError where a folder holds no answers.
    """
    taken: list[Path] = []
    for top in named or [here]:
        workbook = laid_out(top.absolute())
        places = [top / place for place in PLACES] + ([top] if named else [])
        places += [workbook / "answers"] if workbook and not named else []
        full = next((place for place in places if answers.read(place).lines), None)
        if full is None:
            problems = [problem for place in places for problem in answers.read(place).problems]
            told = [say("submit.none", folders=", ".join(map(str, places))), *problems, left_out([], [top])]
            raise AfteachError(" ".join(filter(None, [*told, say("submit.name_folder")])))
        taken += own_folders(full)
    taken = list({one.resolve(): one for one in taken}.values())
    return taken, left_out(taken, named or [here])


def _others(taken: list[Path], tops: list[Path]) -> list[Path]:
    """The folders called answers below some folders, that hold answers and are not taken."""
    seen = {one.resolve() for one in taken}
    found: dict[Path, Path] = {}
    for place in (place for top in tops for pattern in BELOW for place in sorted(top.glob(pattern))):
        if place.resolve() not in seen and answers.read(place).lines:
            found.setdefault(place.resolve(), place)
    return list(found.values())


def _typed(folders: list[Path]) -> str:
    """Folders of answers as they are typed after afteach submit, in the terminals of every system."""
    names = [str(one.parent if one.name == "answers" else one) for one in folders]
    return " ".join(f'"{name}"' if " " in name else name for name in names)


def _summary(name: str, log: Log) -> str:
    latest, all_questions = log.latest(), bank()
    answered = [q for q in all_questions if q in latest]
    untouched = [stem for stem in all_questions.chapters if not any(q.id in latest for q in all_questions.of(stem))]
    text = say("submit.written", file=name, answered=len(answered), all=len(all_questions))
    if untouched:
        return f"{text} {say('submit.untouched', notebooks=', '.join(untouched))}"
    return f"{text} {say('submit.all_touched')}"


def own_version() -> str:
    """The version of this package."""
    try:
        return version("afteach")
    except PackageNotFoundError:
        return "unknown"
