"""The teacher's guide, made from the bank, the tables and the notebooks, so that nothing in it is written twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from afteach import files
from afteach.authoring import blocks
from afteach.authoring.blocks import Block, Card, Grid, Heading, Items, Right, Section
from afteach.errors import AfteachError, UnknownName
from afteach.grading import simulated
from afteach.questions import measured
from afteach.questions.model import Bank, Chapter, Question
from afteach.record import citations
from afteach.words import called, say
from afteach.workbook import notebooks_dir, workbook

ASKED = re.compile(r"\bask\(\s*[\"']([^\"']+)[\"']")
LONGEST_ANSWER = 1_500
GAINS = (0.05, 0.1, 0.15)
COLLECTED = ("file", "grade", "report", "desk", "feedback", "bank")


def write(out: Path, bank: Bank) -> str:
    """Write the guide as .html or .md; returns what was done. Errors: AfteachError for a place that cannot be used."""
    if out.suffix.lower() not in (".html", ".htm", ".md"):
        raise AfteachError(f"{out} ends neither in .html nor in .md. Name such a file: --out guide.html")
    if out.is_dir() or not out.parent.is_dir():
        raise AfteachError(f"{out} is a folder, or its folder does not exist. Name a file in a folder that does.")
    text = as_markdown(bank) if out.suffix.lower() == ".md" else as_html(bank)
    files.write_whole(out, text.encode())
    return f"{out} is written: {_counted(bank)}."


def as_markdown(bank: Bank) -> str:
    """The guide as Markdown."""
    return blocks.as_markdown(say("guide.title"), _lead(bank), sections(bank))


def as_html(bank: Bank) -> str:
    """The guide as one HTML page that opens from disk."""
    return blocks.as_html(say("guide.title").replace("'", "’"), _lead(bank), sections(bank))


def sections(bank: Bank) -> list[Section]:
    """The whole guide, not yet in any format."""
    return [
        Section("plans", say("guide.plans"), list(_plans(bank))),
        *([Section("ideas", say("guide.ideas"), list(_ideas()))] if workbook().ideas else []),
        *([Section("measure", say("guide.measure"), list(_measure()))] if measured.items() else []),
        Section("collecting", say("guide.collecting"), [Items([say(f"guide.collect_{part}") for part in COLLECTED])]),
        *(
            # A file may be called anything; a link goes by its place.
            Section(f"n-{place}", f"{stem}: {chapter.title}", list(_chapter(bank, stem, chapter)))
            for place, (stem, chapter) in enumerate(bank.chapters.items())
        ),
    ]


def _plans(bank: Bank) -> Iterator[Block]:
    """The plans whose steps the bank can all teach; an instructor's own bank may have fewer notebooks."""
    for plan in workbook().plans:
        steps = [(stem, step.one_each) for step in plan.steps for stem in step.notebooks if stem in bank.chapters]
        if all(set(step.notebooks) & set(bank.chapters) for step in plan.steps):
            yield Heading(plan.title)
            yield _plan(bank, plan.title, steps)
            yield from plan.notes


def _ideas() -> Iterator[Block]:
    """The wrong ideas that questions bring to light; the report counts them over all notebooks."""
    yield say("guide.ideas_of")
    rows = [[idea.says, idea.teach] for idea in workbook().ideas.values()]
    yield Grid(say("guide.idea_table"), [say("report.idea"), say("report.helps")], rows)


def _measure() -> Iterator[Block]:
    """What the measure is, and how large a class it takes to see something by it."""
    found = list(measured.items().values())
    sides = [sum(one.is_supported == side for one in found) // measured.FORMS for side in (True, False)]
    yield say("guide.measure_is", count=sum(sides), minutes=measured.minutes())
    rows = [[f"{gain:g}", str(simulated.class_size(gain, *sides))] for gain in GAINS]
    head = [say("guide.gain"), say("guide.class_size")]
    yield Grid(say("guide.class_sizes"), head, rows, (0, 1))
    yield say("guide.simulated", skill=f"{simulated.SKILL:g}", count=sum(sides))
    yield say("guide.read_gain")


def _plan(bank: Bank, name: str, steps: list[tuple[str, bool]]) -> Grid:
    minutes = {stem: bank.chapters[stem].minutes for stem, _ in steps}
    who = {True: say("guide.one_each"), False: say("guide.everybody")}
    rows = [[stem, bank.chapters[stem].title, who[one_each], str(minutes[stem])] for stem, one_each in steps]
    fixed = sum(minutes[stem] for stem, one_each in steps if not one_each)
    shared = [minutes[stem] for stem, one_each in steps if one_each] or [0]
    least, most = fixed + min(shared), fixed + max(shared)
    total = str(least) if least == most else say("guide.from_to", least=least, most=most)
    head = [say(f"guide.{column}") for column in ("notebook", "name", "who", "minutes")]
    return Grid(say("guide.plan", name=name), head, [*rows, [say("guide.together"), "", "", total]], (3,))


def _chapter(bank: Bank, stem: str, chapter: Chapter) -> Iterator[Block]:
    opening, points, places = _notebook(stem)
    needs = say("guide.needs", notebook=chapter.needs) if chapter.needs else say("guide.needs_nothing")
    yield f"*{say('guide.so_long', n=chapter.minutes)}* {needs}"
    if opening:
        yield opening
    yield Heading(say("guide.goals"))
    yield Items(list(chapter.goals.values()))
    if points:
        yield Heading(say("guide.points"))
        yield Items(points)
    yield Heading(say("guide.discuss"))
    yield Items(list(chapter.discuss)) if chapter.discuss else say("guide.no_discuss")
    yield Heading(say("guide.questions"))
    for question in bank.of(stem):
        parts = list(_question(question, chapter, places.get(question.id, "")))
        yield Card(f"{question.id}: {question.prompt}", parts)


def _question(question: Question, chapter: Chapter, place: str) -> Iterator[str | Right | Items | Grid]:
    where = say("guide.asked_under", heading=place) if place else ""
    what = say("guide.guess") if question.guess else called(f"kind.{question.kind}", question.kind)
    goal = chapter.goals.get(question.goal, question.goal).rstrip(".")
    about = say(
        "guide.about",
        kind=what[:1].upper() + what[1:],
        level=called(f"level.{question.level}", question.level),
        goal=goal,
    )
    yield f"{about} {where}".rstrip()
    if listed := question.listed():
        yield Items(listed)
    if rubric := question.public().get("rubric"):
        lines = [say(f"guide.{line}") for line in ("claim", "evidence", "limit")]
        rows = [list(row) for row in zip(lines, rubric, strict=True)]
        yield Grid(say("guide.rubric", id=question.id), [say("guide.line"), say("guide.look_for")], rows)
        yield question.say()
    elif not question.guess:
        answer = question.say()
        answer = answer if len(answer) <= LONGEST_ANSWER else answer[:LONGEST_ANSWER] + " …"
        one_line, *more = [answer] if "\n" not in answer else ["", *answer.splitlines()]
        yield Right(f"*{say('guide.right')}* {one_line}".rstrip())
        if more:
            yield Items(more)
    if question.explain.strip() not in ("", question.say().strip() if question.keeps_text else ""):
        yield f"*{say('guide.why')}* {question.explain}"
    if question.shows:
        yield f"*{say('guide.shows')}* {question.shows}"
    behind = [list(idea) for idea in question.wrong_ideas()]
    if behind:
        head = [say("guide.answer"), say("guide.behind")]
        yield Grid(say("guide.others", id=question.id), head, behind)
    yield f"*{say('guide.hints')}* {' / '.join(question.hints)}"
    yield f"*{say('guide.shown_by')}*"
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
            # A workbook in another language gives this section the name that its words give it.
            if heading == say("guide.points"):
                points += [
                    " ".join(point.split()) for point in re.findall(r"(?ms)^[-*] (.+?)(?=^[-*] |\Z|\n\n)", block)
                ]
    return opening.replace("**", "*"), [point.replace("**", "*") for point in points], places


def _lead(bank: Bank) -> str:
    minutes = sum(chapter.minutes for chapter in bank.chapters.values())
    return say("guide.lead", counted=_counted(bank), minutes=minutes, fingerprint=bank.fingerprint)


def _counted(bank: Bank) -> str:
    return f"{say('guide.so_many_notebooks', n=len(bank.chapters))}, {say('guide.so_many_questions', n=len(bank))}"
