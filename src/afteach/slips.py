"""Say in one line what is wrong with the line that a student wrote into an exercise.

Python's own account of a fault is long and speaks of files that a beginner never saw. Only a cell that calls check()
is worded here; every other keeps its traceback, and `%tb` shows that of an exercise too.
"""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any

EXERCISE = re.compile(r"\bcheck\s*\(")
WHOLE = "(Python's own words: run %tb in a cell of its own.)"
RERUN = "Choose Run > Run All Cells."
CLOSING = {"(": ")", "[": "]", "{": "}"}
CURLY = "“”„‘’‚«»"


def watch(shell: Any) -> None:
    """Word the faults of exercises in this IPython shell; called when the package is imported in one."""
    if not hasattr(shell, "_showtraceback") or any(
        _word_this_cell.__name__ == one.__name__ for one in _watching(shell)
    ):
        return
    shell.events.register("pre_run_cell", _word_this_cell)
    shell.events.register("post_run_cell", _leave_it)


def _watching(shell: Any) -> list[Any]:
    return shell.events.callbacks.get("pre_run_cell", [])


def _shell() -> Any:
    return sys.modules["IPython"].get_ipython()


def _word_this_cell(info: Any) -> None:
    """Before an exercise runs: let what the shell shows of a fault be one line."""
    _leave_it()
    source, shell = info.raw_cell or "", _shell()
    if not EXERCISE.search(source):
        return
    # The one place through which faults of syntax pass too; ipykernel's own start-up sets it in this way.
    show = shell._showtraceback

    def in_one_line(kind: type, fault: BaseException, lines: list[str]) -> None:
        line = ""
        if isinstance(fault, Exception) and not hasattr(fault, "_render_traceback_"):
            try:
                line = worded(fault, source, shell.user_ns)
            except Exception:  # a fault in this wording must not hide the student's own
                line = ""
        show(kind, fault, [f"{line} {WHOLE}"] if line else lines)

    in_one_line.afteach = True  # type: ignore[attr-defined]
    shell._showtraceback = in_one_line


def _leave_it(_result: Any = None) -> None:
    own = vars(_shell())
    if getattr(own.get("_showtraceback"), "afteach", False):
        del own["_showtraceback"]


def worded(fault: Exception, source: str, names: Mapping[str, Any]) -> str:
    """One line on a fault, for a beginner.

    Arguments: the fault, the source of its cell, and the names that are known there.
    """
    if isinstance(fault, SyntaxError):
        return _syntax(fault, source)
    if isinstance(fault, NameError):
        return _name(fault, names)
    if isinstance(fault, KeyError):
        return _key(fault, source, names)
    if isinstance(fault, AttributeError):
        return _attribute(fault)
    return _kind(fault) or f"{_where(fault)} did not work: {_said(fault)}"


# What is written badly


def _syntax(fault: SyntaxError, source: str) -> str:
    line, said = fault.lineno or 1, fault.msg or ""
    curly = next((sign for sign in CURLY if f"'{sign}'" in said), "")
    if curly:
        return f'Line {line} has the curly quotation mark {curly}. Type the straight one instead: ".'
    if "unterminated string" in said or "unterminated triple" in said:
        return f"A quotation mark is missing in line {line}."
    brackets = _brackets(source)
    if brackets:
        return brackets
    if isinstance(fault, IndentationError):
        return f"Line {line} does not begin where it should. Take away the spaces in front of it."
    if "==" in said or "cannot assign" in said:
        return f"Line {line}: one = gives a name to something. To ask whether two are equal, write ==."
    return f"Python cannot read line {line}. Look for a missing comma, quotation mark or bracket, or a sign too many."


def _brackets(source: str) -> str:
    """What is wrong with the brackets of a cell, if anything; those within texts and comments do not count."""
    bare = re.sub(r"'[^'\n]*'|\"[^\"\n]*\"|#[^\n]*", lambda found: " " * len(found[0]), source)
    waiting: list[tuple[str, int]] = []
    for number, line in enumerate(bare.split("\n"), start=1):
        for sign in line:
            if sign in CLOSING:
                waiting.append((sign, number))
            elif sign in CLOSING.values():
                if not waiting:
                    return f"Line {number} has a {sign} too many."
                opened, where = waiting[-1]
                if CLOSING[opened] != sign:
                    if where < number:
                        break
                    return f"Line {number}: a {opened} is closed by a {sign}. Close it by {CLOSING[opened]}."
                waiting.pop()
        else:
            continue
        break
    if waiting:
        sign, where = waiting[-1]
        return f"A bracket is missing at the end of line {where}: {CLOSING[sign]}"
    return ""


# What is not there


def _name(fault: NameError, names: Mapping[str, Any]) -> str:
    import afteach

    name = fault.name or _quoted(fault)
    if name in afteach.__all__:
        return f"There is no name {name} here yet. {RERUN}"
    text = f'There is no name {name} here. A text needs quotation marks: "{name}".'
    if name in _texts(names):
        return text
    near = _near(name, [one for one in names if not one.startswith("_")] + afteach.__all__)
    return f"There is no name {name} here. Did you mean {near}?" if near else text


def _key(fault: KeyError, source: str, names: Mapping[str, Any]) -> str:
    given = fault.args[0] if fault.args else ""
    if given is Ellipsis:
        return "The three dots are still there. Write your own in their place."
    named = [one for name, one in _frames(names) if re.search(rf"\b{re.escape(name)}\b", source)]
    columns = [str(column) for one in named for column in getattr(one, "columns", [])]
    sealed = next((one.attrs["sealed"] for one in named if one.attrs.get("sealed")), "")
    # Of several columns pandas names the missing ones in a text: "['a', 'b'] not in index".
    several = re.search(r"\[(.*?)\].*(?:not in index|are in the)", given) if isinstance(given, str) else None
    missing = [one for one in re.findall(r"'([^']*)'", several[1]) if one not in columns] if several else [str(given)]
    name = missing[0] if missing else str(given)
    if sealed and name not in columns and not _near(name, columns):
        return sealed
    near = _near(name, columns)
    if near:
        return f"There is no column {name}. Did you mean {near}?"
    if columns and len(columns) <= 20 and isinstance(given, str):
        return f"There is no column {name}. There are: {', '.join(columns)}."
    return f"There is no {name} in what stands before the square bracket. Look at its spelling."


def _attribute(fault: AttributeError) -> str:
    name, of = fault.name or "", fault.obj
    if of is Ellipsis:
        return "The three dots are still there. Write your own in their place."
    columns = [str(column) for column in getattr(of, "columns", [])]
    near = _near(name, columns)
    if near:
        return f"There is no column {name}. Did you mean {near}?"
    near = _near(name, [one for one in dir(of) if not one.startswith("_")])
    return f"{_called(of)} has no {name}." + (f" Did you mean {near}?" if near else "")


def _kind(fault: Exception) -> str:
    """What the usual faults of type and value mean."""
    said = _said(fault)
    if "ellipsis" in said.casefold():
        return "The three dots are still there. Write your own in their place."
    if "truth value" in said:
        return "Two conditions are joined by & (and) or | (or), each in brackets of its own."
    if "rand_" in said or "ror_" in said or re.search(r"unsupported operand type\(s\) for [&|]", said):
        return "Put each condition in brackets of its own: (... == ...) & (... == ...)."
    if "DataFrame' object is not callable" in said or "Series' object is not callable" in said:
        return "A table takes square brackets [ ] and no round ones."
    if "datetime64" in said and "comparison" in said:
        return "A date is compared with a date that is written as a text: a year, a month or a day in quotation marks."
    return ""


# Words


def _frames(names: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The tables and columns at hand, with their names."""
    # Known by their kind's name: pandas is not imported for this.
    found = [(name, one) for name, one in list(names.items()) if not name.startswith("_")]
    return [(name, one) for name, one in found if {"DataFrame", "Series"} & {kind.__name__ for kind in type(one).mro()}]


def _texts(names: Mapping[str, Any]) -> set[str]:
    """The columns of the tables at hand, and the codes that their columns use."""
    from afteach.record import tables

    found = {str(column) for _, one in _frames(names) for column in getattr(one, "columns", [])}
    for name in tables.names():
        for field in tables.resource(name)["schema"]["fields"]:
            found |= set(map(str, field.get("constraints", {}).get("enum", [])))
    return found


def _near(name: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(name, list(dict.fromkeys(known)), n=1, cutoff=0.7)
    return found[0] if found else ""


def _called(thing: object) -> str:
    kinds = {"DataFrame": "A table", "Series": "A column", "str": "A text", "list": "A list", "dict": "A dictionary"}
    kinds |= {"int": "A number", "float": "A number", "module": getattr(thing, "__name__", "").rpartition(".")[2]}
    return kinds.get(type(thing).__name__, f"A {type(thing).__name__}")


def _quoted(fault: Exception) -> str:
    found = re.search(r"'([^']*)'", str(fault))
    return found[1] if found else ""


def _said(fault: Exception) -> str:
    said = " ".join(str(fault).split())
    said = said if len(said) <= 160 else said[:159] + "…"
    return f"{said.rstrip('.')}." if said else f"{type(fault).__name__}."


def _where(fault: Exception) -> str:
    """The line of the cell, if the fault says it."""
    trace, line = fault.__traceback__, 0
    while trace:
        if trace.tb_frame.f_code.co_name == "<module>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return f"Line {line}" if line else "This cell"
