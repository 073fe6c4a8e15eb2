"""The card of a table, and the list of all tables."""

from __future__ import annotations

from afteach.record import agreement, tables


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
        rows = self.sealed or f"{len(tables.records(self.name))} rows."
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
        out += [line for line in agreement.in_words(self.name)]
        out += [f"{'**Limits.**' if markdown else 'Limits.'} {entry['limits']}", ""]
        out += [f"{'**Sources.**' if markdown else 'Sources.'} {'; '.join(s['title'] for s in entry['sources'])}"]
        return out

    def _columns(self) -> list[tuple[str, str, str]]:
        fields = self.entry["schema"]["fields"]
        listed = [(f["name"], f["type"], f["description"]) for f in fields]
        have = {f["name"] for f in fields}
        if {"start", "as_of"} & have:
            listed += [(n, "added by load", text) for n, text in tables.ADDED.items() if n not in have]
        return listed


class Tables:
    """The tables that there are, each with its rows and its title."""

    def __init__(self) -> None:
        self.rows = [(name, len(tables.reading(name).rows), tables.resource(name)["title"]) for name in tables.names()]

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
