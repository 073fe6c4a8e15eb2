"""What a report calls its students, and what it takes out of their texts where no name may stand in it."""

from __future__ import annotations

import functools
import random
import re
import unicodedata
from collections.abc import Callable

from afteach.files import is_letter
from afteach.grading.labels import shown
from afteach.grading.matching import Student
from afteach.grading.roster import is_east_asian
from afteach.words import say


def names(students: list[Student], anonymous: bool) -> Callable[[Student], str]:
    """How each student is called in the report: by name, or by a number that tells nothing."""
    if not anonymous:
        return lambda student: student.name
    order = list(range(1, len(students) + 1))
    # Numbers in the order of names would give a small class away; chance leaves nothing to work back from.
    random.SystemRandom().shuffle(order)
    numbers = {id(student): number for student, number in zip(students, order, strict=True)}
    return lambda student: say("report.student_number", number=numbers[id(student)])


def printable(text: str) -> str:
    # Control and direction marks could turn the text around them; line breaks are the writer's own.
    return "\n".join(shown(line, 10_000) for line in text.splitlines())


def without_name(text: str, student: Student) -> str:
    text = unicodedata.normalize("NFC", text)
    spoken = {student.name, student.hand_in.name if student.hand_in else ""}
    spoken |= {student.hand_in.signed} if student.hand_in else set()
    words = {word for name in spoken for word in [name, *re.split(r"[\s,-]+", name)] if word}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        # "An" and "Do" are names too, and words that everybody writes: short ones count as they are written.
        flags = re.IGNORECASE if len(word) > 2 else 0
        text = re.sub(re.escape(word), functools.partial(_masked, text=text), text, flags=flags)
    return text


def _masked(match: re.Match[str], text: str) -> str:
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    # Chinese, Japanese and Korean set no spaces; there a name of two letters is a word.
    alone = len(match[0]) > 1 and is_east_asian(match[0][0])
    return say("report.somebody") if alone or not (is_letter(before) or is_letter(after)) else match[0]
