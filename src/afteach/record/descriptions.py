"""The card of a table, and the list of all tables."""

from __future__ import annotations

from afteach.record import agreement, tables
from afteach.words import called, say


class Description:
    """The card of one table: what a row is, columns, codebook, who counted, limits, sources."""

    def __init__(self, name: str, sealed: str = "") -> None:
        self.name, self.sealed = name, sealed
        self.entry = tables.resource(name)

    def __repr__(self) -> str:
        return "\n".join(self._lines(markdown=False))

    def _repr_markdown_(self) -> str:
        return "\n".join(self._lines(markdown=True))

    def _lines(self, markdown: bool) -> list[str]:
        entry, head = self.entry, "#### " if markdown else ""
        rows = self.sealed or say("describe.rows", n=len(tables.records(self.name)))
        out = [f"{head}{self.name}: {entry['title']}", "", f"{rows} {entry['rowMeaning']}", ""]
        if markdown:
            out += [_line("column", "type", "meaning"), "|---|---|---|"]
        for field in self._columns():
            out.append(("| `{}` | {} | {} |" if markdown else "  {} ({}): {}").format(*field))
        out.append("")
        for field in entry["schema"]["fields"]:
            if "codebook" in field:
                out += [_strong(say("describe.codes", column=field["name"]), markdown), ""]
                out += [f"- {code}: {text}" for code, text in field["codebook"].items()] + [""]
        out += agreement.in_words(self.name)
        out += [f"{_strong(say('describe.limits'), markdown)} {entry['limits']}", ""]
        sources = "; ".join(source["title"] for source in entry["sources"])
        out += [f"{_strong(say('describe.sources'), markdown)} {sources}"]
        return out

    def _columns(self) -> list[tuple[str, str, str]]:
        fields = self.entry["schema"]["fields"]
        listed = [(f["name"], called(f"describe.type_{f['type']}", f["type"]), f["description"]) for f in fields]
        have = {f["name"] for f in fields}
        if {"start", "as_of"} & have:
            added = say("describe.added")
            listed += [(name, added, say(f"describe.added_{name}")) for name in tables.ADDED if name not in have]
        return listed


class Tables:
    """The tables that there are, each with its rows and its title."""

    def __init__(self) -> None:
        self.rows = [(name, len(tables.reading(name).rows), tables.resource(name)["title"]) for name in tables.names()]

    def __repr__(self) -> str:
        wide = max(len(name) for name, _, _ in self.rows)
        rows = [(name, say("describe.so_many", n=count), title) for name, count, title in self.rows]
        return "\n".join(f"{name:<{wide}}  {count:>10}  {title}" for name, count, title in rows)

    def _repr_markdown_(self) -> str:
        head = [_line("table", "count", "holds"), "|---|---:|---|"]
        return "\n".join([*head, *(f"| `{name}` | {count} | {title} |" for name, count, title in self.rows)])


def _strong(text: str, markdown: bool) -> str:
    return f"**{text}**" if markdown else text


def _line(*heads: str) -> str:
    return f"| {' | '.join(say(f'describe.{head}') for head in heads)} |"
