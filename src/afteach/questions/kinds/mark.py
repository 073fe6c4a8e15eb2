"""Words to be marked in a sentence, such as those that carry the doubt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from afteach.errors import AfteachError, Unreadable
from afteach.questions import reading
from afteach.questions.kinds.many import MOST_SPOKEN_TO, credit, ticked_marks
from afteach.questions.marking import Verdict, not_yet, right
from afteach.questions.question import Choice, Question
from afteach.questions.spelling import letters
from afteach.record import lookup
from afteach.words import say

# What takes a list of words apart that was written as one text.
MARKS = r"[,;/&+|\n]|\band\b"


class Sentence(NamedTuple):
    """One line as it is shown: the row whose words it quotes, if it does, and the words."""

    row: str
    words: list[str]


class MarkQuestion(Question, tag="mark", kw_only=True):
    """Mark words. A line is a row's id, for that row's `wording`, or words of our own; places count through all lines.

    `key` has the places of the words to mark, from 1; `either` those that count neither for nor against.
    """

    lines: list[str]
    key: list[int]
    either: list[int] = msgspec.field(default_factory=list)
    slips: dict[str, str] = msgspec.field(default_factory=dict)

    typed_as = '["word", ...]'

    def sentences(self) -> list[Sentence]:
        """The lines with their words; what the article says is read from its row, where it stands once."""
        quotes = lookup.id_pattern()
        found = []
        for line in self.lines:
            if quotes.fullmatch(line):
                found.append(Sentence(line, lookup.row(line)[1].get("wording", "").split()))
            else:
                found.append(Sentence("", line.split()))
        return found

    def words(self) -> list[Choice]:
        """Every word as a choice whose id is its place."""
        words = [word for sentence in self.sentences() for word in sentence.words]
        places = map(str, range(1, len(words) + 1))
        return [Choice(id=n, text=word, says=self.slips.get(n, "")) for n, word in zip(places, words, strict=True)]

    def judge(self, answer: Any) -> Verdict:
        words = self.words()
        given = answer if isinstance(answer, list) else None
        if given is None or not all(type(n) is int and 1 <= n <= len(words) for n in given):
            raise Unreadable(say("mark.words", last=len(words)))
        marked = set(given)
        missing = set(self.key) - marked
        wrong = sorted(marked - set(self.key) - set(self.either))
        if not wrong and not missing:
            return right(self)
        others = len(words) - len(self.key) - len(self.either)
        told = [says for n in wrong if (says := words[n - 1].says)]
        if wrong and not told:
            told = [say("mark.wrong", n=len(wrong), marked=len(marked)) if len(marked) > 1 else say("mark.wrong_alone")]
        score = credit(len(self.key), len(missing), others, len(wrong))
        return not_yet(self, *told[:MOST_SPOKEN_TO], say("mark.more") if missing else "", score=score)

    def marks(self, answer: Any) -> dict[str, str]:
        fine = {*self.key, *self.either}
        marked = sorted(set(answer))
        return ticked_marks([str(n) for n in marked if n in fine], [str(n) for n in marked if n not in fine])

    def read(self, given: Any, typed: bool) -> list[int]:
        words = self.words()
        entries = given if isinstance(given, list) else [given]
        found: set[int] = set()
        for entry in entries:
            found |= _places(words, entry)
        return sorted(found)

    def say(self) -> str:
        place, parts = 0, []
        for row, words in self.sentences():
            marked = [word for n, word in enumerate(words, start=place + 1) if n in self.key]
            place += len(words)
            parts.append(" … ".join(marked) + (f" ({row})" if row else "") if marked else "")
        return "; ".join(filter(None, parts))

    def picks(self, answer: Any) -> tuple[str, ...]:
        words = self.words()
        return tuple(_pick(words[n - 1]) for n in sorted(set(answer)))

    def wrong_ideas(self) -> list[tuple[str, str]]:
        return [(word.text, word.says) for word in self.words() if word.says]

    def offers(self) -> dict[str, list[Choice]]:
        return {"words": self.words()}

    def listed(self) -> list[str]:
        """Each line with the places of its words."""
        return self._lines(lambda n, word: f"{word} ({n})")

    def counted(self, picks: Mapping[str, int]) -> list[str]:
        marked = {word.id: picks.get(_pick(word), 0) for word in self.words()}
        return self._lines(lambda n, word: f"{word}\N{NO-BREAK SPACE}({count})" if (count := marked[str(n)]) else word)

    def _lines(self, shown: Callable[[int, str], str]) -> list[str]:
        place, lines = 0, []
        for row, words in self.sentences():
            line = " ".join(shown(n, word) for n, word in enumerate(words, start=place + 1))
            place += len(words)
            lines.append(f"“{line}” {row}" if row else line)
        return lines

    def public(self) -> dict[str, Any]:
        return {"lines": [[row, words] for row, words in self.sentences()]}

    def texts(self) -> list[str]:
        return [self.prompt, self.explain, self.shows, *self.hints, *self.lines, *self.slips.values()]

    def faults(self) -> list[str]:
        try:
            sentences = self.sentences()
        except AfteachError as fault:
            return [f"lines: {str(fault).rstrip('.')}"]
        return list(self._faults(sentences))

    def _faults(self, sentences: list[Sentence]) -> Iterator[str]:
        last = sum(len(words) for _, words in sentences)
        yield from (f"lines: {row} has no wording" for row, words in sentences if row and not words)
        if not self.key:
            yield "key is empty"
        slips = [int(n) for n in self.slips if n.isdecimal()]
        if len(slips) < len(self.slips):
            yield "slips are named by the place of a word"
        for n in sorted({*self.key, *self.either, *slips}):
            if not 1 <= n <= last:
                yield f"there is no word {n}; the lines have {last}"
        if set(self.key) & {*self.either, *slips}:
            yield "a word of the key stands in either or in slips too"
        if len({*self.key, *self.either}) >= last:
            yield "every word is right; at least one must be wrong"

    def right_answers(self) -> list[Any]:
        return [sorted(self.key), sorted({*self.key, *self.either})]

    def foreseen_slips(self) -> list[Any]:
        return [[int(n)] for n in self.slips]

    def all_picks(self) -> dict[str, str]:
        return {_pick(word): word.text for word in self.words()}

    def wrong_picks(self) -> dict[str, str]:
        fine = {*self.key, *self.either}
        return {} if self.guess else {_pick(word): word.text for word in self.words() if int(word.id) not in fine}

    def told(self) -> dict[str, str]:
        """The words that have a slip: to the others of a sentence nobody was to be drawn."""
        wrong = self.wrong_picks()
        return {pick: word.says for word in self.words() if word.says and (pick := _pick(word)) in wrong}


def _pick(word: Choice) -> str:
    return f"{word.id} {word.text}"


def _places(words: list[Choice], given: Any) -> set[int]:
    """The places that one entry names: a number, a word, words in a row, or a list of these in one text."""
    found = _named(words, given)
    if found is None and isinstance(given, str) and len(given) <= reading.MOST_LETTERS_OF_A_WORD:
        for marks in (MARKS, rf"{MARKS}|\s+"):
            parts = [_named(words, part) for part in re.split(marks, given) if letters(part)]
            if parts and None not in parts:
                return {n for part in parts for n in part or ()}
    if found is None:
        shown = repr(given) if isinstance(given, (str, int, float)) and len(str(given)[:50]) < 40 else ""
        raise Unreadable(
            " ".join(filter(None, [shown and say("mark.not_there", given=shown), say("mark.words", last=len(words))]))
        )
    return found


def _named(words: list[Choice], given: Any) -> set[int] | None:
    """The places of one number, one word or some words in a row; None where it is none of these."""
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        return {int(given)} if given in range(1, len(words) + 1) else None
    if not isinstance(given, str) or len(given) > reading.MOST_LETTERS_OF_A_WORD:
        return None
    wanted = [part for part in map(letters, given.split()) if part]
    folded = [letters(word.text) for word in words]
    starts = [n for n in range(len(words)) if wanted and folded[n : n + len(wanted)] == wanted]
    if len(starts) > 1:
        places = say("read.or").join(str(n + 1) for n in starts)
        raise Unreadable(say("mark.twice", given=given.strip(), places=places))
    if starts:
        return set(range(starts[0] + 1, starts[0] + 1 + len(wanted)))
    text = given.strip()
    return {int(text)} if text.isdecimal() and len(text) < 6 and 1 <= int(text) <= len(words) else None
