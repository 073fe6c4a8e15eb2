"""Turn what was typed in a cell into what JSON holds, without importing pandas or numpy."""

from __future__ import annotations

import datetime as dt
import decimal
import math
import numbers
import re
from typing import Any

from afteach.errors import AfteachError, Unreadable
from afteach.words import say

MOST_ROWS = 200
HALF_A_SIGN = re.compile("[\ud800-\udfff]")


def blank(answer: Any) -> bool:
    """Whether nothing was answered; 0 and False are answers, empty text and empty lists are none."""
    if isinstance(answer, dict):
        # No answer is nested, and looking deeper would let a nested one cost hours.
        return all(is_nothing(value) for value in ([answer["value"]] if "value" in answer else answer.values()))
    return is_nothing(answer)


def is_nothing(given: Any) -> bool:
    """Whether one value holds nothing."""
    if isinstance(given, str):
        return not given.strip()
    return given is None or given is Ellipsis or (isinstance(given, (list, tuple, set, dict)) and not given)


def number(value: float) -> int | float:
    """A number in the one form in which it is logged: whole where it is, as far as JSON keeps whole numbers apart."""
    return int(value) if abs(value) < 2**53 and value == int(value) else float(value)


def finite(value: int | float) -> int | float:
    """A number without a needless fraction; Unreadable where it is infinite."""
    try:
        plain = number(value) if math.isfinite(value) else value
    except OverflowError:
        plain = math.inf
    if not math.isfinite(plain):
        raise Unreadable(say("read.finite"))
    return plain


def shape(answer: Any) -> Any:
    """Turn what was typed in a cell into what JSON holds: a scalar, text, list, dict, or records of at most 200 rows.

    Reads pandas and numpy objects without importing either. Errors: Unreadable says what to send instead.
    """
    try:
        return _shape(answer)
    except AfteachError:
        raise
    # A stranger's object may do anything when it is looked at, and a list may hold itself.
    except Exception:
        raise _strange(answer) from None


def _shape(answer: Any) -> Any:
    if type(answer) is str:
        return _scalar(answer)
    if isinstance(answer, type) or callable(answer):
        raise Unreadable(say("read.function"))
    if hasattr(answer, "to_frame") and hasattr(answer, "index"):
        answer = answer.to_frame(name=answer.name if answer.name is not None else "value")
    if hasattr(answer, "to_dict") and hasattr(answer, "columns"):
        return _records(answer)
    if isinstance(answer, dict):
        return {str(_scalar(key)): _shape(value) for key, value in answer.items()}
    if isinstance(answer, (list, tuple)):
        return [_shape(value) for value in answer]
    if isinstance(answer, (set, frozenset)):
        return sorted(str(_scalar(value)) for value in answer)
    if hasattr(answer, "tolist") and getattr(answer, "ndim", 0) > 0:
        return _shape(answer.tolist())
    value = _scalar(answer)
    if value is None and answer is not None and answer is not Ellipsis:
        raise Unreadable(say("read.infinite"))
    return value


def _records(frame: Any) -> list[dict[str, Any]]:
    if len(frame) > MOST_ROWS:
        raise Unreadable(say("read.many_rows", rows=len(frame), most=MOST_ROWS))
    if not len(frame):
        raise Unreadable(say("read.no_row"))
    named = any(name is not None for name in frame.index.names)
    if named or str(frame.index.dtype) in ("object", "str", "string"):
        frame = frame.reset_index()
    columns = [_scalar(str(column)) for column in frame.columns]
    rows = frame.itertuples(index=False, name=None)
    return [{name: _scalar(value) for name, value in zip(columns, row, strict=True)} for row in rows]


def _scalar(value: Any) -> Any:
    """One value as JSON holds it; None for what is missing or not finite."""
    if value is None or value is Ellipsis or type(value).__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(value, str):
        if not value.isascii() and HALF_A_SIGN.search(value):
            raise Unreadable(say("read.half_a_sign"))
        return str(value)
    if hasattr(value, "days") and hasattr(value, "total_seconds"):
        return value.total_seconds() / 86_400
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()[:10]
    if hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        value = value.item()
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        # JSON is read back with whole numbers of 64 bits.
        return int(value) if abs(value) < 2**63 else finite(value)
    if isinstance(value, (numbers.Real, decimal.Decimal)):
        return float(value) if math.isfinite(value) else None
    raise _strange(value)


def _strange(answer: Any) -> Unreadable:
    kind = type(answer).__name__
    return Unreadable(say("read.strange", type=kind))
