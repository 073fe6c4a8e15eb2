"""Questions of JupyterQuiz as a question file of this workbook; what has no equivalent is named."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from afteach import files
from afteach.errors import AfteachError
from afteach.exchange import toml
from afteach.exchange.items import UNSEEN, Loss
from afteach.questions import spelling
from afteach.workbook import workbook

# A number up to here is one to every program.
MOST = 1e300
TO_WRITE = "To be written by the author."
Entry = dict[str, Any]


class NoEquivalent(Exception):
    """Why a question cannot be one of this workbook."""


def take_in(file: Path, out: Path) -> tuple[list[str], list[str]]:
    """Write the questions of a JupyterQuiz file as TOML; returns what was done, and a line for each thing that was lost.

    Errors: AfteachError for a file that is none of JupyterQuiz, or a place that cannot be used.
    """
    if out.suffix != ".toml" or out.is_dir() or not out.parent.is_dir():
        raise AfteachError(
            f"{out} does not end in .toml, or its folder does not exist. Name such a file: --out new.toml"
        )
    if out.exists():
        raise AfteachError(
            f"{out} is there already, and what an author wrote in it is kept. Name another file: --out DIR/NAME.toml"
        )
    questions = _read(file)
    made: list[Entry] = []
    lost: list[Loss] = []
    for number, question in enumerate(questions, start=1):
        place = f"question {number}"
        try:
            entry, left = _entry(question)
        except NoEquivalent as why:
            lost.append(Loss(place, f"left out: {why}"))
            continue
        asks_the_same = any(entry["id"] == other["id"] for other in made)
        if asks_the_same and entry not in made:
            entry["id"] = _id(*(str(value) for value in entry.values()))
            left.append("another question asks the same, and has other answers")
        if entry in made:
            lost.append(Loss(place, "left out: it stands in the file twice"))
            continue
        made.append(entry)
        lost += [Loss(f"{place} ({entry['id']})", reason) for reason in left]
    if not made:
        raise AfteachError(f"{file} holds no question that can be taken over. {lost[0].id}: {lost[0].reason}.")
    chapter = {"title": file.stem, "minutes": 3 * len(made), "goals": {"imported": TO_WRITE}, "question": made}
    files.write_whole(out, toml.written(chapter).encode())
    todo = "Write for each: goal, evidence and explain; then run afteach validate --bank."
    return [f"{out} is written: {len(made)} of {len(questions)} questions. {todo}"], [f"{i}: {why}" for i, why in lost]


def _read(file: Path) -> list[Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as fault:
        raise AfteachError(f"{file} is not JSON ({str(fault)[:80]}). Name a question file of JupyterQuiz.") from None
    if not isinstance(found, list) or not found:
        raise AfteachError(f"{file} is no list of questions. Name a question file of JupyterQuiz.")
    return found


def _entry(question: Any) -> tuple[Entry, list[str]]:
    if not isinstance(question, dict):
        raise NoEquivalent("it is no question")
    asked, kind = _text(question.get("question")), question.get("type")
    if not asked:
        raise NoEquivalent("it asks nothing")
    take = {
        "multiple_choice": _one,
        "many_choice": _many,
        "numeric": _number,
        "string": _word,
        "match": _pairs,
    }.get(kind if isinstance(kind, str) else "")
    if take is None:
        raise NoEquivalent(f"there is no kind of question like {str(kind)[:40]!r}")
    left: list[str] = []
    own = take(question, left)
    if code := question.get("code"):
        asked += "\n\n" + "\n".join(f"`{line}`" for line in _lines(code))
    common = {
        "id": _id(str(kind), asked),
        "kind": own.pop("kind"),
        "prompt": asked,
        "goal": "imported",
        "level": "understand",
        "evidence": [workbook().article],
        "hint": TO_WRITE,
        "explain": own.pop("explain", "") or TO_WRITE,
    }
    return common | own, left


def _id(*parts: str) -> str:
    """An id from what is asked, so that a second import gives the same."""
    return f"jq-{hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:8]}"


def _lines(code: Any) -> list[str]:
    text = UNSEEN.sub("", str(code)).replace("`", "'")
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def _text(given: Any) -> str:
    """A text as the bank takes it: without HTML, and without the signs that nobody sees."""
    text = UNSEEN.sub("", given) if isinstance(given, str) else ""
    text = re.sub(r"</?[A-Za-z][^>]*>", "", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    # A bank reads no HTML, and takes a pair of these signs for it.
    return text.replace("<", "‹").replace(">", "›") if "<" in text and ">" in text else text


def _answers(question: Entry) -> list[Entry]:
    found = question.get("answers")
    if not isinstance(found, list) or not all(isinstance(answer, dict) for answer in found) or not found:
        raise NoEquivalent("it has no list of answers")
    return found


def _choices(question: Entry, left: list[str]) -> list[Entry]:
    choices = []
    for number, answer in enumerate(_answers(question), start=1):
        text = _text(answer.get("answer")) or " ".join(f"`{line}`" for line in _lines(answer.get("code") or ""))
        if not text:
            raise NoEquivalent(f"answer {number} has no text")
        says = _text(answer.get("feedback"))
        if not says:
            left.append(f"answer {number} had no feedback: write what it is told")
        choice = {"id": str(number), "text": text, "says": says or TO_WRITE}
        choices.append(choice | ({"right": True} if answer.get("correct") is True else {}))
    if len(choices) < 2:
        raise NoEquivalent("it has fewer than two answers")
    return choices


def _one(question: Entry, left: list[str]) -> Entry:
    choices = _choices(question, left)
    right = sum(choice.get("right", False) for choice in choices)
    if right == 1:
        return {"kind": "choice", "choices": choices}
    if not right:
        raise NoEquivalent("none of its answers is right")
    # JupyterQuiz is content with any of them.
    left.append(f"{right} answers are right: all of them must be ticked now")
    return _ticked(choices)


def _many(question: Entry, left: list[str]) -> Entry:
    return _ticked(_choices(question, left))


def _ticked(choices: list[Entry]) -> Entry:
    if len({choice.get("right", False) for choice in choices}) < 2:
        raise NoEquivalent("of several answers at least one must be right and one wrong")
    return {"kind": "many", "choices": choices}


def _number(question: Entry, left: list[str]) -> Entry:
    """A number here is never typed into a bank, but read from a table; so it becomes a word, where it is exact."""
    accept, explain = [], ""
    slips: Entry = {}
    for answer in _answers(question):
        says = _text(answer.get("feedback"))
        if answer.get("type") == "default":
            left.append("what is said to every other answer")
        elif "range" in answer:
            left.append(f"the range {str(answer['range'])[:60]}: a typed number is compared as it is written")
        elif isinstance(value := answer.get("value"), (int, float)) and not isinstance(value, bool):
            if not abs(value) <= MOST:
                raise NoEquivalent("its number is not finite, or has more than 300 digits")
            if value < 0:
                raise NoEquivalent("its number is below 0, and a typed word has no sign; write it as the kind number")
            if answer.get("correct") is True:
                accept.append(f"{value:.12g}")
                explain = explain or says
            elif says:
                slips[f"{value:.12g}"] = says
    if not accept:
        raise NoEquivalent("its number is a range; a key here is a row of a table, so write it as the kind number")
    if question.get("precision"):
        left.append(f"its precision of {str(question['precision'])[:20]} digits")
    left.append("it is a typed word now; a number of this workbook has its key in a table (kind number)")
    return _typed(accept, slips, explain, left)


def _word(question: Entry, left: list[str]) -> Entry:
    accept, explain = [], ""
    slips: Entry = {}
    for answer in _answers(question):
        says, text = _text(answer.get("feedback")), _text(answer.get("answer"))
        if answer.get("type") == "default":
            left.append("what is said to every other answer")
        elif not any(letter.isalnum() for letter in text):
            left.append("an answer without a letter")
        elif answer.get("correct") is True:
            accept.append(text)
            explain = explain or says
        elif says:
            slips[text] = says
        left += ["its fuzzy_threshold"] if answer.get("fuzzy_threshold") else []
        left += ["its match_case: case does not count here"] if answer.get("match_case") else []
    if not accept:
        raise NoEquivalent("none of its answers is right")
    return _typed(accept, slips, explain, left)


def _typed(accept: list[str], slips: Entry, explain: str, left: list[str]) -> Entry:
    right = {spelling.fold(text) for text in accept}
    for text in [text for text in slips if spelling.fold(text) in right]:
        left.append(f"what is said to '{text[:40]}': as a word is read here, it is right")
        del slips[text]
    return {"kind": "text", "explain": explain, "accept": accept} | ({"slips": slips} if slips else {})


def _pairs(question: Entry, left: list[str]) -> Entry:
    pairs = question.get("pairs")
    if not isinstance(pairs, list) or not all(isinstance(pair, dict) for pair in pairs):
        raise NoEquivalent("it has no list of pairs")
    labels = [(_text(pair.get("label")), _text(pair.get("answer"))) for pair in pairs]
    options = question.get("options") if isinstance(question.get("options"), list) else []
    texts = list(dict.fromkeys(filter(None, [*map(_text, options or []), *(answer for _, answer in labels)])))
    if len(labels) < 2 or len(texts) < 2 or not all(map(all, labels)):
        raise NoEquivalent("it has fewer than two pairs, or one that is empty")
    ids = {text: f"r{number}" for number, text in enumerate(texts, start=1)}
    return {
        "kind": "match",
        "left": [{"id": f"l{number}", "text": label} for number, (label, _) in enumerate(labels, start=1)],
        "right": [{"id": name, "text": text} for text, name in ids.items()],
        "key": {f"l{number}": ids[answer] for number, (_, answer) in enumerate(labels, start=1)},
    }
