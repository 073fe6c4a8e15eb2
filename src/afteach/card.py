"""The question card: a widget that asks, and leaves judging and keeping to Python."""

from __future__ import annotations

import hashlib
import os
import sys
import weakref
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from afteach import answers, marking, saving, seal, student, tables
from afteach.errors import AfteachError
from afteach.questions import Question, question

HERE = Path(__file__).resolve().parent
LABELS = {
    "unanswered": "Not answered yet",
    "right": "✓ Right",
    "partly": "◐ Partly right",
    "not yet": "○ Not yet",
    "recorded": "● Recorded",
    "unreadable": "△ Could not be read",
}
HOW_TO_TYPE = {
    "choice": '"id"',
    "many": '["id", ...]',
    "order": '["id", "id", ...]',
    "match": '{"left id": "right id", ...}',
    "number": "12",
    "text": '"your words"',
    "reflect": '"your words"',
    "forecast": "0.5",
    "value": "your_result",
}


class Card(anywidget.AnyWidget):
    """One question as a card. Only the question is synced; key and feedback travel when they are earned."""

    _esm = HERE / "card.js"
    _css = HERE / "card.css"
    asked = traitlets.Dict().tag(sync=True)
    scope = traitlets.Unicode().tag(sync=True)

    def __init__(self, one: Question) -> None:
        self._question = one
        super().__init__(asked=_public(one), scope=_scope())
        self.on_msg(self._receive)
        _cards.add(self)

    def __repr__(self) -> str:
        return in_words(self._question, markdown=False)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict, dict] | None:
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        metadata = {**metadata, saving.MARK: self._question.id}
        # A notebook stores both; a page that shows no Markdown is a terminal, and there the whole stands.
        data["text/plain"] = in_brief(self._question) if _in_a_notebook() else in_words(self._question, markdown=False)
        data["text/markdown"] = in_words(self._question, markdown=True)
        return data, metadata

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        """Answer one message of the card. What a browser sends is not trusted to be well formed."""
        kind = content.get("type") if isinstance(content, dict) else None
        act = {
            "hello": self.show_state,
            "answer": lambda: self._answer(content.get("answer"), content.get("sure")),
            "hint": self._hint,
            "evidence": self._evidence,
            "solution": self._solution,
            "restore": lambda: self._restore(content.get("lines")),
        }.get(kind if isinstance(kind, str) else "")
        try:
            if act is None:
                raise AfteachError("The card sent something that is not known here. Run the cell again.")
            act()
        except AfteachError as fault:
            self.send({"type": "notice", "text": str(fault)})

    def show_state(self) -> None:
        """Tell every view of this card where its question stands."""
        one = self._question
        log = seal.log_of(one)
        given = log.of(one.id)
        verdict = marking.judge(one, given[-1].answer if given else None)
        changed = bool(given) and answers.changed(given[-1], one)
        self.send(
            {
                "type": "state",
                "answer": given[-1].answer if given else None,
                "outcome": verdict.outcome,
                "label": LABELS[verdict.outcome],
                "message": verdict.message if given else "",
                "tries": len(log.tries(one)),
                "changed": changed,
                "hints": len(one.hints) - student.hints_shown(one.id),
                "evidence": student.evidence_open(one, log),
                "solution": student.solution_open(one, log),
                "empty": not log.lines,
                "problems": list(log.problems),
            }
        )

    def _answer(self, answer: Any, sure: Any) -> None:
        sure = sure if sure in ("guess", "fairly", "certain", "knew") else ""
        verdict, saved = student.give(self._question, answer, sure)
        reply = {
            "type": "verdict",
            "outcome": verdict.outcome,
            "label": LABELS[verdict.outcome],
            "message": verdict.message,
            "saved": bool(saved and saved.ok),
            "problem": saved.problem if saved else "",
        }
        if saved:
            reply["line"] = answers.body([saved.line]).decode()
        self.send(reply)
        self.show_state()

    def _hint(self) -> None:
        self.send({"type": "hint", "text": str(student.hint(self._question.id))})
        self.show_state()

    def _evidence(self) -> None:
        # The button is hidden until then, and a message can come without it.
        if not student.evidence_open(self._question, seal.log_of(self._question)):
            raise AfteachError(seal.shut(self._question) or "The evidence opens after your first answer.")
        self.send({"type": "evidence", "rows": [evidence(row_id) for row_id in self._question.evidence]})

    def _solution(self) -> None:
        self.send({"type": "solution", "text": str(student.solution(self._question.id))})

    def _restore(self, lines: Any) -> None:
        taken, refused = answers.restore(lines[:20_000] if isinstance(lines, list) else [])
        text = f"{taken} answers are back." + (f" {refused} could not be read." if refused else "")
        for card in list(_cards):
            card.show_state()
        self.send({"type": "notice", "text": text})


_cards: weakref.WeakSet[Card] = weakref.WeakSet()


def _tell(question_id: str) -> None:
    kind = question(question_id).kind
    for card in list(_cards):
        # The last forecast of a notebook opens the outcomes of all.
        if card._question.id == question_id or kind == card._question.kind == "forecast":
            card.show_state()


student.listeners.append(_tell)


def ask(question_id: str) -> Card | tables.Words:
    """The question as a card to click; where no widget can be shown, the question in words.

    A question that would tell a sealed outcome says what it waits for.
    Errors: UnknownName for a question that does not exist.
    """
    asked = question(question_id)
    closed = student.closed_words(asked)
    return tables.Words(closed) if closed else Card(asked)


def _public(one: Question) -> dict[str, Any]:
    """What a browser may know before anything is answered: no key, no feedback, no hint."""
    public: dict[str, Any] = {"id": one.id, "kind": one.kind, "prompt": one.prompt, "guess": one.guess}
    for name in ("choices", "left", "right"):
        if hasattr(one, name):
            public[name] = [[choice.id, choice.text] for choice in getattr(one, name)]
    if getattr(one, "unit", ""):
        public["unit"] = one.unit
    if hasattr(one, "rubric"):
        public["rubric"] = [one.rubric.claim, one.rubric.evidence, one.rubric.limit]
    return public


def in_words(one: Question, markdown: bool) -> str:
    """The question as text, the same whatever was answered before."""
    mark = (lambda text: f"`{text}`") if markdown else str
    lines = [f"**{one.id}.** {one.prompt}" if markdown else f"{one.id}. {one.prompt}", ""]
    for name in ("choices", "left", "right"):
        listed = getattr(one, name, [])
        if listed and name != "choices":
            lines += [f"{name}:", ""]
        lines += [f"- {mark(choice.id)} {choice.text}" for choice in listed]
        lines += [""] if listed else []
    if getattr(one, "unit", ""):
        lines += [f"(in {one.unit})", ""]
    typed = f'check("{one.id}", {HOW_TO_TYPE[one.kind]})'
    how = "Compute the answer in a cell, then run" if one.kind == "value" else "Run this cell to answer, or type"
    return "\n".join([*lines, f"{how} {mark(typed)}."])


def in_brief(one: Question) -> str:
    """The question without its choices, and how to answer it."""
    return f'{one.id}. {one.prompt}\nRun this cell to answer; print(ask("{one.id}")) shows it all in words.'


def _in_a_notebook() -> bool:
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return hasattr(shell, "kernel")


def evidence(row_id: str) -> dict[str, Any]:
    """One row of evidence as a card shows it: its reference, how it is coded, and what other records say."""
    table, line = tables.row(row_id)
    shown: dict[str, Any] = {"cite": str(tables.cite(row_id)), "facts": [], "checks": []}
    if table == "claims":
        quote = f"“{line['wording']}”" if line.get("wording") else ""
        coded = [f"{name}: {line[name]}" for name in tables.coded_columns() if line.get(name)]
        shown["facts"] = [text for text in (quote, "; ".join(coded)) if text]
        for check in _checks(row_id):
            source = tables.row(check["source_id"])[1] if check["source_id"] else {}
            by = f" ({source['publisher']}, {source['date'] or 'no date'})" if source else ""
            shown["checks"].append(f"{check['verdict'].replace('-', ' ')}: {check['note']}{by}")
    elif line.get("standing"):
        shown["facts"] = [f"standing: {line['standing']}", line.get("note", "")]
    return shown


def _checks(claim_id: str) -> list[dict[str, str]]:
    if "fact_checks" not in tables.names():
        return []
    return [line for line in tables.records("fact_checks") if line["claim_id"] == claim_id]


def _scope() -> str:
    """Whose copy a browser keeps: one for a Binder repository, one for a hub user, else one; it holds no name."""
    # Binder makes up a new user each time, so the user must not count there.
    binder, user = os.environ.get("BINDER_REPO_URL"), os.environ.get("JUPYTERHUB_USER")
    who = f"binder {binder}" if binder else f"hub {user}" if user else "here"
    return hashlib.sha256(who.encode()).hexdigest()[:12]
