"""How a student is doing: what is answered, what is still open by name, and how well sureness and answers agree."""

from __future__ import annotations

import html
import json
import re

from afteach.answers import seal
from afteach.answers.lines import is_outdated
from afteach.look import direction
from afteach.questions import marking
from afteach.questions.model import Question, bank
from afteach.words import say
from afteach.workbook import notebook_files

ASKS = re.compile(r"""\bask\(["']([^"']+)["']\)""")
# As a card offers them, the surest first.
SURENESS = ("certain", "fairly", "guess")


class Progress:
    """What has been answered, notebook by notebook; shows as a table."""

    def __init__(self) -> None:
        self.log = seal.read()
        self.rows: list[tuple[str, str, int, int, int, int]] = []
        self.open: dict[str, list[str]] = {}
        self.again: list[str] = []
        self._sure: dict[str, list[bool]] = {one: [] for one in SURENESS}
        all_questions = bank()
        for stem, chapter in all_questions.chapters.items():
            self.rows.append((stem, chapter.title, *self._counts(stem, all_questions.of(stem))))

    def _counts(self, stem: str, asked: list[Question]) -> tuple[int, int, int, int]:
        first = now = 0
        self.open[stem] = []
        for one in asked:
            given = self.log.of(one.id)
            if not given:
                self.open[stem].append(one.id)
                continue
            outcomes = [marking.judge(one, line.answer).outcome for line in (given[0], given[-1])]
            first += outcomes[0] in marking.DONE
            now += outcomes[1] in marking.DONE
            if one.judged and not one.guess and given[0].sure in self._sure:
                self._sure[given[0].sure].append(outcomes[0] == "right")
            if outcomes[1] not in marking.DONE or is_outdated(given[-1], one):
                self.again.append(one.id)
        return len(asked), first, now, len(self.open[stem])

    def calibration(self) -> list[str]:
        """For each sureness that was stated, how often the first answer was right, in words."""
        return [
            say(f"progress.sure_{name}", n=len(found), right=sum(found)) for name, found in self._sure.items() if found
        ]

    def _notes(self) -> list[str]:
        notes = self.calibration()
        if not self.log.lines and not self.log.problems:
            notes.append(say("progress.nothing"))
        return notes + list(self.log.problems)

    def __repr__(self) -> str:
        heads = (("notebook", "<24"), ("questions", ">10"), ("first", ">10"), ("now", ">6"), ("open", ">6"))
        lines = ["".join(format(say(f"progress.short_{name}"), width) for name, width in heads)]
        lines += [
            f"{stem:<24}{total:>10}{first:>10}{now:>6}{left:>6}" for stem, _, total, first, now, left in self.rows
        ]
        begun = [", ".join(self.open[stem]) for stem, _, total, _, _, left in self.rows if 0 < left < total]
        lines += [say("progress.still", ids=", ".join(begun))] if begun else []
        lines += [say("progress.again", ids=", ".join(self.again))] if self.again else []
        return "\n".join(lines + self._notes())

    def _repr_html_(self) -> str:
        names = ("notebook", "questions", "first", "now", "open")
        head = "".join(f'<th scope="col">{html.escape(say(f"progress.{name}"))}</th>' for name in names)
        cells = _asking_cells()
        body = "".join(self._row(cells, *row) for row in self.rows)
        of = {one.id: one.notebook for one in bank().values()}
        again = ", ".join(_link(of[one], one, cells.get(one, "")) for one in self.again)
        # The words are a workbook's own and no HTML; the links are.
        notes = [again.join(html.escape(say("progress.again", ids="\0")).split("\0"))] if again else []
        notes += [html.escape(note) for note in self._notes()]
        return (
            f'<div class="af-progress"{direction.attribute()}><table>'
            f"<caption>{html.escape(say('progress.caption'))}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table>{''.join(f'<p>{note}</p>' for note in notes)}</div>"
        )

    def _row(self, asking: dict[str, str], stem: str, title: str, total: int, first: int, now: int, left: int) -> str:
        names = ", ".join(f"<span>{_link(stem, one, asking.get(one, ''))}</span>" for one in self.open[stem])
        still = names if 0 < left < total else str(left)
        full = round(10 * now / total) if total else 0
        bar = f'<span aria-hidden="true">{"●" * full}{"○" * (10 - full)}</span>'
        cells = "".join(f"<td>{cell}</td>" for cell in (total, first, f"{now} {bar}", still))
        return f'<tr><th scope="row" title="{html.escape(title, quote=True)}">{_link(stem, stem)}</th>{cells}</tr>'


def _link(stem: str, text: str, cell: str = "") -> str:
    """A link to a notebook that lies beside this one, or to a cell of it."""
    there = f"{stem}.ipynb" + (f"#cell-id={cell}" if cell else "")
    return f'<a href="{html.escape(there, quote=True)}">{html.escape(text)}</a>'


def _asking_cells() -> dict[str, str]:
    """The id of the cell that asks each question first; JupyterLab and Notebook 7 go there by it."""
    found: dict[str, str] = {}
    for path in notebook_files():
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for name in ASKS.findall("".join(cell["source"])) if cell["cell_type"] == "code" else ():
                found.setdefault(name, cell.get("id", ""))
    return found


def progress() -> Progress:
    """What you have answered, notebook by notebook: right at first try, right now, still open, what to look at again."""
    return Progress()
