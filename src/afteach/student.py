"""What a student types: check, hint, solution, submit. A card comes here too, so both are judged alike."""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from afteach.answers import log as answers
from afteach.answers import seal
from afteach.answers.log import Log, Saved
from afteach.answers.places import answers_dir
from afteach.questions import marking
from afteach.questions.marking import Verdict
from afteach.questions.model import Question, bank, question
from afteach.record.citations import Words, cite
from afteach.words import say
from afteach.workbook import start_dir

TRIES_BEFORE_SOLUTION = 2

_hints_shown: dict[str, int] = {}
# Questions whose text was opened with "Show me" before it opened by itself.
_shown: set[str] = set()
# Cards of a question that was answered elsewhere want to know.
listeners: list[Callable[[str], None]] = []


def give(asked: Question, answer: Any, sure: str = "", typed: bool = False) -> tuple[Verdict, Saved | None]:
    """Judge an answer, typed or clicked, and keep it in its one logged form.

    What is blank, half given or cannot be read is not kept: nothing was answered. A verdict that would tell a sealed
    outcome waits, and a forecast stands once its outcome is open. Whoever has said the verdict tells the others: `tell`.
    """
    if closed := closed_words(asked):
        return Verdict("unanswered", closed), None
    try:
        answer = marking.canonical(asked, answer, typed)
    except marking.Unreadable as reason:
        return Verdict(reason.outcome, str(reason)), None
    verdict = marking.judge(asked, answer)
    if verdict.outcome in ("unanswered", "unreadable"):
        return verdict, None
    if stands := _stands(asked):
        return stands, None
    try:
        hints, shown = _hints_shown.get(asked.id, 0), asked.id in _shown
        saved = answers.record(asked, answer, hints=hints, sure=sure, shown=shown)
    except marking.Unreadable as reason:
        return Verdict("unreadable", str(reason)), None
    if asked.foretells and seal.is_open(asked):
        verdict = Verdict(verdict.outcome, f"{verdict.message} {say('forecast.last')}", verdict.score)
    return verdict, saved


def tell(asked: Question, saved: Saved | None) -> None:
    """Tell whoever listens that a question was answered, if it was."""
    for listener in list(listeners) if saved else ():
        listener(asked.id)


def closed_words(asked: Question) -> str:
    """Why a question cannot be asked yet, in words: what is right would tell a sealed outcome. Empty where it can."""
    if asked.guess or not asked.judged:
        return ""
    shut = seal.shut(asked)
    return say("student.opens_later", id=asked.id, sealed=shut) if shut else ""


def _stands(asked: Question) -> Verdict | None:
    """What is said to a forecast whose outcome is open already; None where it can still be made."""
    if not asked.foretells or not seal.is_open(asked):
        return None
    given = seal.read().of(asked.id)
    if not given:
        return Verdict("unanswered", say("forecast.late"))
    return Verdict("recorded", say("forecast.stands", chance=asked.shown(given[-1].answer)))


def check(question_id: str, answer: Any = ..., *more: Any) -> Verdict:
    """Judge an answer that is typed: an id, a list of ids, a number, a text, a Series or a DataFrame.

    Several ids may stand in a list or one after the other: check("sh-04", ["a", "c"]) is check("sh-04", "a", "c").
    Returns a Verdict, which shows as its message. A wrong answer raises nothing; `...` is "Not answered yet."
    Errors: UnknownName for a question that does not exist.
    """
    asked = question(question_id)
    verdict, saved = give(asked, [answer, *more] if more else answer, typed=True)
    tell(asked, saved)
    if saved and not saved.ok:
        return Verdict(
            verdict.outcome,
            f"{verdict.message} {say('student.not_saved', problem=saved.problem)}",
            verdict.score,
        )
    return verdict


def hint(question_id: str) -> Words:
    """The next hint of a question; hints are counted, not held against you.

    Errors: UnknownName for a question that does not exist.
    """
    asked = question(question_id)
    if closed := closed_words(asked):
        return Words(closed)
    number = min(_hints_shown.get(asked.id, 0), len(asked.hints) - 1)
    _hints_shown[asked.id] = number + 1
    more = len(asked.hints) - number - 1
    return Words(asked.hints[number] + (f" {say('student.more_hints', count=more)}" if more else ""))


def hints_shown(question_id: str) -> int:
    """How many hints of a question were asked for in this kernel."""
    return _hints_shown.get(question_id, 0)


def solution_open(asked: Question, log: Log) -> bool:
    """Whether the solution may be shown: after two tries, once right, or once something open is recorded."""
    if asked.guess or seal.shut(asked, log):
        return False
    if asked.foretells:
        return seal.is_open(asked) or not _forecasts_due(asked, log)
    outcomes = _outcomes(asked, log)
    if not asked.judged:
        return "recorded" in outcomes
    return len(outcomes) >= TRIES_BEFORE_SOLUTION or "right" in outcomes


def shows_now(asked: Question, log: Log) -> str:
    """What a question's answer shows: after a right answer, after two tries, or once asked for; empty before."""
    if not asked.shows or seal.shut(asked, log) or seal.shut_text(asked.shows, log):
        return ""
    # A guess is given twice: before reading, and when one looks back.
    opened = len(log.tries(asked)) >= TRIES_BEFORE_SOLUTION if asked.guess else solution_open(asked, log)
    return asked.shows if opened or asked.id in _shown else ""


def may_ask_to_see(asked: Question, log: Log) -> bool:
    """Whether what its answer shows is still to be opened, and may be: of what nobody judges, after an answer."""
    if not asked.shows or shows_now(asked, log) or seal.shut(asked, log) or seal.shut_text(asked.shows, log):
        return False
    return not asked.foretells and ((asked.judged and not asked.guess) or bool(log.of(asked.id)))


def show(asked: Question) -> None:
    """Open what the answer of a question shows, if it may be; the answers that follow carry that it was open."""
    if may_ask_to_see(asked, seal.log_of(asked)):
        _shown.add(asked.id)


def evidence_open(asked: Question, log: Log) -> bool:
    """Whether the rows behind a question may be shown: after a try, and those of a forecast with its outcome, and those
    of a desk, where they are opened one by one, with its solution."""
    if asked.foretells or asked.is_desk:
        return solution_open(asked, log)
    return bool(log.of(asked.id)) and not seal.shut(asked, log)


def _outcomes(asked: Question, log: Log) -> list[str]:
    return [marking.judge(asked, line.answer).outcome for line in log.tries(asked)]


def _forecasts_due(asked: Question, log: Log) -> list[str]:
    """The forecasts of the same notebook that are not recorded: one outcome would colour the next forecast."""
    forecasts = [one for one in bank().of(asked.notebook) if one.foretells]
    return [one.id for one in forecasts if "recorded" not in _outcomes(one, log)]


def solution(question_id: str) -> Words:
    """The answer, why, and where it stands; opens after two tries.

    Errors: UnknownName for a question that does not exist.
    """
    asked = question(question_id)
    log = seal.log_of(asked)
    if asked.guess:
        return Words("\n\n".join(filter(None, [say("student.guess", explain=asked.explain), shows_now(asked, log)])))
    if not solution_open(asked, log):
        if shut := seal.shut(asked, log):
            return Words(say("student.sealed", sealed=shut))
        if asked.foretells:
            due = ", ".join(_forecasts_due(asked, log))
            return Words(say("forecast.due", ids=due))
        if not asked.judged:
            return Words(say("student.own_first"))
        left = TRIES_BEFORE_SOLUTION - len(log.tries(asked))
        return Words(say("student.tries", all=TRIES_BEFORE_SOLUTION, left=left))
    return solution_text(asked)


def solution_text(asked: Question) -> Words:
    """The right answer, the reason, what it shows, and the rows that show it."""
    evidence = "\n".join(f"- {cite(row_id)}" for row_id in asked.evidence)
    shows = say("student.shows", text=asked.shows) if asked.shows and not seal.shut_text(asked.shows) else ""
    return Words(
        "\n\n".join(filter(None, [asked.say(), asked.explain, shows, f"{say('student.evidence')}\n{evidence}"]))
    )


def submit(name: str = "") -> Words:
    """Write one file to hand in, beside the notebook, and a page of what you wrote, to keep; the name may be a pseudonym.

    Returns what the file holds, and where it is if the folder of the notebook cannot be written to.
    Errors: AfteachError where the file can be written nowhere.
    """
    from afteach.answers import submission  # only whoever hands in waits for it

    folders, start = submission.own_folders(answers_dir()), start_dir()
    # A notebook that was moved by hand has started answers of its own, above or beside it.
    around = [start] if start == Path.home() else [start, start.parent]
    left_out = submission.left_out(folders, around)
    log = answers.read()
    if not log.lines:
        none = say("student.nothing")
        return Words("\n".join(filter(None, [none, *log.problems, left_out])))
    written = submission.write(name, folders, start)
    said = "\n".join(filter(None, [written.said, left_out]))
    return Download(said, *filter(None, [written.file, written.page]))


class Download(Words):
    """What was written, with links to it: on a hub and on Binder the files lie on another machine than their writer."""

    def __new__(cls, said: str, *files: Path) -> Download:
        made = super().__new__(cls, said)
        made.files = files
        return made

    files: tuple[Path, ...]

    def _repr_html_(self) -> str:
        import html

        said = "".join(f"<p>{html.escape(line)}</p>" for line in self.splitlines())
        return said + "".join(_link_to(file) for file in self.files)


def _link_to(file: Path) -> str:
    where = _address(file)
    if not where:
        return ""
    import html

    name, label = html.escape(file.name), html.escape(say("submit.download", file=file.name))
    return f'<p><a download="{name}" href="{html.escape(where)}">{label}</a></p>'


def _address(file: Path) -> str:
    if sys.platform == "emscripten":
        # There the browser keeps the file, and no server could give it.
        kind = "text/html" if file.suffix == ".html" else "application/jsonl"
        return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"
    # Jupyter serves what lies beside the notebook, and makes its own address of this one.
    beside = file.parent.resolve() == start_dir().resolve()
    return quote(file.name) if beside else ""
