"""Compare words as people write them: what may differ between two spellings of one answer, and what may not."""

from __future__ import annotations

import functools
import re
import unicodedata

# Letters that Unicode does not take apart, and two Arabic letters that keyboards give in two forms.
PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ي": "ی", "ى": "ی", "ك": "ک"}
)
# Written or left out as one likes: Arabic vowel signs and the stretch, Hebrew points.
OPTIONAL = re.compile("[\u0591-\u05bd\u05bf\u05c1\u05c2\u0640\u064b-\u0652\u0670]")
# The accents of Latin, Greek and Cyrillic letters. Every other script needs its marks: রিনা is not রানী.
ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\ufe20-\ufe2f]")
ARTICLE = re.compile(r"(the|an?) (?=.)")
LONGEST_KEPT = 100


def clean(text: str) -> str:
    """A typed text without what carries no meaning: doubled spaces, quotation marks around it, the last full stop."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    while len(text) > 1 and text[0] + text[-1] in ("''", '""', "“”", "‘’", "«»", "„“", "``", "””"):
        text = text[1:-1].strip()
    return text.rstrip(".。।۔ ") or text


def fold(text: str) -> str:
    """What two spellings of one answer share.

    Case, accents, spaces, apostrophes, dashes, quotation marks and a leading article do not count; digits of every
    script are the same, and a gap between two digits stays, so that 1 12 is not 11 2.
    """
    return letters(ARTICLE.sub("", " ".join(words(text)), count=1))


def letters(text: str) -> str:
    """As fold, and an article counts: 'a' may be the name of a choice."""
    # A cache of long texts would grow with what strangers send.
    return _letters_kept(text) if len(text) <= LONGEST_KEPT else _letters(text)


def _letters(text: str) -> str:
    return re.sub(r"(?<!\d) | (?!\d)", "", " ".join(words(text)))


_letters_kept = functools.lru_cache(maxsize=4096)(_letters)


def words(text: str) -> list[str]:
    """A text in its words, without case, accents and punctuation."""
    plain = ACCENTS.sub("", unicodedata.normalize("NFKD", OPTIONAL.sub("", text.casefold())))
    return unicodedata.normalize("NFC", plain.translate(_letter)).split()


class _Letters(dict):
    """What stands for a letter in a folded word: itself, a digit, nothing, or a space for what is no letter."""

    def __missing__(self, code: int) -> str | None:
        kind = unicodedata.category(chr(code))
        letter = chr(code) if kind[0] in "LNM" or chr(code) == "%" else None if kind == "Cf" else " "
        letter = str(unicodedata.decimal(chr(code))) if kind == "Nd" else letter
        # A stranger may send every sign that there is.
        if len(self) < 20_000:
            self[code] = letter
        return letter


_letter = _Letters(PLAIN)


def slip_of(said: str, meant: str) -> int:
    """How many letters of `said` are wrong if `meant` was meant; 0 where it can be no slip of the pen.

    At most one letter in a word of six to nine letters and two in a longer one. A digit is never a slip.
    """
    given, wanted = words(said), words(meant)
    if len(given) != len(wanted):
        given, wanted = ["".join(given)], ["".join(wanted)]
    total = 0
    for one, other in zip(given, wanted, strict=True):
        if one == other:
            continue
        allowed = 2 if len(other) > 9 else 1 if len(other) > 5 else 0
        if re.findall(r"\d", one) != re.findall(r"\d", other) or abs(len(one) - len(other)) > allowed:
            return 0
        apart = distance(one, other)
        if apart > allowed:
            return 0
        total += apart
    return total if total <= 2 else 0


def distance(one: str, other: str) -> int:
    """How many letters to add, drop, change or exchange with a neighbour, from one word to another."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, start=1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, last[j - 2] + 1)
            row.append(best)
    return row[-1]
