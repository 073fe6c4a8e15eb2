"""Read a number as people write it, and say so where it can be read in two ways."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

from afteach.questions.shapes import number

LONGEST = 200
MOST_DIGITS = 40
EDGES = " ()[].,;:!'\"“”"

SIGNS = str.maketrans(
    {
        **dict.fromkeys("−‐‑‒–—―⁃﹣－", "-"),
        **dict.fromkeys("’‘ʼ`´′＇\u066c", "'"),  # and the Arabic thousands mark
        "\u066b": ".",  # the Arabic decimal mark
        "\u060c": ",",
        "\u066a": "%",
    }
)
SCALES = {
    "hundred": 100,
    "k": 1_000,
    "thousand": 1_000,
    "lakh": 100_000,
    "m": 10**6,
    "mn": 10**6,
    "mln": 10**6,
    "mio": 10**6,
    "million": 10**6,
    "crore": 10**7,
    "bn": 10**9,
    "bln": 10**9,
    "billion": 10**9,
    "milliard": 10**9,
    "tn": 10**12,
    "trn": 10**12,
    "trillion": 10**12,
}
UP_TO_19 = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
            "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]  # fmt: skip
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
SMALL = {word: number for number, word in enumerate(UP_TO_19)} | {word: 20 + 10 * i for i, word in enumerate(TENS)}
ABOUT = re.compile(r"(about|around|approximately|approx\.?|roughly|circa|ca\.?|c\.|some|[~≈=]) *", re.IGNORECASE)
NUMBER = re.compile(r"(?P<before>[^\d.,+-]*)(?P<sign>[+-]? *)(?P<digits>[.,]?\d[\d., ']*(?:e[+-]?\d+)?)(?P<after>\D*)")
GROUPED = re.compile(r"[1-9]\d{0,2}(?P<mark>[ ',.])\d{3}(?:(?P=mark)\d{3})*(?:(?!(?P=mark))[.,](?P<rest>\d+))?")
INDIAN = re.compile(r"[1-9]\d?(?:,\d\d)+,\d{3}(?:\.\d+)?")
SIMPLE = re.compile(r"\d+|\d*[.,]\d+")
POWER = re.compile(r"\d*\.?\d+e[+-]?\d{1,3}")
IN_WORDS = re.compile(
    rf"(?:(?P<one>a(?= (?:{'|'.join(SCALES)})))|(?P<tens>\w+ty)[ -](?P<ones>\w+)|(?P<small>\w+))(?P<after>(?![\w-]).*)"
)

ALIASES = {"percent": "%", "pct": "%", "dollar": "$", "usd": "$", "euro": "€", "eur": "€", "pound": "£", "gbp": "£",
           "person": "people"}  # fmt: skip
SYMBOLS = set("%$€£")
NO_UNIT = {"of", "the", "in", "all", "u", "s", "us", "a"}
# Beside a number these make it another one: 30 or 33, two and a half, 5 or more.
MORE = {"or", "and", "to", "plus", "minus", "more", "less", "fewer", "half", "not", *SMALL, *SCALES}


class Written(NamedTuple):
    """One reading of a written number: its value, the unit beside it (often none), and if a word such as 'million' was."""

    value: int | float
    unit: str = ""
    scaled: bool = False


def read(text: str, unit: str = "") -> list[Written]:
    """All that a text can mean as a number; nothing for what is no number, two readings where a mark is ambiguous.

    `unit` is the one that the question asks for. Where it counts in thousands or millions, a number that is written
    with its own scale is turned into it.
    """
    text = _plain(text)
    found = (
        NUMBER.fullmatch(text if re.search(r"\d", text) else _digits_for_words(text)) if len(text) <= LONGEST else None
    )
    if found is None:
        return []
    before, after = _words(found["before"]), found["after"].strip(EDGES)
    scale, after = _scale(after, unit)
    # Before a number stands a currency or nothing; "more than" and "up to" make it another number.
    if not before <= {*SYMBOLS, *ALIASES, *NO_UNIT} or _words(after) & MORE:
        return []
    sign = -1 if "-" in found["sign"] else 1
    base = base_of(unit) if scale > 1 else 1
    beside = f"{found['before'].strip(EDGES)} {after}".strip()
    return [
        Written(number(float(sign * one * scale / base)), beside, scale > 1)
        for one in _values(found["digits"].rstrip(" ,.'"))
    ]


def _plain(text: str) -> str:
    """A text in ASCII digits and marks, without quotation marks, final stop and a word such as 'about'."""
    text = unicodedata.normalize("NFKC", text[: LONGEST + 1].translate(SIGNS)).translate(SIGNS)
    letters = (str(unicodedata.decimal(c)) if unicodedata.category(c) == "Nd" else c for c in text)
    text = "".join(c for c in letters if unicodedata.category(c) != "Cf")
    text = re.sub(r"(?<=\d)_(?=\d)", "", " ".join(text.split()).strip(" '\"“”«»„"))
    text = ABOUT.sub("", text.rstrip(".!。۔ "), count=1) if ABOUT.match(text) else text.rstrip(".!。۔ ")
    return re.sub(r"(?<=\d)[eE](?=[+-]?\d)", "e", text)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[%$€£]|[^\W\d_]+", text.casefold()))


def _digits_for_words(text: str) -> str:
    """'thirty-three thousand' as '33 thousand'; a text that does not begin with a small number stays as it is."""
    found = IN_WORDS.fullmatch(text.casefold())
    if found is None:
        return text
    value = 1 if found["one"] else SMALL.get(found["small"] or found["tens"], -1)
    if found["ones"]:
        ones = SMALL.get(found["ones"], 0)
        if not 0 < ones < 10:
            return f"{value}{text[found.end('tens') :]}" if value >= 0 else text
        value += ones
    return f"{value}{found['after']}" if value >= 0 else text


def _values(digits: str) -> list[Decimal]:
    """What a run of digits and marks can mean."""
    if len(digits) > MOST_DIGITS:
        return []
    if POWER.fullmatch(digits) or digits.isdigit():
        return [Decimal(digits)]
    if INDIAN.fullmatch(digits):
        return [Decimal(digits.replace(",", ""))]
    if found := GROUPED.fullmatch(digits):
        whole = digits[: found.start("rest") - 1] if found["rest"] else digits
        grouped = Decimal(re.sub(r"\D", "", whole) + (f".{found['rest']}" if found["rest"] else ""))
        # In English a comma groups. A point is a decimal point, and in many languages it groups.
        doubtful = digits.count(".") == 1 and found["mark"] == "." and not found["rest"]
        return [grouped, Decimal(digits)] if doubtful else [grouped]
    if SIMPLE.fullmatch(digits):
        return [Decimal(digits.replace(",", "."))]
    return []


def _scale(after: str, unit: str) -> tuple[int, str]:
    scale = 1
    while after:
        word = re.findall(r"^[^\W\d_]*", after)[0]
        rest = after[len(word) :]
        name = word.casefold()
        name = name if name in SCALES else name.removesuffix("s")
        # 5 m may be metres where the question asks for those.
        if name not in SCALES or (name == "m" and unit.casefold().startswith("m")):
            break
        scale, after = scale * SCALES[name], rest.strip(EDGES)
        if scale > 10**15:
            break
    return scale, after


def base_of(unit: str) -> int:
    """What a unit counts in: 1,000,000 for 'million people', 1 for 'people'."""
    return _scale(unit, "m")[0]


def plain(value: int | float) -> str:
    """A number written so that it can be read in one way only."""
    text = str(value)
    return f"{text}0" if re.fullmatch(r"-?\d{1,3}\.\d{3}", text) else text


def is_per_cent(unit: str) -> bool:
    """Whether a unit is, or begins as, a per cent."""
    return "%" in _unit_words(unit)


def same_unit(written: str, asked: str) -> bool:
    """Whether the words beside a number say what was asked for; no words say nothing else."""
    one, other = _unit_words(written), _unit_words(asked)
    if not one or not other:
        return True
    return one & SYMBOLS == other & SYMBOLS and (one <= other or other <= one)


def _unit_words(unit: str) -> set[str]:
    text = re.sub(r"per\s*cent(s|age)?", "%", unit.casefold()[:LONGEST])
    found = {ALIASES.get(_singular(word), _singular(word)) for word in _words(text)}
    found = {word for word in found if word not in SCALES}
    return found - NO_UNIT or found


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 2 else word
