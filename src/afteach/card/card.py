"""The question card: a widget that asks, and leaves judging and keeping to Python."""

from __future__ import annotations

import hashlib
import os
import weakref
from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from afteach import look, student, words
from afteach.answers import log as answers
from afteach.answers import seal
from afteach.answers.lines import body, is_outdated
from afteach.card import running, saving, standing
from afteach.card.joining import BROWSER, joined
from afteach.errors import AfteachError
from afteach.questions import marking
from afteach.questions.model import Question, question
from afteach.questions.reading import MOST_LETTERS
from afteach.record import citations
from afteach.words import say
from afteach.workbook import shell, workbook


class Card(anywidget.AnyWidget):
    """One question as a card. Only the question is synced; key and feedback travel when they are earned."""

    _css = look.css("box", "source") + "\n".join(
        path.read_text(encoding="utf-8") for path in (BROWSER / "card.css", *sorted(BROWSER.glob("kinds/*.css")))
    )
    asked = traitlets.Dict().tag(sync=True)
    scope = traitlets.Unicode().tag(sync=True)

    _module = "card"
    _question: Question

    def __init__(self, one: Question) -> None:
        self._question = one
        self._esm = joined(self._module)
        super().__init__(asked=self.opening(), scope=_scope())
        self.on_msg(self._receive)
        self._made_in = running.now()
        _cards.add(self)

    def opening(self) -> dict[str, Any]:
        """What a browser knows when the card is made."""
        return public(self._question)

    def __repr__(self) -> str:
        return in_words(self._question, markdown=False)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict, dict] | None:
        data, metadata = self.bundle(**kwargs)
        metadata = {**metadata, saving.MARK: self._question.id}
        # A notebook stores both; a page that shows no Markdown is a terminal, and there the whole stands.
        data["text/plain"] = (
            in_brief(self._question) if hasattr(shell(), "kernel") else in_words(self._question, markdown=False)
        )
        data["text/markdown"] = in_words(self._question, markdown=True)
        return data, metadata

    def bundle(self, **kwargs: Any) -> tuple[dict, dict]:
        """What anywidget shows of a widget, and what it says of that."""
        running.show(self, self._made_in)
        bundle = super()._repr_mimebundle_(**kwargs)
        return bundle if isinstance(bundle, tuple) else (bundle or {}, {})

    def close(self) -> None:
        """Leave the page; nobody tells it anything any more."""
        _cards.discard(self)
        super().close()

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        """Answer one message of the card. What a browser sends is not trusted to be well formed."""
        content = content if isinstance(content, dict) else {}
        kind, number = content.get("type"), content.get("n")
        reply = _Reply(self, number if type(number) is int and 0 < number < 2**53 else None)
        act = self.acts(reply, content).get(kind if isinstance(kind, str) else "")
        try:
            if act is None:
                raise AfteachError(say("reply.unknown"))
            act()
        except AfteachError as fault:
            reply({"type": "notice", "text": str(fault)})

    def acts(self, reply: Callable[[dict], None], content: dict[str, Any]) -> dict[str, Callable[[], None]]:
        """What a message may ask for, by its type."""
        return {
            "hello": lambda: self.show_state(reply),
            "answer": lambda: self._answer(reply, content.get("answer"), content.get("sure")),
            "hint": lambda: self._hint(reply),
            "evidence": lambda: self._evidence(reply),
            "solution": lambda: self._solution(reply),
            "shows": lambda: self._show(reply),
            "look_back": lambda: self._look_back(reply),
            "open": lambda: self._open(reply, content.get("rows")),
            "find": lambda: self._find(reply, content.get("text")),
            "restore": lambda: self._restore(reply, content.get("lines")),
        }

    def show_state(self, reply: Callable[[dict], None] | None = None) -> None:
        """Tell every view of this card where its question stands."""
        one = self._question
        log = seal.log_of(one)
        given = log.of(one.id)
        verdict = marking.judge(one, given[-1].answer if given else None)
        changed = bool(given) and is_outdated(given[-1], one)
        is_solved = student.solution_open(one, log)
        (reply or self.send)(
            {
                "type": "state",
                "answer": given[-1].answer if given else None,
                "outcome": verdict.outcome,
                "label": marking.named(verdict.outcome),
                "message": verdict.message if given else "",
                "marks": marking.marks(one, given[-1].answer) if given else {},
                "saved": not given or given[-1].id not in answers.unsaved(),
                "tries": len(log.tries(one)),
                "changed": changed,
                "hints": len(one.hints) - student.hints_shown(one.id),
                "hasHints": bool(one.hints) and not one.guess,
                "evidence": student.evidence_open(one, log),
                "solution": is_solved,
                "reveal": one.reveal(given[-1].answer) if is_solved and verdict.outcome in _READ else {},
                "shows": student.shows_now(one, log),
                "mayShow": student.may_ask_to_see(one, log),
                "empty": not log.lines,
                "problems": list(log.problems),
            }
        )

    def _answer(self, reply: Callable[[dict], None], answer: Any, sure: Any) -> None:
        sure = sure if sure in ("guess", "fairly", "certain", "knew") else ""
        verdict, saved = student.give(self._question, answer, sure)
        told = {
            "type": "verdict",
            "outcome": verdict.outcome,
            "label": marking.named(verdict.outcome),
            "message": verdict.message,
            "saved": bool(saved and saved.ok),
            "problem": saved.problem if saved else "",
        }
        if saved:
            told["line"] = body([saved.line]).decode()
            told["log"] = answers.first_id(saved.line)
        reply(told)
        # The verdict is on its way; whoever else shows this question, and this card too, comes after it.
        student.tell(self._question, saved)
        self.answered(saved)

    def answered(self, saved: answers.Saved | None) -> None:
        """What a card does once its answer is judged. Of one that was kept everybody is told already."""
        if saved is None:
            self.show_state()

    def refresh(self) -> None:
        """Show where everything stands after answers of before were brought back."""
        self.show_state()

    def _hint(self, reply: Callable[[dict], None]) -> None:
        reply({"type": "hint", "text": str(student.hint(self._question.id))})
        self.show_state()

    def _evidence(self, reply: Callable[[dict], None]) -> None:
        # The button is hidden until then, and a message can come without it.
        if not student.evidence_open(self._question, seal.log_of(self._question)):
            raise AfteachError(seal.shut(self._question) or say("reply.evidence"))
        solved = student.solution_open(self._question, seal.log_of(self._question))
        reply({"type": "evidence", "html": evidence(self._question, solved)})

    def _open(self, reply: Callable[[dict], None], rows: Any) -> None:
        from afteach.card import opening  # at a desk alone

        reply({"type": "opened", "rows": opening.open_records(self._question, rows)})

    def _find(self, reply: Callable[[dict], None], text: Any) -> None:
        from afteach.card import opening

        reply({"type": "found", "rows": opening.find_records(self._question, text)})

    def _solution(self, reply: Callable[[dict], None]) -> None:
        reply({"type": "solution", "text": str(student.solution(self._question.id))})

    def _show(self, reply: Callable[[dict], None]) -> None:
        student.show(self._question)
        self.show_state(reply)

    def _look_back(self, reply: Callable[[dict], None]) -> None:
        one = self._question
        given = seal.log_of(one).of(one.id)
        if not one.guess or not given or seal.shut(one):
            raise AfteachError(say("reply.look_back"))
        # The first guess stays what it was, however often one is recorded.
        reply({"type": "look_back", "rows": one.looked_back(given[0].answer)})

    def _restore(self, reply: Callable[[dict], None], lines: Any) -> None:
        taken, refused = answers.restore(lines[:20_000] if isinstance(lines, list) else [])
        text = say("reply.restored", n=taken) + (f" {say('reply.refused', count=refused)}" if refused else "")
        for card in list(_cards):
            card.refresh()
        from afteach.card import contents  # a bar, where there is one, is told too

        contents.refresh_all()
        reply({"type": "notice", "text": text})


class _Reply:
    """The reply to one message of the card: it carries that message's number, so that the card knows which it is."""

    def __init__(self, card: Card, number: int | None) -> None:
        self.card, self.number = card, number

    def __call__(self, content: dict[str, Any]) -> None:
        self.card.send({**content, "re": self.number} if self.number else content)


# Outcomes of an answer that could be read.
_READ = ("right", "partly", "not yet", "recorded")
_cards: weakref.WeakSet[Card] = weakref.WeakSet()


def _tell(question_id: str) -> None:
    one = question(question_id)
    foretells = one.foretells
    standing.keep(one.id, _how_it_stands(one))
    for card in list(_cards):
        # The last forecast of a notebook opens the outcomes of all.
        if card._question.id == question_id or (foretells and card._question.foretells):
            card.show_state()


def _how_it_stands(one: Question) -> str:
    given = seal.log_of(one).of(one.id)
    if not given:
        return ""
    outcome = marking.judge(one, given[-1].answer).outcome
    # A text of the student's own is no Markdown, and a long one is not repeated.
    answer = ", ".join(one.picks(given[-1].answer)).replace("`", "'").replace("\n", " ")
    how = say("in_words.stood", outcome=marking.named(outcome))
    return say("in_words.you_answered", answer=f"`{answer}`", stood=how) if 0 < len(answer) <= 60 else how


student.listeners.append(_tell)


class Closed(citations.Words):
    """Why a question is not asked yet: a text, and below a cell a box like that of a card."""

    box: str
    _repr_markdown_ = None  # type: ignore[assignment]

    def _repr_html_(self) -> str:
        return self.box


def _closed(asked: Question) -> Closed:
    from afteach.questions import verdict_box  # the first card waits for what is above

    # What its table waits for the table says itself, once.
    closed = Closed(say("student.opens_later", id=asked.id, sealed="").strip())
    closed.box = verdict_box.html("closed", closed)
    return closed


def ask(question_id: str) -> Card | Closed:
    """The question as a card to click; where no widget can be shown, the question in words.

    A question that would tell a sealed outcome says what it waits for.
    Errors: UnknownName for a question that does not exist.
    """
    asked = question(question_id)
    return _closed(asked) if student.closed_words(asked) else Card(asked)


def public(one: Question) -> dict[str, Any]:
    """What a browser may know before anything is answered: no key, no feedback, no hint."""
    described = workbook()
    return {
        "id": one.id,
        "kind": one.kind,
        "prompt": one.prompt,
        "guess": one.guess,
        "open": one.guess or not one.judged,
        "inCell": one.in_cell,
        "most": MOST_LETTERS,
        "next": described.after(one.notebook),
        "lang": described.language,
        "dir": described.direction,
        **one.public(),
    }


def in_words(one: Question, markdown: bool) -> str:
    """The question as text, the same whatever was answered before."""
    mark = (lambda text: f"`{text}`") if markdown else str
    lines = [f"**{one.id}.** {one.prompt}" if markdown else f"{one.id}. {one.prompt}", ""]
    if listed := one.listed():
        lines += [f"- {text}" for text in listed] + [""]
    for name, offered in ({} if listed else one.offers()).items():
        if name != "choices":
            lines += [words.called(f"in_words.{name}", f"{name}:"), ""]
        lines += [f"- {mark(choice.id)} {choice.text}" for choice in offered] + [""]
    if unit := one.public().get("unit"):
        lines += [say("in_words.unit", unit=unit), ""]
    typed = f'check("{one.id}", {one.typed_as})'
    lines.append(say("in_words.compute" if one.in_cell else "in_words.type", code=mark(typed)))
    return "\n".join(lines)


def in_brief(one: Question) -> str:
    """The question without its choices, and how to answer it."""
    how = say("in_words.brief", code=f'ask("{one.id}")')
    return f"{one.id}. {one.prompt}\n{how}"


def evidence(one: Question, solved: bool) -> str:
    """The rows of evidence as source cards, with what other records say; until it is solved without what it asks for."""
    from afteach.record import agreement, source_card  # opened by a click, so the first card need not wait

    asked_for = {column for column, codes in agreement.code_lists().items() if one.coded_key(codes) is not None}
    return str(source_card.html(one.evidence, checks=True, hidden=() if solved else asked_for))


def _scope() -> str:
    """Whose copy of which workbook a browser keeps; it holds no name.

    One for a Binder repository, one for a hub user, else one.
    """
    # Binder makes up a new user each time, so the user must not count there.
    binder, user = os.environ.get("BINDER_REPO_URL"), os.environ.get("JUPYTERHUB_USER")
    who = f"binder {binder}" if binder else f"hub {user}" if user else "here"
    return hashlib.sha256(f"{workbook().name} {who}".encode()).hexdigest()[:12]
