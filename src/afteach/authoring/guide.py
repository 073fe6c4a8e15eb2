"""The teacher's guide, made from the bank, the tables and the notebooks, so that nothing in it is written twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from afteach import files
from afteach.authoring import blocks
from afteach.authoring.blocks import Block, Card, Grid, Heading, Items, Right, Section
from afteach.errors import AfteachError, UnknownName
from afteach.questions.model import Bank, Chapter, Question
from afteach.record import citations
from afteach.workbook import notebooks_dir, workbook

ASKED = re.compile(r"\bask\(\s*[\"']([^\"']+)[\"']")
LONGEST_ANSWER = 1_500


def write(out: Path, bank: Bank) -> str:
    """Write the guide as .html or .md; returns what was done. Errors: AfteachError for a place that cannot be used."""
    if out.suffix.lower() not in (".html", ".htm", ".md"):
        raise AfteachError(f"{out} ends neither in .html nor in .md. Name such a file: --out guide.html")
    if out.is_dir() or not out.parent.is_dir():
        raise AfteachError(f"{out} is a folder, or its folder does not exist. Name a file in a folder that does.")
    text = as_markdown(bank) if out.suffix.lower() == ".md" else as_html(bank)
    files.write_whole(out, text.encode())
    return f"{out} is written: {len(bank.chapters)} notebooks, {len(bank)} questions."


def as_markdown(bank: Bank) -> str:
    """The guide as Markdown."""
    return blocks.as_markdown("Teacher's guide", _lead(bank), sections(bank))


def as_html(bank: Bank) -> str:
    """The guide as one HTML page that opens from disk."""
    return blocks.as_html("Teacher’s guide", _lead(bank), sections(bank))


def sections(bank: Bank) -> list[Section]:
    """The whole guide, not yet in any format."""
    return [
        Section("plans", "Plans for a class", list(_plans(bank))),
        *([Section("ideas", "What a class may believe", list(_ideas()))] if workbook().ideas else []),
        Section("collecting", "Collect answers and see what to teach next", list(_collecting())),
        *(
            # A file may be called anything; a link goes by its place.
            Section(f"n-{place}", f"{stem}: {chapter.title}", list(_chapter(bank, stem, chapter)))
            for place, (stem, chapter) in enumerate(bank.chapters.items())
        ),
    ]


def _plans(bank: Bank) -> Iterator[Block]:
    """The plans whose steps the bank can all teach; an instructor's own bank may have fewer notebooks."""
    for plan in workbook().plans:
        steps = [
            (stem, "one group each" if step.one_each else "everybody")
            for step in plan.steps
            for stem in step.notebooks
            if stem in bank.chapters
        ]
        if all(set(step.notebooks) & set(bank.chapters) for step in plan.steps):
            yield Heading(plan.title)
            yield _plan(bank, plan.title, steps)
            yield from plan.notes


def _ideas() -> Iterator[Block]:
    """The wrong ideas that questions bring to light; the report counts them over all notebooks."""
    yield "Wrong answers name the idea behind them, and the report counts each, at first and at last."
    rows = [[idea.says, idea.teach] for idea in workbook().ideas.values()]
    yield Grid("Ideas, and what helps", ["idea", "what helps"], rows)


def _plan(bank: Bank, name: str, steps: list[tuple[str, str]]) -> Grid:
    rows = [[stem, bank.chapters[stem].title, who, str(bank.chapters[stem].minutes)] for stem, who in steps]
    fixed = sum(bank.chapters[stem].minutes for stem, who in steps if who == "everybody")
    shared = [bank.chapters[stem].minutes for stem, who in steps if who != "everybody"]
    least, most = (fixed + min(shared), fixed + max(shared)) if shared else (fixed, fixed)
    total = str(fixed) if least == most and not shared else (str(least) if least == most else f"{least} to {most}")
    return Grid(f"{name}: minutes", ["notebook", "title", "who", "minutes"], [*rows, ["together", "", "", total]], (3,))


def _collecting() -> Iterator[Block]:
    yield Items(
        [
            "A student runs the last cell of a notebook, or `afteach submit --name NAME`, and hands in one file. A pseudonym will do.",
            "`afteach grade FOLDER_OR_ZIP --out results` marks all of them at once, as your platform's download comes; "
            "`--roster class.csv` says who is missing.",
            "`results/report.html` shows what the class found hard and which wrong choice drew most. Begin the next lesson there.",
            "At a desk (`weigh`) a student opens records and says how far to lean on a claim. Ask two students with other paths to "
            "tell what they opened first, and why; there is no prize for doubting what the records bear out.",
            "`--feedback back` writes a page for each student, zipped as Moodle or Canvas takes it back; it holds the answers.",
            "The bank holds the answers and ships with the workbook. These are self-checks: do not give marks for them alone.",
        ]
    )


def _chapter(bank: Bank, stem: str, chapter: Chapter) -> Iterator[Block]:
    opening, points, places = _notebook(stem)
    yield f"*{chapter.minutes} minutes.* " + (
        f"Needs: {chapter.needs}" if chapter.needs else "Needs nothing before it."
    )
    if opening:
        yield opening
    yield Heading("Goals")
    yield Items(list(chapter.goals.values()))
    if points:
        yield Heading("Key points")
        yield Items(points)
    yield Heading("Points for discussion")
    yield Items(list(chapter.discuss)) if chapter.discuss else "None stands in the bank."
    yield Heading("Questions")
    for question in bank.of(stem):
        parts = list(_question(question, chapter, places.get(question.id, "")))
        yield Card(f"{question.id}: {question.prompt}", parts)


def _question(question: Question, chapter: Chapter, place: str) -> Iterator[str | Right | Items | Grid]:
    where = f" Asked under “{place}”." if place else ""
    what = "a guess, recorded and not judged" if question.guess else question.kind
    goal = chapter.goals.get(question.goal, question.goal).rstrip(".")
    yield f"{what.capitalize()}; {question.level}; goal: {goal}.{where}"
    if listed := question.listed():
        yield Items(listed)
    if rubric := question.public().get("rubric"):
        rows = [list(row) for row in zip(("claim", "evidence", "limit"), rubric, strict=True)]
        yield Grid(f"Rubric of {question.id}", ["line", "look for"], rows)
        yield question.say()
    elif not question.guess:
        answer = question.say()
        answer = answer if len(answer) <= LONGEST_ANSWER else answer[:LONGEST_ANSWER] + " …"
        one_line, *more = [answer] if "\n" not in answer else ["", *answer.splitlines()]
        yield Right(f"*Right:* {one_line}".rstrip())
        if more:
            yield Items(more)
    if question.explain.strip() not in ("", question.say().strip() if question.keeps_text else ""):
        yield f"*Why:* {question.explain}"
    if question.shows:
        yield f"*What this shows:* {question.shows}"
    behind = [list(idea) for idea in question.wrong_ideas()]
    if behind:
        head = ["answer", "the idea behind it, and what it is told"]
        yield Grid(f"Other answers to {question.id}", head, behind)
    yield f"*Hints:* {' / '.join(question.hints)}"
    yield "*Evidence:*"
    yield Items([_cited(row_id) for row_id in question.evidence])


def _cited(row_id: str) -> str:
    try:
        return str(citations.cite(row_id))
    except UnknownName as fault:
        return f"{row_id}: {fault}"


def _notebook(stem: str) -> tuple[str, list[str], dict[str, str]]:
    """What a notebook adds: its opening question, its key points, and the heading above each question."""
    from afteach.authoring import notebooks

    try:
        path = notebooks_dir() / f"{stem}.ipynb"
        cells = notebooks.read(path).cells if path.is_file() else []
    except AfteachError:
        cells = []
    opening, heading = "", ""
    points: list[str] = []
    places: dict[str, str] = {}
    for number, cell in enumerate(cells):
        if cell.cell_type == "code":
            places |= dict.fromkeys(ASKED.findall(cell.source), heading)
            continue
        if number == 0:
            lines = [line for line in re.sub(r"^#.*$", "", cell.source, flags=re.M).split("\n\n") if line.strip()]
            opening = " ".join(lines[0].split()) if lines else ""
        for block in re.split(r"(?m)^(?=## )", cell.source):
            if block.startswith("## "):
                heading = block.partition("\n")[0][3:].strip()
            if heading == "Key points":
                points += [
                    " ".join(point.split()) for point in re.findall(r"(?ms)^[-*] (.+?)(?=^[-*] |\Z|\n\n)", block)
                ]
    return opening.replace("**", "*"), [point.replace("**", "*") for point in points], places


def _lead(bank: Bank) -> str:
    minutes = sum(chapter.minutes for chapter in bank.chapters.values())
    return (
        f"{len(bank.chapters)} notebooks, {len(bank)} questions, {minutes} minutes in all. Written by `afteach guide` from the "
        f"question bank, the tables and the notebooks (bank {bank.fingerprint}). It holds every answer: it is not for students."
    )
