"""Where a reader is in a notebook: a bar with a sign for each question, what is left, and at the end the way on."""

from __future__ import annotations

import weakref
from typing import Any

import anywidget
import traitlets

from afteach import student
from afteach.answers import seal
from afteach.answers.log import Log
from afteach.answers.places import answers_dir
from afteach.card import joining, running, saving
from afteach.naming import known_name
from afteach.questions import marking
from afteach.questions.model import bank
from afteach.questions.question import Question
from afteach.words import say
from afteach.workbook import workbook

LONGEST_NAME = 90


class Contents(anywidget.AnyWidget):
    """The questions of one notebook as a bar to click, kept up to date as they are answered."""

    _esm = joining.contents()
    _css = joining.BROWSER / "contents.css"
    shown = traitlets.Dict().tag(sync=True)

    def __init__(self, stem: str, at_end: bool) -> None:
        self._stem, self._at_end = stem, at_end
        super().__init__(shown=self._state())
        self.on_msg(self._receive)
        self._made_in = running.now()
        _bars.add(self)

    def __repr__(self) -> str:
        return in_words(self._stem)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict, dict] | None:
        running.show(self, self._made_in)
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        # In a notebook that nobody has run, the text of a page and not of a terminal.
        data["text/plain"] = data["text/markdown"] = in_words(self._stem)
        return data, {**metadata, saving.MARK: f"contents {self._stem}"}

    def close(self) -> None:
        """Leave the page; nobody tells it anything any more."""
        _bars.discard(self)
        super().close()

    def refresh(self) -> None:
        """Show where the questions stand now; a notebook whose questions are gone keeps what its bar showed."""
        if self._stem in bank().chapters:
            self.shown = self._state()

    def _state(self) -> dict[str, Any]:
        log, chapter = seal.read(), bank().chapters[self._stem]
        questions = [(one, outcome(one, log)) for one in bank().of(self._stem)]
        still_open = [one.id for one, state in questions if state not in marking.DONE]
        minutes = round(chapter.minutes * len(still_open) / max(1, len(questions)) / 5) * 5
        done = len(questions) - len(still_open)
        words = [say("contents.done", done=done, all=len(questions))]
        words += [say("contents.left", minutes=minutes)] if minutes else []
        described = workbook()
        following = described.after(self._stem)
        return {
            "lang": described.language,
            "dir": described.direction,
            "label": say("contents.label_at_end" if self._at_end else "contents.label"),
            "questions": [
                {"id": one.id, "state": state.replace(" ", "-"), "says": _says(one, state)} for one, state in questions
            ],
            "words": " ".join(words),
            "goOn": say("contents.go_on", id=still_open[0]) if still_open and done else "",
            "to": still_open[0] if still_open else "",
            "missing": say("contents.missing"),
            "end": self._at_end,
            "download": say("contents.download") if self._at_end and log.lines else "",
            "next": following if self._at_end else "",
            "nextWords": say("contents.next", name=following) if following else "",
        }

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        kind = content.get("type") if isinstance(content, dict) else ""
        if kind == "hello":
            self.refresh()
        elif kind == "download":
            from afteach.answers import submission  # only whoever takes the answers away waits for it

            text = submission.whole(submission.own_folders(answers_dir())).decode()
            self.send({"type": "file", "name": "answers.jsonl", "text": text})


_bars: weakref.WeakSet[Contents] = weakref.WeakSet()


def _tell(_question_id: str) -> None:
    import asyncio  # a kernel has it already, and the first card elsewhere need not wait for it

    try:
        # The verdict on the card goes first; nobody waits for the bar.
        asyncio.get_running_loop().call_soon(refresh_all)
    except RuntimeError:
        refresh_all()


def refresh_all() -> None:
    """Let each bar show where its questions stand now."""
    for bar in list(_bars):
        bar.refresh()


student.listeners.append(_tell)


def outcome(one: Question, log: Log) -> str:
    """How a question stands by its last answer, in the word that marking has for it."""
    given = log.of(one.id)
    return marking.judge(one, given[-1].answer).outcome if given else "unanswered"


def _says(one: Question, state: str) -> str:
    prompt = " ".join(one.prompt.split())
    short = prompt if len(prompt) <= LONGEST_NAME else prompt[: LONGEST_NAME - 2].rsplit(" ", 1)[0] + " …"
    plain = short.replace("`", "").replace("*", "")
    return f"{one.id}, {marking.named(state)}: {plain}"


def in_words(stem: str) -> str:
    """The bar as text, the same whatever was answered before."""
    chapter = bank().chapters[stem]
    return say("contents.in_words", count=len(bank().of(stem)), minutes=chapter.minutes)


def contents(notebook: str, at_end: bool = False) -> Contents:
    """The questions of a notebook as a bar to click; `at_end` adds the way on and the answers to download.

    Errors: UnknownName for a notebook that does not exist.
    """
    return Contents(known_name("notebook", notebook, bank().chapters), at_end)
