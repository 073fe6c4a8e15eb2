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
CLOSING = {"(": ")", "[": "]", "{": "}"}
CURLY = "“”„‘’‚«»"


def watch(shell: Any) -> None:
    """Word the faults of exercises in this IPython shell; called when the package is imported in one."""
    known = shell.events.callbacks.get("pre_run_cell", [])
    if not hasattr(shell, "_showtraceback") or any(_word_this_cell.__name__ == one.__name__ for one in known):
        return
    shell.events.register("pre_run_cell", _word_this_cell)
    shell.events.register("post_run_cell", _leave_it)


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
        show(kind, fault, [say("slip.whole", line=line)] if line else lines)

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
    return _kind(fault) or _other(fault)


# What is written badly


def _syntax(fault: SyntaxError, source: str) -> str:
    line, said = fault.lineno or 1, fault.msg or ""
    curly = next((sign for sign in CURLY if f"'{sign}'" in said), "")
    if curly:
        return say("slip.curly", line=line, sign=curly)
    if "unterminated string" in said or "unterminated triple" in said:
        return say("slip.quotation", line=line)
    brackets = _brackets(source)
    if brackets:
        return brackets
    if isinstance(fault, IndentationError):
        return say("slip.spaces", line=line)
    if "==" in said or "cannot assign" in said:
        return say("slip.equals", line=line)
    return say("slip.syntax", line=line)


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
                    return say("slip.bracket_more", line=number, sign=sign)
                opened, where = waiting[-1]
                if CLOSING[opened] != sign:
                    if where < number:
                        break
                    return say("slip.bracket_other", line=number, opened=opened, sign=sign, closing=CLOSING[opened])
                waiting.pop()
        else:
            continue
        break
    if waiting:
        sign, where = waiting[-1]
        return say("slip.bracket_missing", line=where, sign=CLOSING[sign])
    return ""


# What is not there


def _name(fault: NameError, names: Mapping[str, Any]) -> str:
    import afteach

    name = fault.name or _quoted(fault)
    if name in afteach.__all__:
        return say("slip.not_yet", name=name)
    text = say("slip.quoted", name=name)
    if name in _texts(names):
        return text
    near = _near(name, [one for one in names if not one.startswith("_")] + afteach.__all__)
    return say("slip.near_name", name=name, near=near) if near else text


def _key(fault: KeyError, source: str, names: Mapping[str, Any]) -> str:
    given = fault.args[0] if fault.args else ""
    if given is Ellipsis:
        return say("slip.dots")
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
        return say("slip.near_column", name=name, near=near)
    if columns and len(columns) <= 20 and isinstance(given, str):
        return say("slip.columns", name=name, columns=", ".join(columns))
    return say("slip.bracketed", name=name)


def _attribute(fault: AttributeError) -> str:
    name, of = fault.name or "", fault.obj
    if of is Ellipsis:
        return say("slip.dots")
    columns = [str(column) for column in getattr(of, "columns", [])]
    near = _near(name, columns)
    if near:
        return say("slip.near_column", name=name, near=near)
    near = _near(name, [one for one in dir(of) if not one.startswith("_")])
    if near:
        return say("slip.lacks_near", thing=_called(of), name=name, near=near)
    return say("slip.lacks", thing=_called(of), name=name)


def _kind(fault: Exception) -> str:
    """What the usual faults of type and value mean."""
    said = _said(fault)
    if "ellipsis" in said.casefold():
        return say("slip.dots")
    if "truth value" in said:
        return say("slip.joined")
    if "rand_" in said or "ror_" in said or re.search(r"unsupported operand type\(s\) for [&|]", said):
        return say("slip.conditions")
    if "DataFrame' object is not callable" in said or "Series' object is not callable" in said:
        return say("slip.round")
    if "datetime64" in said and "comparison" in said:
        return say("slip.date")
    return ""


# Words


def say(key: str, **values: object) -> str:
    """The text of a key; the table of words is opened at the first slip."""
    from afteach import words

    return words.say(key, **values)


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
        for field in tables.fields(name).values():
            found |= set(map(str, field.get("constraints", {}).get("enum", [])))
    return found


def _near(name: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(name, list(dict.fromkeys(known)), n=1, cutoff=0.7)
    return found[0] if found else ""


def _called(thing: object) -> str:
    kinds = {"DataFrame": "frame", "Series": "series", "str": "str", "list": "list", "dict": "dict"}
    kinds |= {"int": "number", "float": "number"}
    kind = type(thing).__name__
    if kind == "module":
        return str(getattr(thing, "__name__", "")).rpartition(".")[2]
    return say(f"slip.thing_{kinds[kind]}") if kind in kinds else say("slip.thing_other", type=kind)


def _quoted(fault: Exception) -> str:
    found = re.search(r"'([^']*)'", str(fault))
    return found[1] if found else ""


def _said(fault: Exception) -> str:
    said = " ".join(str(fault).split())
    said = said if len(said) <= 160 else said[:159] + "…"
    return f"{said.rstrip('.')}." if said else f"{type(fault).__name__}."


def _other(fault: Exception) -> str:
    """Python's own words, with the line of the cell if the fault says it."""
    trace, line = fault.__traceback__, 0
    while trace:
        if trace.tb_frame.f_code.co_name == "<module>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return say("slip.other", line=line, said=_said(fault)) if line else say("slip.other_cell", said=_said(fault))
