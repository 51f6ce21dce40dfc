"""Mutations of one value, wherever it stands: the value is another one, of another kind, or odd."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fuzz.attempt import Attempt, InapplicableError

HUGE = "@huge integer@"
DEEP = "@deep nesting@"
_DEEP = (50, 400, 2000)
_LONG = 20_000
_WORDS = ("true", "false", "null", "0", "1", "yes", "[]", "{}")
_SPACES = (" {} ", "\t{}", "{}\n", "\u00a0{}", "{}\u200b", "\ufeff{}", "{}\r\n", "\u2028{}")
_LIKE = {
    "a": "\u0430", "c": "\u0441", "e": "\u0435", "i": "\u0456", "o": "\u043e", "p": "\u0440",
    "s": "\u0455", "A": "\u0391", "0": "\uff10", "1": "\uff11", ".": "\uff0e", "*": "\uff0a",
    "/": "\u2215", ":": "\uff1a",
}  # fmt: skip
_CONTROLS = ("\x1b[2J", "\r", "\x7f", "\x85", "\u202e", "\x08")
_TEMPLATES = ("${var.x}", "${aws_kms_key.data.arn}", "${", "%{ if true }", "$${x}", "${local.lost}")


@dataclass(frozen=True)
class ValueKind:
    """One kind of mutation of a value.

    Args:
        takes: the values that it changes.
        change: makes the new value.
        why: what it tries.
    """

    takes: Callable[[Any], bool]
    change: Callable[[random.Random, Any], object]
    why: str

    def __call__(self, attempt: Attempt) -> None:
        """Change one value of the plan."""
        spot = attempt.spot(lambda spot: self.takes(spot.value))
        new = self.change(attempt.draw, spot.value)
        if _same(new, spot.value):
            raise InapplicableError
        if new == HUGE:
            attempt.texts[json.dumps(HUGE)] = "9" * attempt.draw.choice((19, 20, 40, 400, 5000))
        if new == DEEP:
            attempt.texts[json.dumps(DEEP)] = nested(attempt.draw, json.dumps(spot.value))
        attempt.write(spot.steps, new)


def _same(new: object, old: object) -> bool:
    return type(new) is type(old) and json.dumps(new) == json.dumps(old)


def is_text(value: object) -> bool:
    return isinstance(value, str)


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float | bool)


def is_list(value: object) -> bool:
    return isinstance(value, list) and bool(value)


def is_long(value: object) -> bool:
    return isinstance(value, list) and len(value) > 1


def is_full(value: object) -> bool:
    return isinstance(value, str | list | dict) and bool(value)


def _not(kind: type) -> Callable[[Any], bool]:
    return lambda value: not isinstance(value, kind)


def _any(_: object) -> bool:
    return True


def _as_text(_: random.Random, value: Any) -> object:  # noqa: ANN401 - JSON
    return value if isinstance(value, str) else json.dumps(value)


def _inner(draw: random.Random, value: Any) -> object:  # noqa: ANN401 - JSON
    return draw.choice(list(value.values()) if isinstance(value, dict) else value)


def nested(draw: random.Random, text: str) -> str:
    """As text, for Python's own writer would not go so deep."""
    opened, closed = draw.choice((("[", "]"), ('{"x":', "}")))
    depth = draw.choice(_DEEP)
    return opened * depth + text + closed * depth


def _long(_: random.Random, value: Any) -> object:  # noqa: ANN401 - JSON
    if isinstance(value, str):
        return value + "x" * _LONG
    size = max(1, len(json.dumps(value)))
    return value * max(2, min(500, _LONG // size))


def _like(draw: random.Random, value: str) -> str:
    found = [number for number, letter in enumerate(value) if letter in _LIKE]
    if not found:
        raise InapplicableError
    place = draw.choice(found)
    return value[:place] + _LIKE[value[place]] + value[place + 1 :]


def _with(*inserted: str) -> Callable[[random.Random, Any], object]:
    def change(draw: random.Random, value: str) -> str:
        place = draw.choice((0, len(value), draw.randint(0, len(value))))
        return value[:place] + draw.choice(inserted) + value[place:]

    return change


def _spaced(draw: random.Random, value: str) -> str:
    return draw.choice(_SPACES).format(value) if "{" not in value else f" {value} "


def _shuffled(draw: random.Random, value: list[object]) -> object:
    return (
        value[::-1]
        if len(value) == len({json.dumps(one) for one in value})
        else draw.sample(value, len(value))
    )


VALUE_KINDS: dict[str, ValueKind] = {
    "value as text": ValueKind(
        lambda value: value is not None and not isinstance(value, str), _as_text,
        "the JSON of a value in quotes, as a careless program writes it",
    ),
    "value is a word": ValueKind(
        _any, lambda draw, _: draw.choice(("x", *_WORDS)),
        "a truth value or nothing as a word; any text where another kind belongs",
    ),
    "value is a number": ValueKind(
        lambda value: not is_number(value), lambda draw, _: draw.choice((0, 1, 7, 365)),
        "numbers are true or false to some languages",
    ),
    "value is a truth value": ValueKind(
        lambda value: isinstance(value, str | list | dict | int | float)
        and not isinstance(value, bool),
        lambda draw, _: draw.choice((True, False)), "False is empty to a careless comparison",
    ),
    "value is null": ValueKind(
        lambda value: value is not None, lambda _, __: None, "nothing where something was",
    ),
    "value is a list": ValueKind(
        _not(list), lambda draw, _: draw.choice(([], [None], [False], ["x"])),
        "a list where none belongs",
    ),
    "value is an object": ValueKind(
        _not(dict), lambda draw, _: draw.choice(({}, {"x": 1}, {"value": None})),
        "an object where none belongs",
    ),
    "wrap in a list": ValueKind(_any, lambda _, value: [value], "one level too deep"),
    "wrap in an object": ValueKind(
        _any, lambda draw, value: {draw.choice(("value", "0", "")): value}, "one level too deep",
    ),
    "unwrap": ValueKind(
        lambda value: isinstance(value, list | dict) and bool(value), _inner, "one level missing",
    ),
    "list as an object": ValueKind(
        is_list, lambda _, value: {str(at): item for at, item in enumerate(value)},
        "a list as an object with numbers for keys",
    ),
    "duplicate an element": ValueKind(
        is_list, lambda draw, value: [*value, draw.choice(value)], "twice is as bad as once",
    ),
    "reverse": ValueKind(is_long, _shuffled, "the order of a list must not matter"),
    "null in a list": ValueKind(
        lambda value: isinstance(value, list),
        lambda draw, value: [draw.choice((None, False, {}, [], 0)), *value],
        "an element that is none, in front of those that fail",
    ),
    "null for an element": ValueKind(
        is_list, lambda draw, value: [draw.choice((None, False, {}, [], 0)), *value[1:]],
        "an element that is none, in place of one that fails",
    ),
    "empty text": ValueKind(
        lambda value: isinstance(value, str) and bool(value), lambda _, __: "", "nothing, as text",
    ),
    "long value": ValueKind(
        lambda value: isinstance(value, str) or is_list(value), _long, "20 kB in one value",
    ),
    "deep nesting": ValueKind(_any, lambda _, __: DEEP, "deeper than a recursion may go"),
    "wrong case": ValueKind(
        lambda value: isinstance(value, str) and value.swapcase() != value,
        lambda draw, value: draw.choice((value.swapcase(), value.upper(), value.title())),
        "AWS takes many words in one case only",
    ),
    "white space": ValueKind(is_text, _spaced, "white space and invisible characters around"),
    "look-alike": ValueKind(is_text, _like, "a letter of another alphabet that looks the same"),
    "NUL": ValueKind(is_text, _with("\x00"), "ends a text in other languages"),
    "half a surrogate": ValueKind(
        is_text, _with("\ud800", "\udfff"), "no character, and cannot be printed",
    ),
    "control characters": ValueKind(is_text, _with(*_CONTROLS), "speak to the terminal"),
    "template text": ValueKind(
        is_text, lambda draw, value: draw.choice((draw.choice(_TEMPLATES), value + "${var.x}")),
        "a template in a value that was evaluated already",
    ),
    "not a number": ValueKind(
        is_scalar, lambda draw, _: draw.choice((float("nan"), float("inf"), float("-inf"))),
        "NaN and Infinity are not JSON, and no comparison with NaN holds",
    ),
    "huge integer": ValueKind(
        is_scalar, lambda _, __: HUGE, "more digits than Python reads, and than Terraform keeps",
    ),
    "fraction": ValueKind(
        lambda value: isinstance(value, int), lambda draw, value: draw.choice(
            (float(value), value + 0.5, 1e300, -0.0)
        ),
        "a number with a point where a whole one or a truth value belongs",
    ),
    "negative": ValueKind(
        is_number, lambda draw, value: draw.choice((-value, -1, -(2**63))), "less than nothing",
    ),
    "number of the wrong size": ValueKind(
        is_number, lambda draw, _: draw.choice((2**31, 2**53 + 1, 2**64)), "beyond 32 and 64 bits",
    ),
}  # fmt: skip
