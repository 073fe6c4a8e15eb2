"""The measure in a notebook: an offer, then one statement after the other on a card, and the report once both halves are rated."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import traitlets

from afteach.answers import log as answers
from afteach.answers import measuring
from afteach.answers.lines import body
from afteach.answers.measuring import Half, Standing, When
from afteach.card import card, saving
from afteach.card.card import Card
from afteach.card.joining import BROWSER
from afteach.errors import AfteachError
from afteach.look import direction
from afteach.naming import known_name
from afteach.questions import measured
from afteach.record.citations import Words
from afteach.words import say
from afteach.workbook import workbook

TIMES = ("before", "after")


class Measure(Card):
    """One half of the measure. It knows no more of a statement than its card shows; nothing is said of a rating."""

    _module = "measure"
    _css = Card._css + (BROWSER / "measure.css").read_text(encoding="utf-8")
    stage = traitlets.Dict().tag(sync=True)

    def __init__(self, when: When) -> None:
        self._when, self._asks = when, False
        # Until it asks, any statement stands for those to come; it is not sent.
        super().__init__(next(iter(measured.items().values())))
        self.show_stage()

    def opening(self) -> dict[str, Any]:
        """What a browser knows at first: no statement."""
        return {}

    def __repr__(self) -> str:
        return offer(self._when)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict, dict] | None:
        # Stored is the offer alone, whatever was rated; the statements stand in no notebook.
        data, metadata = self.bundle(**kwargs)
        data["text/plain"] = data["text/markdown"] = offer(self._when)
        return data, {**metadata, saving.MARK: f"measure {self._when}"}

    def acts(self, reply: Callable[[dict], None], content: dict[str, Any]) -> dict[str, Callable[[], None]]:
        """What a message may ask for, by its type."""
        if not self._asks:
            return {"hello": lambda: None, "begin": lambda: self._begin(reply)}
        known = super().acts(reply, content)
        return {name: known[name] for name in ("hello", "answer", "open")}

    def _begin(self, reply: Callable[[dict], None]) -> None:
        if saved := measuring.begin():
            kept = body([saved.line]).decode()
            reply({"type": "begun", "line": kept, "log": answers.first_id(saved.line)})
        self.show_stage(is_begun=True)

    def answered(self, saved: answers.Saved | None) -> None:
        """Deal the next statement; where the disk refused, the same one stays and says so."""
        if saved and saved.ok:
            self.show_stage(is_begun=True)
        else:
            super().show_state()

    def show_state(self, reply: Callable[[dict], None] | None = None) -> None:
        """Tell the view that asks where its statement stands; what a card is told unasked would be said of the next one."""
        if reply:
            super().show_state(reply)

    def refresh(self) -> None:
        """Show what comes now that answers of before are back; where the measure is gone, what was shown stays."""
        with contextlib.suppress(AfteachError):
            self.show_stage()

    def show_stage(self, is_begun: bool = False) -> None:
        """Show what comes now: the offer, a statement, that it is done, or the report."""
        standing = measuring.read()
        half = standing.halves[self._when]
        # What is begun goes on after a restart without another click.
        self._asks = bool(half.to_come and (is_begun or half.rated))
        if self._asks:
            self._question = half.to_come[0]
        with self.hold_sync():
            self.stage = _stage(self._when, standing, half, self._asks)
            self.asked = card.public(self._question) if self._asks else {}


def _stage(when: When, standing: Standing, half: Half, asks: bool) -> dict[str, Any]:
    all_ = len(half.rated) + len(half.to_come)
    shown = {"label": say(f"measure.label_{when}"), "lang": workbook().language, "dir": workbook().direction}
    if asks:
        return {**shown, "place": say("measure.place", count=len(half.rated) + 1, all=all_)}
    if half.to_come:
        return {**shown, "words": _offer_words(when), "begin": say("measure.begin")}
    if not standing.is_open:
        return {**shown, "words": _done_words(when, all_)}
    return {**shown, "words": say("measure.open"), "report": report_html(standing)}


def _done_words(when: When, count: int) -> str:
    about = workbook().measure
    if when == "before":
        where = about.after if about else ""
        return (
            say("measure.done_before", count=count, where=where)
            if where
            else say("measure.done_before_any", count=count)
        )
    return say("measure.done_after", count=count)


def report_html(standing: Standing) -> str:
    """The report as HTML in which every text is escaped."""
    # Both take time to load, and nobody waits for them before the last rating.
    from afteach.answers.measure_report import report
    from afteach.pages.render import render

    return direction.held(render("measure.html.j2", report=report(standing), word=say))


def _offer_words(when: When) -> str:
    count = len(measured.items()) // measured.FORMS
    return say(f"measure.offer_{when}", count=count, minutes=measured.minutes())


def offer(when: When) -> str:
    """The offer as text, the same whatever was rated before."""
    return f"{_offer_words(when)} {say('measure.wake')}"


def measure(when: str = "before") -> Measure | Words:
    """One half of the measure of how well true is told from false: "before" reading the workbook, or "after" it.

    Statements about other matters than the article's, each with its records; rate how far you would lean on each. Which
    half you get first is drawn by chance and recorded. Nothing is judged until both halves are rated; you may leave it out.
    Errors: UnknownName for another word than before and after.
    """
    half: When = "after" if known_name("half", when, TIMES) == "after" else "before"
    return Measure(half) if measured.items() else Words(say("measure.none"))
