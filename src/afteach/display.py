"""How a table looks in a notebook: those of the workbook and a student's own results alike, readable without a kernel.

The browser's part is labextension/static/style.css. Where that is not loaded, or an untrusted notebook loses its
styles, a plain table with all rows is left. Nothing here is random, so a second run stores the same.
"""

from __future__ import annotations

import datetime as dt
import html
import itertools
import math
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from afteach.errors import AfteachError
from afteach.look import direction
from afteach.record import tables
from afteach.words import say

if TYPE_CHECKING:
    import pandas as pd

MOST_COLUMNS, FIRST_ROWS, MOST_ROWS = 7, 10, 200
# So many letters stay on one line: a code does, and a longer date; a name or a sentence does not.
UNBROKEN, UNBROKEN_DATE, LONGEST_TEXT = 14, 20, 600
# From so many letters on a column is made wide enough to read, and from so many on wider.
LONG, LONGER, LONG_NAME = 60, 160, 10
NUMBERED_BY_STYLE = 12
# In letters: what the style sheet gives a column at least, and how much of a line there is beside two open panels.
LEAST_LETTERS = {"s": 0, "": 9, "l": 16, "x": 24}
EDGES, PAGE, FEWEST_COLUMNS = 2, 89, 4
NOTHING = "–"
YEARS = range(1500, 2200)


class Column(NamedTuple):
    """One column as it is shown: its heading, its cells as text, and whether they are numbers."""

    head: str
    cells: list[str]
    numeric: bool = False


def register(shell: Any) -> None:
    """Let this IPython shell show tables in our way; pandas is not imported for that."""
    formatter = shell.display_formatter.formatters["text/html"]
    # pandas 3 gives its classes the short name.
    for module in ("pandas", "pandas.core.frame"):
        formatter.for_type_by_name(module, "DataFrame", frame_html)
    for module in ("pandas", "pandas.core.series"):
        formatter.for_type_by_name(module, "Series", series_html)
    # A sum or a mean is a number to a student, and not "np.int64(3517)".
    plain = shell.display_formatter.formatters["text/plain"]
    for kind in ("int64", "float64", "bool"):
        plain.for_type_by_name("numpy", kind, lambda value, printer, _cycle: printer.text(str(value)))


def frame_html(frame: pd.DataFrame) -> str | None:
    """A DataFrame as HTML; None where a student has told pandas to print no HTML."""
    import pandas as pd

    if not pd.get_option("display.notebook_repr_html"):
        return None
    if not len(frame) and (sealed := frame.attrs.get("sealed")):
        return f'<div class="af-frame"><p>{_safe(sealed)}</p></div>'
    shown = telling(frame)
    rows = frame.iloc[:MOST_ROWS]
    columns = _index_columns(rows, _across(frame)) + [
        _column(_head(frame.columns[place]), rows.iloc[:, place]) for place in shown
    ]
    missing = [_head(frame.columns[place]) for place in range(frame.shape[1]) if place not in shown]
    notes = [say("table.more_columns", n=len(missing), names=", ".join(missing))] if missing else []
    return _page(_caption(frame), columns, len(frame), len(columns) - len(shown), notes)


def series_html(series: pd.Series) -> str | None:
    """A Series as HTML, with small bars where it counts something; None where a student wants no HTML."""
    import pandas as pd

    if not pd.get_option("display.notebook_repr_html"):
        return None
    rows = series.iloc[:MOST_ROWS]
    labels = _index_columns(rows)
    values = _column("" if series.name is None else _head(series.name), rows)
    bars = _bars(rows) if labels and values.numeric else []
    return _page(_rows_said(len(series)), [*labels, values], len(series), len(labels), [], bars)


# Which columns


def telling(frame: pd.DataFrame) -> list[int]:
    """The places of the columns to show: all of a few, of many those that tell most and stand on one page.

    First go columns that say the same in every row, the days that stand in `when` too and addresses, then the last ones.
    """
    places = list(range(frame.shape[1]))
    if len(places) <= MOST_COLUMNS:
        return places
    kept = _described(frame, places)

    def rank(place: int) -> tuple[bool, bool, int]:
        values, name = frame.iloc[:, place], frame.columns[place]
        texts = values.astype(str)
        same = len(frame) > 1 and texts.nunique(dropna=False) == 1
        repeated = name in tables.ADDED and name != "when" and "when" in frame.columns
        address = texts.iloc[:MOST_ROWS].str.startswith(("http://", "https://")).any()
        return (place not in kept and (same or repeated or address), place not in kept, place)

    ranked = sorted(places, key=rank)[:MOST_COLUMNS]
    rows = frame.iloc[:MOST_ROWS]
    taken = list(itertools.accumulate(_room(_column(_head(frame.columns[n]), rows.iloc[:, n])) for n in ranked))
    return sorted(ranked[: max(FEWEST_COLUMNS, sum(room <= PAGE for room in taken))])


def _described(frame: pd.DataFrame, places: Iterable[int]) -> set[int]:
    """The columns by which the table says what a row is: its id, its date and what its summary names."""
    entry = _entry(frame)
    if not entry:
        return set()
    named = {tables.key(entry["name"]), "when"}
    return {
        place
        for place in places
        if (name := str(frame.columns[place])) in named or f"{{{name}}}" in entry.get("summary", "")
    }


def _entry(frame: pd.DataFrame) -> dict:
    """What datapackage.json says of the table that a frame was cut from; nothing if it is none."""
    name = frame.attrs.get("table")
    try:
        entry = tables.resource(name) if name else {}
    except AfteachError:
        entry = {}
    if not entry:
        return {}
    own = {*tables.fields(name), *tables.ADDED}
    return entry if {str(name) for name in frame.columns} <= own else {}


def _caption(frame: pd.DataFrame) -> str:
    entry, said = _entry(frame), _rows_said(len(frame))
    if not entry or not len(frame) or _index_columns(frame.iloc[:1]):
        return said
    whole = len(tables.reading(entry["name"]).rows)
    if len(frame) > whole:
        return said
    return say("table.part" if len(frame) < whole else "table.whole", n=len(frame), all=whole, table=entry["name"])


def _rows_said(count: int) -> str:
    return say("table.rows", n=count) if count else say("table.no_rows")


def _across(frame: pd.DataFrame) -> str:
    """What the headings of a cross-tabulation are; empty for another table."""
    return "" if frame.columns.name is None else say("table.across", name=frame.columns.name)


def _index_columns(rows: pd.DataFrame | pd.Series, across: str = "") -> list[Column]:
    """The row labels, where they say something: numbers that nobody named only count."""
    import pandas as pd

    index = rows.index
    if all(name is None for name in index.names) and pd.api.types.is_integer_dtype(index.dtype):
        return []
    heads = ["" if name is None else str(name) for name in index.names]
    if across:
        heads[-1] = f"{say('table.down', name=heads[-1])} {across}" if heads[-1] else across
    return [_column(head, pd.Series(index.get_level_values(place))) for place, head in enumerate(heads)]


def _head(name: Any) -> str:
    return " / ".join(map(str, name)) if isinstance(name, tuple) else str(name)


# What stands in a cell


def _column(head: str, values: pd.Series) -> Column:
    import pandas as pd

    kinds = pd.api.types
    plain = kinds.is_bool_dtype(values.dtype) or kinds.is_complex_dtype(values.dtype)
    if plain or not kinds.is_numeric_dtype(values.dtype):
        return Column(head, [_text(value) for value in values])
    there = [value for value in values if not _missing(value)]
    if all(float(value).is_integer() for value in there if math.isfinite(value)):
        mark = "" if there and all(value in YEARS for value in there) else ","
        return Column(head, [_number(value, f"{mark}.0f") for value in values], numeric=True)
    small = any(0 < abs(value) < 0.01 for value in there)
    places = 1 if all(math.isclose(value, round(value, 1)) for value in there if math.isfinite(value)) else 2
    return Column(head, [_number(value, ",.3g" if small else f",.{places}f") for value in values], numeric=True)


def _number(value: Any, spec: str) -> str:
    return NOTHING if _missing(value) else format(value if isinstance(value, int) else float(value), spec)


def _missing(value: Any) -> bool:
    import pandas as pd

    return value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def _text(value: Any) -> str:
    import pandas as pd

    if _missing(value) or (isinstance(value, str) and not value.strip()):
        return NOTHING
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, pd.Timedelta) and value == value.floor("D"):
        return say("table.days", n=value.days)
    text = str(value)
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]} …"


def _bars(values: pd.Series) -> list[float]:
    """The length of a bar for each value, of 100; none where bars would say nothing."""
    numbers = [0.0 if _missing(value) else float(value) for value in values]
    if len(numbers) < 2 or not all(math.isfinite(value) and value >= 0 for value in numbers) or not max(numbers):
        return []
    return [round(100 * value / max(numbers), 1) for value in numbers]


# The page


def _page(
    caption: str, columns: Sequence[Column], total: int, labels: int, notes: list[str], bars: Sequence[float] = ()
) -> str:
    count = min(total, MOST_ROWS)
    lines = []
    for number in range(count):
        cells = [
            f'<th scope="row">{_safe(one.cells[number])}</th>'
            if place < labels
            else f"<td>{_safe(one.cells[number])}</td>"
            for place, one in enumerate(columns)
        ]
        if bars:
            cells.append(f'<td><span class="af-bar" style="width:{bars[number]:g}%"></span></td>')
        lines.append(f"<tr>{''.join(cells)}</tr>")
    # A heading that says nothing is none.
    heads = [one.head for one in columns] + [""] * bool(bars)
    # A long name may take several lines; its cells are often narrower.
    named = [_safe(text).replace("_", "_<wbr>" if len(text) > LONG_NAME else "_") for text in heads]
    head = "".join(f'<th scope="col">{text}</th>' if text.strip() else "<td></td>" for text in named)
    if total > MOST_ROWS:
        notes = [say("table.first", count=MOST_ROWS, all=f"{total:,}"), *notes]
    fold = (
        f"<details><summary>{_safe(say('table.show_all', n=count))}</summary></details>" if count > FIRST_ROWS else ""
    )
    table = (
        f'<table class="{_classes(columns)}"><caption>{_safe(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>\n{chr(10).join(lines)}\n</tbody></table>"
    )
    told = "".join(f"<p>{_safe(note)}</p>" for note in notes)
    return direction.held(f'<div class="af-frame"{direction.attribute()}>{fold}{table}{told}</div>')


def _classes(columns: Sequence[Column]) -> str:
    """For the style sheet: which columns are set to the right, unbroken or long. One class is less than one a cell."""
    names = ["af-table"]
    for place, one in enumerate(columns[:NUMBERED_BY_STYLE], start=1):
        if one.numeric:
            names.append(f"af-r{place}")
        if breadth := _breadth(one):
            names.append(f"af-{breadth}{place}")
    return " ".join(names)


def _breadth(column: Column) -> str:
    """The style sheet's letter for how broad a column is: s unbroken, l long, x longer; none for what lies between."""
    longest = max(map(len, column.cells), default=0)
    if longest <= UNBROKEN or (longest <= UNBROKEN_DATE and any(map(str.isdigit, "".join(column.cells)))):
        return "s"
    return "" if longest <= LONG else "x" if longest > LONGER else "l"


def _room(column: Column) -> int:
    """How many letters of a line a column takes at least, its edges included."""
    breadth = _breadth(column)
    heads = column.head.split("_") if len(column.head) > LONG_NAME else [column.head]
    # Long texts break where they must.
    words = [part for text in column.cells for part in re.split(r"[\s-]+", text)] if breadth == "" else []
    return max(LEAST_LETTERS[breadth], *map(len, [*heads, *words, *(column.cells if breadth == "s" else [])])) + EDGES


def _safe(text: str) -> str:
    return html.escape(str(text), quote=False)
