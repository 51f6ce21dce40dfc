"""Filter patterns on fields between spaces: `[ip, user, time, request, status = 4*, ...]`.

Source: CloudWatch Logs User Guide, "Using filter patterns to match terms in space-delimited log
events".
"""

from __future__ import annotations

import re
from collections.abc import Callable

from revet.embedded.call import Json
from revet.embedded.log_delivery.conditions import (
    Condition,
    PatternError,
    Words,
    alternatives,
    comparison,
    words_of,
)

_FIELD = re.compile(r'"(?P<quoted>[^"]*)"|\[(?P<bracketed>[^\]]*)\]|(?P<plain>\S+)')
_NAME = re.compile(r"[A-Za-z0-9_]+")
_REST = "..."


def read_fields(text: str) -> Callable[[str], Callable[[str], Json] | None]:
    """Read a pattern in brackets.

    Args:
        text: with its brackets.

    Returns:
        Takes a message; what its fields (`$status`) have, or none when it does not match.

    Raises:
        PatternError: it is not a pattern.
    """
    words = words_of(f"{{{text[1:-1]}}}") if text.endswith("]") else None
    if words is None:
        raise PatternError("the pattern does not end with `]`")
    words.expect("{")
    names: list[str] = []
    conditions: list[Condition] = []
    while True:
        _read_field(words, names, conditions)
        if words.next != ",":
            break
        words.take()
    words.expect("}")
    if words.next:
        raise PatternError(f"`{words.next}` after the pattern")
    if names.count(_REST) > 1:
        raise PatternError("`...` may come once")

    def match(message: str) -> Callable[[str], Json] | None:
        fields = _named(names, _split(message))
        if fields is None or not all(condition(fields) for condition in conditions):
            return None
        return lambda selector: fields.get(selector.removeprefix("$"))

    return match


def _read_field(words: Words, names: list[str], conditions: list[Condition]) -> None:
    if words.next in (",", "}", ""):
        raise PatternError("a field has no name")
    place = words.place
    first = words.take()
    while first == "(":
        first = words.take()
    if first != _REST and not _NAME.fullmatch(first):
        raise PatternError(f"`{first}` is not a name of a field")
    if first != _REST and first in names:
        raise PatternError(f"two fields are named `{first}`")
    names.append(first)
    if words.next in (",", "}", ""):
        return
    words.place = place
    conditions.append(alternatives(words, lambda ahead: _compare(ahead, first)))


def _compare(words: Words, field: str) -> Condition:
    named = words.take()
    if named != field:
        raise PatternError(f"a condition on `{named}` at the field `{field}`")
    holds = comparison(words.take(), words.take())
    return lambda fields: holds(fields[field])


def _split(message: str) -> list[str]:
    return [
        next(text for text in found.groups() if text is not None)
        for found in _FIELD.finditer(message)
    ]


def _named(names: list[str], values: list[str]) -> dict[str, str] | None:
    """Fields by name; none when there are more or less of them than the pattern has."""
    if _REST not in names:
        return dict(zip(names, values, strict=True)) if len(names) == len(values) else None
    before = names.index(_REST)
    after = len(names) - before - 1
    if len(values) < before + after:
        return None
    tail = values[len(values) - after :] if after else []
    pairs = [
        *zip(names[:before], values, strict=False),
        *zip(names[before + 1 :], tail, strict=True),
    ]
    return dict(pairs)
