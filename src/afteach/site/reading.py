"""Pages to read: each notebook with its stored outputs, questions that fold open, and the rows that are cited."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from afteach import student
from afteach.answers import citing, seal
from afteach.authoring import notebooks
from afteach.card import saving
from afteach.charts import iri
from afteach.errors import AfteachError
from afteach.look import direction
from afteach.pages.render import render, rich
from afteach.questions.model import bank
from afteach.questions.question import Question
from afteach.record import citations, lookup, tables
from afteach.site import starting
from afteach.words import say
from afteach.workbook import notebook_files, workbook

with iri.postponed():
    import nbformat

STYLE = Path(__file__).with_name("site.css")
ASK = re.compile(r"""\s*ask\(["']([^"']+)["']\)\s*""")
FENCE = "`" * 12
# Code, links and what else is no prose: nothing in it is linked.
NO_PROSE = re.compile(r"(```.*?```|`[^`]*`|\[[^\]]*\]\([^)]*\)|<[^>]*>|https?://\S+)", re.DOTALL)
HOW_ROWS_ARE_DATED = ("start", "end", "precision")  # a reader reads `when`
CONTENTS = "contents "  # how what marks a bar of contents begins
LITE = "lite/notebooks/index.html?path="


def build(out: Path, work: Path, opens: bool, megabytes: int = 0) -> None:
    """Write the pages into a folder that is there.

    Arguments: work, an empty folder; opens, whether each page leads to its notebook in the browser; megabytes, what
    that loads the first time. Errors: AfteachError where Sphinx finds a fault.
    """
    source = work / "pages"
    (source / "_static").mkdir(parents=True)
    (source / "_static" / STYLE.name).write_text(STYLE.read_text(encoding="utf-8"), encoding="utf-8", newline="\n")
    (source / "conf.py").write_text(_conf(), encoding="utf-8", newline="\n")
    places = _places()
    for path in notebook_files():
        page = as_page(notebooks.read(path), places, f"{LITE}{path.name}" if opens else "")
        (source / path.name).write_text(nbformat.writes(page), encoding="utf-8", newline="\n")
    for name in tables.names():
        (source / f"{_page(name)}.md").write_text(_rows(name, places), encoding="utf-8", newline="\n")
    (source / "index.md").write_text(_front(opens, megabytes), encoding="utf-8", newline="\n")
    command = [*starting.COMMAND, "sphinx", "-b", "html", "-q", "-W", "--keep-going", "-d", str(work / "doctrees")]
    done = subprocess.run([*command, str(source), str(out)], capture_output=True, text=True, check=False)
    if done.returncode:
        told = [line for line in done.stderr.splitlines() if line.strip()]
        raise AfteachError(f"The pages could not be written: {told[0] if told else 'Sphinx does not say why'}.")


def _conf() -> str:
    described = workbook()
    settings: dict[str, Any] = {
        "project": described.title,
        "language": described.language,
        "extensions": ["myst_nb"],
        "html_theme": "sphinx_book_theme",
        "html_title": described.title,
        "html_static_path": ["_static"],
        "html_css_files": [STYLE.name],
        "html_show_copyright": False,
        "html_show_sphinx": False,
        "html_copy_source": False,
        "html_show_sourcelink": False,
        "html_theme_options": {"use_download_button": False, "navbar_persistent": []},
        "nb_execution_mode": "off",
        # No page asks another host for a script.
        "nb_ipywidgets_js": {},
        "myst_enable_extensions": [],
        "suppress_warnings": ["mystnb.unknown_mime_type", "misc.highlighting_failure", "myst.header"],
    }
    return "".join(f"{name} = {value!r}\n" for name, value in settings.items())


def _page(table: str) -> str:
    return f"rows-{table.replace('_', '-')}"


def _places() -> dict[str, str]:
    """Where a row stands, by its id; one that is sealed leads to the page that says so, a paragraph to its first statement."""
    shut = set(seal.sealed_tables())
    rows = {
        row_id: f"{_page(table)}.html" + ("" if table in shut else f"#{row_id}")
        for row_id, (table, _) in lookup.index().items()
    }
    return {name: rows[held[0]] for name, held in citations.paragraphs().items()} | rows


def as_page(notebook: nbformat.NotebookNode, places: dict[str, str], opens: str) -> nbformat.NotebookNode:
    """A notebook as its page: questions fold open, ids lead to their rows, pictures have a text.

    Arguments: opens, the address of the notebook in the browser; none where that is empty.
    """
    cells = []
    for number, cell in enumerate(notebook.cells):
        asked = ASK.fullmatch(cell.source) if cell.cell_type == "code" else None
        if asked:
            cells.append(_text(_raw(_question(bank()[asked[1]], places))))
        elif cell.cell_type == "markdown":
            cells.append(_text(linked(cell.source, places)))
        elif alive := _alive(cell):
            cells += [] if alive.startswith(CONTENTS) else [_text(f"*{say('site.alive')}*")]
        else:
            cells.append(_code(cell))
        if number == 0 and opens:
            cells.append(_text(f'<p class="af-open"><a href="{opens}">{say("site.open")}</a></p>'))
    notebook.cells = cells
    return notebook


def _text(source: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_markdown_cell(source)


def _raw(html: str) -> str:
    return f"{FENCE}{{raw}} html\n{html.strip()}\n{FENCE}"


def linked(text: str, places: dict[str, str]) -> str:
    """Prose in which the id of each row leads to the row."""

    def link(found: re.Match[str]) -> str:
        place = places.get(found[0])
        return f'<a href="{place}">{found[0]}</a>' if place else found[0]

    parts = NO_PROSE.split(text)
    return "".join(part if number % 2 else citations.pattern().sub(link, part) for number, part in enumerate(parts))


def _alive(cell: nbformat.NotebookNode) -> str:
    """What a cell shows that only a kernel wakes: a bar, a measure, practice; empty where it shows anything else."""
    marks = [output.get("metadata", {}).get(saving.MARK, "") for output in cell.outputs]
    return marks[0] if marks and all(marks) and marks[0] not in bank() else ""


def _code(cell: nbformat.NotebookNode) -> nbformat.NotebookNode:
    tags = [tag for tag in cell.metadata.get("tags", []) if tag != "raises-exception"]
    if cell.metadata.get("jupyter", {}).get("source_hidden"):
        tags.append("remove-input")
    cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
    for output in cell.outputs:
        about = output.get("metadata", {}).get("image/png", {})
        if about.get("alt"):
            cell.metadata["mystnb"] = {"image": {"alt": " ".join(about["alt"].split())}}
    return cell


def _question(asked: Question, places: dict[str, str]) -> str:
    evidence = [(row_id, _cited(row_id)) for row_id in asked.evidence]
    shut = seal.shut(asked) or student.closed_words(asked)
    if shut:
        answer, evidence = [shut], []
    elif asked.guess:
        answer, evidence = [], []
    else:
        shows = asked.shows if not seal.shut_text(asked.shows) else ""
        answer = [asked.say(), asked.explain, say("student.shows", text=shows) if shows else ""]
    return direction.held(
        render(
            "question.html.j2",
            asked=asked,
            label=say("card.question", id=asked.id),
            offers=list(asked.offers().values()) or [],
            summary=say("site.answer"),
            answer=[Markup(linked(str(rich(text)), places)) for text in answer if text],
            evidence=evidence,
            places=places,
        )
    )


def _cited(row_id: str) -> str:
    """A reference without its own id and the address, which both stand with the row that it leads to."""
    return re.sub(r"\s*<https?://[^>]*>", "", str(citing.cite(row_id)).removeprefix(f"{row_id}: "))


def _rows(table: str, places: dict[str, str]) -> str:
    """The page of one table: what its rows are, and each of them with what it rests on."""
    described = seal.describe(table)
    frame = seal.load(table)
    key = tables.key(table)
    rows = [(str(row[key]), list(_facts(row, key, places))) for row in frame.to_dict("records")]
    page = direction.held(render("rows.html.j2", rows=rows, sealed=described.sealed))
    title = tables.resource(table)["title"]
    about = described._repr_markdown_().split("\n", 1)[1]
    folded = f"{FENCE}{{raw}} html\n<details><summary>{say('site.describe')}</summary>\n{FENCE}\n\n{about}\n\n"
    return f"# {title}\n\n{folded}{_raw('</details>')}\n\n{_raw(page)}\n"


def _facts(row: dict[Any, Any], key: str, places: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    for name, value in row.items():
        if name == key or name in HOW_ROWS_ARE_DATED or value is None or value != value:
            continue
        text = str(value)
        web = text if re.match(r"https?://", text) else ""
        yield str(name), text, web or places.get(text, "")


def _front(opens: bool, megabytes: int) -> str:
    described, chapters = workbook(), bank().chapters
    parts = [f"# {escape(described.title)}", say("site.about")]
    if opens:
        parts += [say("site.cost", size=megabytes), say("site.keeps")]
    for group in described.groups:
        stems = [stem for stem in group.notebooks if stem in chapters]
        listed = [
            f"- [{escape(chapters[stem].title)}]({stem}.ipynb), {say('site.minutes', n=chapters[stem].minutes)}"
            for stem in stems
        ]
        parts += [f"## {escape(group.title)}", "\n".join(listed), _toc(group.title, stems)]
    pages = [_page(name) for name in tables.names()]
    heads = [f"- [{tables.resource(name)['title']}]({_page(name)}.md)" for name in tables.names()]
    return "\n\n".join([*parts, f"## {say('site.rows')}", "\n".join(heads), _toc(say("site.rows"), pages)]) + "\n"


def _toc(caption: str, pages: list[str]) -> str:
    return f"```{{toctree}}\n:hidden:\n:caption: {json.dumps(caption)[1:-1]}\n" + "\n".join(pages) + "\n```"
