"""The last moment to hand in, and who was later."""

from __future__ import annotations

import datetime as dt

from afteach.errors import AfteachError
from afteach.grading.attempts import instant
from afteach.grading.matching import Class

LATE = "handed in late"


def read(text: str) -> dt.datetime:
    """The last moment that is in time; a date alone lasts to its end, and a time without a zone is that of this computer.

    Errors: AfteachError where the text is no date.
    """
    try:
        moment = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        raise AfteachError(
            f"--late needs a date, such as 2030-05-03, or a date and a time, such as 2030-05-03T17:00; '{text[:40]}' is neither."
        ) from None
    if len(text.strip()) == len("2030-05-03"):
        moment += dt.timedelta(days=1, microseconds=-1)
    return moment.astimezone(dt.UTC)


def mark(marked: Class, limit: dt.datetime) -> list[str]:
    """Mark every student whose hand-in says that it was made later; returns what was found, in words."""
    for student in marked.students:
        made = instant(student.hand_in.at) if student.hand_in else None
        if made and made > limit:
            student.late = True
            if student.results:
                student.status = LATE
    late = [student.name for student in marked.students if student.late]
    if not late:
        return ["Nobody handed in late."]
    return [f"{len(late)} handed in late, by the clock of the computer that made the file: see gradebook.csv."]
