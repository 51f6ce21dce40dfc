"""JSON read strictly: what two readers could read differently is refused.

Python's `json` takes UTF-16, keeps the last of two members with one name, and reads `NaN`.
Terraform writes none of them, so that a file with one was not written by Terraform.

Source: RFC 8259, sections 4, 6 and 8.1.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

MOST_LEVELS = 200
_MOST_DIGITS = 300  # of an integer; a double has 309 before its point
_SHOWN_DIGITS = 12
_MARKS = (
    (b"\xef\xbb\xbf", "a byte order mark"),
    (b"\xff\xfe\x00\x00", "UTF-32 with a byte order mark"),
    (b"\x00\x00\xfe\xff", "UTF-32 with a byte order mark"),
    (b"\xff\xfe", "UTF-16 with a byte order mark"),
    (b"\xfe\xff", "UTF-16 with a byte order mark"),
)
_HALF = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|\\u[dD][c-fC-F]")

Refuse = Callable[[str, str], NoReturn]


class _FaultError(Exception):
    """Something that JSON's grammar allows, or Python reads, and that is refused here."""

    def __init__(self, what: str, got: str) -> None:
        super().__init__(what)
        self.what = what
        self.got = got


class _Pairs(tuple[tuple[str, Any], ...]):
    """The members of an object as they stand in the text."""

    __slots__ = ()


def parse_json(data: bytes, refuse: Refuse) -> Any:  # noqa: ANN401 - any JSON value
    """Parse JSON: UTF-8, every name once in its object, finite numbers, at most 200 levels.

    Args:
        data: the bytes of the file.
        refuse: raises for what is wrong, from (what it "is" or "has", what was found).

    Returns:
        dicts, lists, texts, numbers, truth values and `None`.
    """
    text = _decoded(data, refuse)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_float=_float,
            parse_int=_integer,
        )
    except _FaultError as fault:
        got = fault.got or next(_twice(text), "a name twice")
        refuse(fault.what, got)
    except json.JSONDecodeError as error:
        cut = error.pos >= len(error.doc.rstrip()) or "Unterminated" in error.msg
        refuse(
            "is cut off" if cut else "is not JSON",
            f"{error.msg} at line {error.lineno}, column {error.colno - 1}",
        )
    except RecursionError:
        refuse("is nested too deeply", "endless nesting")
    if _is_deep(value):
        refuse("is nested too deeply", f"more than {MOST_LEVELS} levels of nesting")
    if "\\u" in text and _HALF.search(text) and not _is_text(value):
        refuse("is not Unicode text", "half of a surrogate pair")
    return value


def _decoded(data: bytes, refuse: Refuse) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            refuse("is not UTF-8" if name[0] == "U" else "is not plain UTF-8", name)
    if 0 in data[:4]:
        refuse("is not UTF-8", "a zero byte among the first four, as UTF-16 and UTF-32 have it")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        refuse("is not UTF-8", f"byte 0x{data[error.start]:02x} at offset {error.start}")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _FaultError("has a name twice in one object", "")
    return found


def _constant(name: str) -> NoReturn:
    raise _FaultError("has a number that JSON does not have", f"`{name}`")


def _float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise _FaultError("has a number that is too large", f"`{_short(text)}`")
    return value


def _integer(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise _FaultError(
            "has a number that is too large", f"`{_short(text)}`, an integer of {len(text)} digits"
        )
    return int(text)


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_DIGITS else f"{text[:_SHOWN_DIGITS]}…"


def _is_deep(value: object) -> bool:
    level: list[Any] = [value] if isinstance(value, (dict, list)) else []
    for _ in range(MOST_LEVELS):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if type(outer) is dict else outer)
            if type(inner) is dict or type(inner) is list
        ]
        if not level:
            return False
    return True


def _is_text(value: object) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _twice(text: str) -> Iterator[str]:
    """Where a name is there twice, as a JSON path; read anew, for the message only."""
    try:
        read = json.loads(text, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        return  # something behind it is wrong as well, and nothing can be shown of it
    stack: list[tuple[str, Any]] = [("$", read)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, _Pairs):
            seen: set[str] = set()
            for name, inner in value:
                if name in seen:
                    yield f"`{path}.{name}` twice"
                seen.add(name)
                stack.append((f"{path}.{name}", inner))
        elif isinstance(value, list):
            stack.extend((f"{path}[{number}]", inner) for number, inner in enumerate(value))
