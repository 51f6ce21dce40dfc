"""Terraform's functions of texts and numbers. Source: Terraform, "Functions"."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence

from revet.plan.expression import (
    Call,
    Expression,
    Literal,
    ObjectExpression,
    Opaque,
    TupleExpression,
    constant,
)
from revet.plan.source.arguments import (
    Arguments,
    NotKnown,
    integer_of,
    list_of,
    number_of,
    string_of,
    tuple_of,
)
from revet.plan.source.symbolic import EvaluationError, boolean, is_value, joined, text_of


def _join(arguments: Arguments) -> Expression:
    separator = string_of(arguments[0])
    parts: list[Expression] = []
    for argument in arguments[1:]:
        for item in list_of(argument):
            if isinstance(item, Opaque):
                raise NotKnown
            parts.extend((Literal(separator), item) if parts else (item,))
    return parts[0] if len(parts) == 1 and is_value(parts[0]) else joined(parts)


def _split(arguments: Arguments) -> Expression:
    text, separator = string_of(arguments[1]), string_of(arguments[0])
    found = text.split(separator) if separator else list(text)
    return tuple_of([Literal(item) for item in found])


_INITIAL = re.compile(r"\b[a-z]")
_VERB = re.compile(r"%(%|\[[0-9]+\]|[-+# 0]*[0-9]*(?:\.[0-9]+)?)?([a-zA-Z])?")


def _format(arguments: Arguments) -> Expression:
    """Only plain verbs; a width or another flag is not computed."""
    pattern = string_of(arguments[0])
    given = list(arguments[1:])
    parts: list[Expression] = []
    at = 0
    for match in _VERB.finditer(pattern):
        parts.append(Literal(pattern[at : match.start()]))
        at = match.end()
        flags, verb = match.groups()
        if flags == "%":
            parts.append(Literal("%" + (verb or "")))
            continue
        parts.append(_verb(flags or "", verb or "", given))
    parts.append(Literal(pattern[at:]))
    return joined(parts)


def _verb(flags: str, verb: str, given: list[Expression]) -> Expression:
    if not given:
        raise EvaluationError("more verbs than arguments")
    value = given.pop(0)
    if verb in ("s", "v") and not flags:
        if isinstance(value, (TupleExpression, ObjectExpression)):
            raise NotKnown
        return text_of(value)
    if verb == "q" and not flags:
        return Literal(json.dumps(string_of(value)))
    if verb == "d" and re.fullmatch(r"0?[0-9]*", flags):
        return Literal(f"{integer_of(value):{flags}d}")
    raise NotKnown


def _formatlist(arguments: Arguments) -> Expression:
    lists = [item for item in arguments if isinstance(item, TupleExpression)]
    lengths = {len(item.items) for item in lists}
    if len(lengths) != 1:
        raise NotKnown
    rows = (
        [item.items[row] if isinstance(item, TupleExpression) else item for item in arguments]
        for row in range(lengths.pop())
    )
    return tuple_of([_format(row) for row in rows])


def _replace(arguments: Arguments) -> Expression:
    text, old, new = arguments[0], string_of(arguments[1]), string_of(arguments[2])
    if len(old) > 1 and old.startswith("/") and old.endswith("/"):
        raise NotKnown  # a regular expression
    return Literal(string_of(text).replace(old, new))


def _trim_prefix(arguments: Arguments) -> Expression:
    return Literal(string_of(arguments[0]).removeprefix(string_of(arguments[1])))


def _trim_suffix(arguments: Arguments) -> Expression:
    return Literal(string_of(arguments[0]).removesuffix(string_of(arguments[1])))


def _substr(arguments: Arguments) -> Expression:
    text, start, length = (
        string_of(arguments[0]),
        integer_of(arguments[1]),
        integer_of(arguments[2]),
    )
    start = start + len(text) if start < 0 else start
    return Literal(text[start:] if length < 0 else text[start : start + length])


def _tostring(arguments: Arguments) -> Expression:
    return arguments[0] if arguments[0] == Literal(None) else text_of(arguments[0])


def _tonumber(arguments: Arguments) -> Expression:
    return arguments[0] if arguments[0] == Literal(None) else Literal(number_of(arguments[0]))


def _tobool(arguments: Arguments) -> Expression:
    if arguments[0] == Literal(None):
        return arguments[0]
    found = boolean(arguments[0])
    if found is None:
        raise NotKnown
    return Literal(found)


def _jsonencode(arguments: Arguments) -> Expression:
    return Call("jsonencode", tuple(arguments))


def _jsondecode(arguments: Arguments) -> Expression:
    value = arguments[0]
    if isinstance(value, Call) and value.name == "jsonencode":
        return value.arguments[0]
    return constant(json.loads(string_of(value)))


def _of_text(change: Callable[[str], str]) -> Callable[[Arguments], Expression]:
    def changed(arguments: Arguments) -> Expression:
        text = string_of(arguments[0])
        if not text.isascii():
            raise NotKnown  # letters of which one becomes two, here or there
        return Literal(change(text))

    return changed


def _of_two(ask: Callable[[str, str], bool]) -> Callable[[Arguments], Expression]:
    return lambda arguments: Literal(ask(string_of(arguments[0]), string_of(arguments[1])))


def _of_numbers(
    choose: Callable[[Sequence[int | float]], int | float],
) -> Callable[[Arguments], Expression]:
    return lambda arguments: Literal(choose([number_of(item) for item in arguments]))


TEXT_FUNCTIONS: Mapping[str, Callable[[Arguments], Expression]] = {
    "abs": _of_numbers(lambda numbers: abs(numbers[0])),
    "ceil": _of_numbers(lambda numbers: math.ceil(numbers[0])),
    "endswith": _of_two(str.endswith),
    "floor": _of_numbers(lambda numbers: math.floor(numbers[0])),
    "format": _format,
    "formatlist": _formatlist,
    "join": _join,
    "jsondecode": _jsondecode,
    "jsonencode": _jsonencode,
    "lower": _of_text(str.lower),
    "max": _of_numbers(max),
    "min": _of_numbers(min),
    "replace": _replace,
    "split": _split,
    "startswith": _of_two(str.startswith),
    "strcontains": _of_two(lambda text, part: part in text),
    "substr": _substr,
    "title": _of_text(lambda text: _INITIAL.sub(lambda match: match.group().upper(), text)),
    "tobool": _tobool,
    "tonumber": _tonumber,
    "tostring": _tostring,
    "trim": lambda arguments: Literal(string_of(arguments[0]).strip(string_of(arguments[1]))),
    "trimprefix": _trim_prefix,
    "trimspace": _of_text(str.strip),
    "trimsuffix": _trim_suffix,
    "upper": _of_text(str.upper),
}
"""Name to what computes it."""
