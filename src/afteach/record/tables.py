"""Read the tables, describe them, and cite a row. Everything known about a table stands in datapackage.json."""

from __future__ import annotations

import calendar
import csv
import datetime as dt
import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from afteach.errors import DataFault, UnknownName, known_name, unknown
from afteach.record import datapackage
from afteach.workbook import data_dir, workbook

if TYPE_CHECKING:
    import pandas as pd

DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
PREFIX = re.compile(r"\D*")
ADDED = {
    "start": "first day that the date can mean",
    "end": "last day that the date can mean",
    "precision": "how fine the date is: day, month, year or span",
    "when": "the date as a reader would write it",
}


class Span(NamedTuple):
    """The days that a written date can mean; first and last are None where nothing is dated."""

    first: dt.date | None
    last: dt.date | None
    precision: str
    when: str


def load(name: str) -> pd.DataFrame:
    """Read a table, with dates already parsed.

    Arguments: name, a table such as "events".
    Returns a new DataFrame with the columns of describe(name). Where a table is dated, `start` and `end` are the
    first and last day that the date can mean, and `precision` and `when` are added. Missing values are NaN or NaT.
    Errors: UnknownName for a table that does not exist; DataFault for a file that cannot be used.
    Source: the table's own, see describe(name).
    """
    import pandas as pd

    # The tables hold whole sentences, and pandas shows 50 letters; a width of the student's own choice stays.
    if pd.get_option("display.max_colwidth") == 50:
        pd.set_option("display.max_colwidth", 400)
    fields = {field["name"]: field for field in resource(name)["schema"]["fields"]}
    rows = records(name)
    frame = pd.DataFrame(list(rows), columns=list(fields))
    for column, field in fields.items():
        if field["type"] in ("integer", "number", "boolean"):
            values = [datapackage.value(value, field["type"]) for value in frame[column]]
            whole = field["type"] == "integer" and None in values
            frame[column] = pd.array(values, dtype="Int64") if whole else pd.Series(values, dtype=_dtype(field["type"]))
        else:
            frame[column] = frame[column].where(frame[column] != "", None).astype("str" if _new_pandas(pd) else object)
    if {"start", "as_of"} & set(fields):
        spans = [span(row) for row in rows]
        place = list(fields).index("start" if "start" in fields else "as_of")
        frame["start"] = pd.to_datetime(pd.Series([s.first for s in spans], dtype=object), errors="raise")
        frame["end"] = pd.to_datetime(pd.Series([s.last for s in spans], dtype=object), errors="raise")
        frame["precision"] = [s.precision for s in spans]
        frame["when"] = [s.when for s in spans]
        order = [c for c in frame.columns if c not in ADDED]
        frame = frame[[*order[:place], "start", "end", "precision", "when", *order[place:]]]
    return frame


def names() -> list[str]:
    """The names of all tables."""
    return [entry["name"] for entry in package()["resources"]]


def package() -> dict:
    """datapackage.json as a dict, with the tables that are described well enough to be read."""
    found = _package()
    if not found.sound:
        raise DataFault(found.all_faults()[0])
    return found.sound


def _package() -> datapackage.Package:
    return datapackage.read(data_dir() / "datapackage.json")


def resource(name: str) -> dict:
    """What datapackage.json says of one table."""
    for entry in package()["resources"]:
        if entry["name"] == name:
            return entry
    if isinstance(name, str) and name in _package().faults:
        raise DataFault(_package().faults[name][0])
    raise unknown("table", name, names())


class Reading(NamedTuple):
    """One table as it was read: every row of the right length, those without a fault, and the faults.

    `spoilt` has the first fault of each row that has one, by its id.
    """

    rows: tuple[dict[str, str], ...]
    sound: tuple[dict[str, str], ...]
    faults: tuple[str, ...]
    spoilt: dict[str, str]


def records(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a table as written, one dict of strings a row; raises DataFault at the first fault."""
    found = reading(name)
    if found.faults:
        raise DataFault(found.faults[0])
    return found.rows


def reading(name: str) -> Reading:
    """A table with all that is wrong in it, links to other tables apart."""
    path = data_dir() / resource(name)["path"]
    return _read(path, _changed(path), name, _package_changed())


def _package_changed() -> int | None:
    return _changed(data_dir() / "datapackage.json")


def faults(name: str) -> list[str]:
    """Every fault of one table, its keys included, each with file, row and reason."""
    entry = resource(name)
    own = reading(name)
    found = list(own.faults)
    for key in entry["schema"].get("foreignKeys", []):
        column, other = datapackage.one(key["fields"]), key["reference"]["resource"] or name
        if other not in names():
            continue  # the fault of the other table is listed with that table
        target = datapackage.one(key["reference"]["fields"])
        # The rows with a fault of their own count too: a link to one of them leads somewhere.
        there = {row[target] for row in reading(other).rows} | set(reading(other).spoilt)
        if reading(other).faults and not there:
            continue
        for number, row in enumerate(own.rows, start=2):
            if row[column] and row[column] not in there:
                found.append(f"{entry['path']}, row {number}: {column} '{row[column]}' is not in {other}.")
    return found


def all_faults() -> list[str]:
    """Every fault of datapackage.json and of all tables: in rows, in links, and in ids that two tables share."""
    found = _package().all_faults()
    if not _package().sound:
        return found
    for name in names():
        found += faults(name)
    owner: dict[str, str] = {}
    for name in names():
        key = datapackage.one(resource(name)["schema"]["primaryKey"])
        for line in reading(name).rows:
            first = owner.setdefault(line[key], name)
            if first != name:
                found.append(f"{resource(name)['path']}: the id '{line[key]}' is also used in {first}.")
    return found


def _changed(path: Path) -> int | None:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return None


@functools.lru_cache(maxsize=64)
def _read(path: Path, changed: int | None, name: str, _described: int | None) -> Reading:
    def unusable(reason: str) -> Reading:
        return Reading((), (), (f"{path.name}{reason}.",), {})

    if changed is None:
        return unusable(f" is missing from {path.parent}. Restore it from the project")
    schema = resource(name)["schema"]
    fields = [field["name"] for field in schema["fields"]]
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, [])
            if header != fields:
                odd = sorted(set(header) ^ set(fields)) or ["in another order"]
                return unusable(f", row 1: the columns differ from datapackage.json ({', '.join(odd)[:300]})")
            lines = list(reader)
    except UnicodeDecodeError as fault:
        return unusable(f": byte {fault.start} is not UTF-8. Save the file as UTF-8")
    except csv.Error as fault:
        return unusable(f", row {reader.line_num}: {fault}")
    except OSError as fault:
        return unusable(f" cannot be read: {fault.strerror or fault}")
    rows, sound, found = [], [], []
    spoilt: dict[str, str] = {}
    key = datapackage.one(schema["primaryKey"])
    single = [f["name"] for f in schema["fields"] if f["name"] == key or f.get("constraints", {}).get("unique")]
    seen: dict[str, set[str]] = {column: set() for column in single}
    for number, line in enumerate(lines, start=2):
        if len(line) != len(fields):
            found.append(f"{path.name}, row {number}: {len(line)} fields, {len(fields)} expected.")
            if fields.index(key) < len(line):
                spoilt.setdefault(line[fields.index(key)], found[-1])
            continue
        row = dict(zip(fields, line, strict=True))
        own = _row_faults(row, schema["fields"])
        if not row[key]:
            own.append(f"{key} is empty.")
        for column in single:
            if row[column] and row[column] in seen[column]:
                own.append(f"the {'id' if column == key else column} '{row[column]}' is taken.")
            seen[column].add(row[column])
        rows.append(row)
        if own:
            found += [f"{path.name}, row {number}: {reason}" for reason in dict.fromkeys(own)]
            spoilt.setdefault(row[key], f"{path.name}, row {number}: {own[0]}")
        else:
            sound.append(row)
    return Reading(tuple(rows), tuple(sound), tuple(found), spoilt)


def _row_faults(row: dict[str, str], fields: list[dict]) -> list[str]:
    found = []
    for field in fields:
        name, value, rule = field["name"], row[field["name"]], field.get("constraints", {})
        if value == "":
            if rule.get("required"):
                found.append(f"{name} is empty.")
            continue
        try:
            datapackage.value(value, field["type"])
        except ValueError:
            found.append(f"{name} '{value}' is not of type {field['type']}.")
        if "enum" in rule and value not in [str(v) for v in rule["enum"]]:
            found.append(f"{name} '{value}' is none of: {', '.join(map(str, rule['enum']))}.")
        if "pattern" in rule and not re.fullmatch(rule["pattern"], value):
            found.append(f"{name} '{value}' is not written as {rule['pattern']}.")
    try:
        span(row)
    except ValueError as fault:
        found.append(f"{fault}.")
    return found


def _dtype(kind: str) -> str:
    return {"integer": "int64", "number": "float64", "boolean": "boolean"}[kind]


def _new_pandas(pd: Any) -> bool:
    return int(pd.__version__.split(".")[0]) >= 3


def is_date(field: dict) -> bool:
    """Whether a column holds dates as they are written here."""
    pattern = field.get("constraints", {}).get("pattern", "").strip("^$")
    return field["name"] in ("start", "end", "as_of") or pattern == DATE.pattern


def span(row: dict[str, str]) -> Span:
    """The days that the date of a row can mean; ValueError says which date is badly written."""
    start = row.get("start") or row.get("as_of") or ""
    end = row.get("end") or start
    if not start:
        return Span(None, None, "none", "not dated")
    for text in (start, end):
        if not DATE.fullmatch(text):
            raise ValueError(f"the date '{text}' is not written as YYYY, YYYY-MM or YYYY-MM-DD")
    try:
        first, last = _edge(start, first=True), _edge(end, first=False)
    except ValueError:
        raise ValueError(f"'{start}' to '{end}' is not a date of the calendar") from None
    if last < first:
        raise ValueError(f"the end '{end}' lies before the start '{start}'")
    if start == end:
        return Span(first, last, {4: "year", 7: "month", 10: "day"}[len(start)], readable(start))
    return Span(first, last, "span", _readable_span(start, end))


def _edge(text: str, first: bool) -> dt.date:
    parts = [int(part) for part in text.split("-")]
    year = parts[0]
    month = parts[1] if len(parts) > 1 else (1 if first else 12)
    if len(parts) == 3:
        return dt.date(year, month, parts[2])
    return dt.date(year, month, 1 if first else calendar.monthrange(year, month)[1])


def readable(text: str) -> str:
    """A date of the tables in words: '2020-02-29' is '29 February 2020'."""
    parts = text.split("-")
    words = [parts[0]]
    if len(parts) > 1:
        words.insert(0, calendar.month_name[int(parts[1])])
    if len(parts) > 2:
        words.insert(0, str(int(parts[2])))
    return " ".join(words)


def _readable_span(start: str, end: str) -> str:
    a, b = readable(start).split(), readable(end).split()
    shared = 0
    while len(a) == len(b) and shared < len(a) - 1 and a[-1 - shared] == b[-1 - shared]:
        shared += 1
    return f"{' '.join(a[: len(a) - shared])} to {' '.join(b)}"


def labels(column: str = "relationship", table: str = "") -> dict[str, str]:
    """The label of each id in a coded column of a table, or of the claims, such as 'first-tie': 'First tie'."""
    table = table or workbook().roles.claims
    for field in resource(table)["schema"]["fields"]:
        if field["name"] == column:
            own = field.get("labels", {})
            return {v: own.get(v, v) for v in field.get("constraints", {}).get("enum", own)}
    raise unknown("column", column, [f["name"] for f in resource(table)["schema"]["fields"]])


def relationship_id(name: str) -> str:
    """The id of a relationship given as id or as label; UnknownName where there is none."""
    known = labels("relationship")
    for slug, label in known.items():
        if str(name).casefold() in (slug, label.casefold()):
            return slug
    raise unknown("relationship", name, known)


# One look-up serves cite, the evidence of a card, keys and validation.
def row(row_id: str) -> tuple[str, dict[str, str]]:
    """The table and the row that an id names; UnknownName where there is none, DataFault where it has a fault."""
    place = _index().get(row_id)
    if place is None:
        _refuse_spoilt(row_id)
        raise unknown("row", row_id, _index())
    return place


def _refuse_spoilt(row_id: str) -> None:
    """Raise the fault of a row that has one, or of a table that cannot be read and may hold the row."""
    readings = [reading(name) for name in names()]
    for found in readings:
        if row_id in found.spoilt:
            raise DataFault(found.spoilt[row_id])
    # Ids tell their table by the letters in front.
    kind = PREFIX.match(str(row_id)).group()
    if not any(PREFIX.match(known).group() == kind for known in _index()):
        unread = [found.faults[0] for found in readings if found.faults and not found.rows]
        for fault in [*unread, *(found[0] for name, found in _package().faults.items() if name)]:
            raise DataFault(fault)


def _index() -> dict[str, tuple[str, dict[str, str]]]:
    return _build_index(data_dir(), _stamp())


def _stamp() -> tuple[int | None, ...]:
    paths = (data_dir() / entry["path"] for entry in package()["resources"])
    return (_package_changed(), *map(_changed, paths))


@functools.lru_cache(maxsize=2)
def _build_index(_folder: Path, _stamp: tuple[int | None, ...]) -> dict[str, tuple[str, dict[str, str]]]:
    found: dict[str, tuple[str, dict[str, str]]] = {}
    for name in names():
        key = datapackage.one(resource(name)["schema"]["primaryKey"])
        for line in reading(name).sound:
            # Of an id that two tables share the first is meant; `all_faults` lists the second.
            found.setdefault(line[key], (name, line))
    return found


def id_pattern() -> re.Pattern[str]:
    """What looks like the id of a row: the letters in front of the ids that there are, and about as many digits."""
    return _build_id_pattern(data_dir(), _stamp())


@functools.lru_cache(maxsize=2)
def _build_id_pattern(_folder: Path, _stamp: tuple[int | None, ...]) -> re.Pattern[str]:
    digits: dict[tuple[str, ...], list[set[int]]] = {}
    for row_id in {row_id for name in names() for row_id in _ids(name)}:
        # An id without digits is a word, and a word in prose is no citation.
        if row_id[:1].isalpha() and (runs := re.findall(r"[0-9]+", row_id)):
            shape = digits.setdefault(tuple(re.split(r"[0-9]+", row_id)), [set() for _ in runs])
            for lengths, run in zip(shape, runs, strict=True):
                lengths.add(len(run))
    shapes = []
    for between, runs in digits.items():
        # One digit more than was seen: the hundredth row is cited before it is written.
        parts = [rf"[0-9]{{{min(lengths)},{max(lengths) + 1}}}" for lengths in runs]
        shapes.append(
            re.escape(between[0]) + "".join(p + re.escape(b) for p, b in zip(parts, between[1:], strict=True))
        )
    return re.compile(rf"\b({'|'.join(sorted(shapes, key=len, reverse=True))})\b" if shapes else r"(?!)")


def _ids(name: str) -> set[str]:
    key = datapackage.one(resource(name)["schema"]["primaryKey"])
    return {line[key] for line in reading(name).rows} | set(reading(name).spoilt)


class Words(str):
    """Text that shows as itself in a terminal and as Markdown in a notebook."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)

    def _repr_markdown_(self) -> str:
        return str(self)


def cite(name: str) -> Words:
    """One reference, ready to read: a paragraph ("P12"), a row ("P12-2", "oe31") or a source ("so004").

    Returns text; the id may be written in any case. Errors: UnknownName for an id that does not exist.
    """
    roles = workbook().roles
    if re.fullmatch(workbook().paragraph, str(name).strip(), flags=re.IGNORECASE):
        name = known_name("paragraph", name, sorted({line["paragraph"] for line in records(roles.claims)}))
        return Words(f"{_article()}, paragraph {name}.")
    # Only a reader may write an id in another case: in a key or as evidence it stands as in its table.
    try:
        name = known_name("row", name, _index())
    except UnknownName:
        _refuse_spoilt(str(name))
        raise
    table, line = row(name)
    if table == roles.sources:
        return Words(source_text(line))
    entry = resource(table)
    words = _summary(entry, line)
    dated = span(line).when
    parts = [f"{name}: {words.rstrip('.')}" + (f" ({dated})" if dated != "not dated" else "") + "."]
    if line.get("source_id"):
        parts.append(source_text(row(line["source_id"])[1]))
    else:
        claim = name if table == roles.claims else line.get("claim_id", "")
        if claim:
            parts.append(f"{_article()}, paragraph {row(claim)[1]['paragraph']}.")
    return Words(" ".join(parts))


def _summary(entry: dict, line: dict[str, str]) -> str:
    """A row in words: the parts of the table's `summary` of which nothing is empty, such as "{what}; {value} {unit}"."""
    numbers = {f["name"] for f in entry["schema"]["fields"] if f["type"] in ("integer", "number")} - {"year"}
    shown = {name: f"{int(v):,}" if name in numbers and v.isdigit() else v for name, v in line.items()}
    parts = entry.get("summary", "").split("; ")
    full = [part for part in parts if part and all(shown[name] for name in re.findall(r"{(\w+)}", part))]
    return "; ".join(part.format_map(shown).rstrip(".") for part in full)


def _article() -> str:
    line = row(workbook().article)[1]
    return f"“{line['title']}” ({_source_date(line)})"


def _source_date(line: dict[str, str]) -> str:
    return readable(line["date"]) if DATE.fullmatch(line["date"]) else line["date"] or "no date"


def source_text(line: dict[str, str]) -> str:
    """One source as a reference: who published it, its title, its date, its address where one is known."""
    marks = [f"kind: {line['kind']}", f"funding: {line['funding']}"]
    who = f"{line['publisher']}, " if line["publisher"] else ""
    where = f" <{line['url']}>" if line["url"] else ""
    return f"{who}“{line['title']}”, {_source_date(line)} ({'; '.join(marks)}).{where}"


class Description:
    """The card of one table: what a row is, columns, codebook, who counted, limits, sources."""

    def __init__(self, name: str, sealed: str = "") -> None:
        self.name, self.sealed = name, sealed
        self.entry = resource(name)

    def __repr__(self) -> str:
        return "\n".join(self._lines(markdown=False))

    def _repr_markdown_(self) -> str:
        return "\n".join(self._lines(markdown=True))

    def _lines(self, markdown: bool) -> list[str]:
        entry, head = self.entry, "#### " if markdown else ""
        rows = self.sealed or f"{len(records(self.name))} rows."
        out = [f"{head}{self.name}: {entry['title']}", "", f"{rows} {entry['rowMeaning']}", ""]
        if markdown:
            out += ["| column | type | meaning |", "|---|---|---|"]
        for field in self._columns():
            out.append(("| `{}` | {} | {} |" if markdown else "  {} ({}): {}").format(*field))
        out.append("")
        for field in entry["schema"]["fields"]:
            if "codebook" in field:
                out += [f"{'**' if markdown else ''}Codes of {field['name']}{'**' if markdown else ''}", ""]
                out += [f"- {code}: {text}" for code, text in field["codebook"].items()] + [""]
        out += [line for line in agreement_text(self.name)]
        out += [f"{'**Limits.**' if markdown else 'Limits.'} {entry['limits']}", ""]
        out += [f"{'**Sources.**' if markdown else 'Sources.'} {'; '.join(s['title'] for s in entry['sources'])}"]
        return out

    def _columns(self) -> list[tuple[str, str, str]]:
        fields = self.entry["schema"]["fields"]
        listed = [(f["name"], f["type"], f["description"]) for f in fields]
        have = {f["name"] for f in fields}
        if {"start", "as_of"} & have:
            listed += [(n, "added by load", text) for n, text in ADDED.items() if n not in have]
        return listed


class Tables:
    """The tables that there are, each with its rows and its title."""

    def __init__(self) -> None:
        self.rows = [(name, len(reading(name).rows), resource(name)["title"]) for name in names()]

    def __repr__(self) -> str:
        wide = max(len(name) for name, _, _ in self.rows)
        return "\n".join(f"{name:<{wide}}  {count:>5} rows  {title}" for name, count, title in self.rows)

    def _repr_markdown_(self) -> str:
        head = ["| table | rows | what it holds |", "|---|---:|---|"]
        return "\n".join([*head, *(f"| `{name}` | {count} | {title} |" for name, count, title in self.rows)])


def describe(name: str) -> Description:
    """The card of a table: what a row is, columns, codebook, who counted, limits, sources.

    Errors: UnknownName for a table that does not exist.
    """
    return Description(name)


def agreement(column: str) -> tuple[int, float, float]:
    """How far two passes of coding agreed before they were settled: (claims, raw share, Cohen's kappa)."""
    coded = coded_columns()
    if column not in coded:
        raise unknown("coded column", column, coded)
    fields = resource(codings_table())["schema"]
    claim = datapackage.one(fields["foreignKeys"][0]["fields"])
    by_pass = next(field for field in fields["fields"] if "enum" in field.get("constraints", {}))
    passes: dict[str, dict[str, str]] = {code: {} for code in by_pass["constraints"]["enum"][:2]}
    for line in records(codings_table()):
        passes.setdefault(line[by_pass["name"]], {})[line[claim]] = line[column]
    first, second = list(passes.values())[:2]
    return kappa([(first[c], second[c]) for c in first if c in second])


def kappa(pairs: list[tuple[str, str]]) -> tuple[int, float, float]:
    """Raw agreement and Cohen's kappa of pairs of codes: (pairs, raw share, kappa); kappa is NaN where undefined."""
    if not pairs:
        return 0, float("nan"), float("nan")
    total = len(pairs)
    raw = sum(a == b for a, b in pairs) / total
    codes = {code for pair in pairs for code in pair}
    by_chance = sum(sum(a == c for a, _ in pairs) * sum(b == c for _, b in pairs) for c in codes) / total**2
    return total, raw, float("nan") if by_chance == 1 else (raw - by_chance) / (1 - by_chance)


def agreement_text(name: str) -> list[str]:
    """How far the coding of a table agreed, in words; nothing for a table that was not coded twice."""
    if name != twice_coded_table():
        return []
    out = [f"{workbook().credits.get(codings_table(), 'Two passes of coding, before settling')}:"]
    for column in coded_columns():
        total, raw, value = agreement(column)
        out.append(f"- {column}: the same code for {raw:.0%} of {total} rows (Cohen's kappa {value:.2f})")
    return [*out, ""]


def codings_table() -> str:
    """The table of the passes of coding; empty where a workbook has none."""
    named = workbook().roles.codings
    return named if named in names() else ""


def twice_coded_table() -> str:
    """The table whose rows were coded twice; empty where none was."""
    keys = resource(codings_table())["schema"].get("foreignKeys", []) if codings_table() else []
    return keys[0]["reference"]["resource"] if keys else ""


def coded_columns() -> list[str]:
    """The columns that were coded twice."""
    if not twice_coded_table():
        return []
    fields = resource(codings_table())["schema"]["fields"]
    return [f["name"] for f in fields if "enum" in f.get("constraints", {})][1:]


__all__ = ["UnknownName", "agreement", "cite", "describe", "load", "names"]
