"""Which code a reader need not see: what asks, cites and draws, and what loads tables. Code that teaches stays open."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import nbformat

MACHINERY = {"ask", "cite", "solution", "hint", "describe", "contents", "progress", "submit", "measure"}
CHARTS, LOAD = "charts", "load"


def fold(notebook: nbformat.NotebookNode) -> None:
    """Fold that code in JupyterLab and Notebook 7; where an author opened it by hand, it stays open."""
    for cell in notebook.cells:
        own = cell.metadata.get("jupyter", {})
        if cell.cell_type == "code" and "source_hidden" not in own and is_machinery(cell.source):
            cell.metadata["jupyter"] = {**own, "source_hidden": True}


def is_machinery(source: str) -> bool:
    """Whether a cell only asks, cites or draws, or only sets up: imports names and loads tables before all else."""
    try:
        lines = ast.parse(source).body
    except SyntaxError:
        return False
    if not lines:
        return False
    first = lines[0]
    sets_up = isinstance(first, ast.Import | ast.ImportFrom) or (isinstance(first, ast.Assign) and _loads(first.value))
    return all(
        _shows(line.value)
        if isinstance(line, ast.Expr)
        else sets_up and isinstance(line, ast.Import | ast.ImportFrom | ast.Assign)
        for line in lines
    )


def _loads(value: ast.expr) -> bool:
    calls = value.elts if isinstance(value, ast.Tuple) else [value]
    return all(isinstance(one, ast.Call) and getattr(one.func, "id", "") == LOAD for one in calls)


def _shows(value: ast.expr) -> bool:
    if not isinstance(value, ast.Call):
        return False
    called = value.func
    if isinstance(called, ast.Attribute):
        return isinstance(called.value, ast.Name) and called.value.id == CHARTS
    return isinstance(called, ast.Name) and called.id in MACHINERY
