"""What is read from right to left: how a page says so, and the numbers in it that would be turned around."""

from __future__ import annotations

import re

from afteach.workbook import workbook

# A range, or a number with its sign: what stands between the digits goes with the line, unless it is held.
NUMBER = r"\d(?:[\d.,]{0,20}\d)?"
HELD = re.compile(rf"{NUMBER}(?:(?:\s?[–−]\s?{NUMBER})+(?:\s%)?|\s%)")
LEFT_TO_RIGHT, END = "\u2066", "\u2069"


def attribute() -> str:
    """For the opening tag of what is shown; nothing where the page's own direction is meant."""
    return ' dir="rtl"' if workbook().direction == "rtl" else ""


def held(text: str) -> str:
    """A text, or a whole page, in which ranges and shares are read as they are written; the same where nothing turns them."""
    return HELD.sub(rf"{LEFT_TO_RIGHT}\g<0>{END}", text) if workbook().direction == "rtl" else text
