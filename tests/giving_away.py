"""Find what a reader is shown before a question and that holds its key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import NamedTuple

from afteach.authoring.guide import ASKED
from afteach.card import saving
from afteach.questions import computed
from afteach.questions.kinds.mark import MarkQuestion
from afteach.questions.question import Choice, Question
from afteach.questions.spelling import words as folded

NUMBERS = re.findall(r"\w+", "zero one two three four five six seven eight nine ten eleven twelve")
# Words that tell nothing by themselves.
PLAIN = set(
    re.findall(
        r"\w+",
        "a an the of to in on at by for and or not no is are was were be been it its that this these those with from as who "
        "what which one two all any each other others than then so but if into out up has have had does did do will would "
        "about after before when where how says say said their there they them he his she her only more most some every "
        "against between own same both over under claims claim row rows record article",
    )
)
QUOTED = re.compile(r"`([^`]+)`|“([^”]+)”|\"([^\"]+)\"|\*([^*]+)\*|'([^' ]+)'")
ROW_ID = re.compile(r"^[a-z]{2}\d+|^P\d\d")
TOLD = 0.65


class Place(NamedTuple):
    """A passage that gives a question away: the question, the cell by its number and id, and the passage."""

    question: str
    cell: str
    passage: str


class _Rows(HTMLParser):
    """The rows of a table, each as one text."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[str] = [""]

    def handle_starttag(self, tag, attrs) -> None:
        if tag in ("tr", "p", "li", "h4"):
            self.rows.append("")

    def handle_data(self, data: str) -> None:
        self.rows[-1] += f" {data}"


def passages(cell) -> list[str]:
    """What a cell shows, in pieces that are read as one: sentences, rows of a table, the title of a chart."""
    if cell.cell_type == "markdown":
        return [one for block in re.split(r"\n\s*\n|\n(?=[-*|#] )", cell.source) for one in _sentences(block)]
    found = []
    for output in cell.outputs:
        if saving.MARK in output.get("metadata", {}):
            continue  # a card, which is asked and tells nothing
        data = output.get("data", {})
        if "text/html" in data:
            reader = _Rows()
            reader.feed("".join(data["text/html"]))
            found += reader.rows
        else:
            found += "".join(data.get("text/plain", output.get("text", ""))).splitlines()
    return found


def _sentences(block: str) -> list[str]:
    return re.split(r"(?<=[.?!:;])\s+", " ".join(block.split()))


def places(cells, questions: dict[str, Question]) -> Iterator[Place]:
    """Every passage from the head of its section on that holds the key of a question asked below it."""
    seen: list[tuple[str, str]] = []
    for number, cell in enumerate(cells, start=1):
        where = f"cell {number} ({cell.id})"
        if cell.cell_type == "markdown":
            _above, head, below = cell.source.rpartition("\n## ")
            if head or cell.source.startswith("## "):
                seen = []
                cell = {"cell_type": "markdown", "source": f"## {below}" if head else below}
                cell = type(cells[0])(cell)
            seen += [(where, text) for text in passages(cell)]
            continue
        for name in ASKED.findall(cell.source):
            asked = questions.get(name)
            if asked is None or asked.guess or not asked.judged:
                continue
            yield from (Place(name, at, text.strip()) for at, text in seen if tells(asked, text))
        seen += [(where, text) for text in passages(cell)]


def tells(asked: Question, passage: str) -> bool:
    """Whether a passage holds the key of a question."""
    if isinstance(asked, MarkQuestion):
        return _quotes_the_marks(asked, passage)
    if asked.kind in ("number", "value"):
        return _says_the_number(asked, passage)
    if asked.kind == "text":
        return any(_holds(passage, text) for text in asked.accept)
    if asked.kind == "choice":
        right = next(one for one in asked.choices if one.right)
        return _says_one_of(right, asked.choices, asked.prompt, passage)
    if asked.kind == "many":
        right = [one for one in asked.choices if one.right]
        said = [one for one in right if _says_one_of(one, asked.choices, asked.prompt, passage)]
        return 2 * len(said) >= len(right)
    if asked.kind == "match":
        pairs = [(left, next(r for r in asked.right if r.id == asked.key[left.id])) for left in asked.left]
        return any(
            _names(left, asked, passage) and _says_one_of(right, asked.right, "", passage, 1) for left, right in pairs
        )
    if asked.kind == "order" and not asked.code:
        return _tells_in_order(asked, passage)
    return False


def _content(text: str) -> set[str]:
    return {word for word in folded(text) if word not in PLAIN and (len(word) > 2 or word.isdigit())}


def _holds(passage: str, text: str) -> bool:
    here, wanted = folded(passage), folded(text)
    return any(here[i : i + len(wanted)] == wanted for i in range(len(here)))


def _says_one_of(right: Choice, choices: list[Choice], prompt: str, passage: str, fewest: int = 2) -> bool:
    """Whether nearly all words by which a choice differs from the others stand there, and not those of another too."""
    here = _content(passage)

    def share(one: Choice) -> float:
        others = [other for other in choices if other.id != one.id]
        own = _content(one.text) - _content(prompt) - {word for other in others for word in _content(other.text)}
        return len(own & here) / len(own) if len(own) >= fewest else 0.0

    return share(right) >= TOLD and all(share(one) < share(right) for one in choices if one.id != right.id)


def _names(left: Choice, asked: Question, passage: str) -> bool:
    ids = re.findall(r"\b[a-z]{2}\d+\b|\bP\d\d-\d+\b", left.text)
    if ids:
        return any(one in passage for one in ids)
    return _says_one_of(left, asked.left, "", passage, 1)


def _says_the_number(asked: Question, passage: str) -> bool:
    key = computed.resolved(asked)
    if not isinstance(key, (int, float)):
        return False
    text = re.sub(r"\b(?:[a-z]{2}\d+|P\d\d(?:-\d+)?)\b", " ", passage)
    if key >= 13 or key != int(key):
        return bool(re.search(rf"(?<![\w.,-])(?:{key:,.10g}|{key:.10g})(?![\w%-]|[.,]\d)", text))
    unit = "|".join(map(re.escape, folded(getattr(asked, "unit", "")))) or None
    return bool(unit) and bool(re.search(rf"\b(?:{int(key)}|{NUMBERS[int(key)]}) (?:\w+ )?(?:{unit})\b", text, re.I))


def _tells_in_order(asked: Question, passage: str) -> bool:
    here = folded(passage)
    at = []
    for choice_id in asked.key:
        one = next(c for c in asked.choices if c.id == choice_id)
        others = {word for c in asked.choices if c.id != one.id for word in _content(c.text)}
        own = [here.index(word) for word in _content(one.text) - others if word in here]
        if not own:
            return False
        at.append(min(own))
    return at == sorted(at)


def _quotes_the_marks(asked: MarkQuestion, passage: str) -> bool:
    """Whether the words to mark are lifted out of their sentence by quotation marks or italics."""
    words = asked.words()
    key = {word for n in asked.key for word in folded(words[n - 1].text)}
    fine = key | {word for n in asked.either for word in folded(words[n - 1].text)}
    spans = [set(folded(" ".join(filter(None, span)))) for span in QUOTED.findall(passage)]
    return any(span and span <= fine and span & key for span in spans)
