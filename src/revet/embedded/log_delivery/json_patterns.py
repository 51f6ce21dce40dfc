"""Filter patterns on JSON: `{ ($.status = 5*) && ($.user.id NOT EXISTS) }`.

Source: CloudWatch Logs User Guide, "Using filter patterns to match terms in JSON log events".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from revet.embedded.call import Json
from revet.embedded.log_delivery.conditions import (
    MISSING,
    Condition,
    PatternError,
    Words,
    alternatives,
    comparison,
    words_of,
)

_STEP = re.compile(
    r"""\.(?P<name>[^.\[\]]+)|\[(?P<index>\d+|\*)\]|\[(?P<quote>["'])(?P<key>.*?)(?P=quote)\]"""
)


def read_json(text: str) -> Callable[[str], Callable[[str], Json] | None]:
    """Read a pattern in braces.

    Args:
        text: with its braces.

    Returns:
        Takes a message; what its selectors have, or none when it does not match.

    Raises:
        PatternError: it is not a pattern.
    """
    words = words_of(text)
    words.expect("{")
    condition = alternatives(words, _single)
    words.expect("}")
    if words.next:
        raise PatternError(f"`{words.next}` after the pattern")

    def match(message: str) -> Callable[[str], Json] | None:
        try:
            event = json.loads(message)
        except ValueError:
            return None
        if not isinstance(event, (dict, list)) or not condition(event):
            return None
        return lambda selector: next(
            (value for value in selected(event, selector) if value is not MISSING), None
        )

    return match


def _single(words: Words) -> Condition:
    selector = words.take()
    steps_of(selector)  # read now, so that a wrong one is refused before an event comes
    operator = words.take()
    if operator.upper() in ("IS", "NOT", "EXISTS"):
        holds = _state(operator.upper(), words)
    else:
        holds = comparison(operator, words.take())
    return lambda event: any(holds(value) for value in selected(event, selector))


def _state(operator: str, words: Words) -> Callable[[Json], bool]:
    if operator == "EXISTS":
        return lambda value: value is not MISSING
    word = words.take().upper()
    if operator == "NOT" and word == "EXISTS":
        return lambda value: value is MISSING
    if operator == "IS" and word in _IS:
        wanted = _IS[word]
        return lambda value: value is wanted
    raise PatternError(f"`{operator} {word}` where `IS NULL`, `IS TRUE` or `NOT EXISTS` may be")


_IS = {"NULL": None, "TRUE": True, "FALSE": False}


def steps_of(selector: str) -> list[str | int | None]:
    """The steps of a selector such as `$.a[0].b`; none stands for every element of a list.

    Raises:
        PatternError: it is not a selector.
    """
    if not selector.startswith("$"):
        raise PatternError(f"`{selector}` where a selector such as `$.name` is expected")
    steps: list[str | int | None] = []
    place = 1
    while place < len(selector):
        found = _STEP.match(selector, place)
        if found is None:
            raise PatternError(f"`{selector}` is not a selector")
        if found["index"] is not None:
            steps.append(None if found["index"] == "*" else int(found["index"]))
        else:
            steps.append(found["name"] if found["name"] is not None else found["key"])
        place = found.end()
    return steps


def selected(event: Json, selector: str) -> Iterator[Json]:
    """The values that a selector has in an event; `MISSING` where there is none.

    Args:
        event: as JSON was read.
        selector: `$.a[0].b`.

    Raises:
        PatternError: it is not a selector.
    """
    return _walk(event, steps_of(selector))


def _walk(value: Json, steps: list[str | int | None]) -> Iterator[Json]:
    if not steps:
        yield value
        return
    step, *rest = steps
    if step is None and isinstance(value, list) and value:
        for one in value:
            yield from _walk(one, rest)
        return
    inside = (isinstance(step, int) and isinstance(value, list) and step < len(value)) or (
        isinstance(step, str) and isinstance(value, dict) and step in value
    )
    if inside:
        yield from _walk(value[step], rest)
    else:
        yield MISSING
