"""Which log events a filter pattern matches; subscription and metric filters share it.

A pattern is empty, a list of terms, a condition on JSON in braces, or a list of fields in brackets.
Source: CloudWatch Logs User Guide, "Filter pattern syntax for metric filters, subscription filters,
filter log events, and Live Tail".
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from revet.embedded.call import Json
from revet.embedded.log_delivery.conditions import PatternError, expression
from revet.embedded.log_delivery.field_patterns import read_fields
from revet.embedded.log_delivery.json_patterns import read_json

__all__ = ["Matched", "Pattern", "PatternError", "read_pattern"]

Values = Callable[[str], Json]


@dataclass(frozen=True, slots=True)
class Matched:
    """An event that a pattern matches.

    Args:
        value: what a selector of the pattern (`$.latency`, `$size`) has in the event; none where
            there is nothing.
    """

    value: Values


Pattern = Callable[[str], Matched | None]
"""Takes a message; none when it does not match."""

_TERM = re.compile(
    r"""(?P<mark>[-?]?)(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|%(?P<expression>(?:[^%\\]|\\.)+)%"""
    r"""|(?P<plain>[^\s"?-][^\s"]*))(?=\s|$)""",
    re.DOTALL,
)
Term = Callable[[str], bool]


@functools.lru_cache(maxsize=1024)
def read_pattern(text: str) -> Pattern:
    """Read a filter pattern.

    Args:
        text: of it; empty for one that matches every event.

    Raises:
        PatternError: it is not one.
    """
    text = text.strip()
    if text.startswith("{"):
        return _selecting(read_json(text))
    if text.startswith("["):
        return _selecting(read_fields(text))
    return _terms(text)


def _selecting(match: Callable[[str], Values | None]) -> Pattern:
    def pattern(message: str) -> Matched | None:
        values = match(message)
        return None if values is None else Matched(values)

    return pattern


def _terms(text: str) -> Pattern:
    """All plain terms and none with `-`; where there is no plain one, one of those with `?`."""
    marked: Mapping[str, list[Term]] = {"": [], "?": [], "-": []}
    place = 0
    while place < len(text):
        found = _TERM.match(text, place)
        if found is None:
            raise PatternError(f"a term is not one: `{text[place : place + 40]}`")
        marked[found["mark"]].append(_term(found))
        place = found.end()
        place += len(text[place:]) - len(text[place:].lstrip())
    wanted, optional, unwanted = marked[""], marked["?"], marked["-"]

    def pattern(message: str) -> Matched | None:
        if any(term(message) for term in unwanted):
            return None
        if wanted:
            hit = all(term(message) for term in wanted)
        else:
            hit = not optional or any(term(message) for term in optional)
        return Matched(lambda _: None) if hit else None

    return pattern


def _term(found: re.Match[str]) -> Term:
    if found["expression"] is not None:
        searched = expression(found["expression"])
        return lambda message: searched.search(message) is not None
    if found["quoted"] is not None:
        wanted = re.sub(r"\\(.)", r"\1", found["quoted"])
    else:
        wanted = found["plain"]
    return lambda message: wanted in message
