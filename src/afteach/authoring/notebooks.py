"""Read a notebook, and check that it keeps to the template and to the tables."""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Iterable
from pathlib import Path

from afteach.authoring import counts
from afteach.card import saving
from afteach.charts import iri
from afteach.errors import AfteachError, DataFault, UnknownName
from afteach.questions.model import Bank
from afteach.record import dates, lookup, tables
from afteach.workbook import workbook

with iri.postponed():
    import nbformat

# Words; half of a screen, beside the card that asks about it.
LONGEST_CODE, LONGEST_TEXT = 8, 90
ASKED = re.compile(r"\b(?:ask|check|hint|solution)\(\s*[\"']([^\"']+)[\"']")
EXERCISE = re.compile(r"\bcheck\s*\(")
# JupyterLab and Notebook 7 run the cells after one with this tag, whatever it raises.
GOES_ON = "raises-exception"
FULL_DATE = re.compile(rf"\b\d{{1,2}} (?:{'|'.join(calendar.month_name[1:])}) \d{{4}}\b")
MINUTES = re.compile(r"\b(\d+) minutes\b")
FIGURE = re.compile(r"(?<![\w.])\d{1,3}(?:,\d{3})+(?!\w)|(?<![\w.,-])\d{2,}(?:\.\d+)?(?![\w-])")


def read(path: Path) -> nbformat.NotebookNode:
    """Read a notebook; AfteachError where the file is none."""
    try:
        # By hand up to here, since nbformat takes much for granted: that it is a text, an object, and has cells.
        raw = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(raw, dict) or not isinstance(raw.get("cells"), list):
            raise ValueError("it has no list of cells")
        notebook = nbformat.reads(json.dumps(raw), as_version=4)
        nbformat.validate(notebook)
    except UnicodeDecodeError as fault:
        reason = f"byte {fault.start} is not UTF-8. Save the file as UTF-8"
    except OSError as fault:
        reason = fault.strerror or str(fault)
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError, nbformat.ValidationError) as fault:
        reason = (str(fault).strip() or type(fault).__name__).splitlines()[0].rstrip(".")
    else:
        return notebook
    raise AfteachError(f"{path.name} is no notebook that can be read: {reason}.")


def faults(path: Path, bank: Bank, named: Iterable[str] = ()) -> list[str]:
    """Every way in which a notebook leaves the template, each with file, cell and reason.

    `named` are ids of questions that have a fault of their own, and are in the bank all the same.
    """
    try:
        notebook = read(path)
    except AfteachError as fault:
        return [str(fault)]
    found = [f"{path.name}: {reason}" for reason in _whole(path, notebook, bank, set(named))]
    for number, cell in enumerate(notebook.cells, start=1):
        check = _code if cell.cell_type == "code" else _prose
        reasons = check(cell)
        above = notebook.cells[number - 2] if number > 1 else cell
        if cell.cell_type == "markdown" and above.cell_type == "code":
            reasons += counts.share_faults(above, cell.source)
        found += [f"{path.name}, cell {number}: {reason}" for reason in reasons]
    return found


def _whole(path: Path, notebook: nbformat.NotebookNode, bank: Bank, named: set[str]) -> list[str]:
    cells = notebook.cells
    prose = "\n".join(c.source for c in cells if c.cell_type == "markdown")
    headings = re.findall(r"^## (.+)$", prose, flags=re.M)
    wanted = workbook().sections_of(path.stem)
    found = [f"the section '## {name}' is missing" for name in wanted if name not in headings]
    if not cells or not cells[0].source.startswith("# "):
        found.append("it does not open with a title card ('# ...')")
    if path.stem not in bank.chapters:
        return [*found, "it has no file in the question bank"]
    minutes = bank.chapters[path.stem].minutes
    stated = MINUTES.findall(cells[0].source) if cells else []
    if stated and str(minutes) not in stated:
        found.append(f"the title card says {stated[0]} minutes and the bank {minutes}")
    for goal in bank.chapters[path.stem].goals.values():
        if goal not in prose:
            found.append(f"the goal '{goal}' stands in the bank and not in the notebook")
    asked = [one for c in cells if c.cell_type == "code" for one in ASKED.findall(c.source)]
    own = {q.id for q in bank.of(path.stem)}
    for one in sorted(set(asked) - own - (named - set(bank))):
        where = f"belongs to {bank[one].notebook}" if one in bank else "is not in the bank"
        found.append(f"the question '{one}' {where}")
    found += [f"the question '{one}' is never asked" for one in own if one not in asked]
    found += _rhythm(cells)
    return found


def _rhythm(cells: list) -> list[str]:
    found, section = [], ""
    for number, cell in enumerate(cells, start=1):
        if cell.cell_type == "markdown":
            heads = re.findall(r"^## (.+)$", cell.source, flags=re.M)
            section = heads[-1] if heads else section
            continue
        after = cells[number] if number < len(cells) else None
        if after is None or after.cell_type == "markdown":
            continue
        # An exercise is a card that states the task and the cell below it that is filled in.
        exercise = "ask(" in cell.source and "check(" in after.source
        if section != "Set-up" and not exercise:
            found.append(f"cell {number}: two code cells in a row; put a reading between them")
    return found


def _code(cell: nbformat.NotebookNode) -> list[str]:
    found = []
    if EXERCISE.search(cell.source) and GOES_ON not in cell.metadata.get("tags", []):
        found.append(f"a cell with check() without the tag {GOES_ON}: one slip in it would end Run All")
    lines = [line for line in cell.source.splitlines() if line.strip() and not line.strip().startswith("#")]
    if len(lines) > LONGEST_CODE:
        found.append(f"{len(lines)} lines of code; at most {LONGEST_CODE}")
    if not cell.execution_count:
        found.append("it was not executed; run 'afteach execute'")
    for output in cell.outputs:
        if output.output_type == "error":
            found.append(f"it fails with {output.ename}")
        data = output.get("data", {})
        if saving.VIEW in data:
            found.append("a stored widget view; run 'afteach execute'")
        if any("vega" in kind for kind in data) and not "".join(data.get("text/plain", "")).strip():
            found.append("a chart without its description in words")
    return found


def _prose(cell: nbformat.NotebookNode) -> list[str]:
    found = []
    words = length(cell.source)
    if words > LONGEST_TEXT:
        found.append(f"{words} words; at most {LONGEST_TEXT}: split it")
    for image in re.findall(r"!\[(.*?)\]\(", cell.source):
        if not image.strip():
            found.append("a picture without a text")
    for paragraph in re.split(r"\n\s*\n|\n(?=[-|*] )", cell.source):
        found += fact_faults(paragraph)
    return found


def length(text: str) -> int:
    """How many words a text has; marks of lists and tables are none, and the address of a link is not read."""
    return sum(bool(re.search(r"\w", word)) for word in re.sub(r"\]\([^)]*\)", "]", text).split())


def fact_faults(paragraph: str) -> list[str]:
    """Ids that do not exist, and dates and figures that stand without an id or are not in the rows cited.

    A paragraph that cites nothing may hold small numbers and plain years, and no full date and no larger figure.
    """
    found: list[str] = []
    rows = []
    text = re.sub(r"`[^`]*`|https?://\S+", " ", paragraph)
    try:
        row_ids, paragraphs = lookup.id_pattern(), re.compile(rf"\b(?:{workbook().paragraph})\b")
    except DataFault:
        # Listed with datapackage.json; what an id looks like is not known here.
        return found
    for row_id in dict.fromkeys(row_ids.findall(text)):
        try:
            rows.append(lookup.row(row_id))
        except UnknownName:
            found.append(f"there is no row '{row_id}'")
        except DataFault:
            # Listed with its table; what the row says is not known here.
            return found
    found += [
        f"there is no paragraph '{one}'" for one in sorted(set(paragraphs.findall(text))) if not _is_paragraph(one)
    ]
    bare = row_ids.sub(" ", paragraphs.sub(" ", text))
    stated = _stated(rows)
    for date in FULL_DATE.findall(bare):
        if not rows:
            found.append(f"the date '{date}' carries no row id")
        elif date not in stated:
            found.append(f"the date '{date}' is not in the rows cited beside it")
    for figure in FIGURE.findall(MINUTES.sub(" ", FULL_DATE.sub(" ", bare))):
        plain = figure.replace(",", "")
        year = re.fullmatch(r"(1[89]|20)\d\d", figure)
        if rows and not year and plain not in stated.replace(",", ""):
            found.append(f"the figure '{figure}' is not in the rows cited beside it")
        elif not rows and not year and len(plain) > 2:
            found.append(f"the figure '{figure}' carries no row id")
    return found


def _is_paragraph(name: str) -> bool:
    try:
        found = tables.reading(workbook().roles.claims)
    except AfteachError:
        return True
    return bool(found.faults) or any(line.get("paragraph") == name for line in found.rows)


def _stated(rows: list[tuple[str, dict[str, str]]]) -> str:
    """All that the cited rows say, with their dates and numbers also as a reader would write them."""
    parts = []
    for _, line in rows:
        span = dates.span(line)
        parts += [*line.values(), span.when]
        for day in (span.first, span.last):
            if day:
                parts.append(dates.readable(day.isoformat()))
        for value in line.values():
            try:
                parts.append(f"{float(value):.10g}")
            except ValueError:
                continue
    return " | ".join(parts)
