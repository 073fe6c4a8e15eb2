"""One HTML page that opens from disk: no network, no font, readable without script, on paper and in the dark."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterable, Sequence

STYLE = """
:root { color-scheme: light dark; --ink: #1d2329; --soft: #56606a; --line: #d5dbe1; --back: #fff; --tile: #f3f6f8;
  --link: #0b5c8a; --one: #1f6f9f; --two: #d98218; --three: #7a8791; --mark: #fff3c4; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaee; --soft: #a9b4be; --line: #3a444d; --back: #14191e;
  --tile: #1e252c; --link: #7cc4f0; --one: #58aee0; --two: #f0a94a; --three: #8f9ca6; --mark: #4b431c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 1rem/1.55 system-ui, "Segoe UI", Roboto, sans-serif; }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; top: .5rem; background: var(--back); padding: .4rem; }
header, main, footer, nav { max-width: 66rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; } h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { margin: 2.75rem 0 .75rem; padding-top: .75rem; border-top: 2px solid var(--line); line-height: 1.25; }
h3 { margin: 1.75rem 0 .4rem; line-height: 1.3; } h4 { margin: 1.1rem 0 .3rem; }
p, li, dd { max-width: 46rem; } p { margin: .5rem 0; } .soft { color: var(--soft); } a { color: var(--link); }
a:focus-visible, summary:focus-visible, input:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--two);
  outline-offset: 2px; }
nav ol, nav ul { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; padding: 0; list-style: none; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 1rem 0; }
.tiles div { background: var(--tile); border-radius: .5rem; padding: .75rem 1rem; } .tiles dt { color: var(--soft); }
.tiles dd { margin: 0; font-size: 1.7rem; font-weight: 650; line-height: 1.2; }
figure { margin: 1rem 0; display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 1.25rem; align-items: start; }
figure.alone, figure.wide { grid-template-columns: minmax(0, 1fr); } svg { width: 100%; height: auto; max-width: 46rem; }
svg text { fill: var(--ink); font: 13px system-ui, "Segoe UI", Roboto, sans-serif; } svg .soft { fill: var(--soft); }
svg .grid { stroke: var(--line); } svg .a { fill: var(--one); } svg .b { fill: var(--two); } svg .c { fill: var(--three); }
svg .edge { stroke: var(--ink); stroke-width: .6; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .93rem; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; } th, td { padding: .3rem .6rem .3rem 0; text-align: left;
  vertical-align: top; border-bottom: 1px solid var(--line); } thead th { border-bottom: 2px solid var(--soft); }
tbody th { font-weight: 500; } .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
thead .n { white-space: normal; }
.card { border: 1px solid var(--line); border-radius: .5rem; padding: .25rem 1.1rem 1rem; margin: 1rem 0; }
.right { border-left: 4px solid var(--one); padding-left: .75rem; } .drew { border-left: 4px solid var(--two); padding-left: .75rem; }
code { font: .92em ui-monospace, Consolas, monospace; background: var(--tile); padding: 0 .2em; border-radius: .2em; }
details { margin: .5rem 0; } summary { cursor: pointer; font-weight: 600; padding: .2rem 0; }
blockquote { margin: .6rem 0; padding: .5rem 1rem; background: var(--tile); border-radius: .5rem; max-width: 46rem;
  overflow-wrap: anywhere; } blockquote p { margin: .2rem 0; white-space: pre-line; } blockquote footer { padding: 0; margin: 0;
  color: var(--soft); font-size: .9rem; }
.find { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; margin: .75rem 0; } .find[hidden] { display: none; }
input { font: inherit; color: inherit; background: var(--back); border: 1px solid var(--soft); border-radius: .3rem;
  padding: .35rem .6rem; min-width: 16rem; }
footer.end { margin-top: 3rem; padding: 1rem 1.25rem 2.5rem; color: var(--soft); }
@media (max-width: 46rem) { figure { grid-template-columns: minmax(0, 1fr); } }
@media print { :root { color-scheme: light; --ink: #000; --soft: #444; --line: #bbb; --back: #fff; --tile: #fff; --link: #000;
  --one: #1f6f9f; --two: #d98218; --three: #7a8791; } body { font-size: 10pt; } nav, .find, .skip { display: none; }
  h2, h3, h4 { break-after: avoid; } .card, figure, tr, blockquote { break-inside: avoid; } .tiles div { border: 1px solid #bbb; }
  details::details-content { content-visibility: visible; block-size: auto; } }
"""


def page(title: str, lead: str, sections: Sequence[tuple[str, str, str]], script: str = "", end: str = "") -> str:
    """A whole page: title and lead in plain words, sections as (id, heading, HTML), a script that it can do without."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    allowed = f"script-src 'sha256-{digest}'; " if script else ""
    policy = f"default-src 'none'; {allowed}style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    links = "".join(f'<li><a href="#{escape(key)}">{escape(heading)}</a></li>' for key, heading, _ in sections)
    body = "".join(
        f'<section id="{key}" aria-labelledby="{key}-h"><h2 id="{key}-h">{escape(heading)}</h2>\n{inner}</section>\n'
        for key, heading, inner in ((escape(key), heading, inner) for key, heading, inner in sections)
    )
    return (
        f'<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#main">Skip to the content</a>\n'
        f"<header><h1>{escape(title)}</h1>\n{lead}</header>\n"
        f'<nav aria-label="On this page"><ul>{links}</ul></nav>\n'
        f'<main id="main">\n{body}</main>\n<footer class="end">{end}</footer>\n'
        + (f"<script>{script}</script>\n" if script else "")
        + "</body>\n</html>\n"
    )


def escape(text: object) -> str:
    """Any text as it may stand in HTML, in an attribute too."""
    return html.escape(str(text), quote=True)


def rich(text: str) -> str:
    """The bank's plain text with back-ticks and *emphasis*, as HTML."""
    safe = escape(text).strip()
    safe = re.sub(r"`([^`\n]+)`", r"<code>\1</code>", safe)
    safe = re.sub(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])", r"<em>\1</em>", safe)
    return safe.replace("\n\n", "<br><br>")


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[object]], numbers: Iterable[int] = ()) -> str:
    """A table with caption and scopes; the first cell of a row is its heading, `numbers` are columns set to the right.

    Cells are text; one that is a Markup is HTML already.
    """
    right = set(numbers)

    def cell(tag: str, place: int, value: object, scope: str = "") -> str:
        kind = ' class="n"' if place in right else ""
        said = f' scope="{scope}"' if scope else ""
        inner = value if isinstance(value, Markup) else escape(value)
        return f"<{tag}{said}{kind}>{inner}</{tag}>"

    top = "".join(cell("th", i, name, "col") for i, name in enumerate(head))
    body = "".join(
        "<tr>"
        + "".join(cell("th" if i == 0 else "td", i, v, "row" if i == 0 else "") for i, v in enumerate(row))
        + "</tr>\n"
        for row in rows
    )
    # A region that scrolls has to be reachable by keyboard.
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="Table: {escape(caption)}"><table><caption>{escape(caption)}'
        f"</caption>\n<thead><tr>{top}</tr></thead>\n<tbody>{body}</tbody></table></div>\n"
    )


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def percent(share: float | None) -> str:
    """A share as whole per cent; a dash where there is none."""
    return "–" if share is None else f"{100 * share:.0f} %"


def bars(
    key: str, title: str, said: str, rows: Sequence[tuple[str, Sequence[float | None]]], series: Sequence[str]
) -> str:
    """Horizontal bars of shares from 0 to 1, one group a row; `said` tells in words what is to be seen."""
    left, width, thick, gap = 150, 420, 15, 12
    group = thick * len(series) + gap
    top = 26 if len(series) > 1 else 8
    height = top + group * len(rows) + 26
    parts = [f'<line class="grid" x1="{left + width * t / 4}" x2="{left + width * t / 4}" y1="{top}" y2="{height - 22}"/>'
             f'<text class="soft" text-anchor="middle" x="{left + width * t / 4}" y="{height - 6}">{25 * t} %</text>'
             for t in range(5)]  # fmt: skip
    if len(series) > 1:
        for i, name in enumerate(series):
            x = left + i * 170
            parts.append(f'<rect class="{"abc"[i]} edge" x="{x}" y="4" width="12" height="12"/>')
            parts.append(f'<text x="{x + 18}" y="15">{escape(name)}</text>')
    for row, (label, shares) in enumerate(rows):
        y = top + row * group + gap / 2
        short = label if len(label) <= 20 else label[:19] + "…"
        parts.append(f'<text text-anchor="end" x="{left - 8}" y="{y + (group - gap) / 2 + 5}">{escape(short)}</text>')
        for i, share in enumerate(shares):
            place = y + i * thick
            if share is not None:
                parts.append(
                    f'<rect class="{"abc"[i]} edge" x="{left}" y="{place}" width="{width * share:.1f}" height="{thick - 3}"/>'
                )
            end = left + width * (share or 0) + 5
            parts.append(f'<text class="soft" x="{end:.1f}" y="{place + thick - 4}">{percent(share)}</text>')
    return _svg(key, title, said, left + width + 50, height, parts)


def columns(key: str, title: str, said: str, rows: Sequence[tuple[str, int]]) -> str:
    """Upright columns of counts, one a row."""
    left, height, bottom, top = 34, 190, 30, 22
    most = max([count for _, count in rows] or [0]) or 1
    step = 56
    parts = [f'<line class="grid" x1="{left}" x2="{left + step * len(rows)}" y1="{top + height}" y2="{top + height}"/>']
    for i, (label, count) in enumerate(rows):
        tall = height * count / most
        x = left + i * step + 6
        parts.append(
            f'<rect class="a edge" x="{x}" y="{top + height - tall:.1f}" width="{step - 12}" height="{tall:.1f}"/>'
        )
        parts.append(
            f'<text text-anchor="middle" x="{x + step / 2 - 6}" y="{top + height - tall - 5:.1f}">{count}</text>'
        )
        parts.append(
            f'<text class="soft" text-anchor="middle" x="{x + step / 2 - 6}" y="{top + height + 18}">{escape(label)}</text>'
        )
    return _svg(key, title, said, left + step * len(rows) + 10, top + height + bottom, parts)


def _svg(key: str, title: str, said: str, width: float, height: float, parts: list[str]) -> str:
    key = escape(key)
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-labelledby="{key}-t {key}-d" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{key}-t">{escape(title)}</title><desc id="{key}-d">{escape(said)}</desc>{"".join(parts)}</svg>\n'
    )


def figure(chart: str, beside: str, wide: bool = False) -> str:
    """A chart with its table beside it."""
    return f"<figure{' class=wide' if wide else ''}>{chart}{beside}</figure>\n"
