"""Terraform's functions, on values that may hold what only apply makes known.

A function that is not here, or that cannot be computed because something is not known, gives a
value of which only the references are known. Source: Terraform, "Functions".
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from revet.model.work import spend
from revet.plan.expression import (
    Call,
    Expression,
    Literal,
    ObjectExpression,
    Opaque,
    Template,
    TupleExpression,
    constant,
)
from revet.plan.source.symbolic import (
    MOST_TEXT,
    EvaluationError,
    SetExpression,
    boolean,
    distinct,
    equal,
    integer,
    is_value,
    items_of,
    joined,
    object_of,
    opaque,
    settled,
    text_of,
)

Arguments: TypeAlias = Sequence[Expression]
MOST_ITEMS = 10_000
"""Elements that a function may make."""


_DECIMAL = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")


class NotKnown(Exception):  # noqa: N818 - an answer, no error
    """The result hangs on something that is not known."""


def call(name: str, arguments: Arguments) -> Expression:
    """What a function gives.

    Args:
        name: of the function.
        arguments: evaluated.

    Raises:
        EvaluationError: Terraform would refuse the call.
    """
    function = _FUNCTIONS.get(name.removeprefix("core::"))
    if function is None:
        return opaque(name, *arguments)
    spend(1 + len(arguments))
    try:
        found = function(arguments)
    except (NotKnown, IndexError, ValueError, TypeError, OverflowError):
        return opaque(name, *arguments)
    if isinstance(found, Literal) and isinstance(found.value, str) and len(found.value) > MOST_TEXT:
        return opaque(name, *arguments)
    return found


def _list(value: Expression) -> tuple[Expression, ...]:
    match value:
        case TupleExpression(items):
            return items
        case Literal() | ObjectExpression() | Template():
            raise EvaluationError("not a list")
        case _:
            raise NotKnown


def _members(value: Expression) -> dict[str, Expression]:
    match value:
        case ObjectExpression():
            items = items_of(value)
            if items is None:
                raise NotKnown
            return {str(key.value): item for key, item in items if isinstance(key, Literal)}
        case Literal() | TupleExpression() | Template():
            raise EvaluationError("not a map")
        case _:
            raise NotKnown


def _string(value: Expression) -> str:
    found = text_of(value)
    if isinstance(found, Literal):
        return str(found.value)
    raise NotKnown


def _number(value: Expression) -> int | float:
    match value:
        case Literal(bool() | None):
            raise EvaluationError("not a number")
        case Literal(int() | float() as known):
            return known
        case Literal(str() as text):
            if not _DECIMAL.fullmatch(text):
                raise EvaluationError("not a number")
            return int(text) if text.lstrip("-").isdecimal() else float(text)
        case TupleExpression() | ObjectExpression():
            raise EvaluationError("not a number")
        case _:
            raise NotKnown


def _integer(value: Expression) -> int:
    found = integer(value)
    if found is None:
        raise NotKnown
    return found


def _tuple(items: Sequence[Expression]) -> TupleExpression:
    if len(items) > MOST_ITEMS:
        raise NotKnown
    return TupleExpression(tuple(items))


def _merge(arguments: Arguments) -> Expression:
    found: dict[str, Expression] = {}
    for argument in arguments:
        if argument != Literal(None):
            found.update(_members(argument))
    return object_of(found.items())


def _concat(arguments: Arguments) -> Expression:
    return _tuple([item for argument in arguments for item in _list(argument)])


def _flatten(arguments: Arguments) -> Expression:
    found: list[Expression] = []
    waiting = list(reversed(_list(arguments[0])))
    while waiting and len(found) <= MOST_ITEMS:
        spend()
        item = waiting.pop()
        if isinstance(item, TupleExpression):
            waiting.extend(reversed(item.items))
        elif isinstance(item, (Call, Opaque)):
            raise NotKnown
        else:
            found.append(item)
    return _tuple(found)


def _compact(arguments: Arguments) -> Expression:
    found = []
    for item in _list(arguments[0]):
        if item in (Literal(""), Literal(None)):
            continue
        if not is_value(item):
            raise NotKnown
        found.append(item)
    return _tuple(found)


def _set(arguments: Arguments) -> Expression:
    """A set goes through its texts in their order; others stay as they are written."""
    items = list(distinct(_list(arguments[0])))
    texts = [item.value for item in items if isinstance(item, Literal)]
    if len(texts) == len(items) and all(isinstance(text, str) for text in texts):
        return SetExpression(tuple(Literal(text) for text in sorted(map(str, texts))))
    return SetExpression(tuple(items))


def _same(arguments: Arguments) -> Expression:
    return arguments[0]


def _tolist(arguments: Arguments) -> Expression:
    if isinstance(arguments[0], (Literal, ObjectExpression, Template)):
        raise EvaluationError("not a list")
    value = arguments[0]
    return TupleExpression(value.items) if isinstance(value, SetExpression) else value


def _lookup(arguments: Arguments) -> Expression:
    found = _members(arguments[0])
    name = _string(arguments[1])
    if name in found:
        return found[name]
    if len(arguments) > 2:  # noqa: PLR2004 - the default
        return arguments[2]
    raise EvaluationError("no such key")


def _element(arguments: Arguments) -> Expression:
    items = _list(arguments[0])
    if not items:
        raise EvaluationError("an empty list")
    return items[_integer(arguments[1]) % len(items)]


def _keys(arguments: Arguments) -> Expression:
    return _tuple([Literal(name) for name in _members(arguments[0])])


def _values(arguments: Arguments) -> Expression:
    return _tuple(list(_members(arguments[0]).values()))


def _zipmap(arguments: Arguments) -> Expression:
    names = [_string(item) for item in _list(arguments[0])]
    return object_of(zip(names, _list(arguments[1]), strict=True))


def _length(arguments: Arguments) -> Expression:
    value = arguments[0]
    if isinstance(value, ObjectExpression):
        return Literal(len(value.members))
    if isinstance(value, Literal) and isinstance(value.value, str):
        return Literal(len(value.value))
    return Literal(len(_list(value)))


def _contains(arguments: Arguments) -> Expression:
    answers = [equal(item, arguments[1]) for item in _list(arguments[0])]
    if True in answers:
        return Literal(True)
    if None in answers:
        raise NotKnown
    return Literal(False)


def _join(arguments: Arguments) -> Expression:
    separator = _string(arguments[0])
    parts: list[Expression] = []
    for argument in arguments[1:]:
        for item in _list(argument):
            if isinstance(item, Opaque):
                raise NotKnown
            parts.extend((Literal(separator), item) if parts else (item,))
    return parts[0] if len(parts) == 1 and is_value(parts[0]) else joined(parts)


def _split(arguments: Arguments) -> Expression:
    text, separator = _string(arguments[1]), _string(arguments[0])
    found = text.split(separator) if separator else list(text)
    return _tuple([Literal(item) for item in found])


_VERB = re.compile(r"%(%|\[[0-9]+\]|[-+# 0]*[0-9]*(?:\.[0-9]+)?)?([a-zA-Z])?")


def _format(arguments: Arguments) -> Expression:
    """Only plain verbs; a width or another flag is not computed."""
    pattern = _string(arguments[0])
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
        return Literal(json.dumps(_string(value)))
    if verb == "d" and re.fullmatch(r"0?[0-9]*", flags):
        return Literal(f"{_integer(value):{flags}d}")
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
    return _tuple([_format(row) for row in rows])


def _replace(arguments: Arguments) -> Expression:
    text, old, new = arguments[0], _string(arguments[1]), _string(arguments[2])
    if len(old) > 1 and old.startswith("/") and old.endswith("/"):
        raise NotKnown  # a regular expression
    return Literal(_string(text).replace(old, new))


def _trim_prefix(arguments: Arguments) -> Expression:
    return Literal(_string(arguments[0]).removeprefix(_string(arguments[1])))


def _trim_suffix(arguments: Arguments) -> Expression:
    return Literal(_string(arguments[0]).removesuffix(_string(arguments[1])))


def _substr(arguments: Arguments) -> Expression:
    text, start, length = _string(arguments[0]), _integer(arguments[1]), _integer(arguments[2])
    start = start + len(text) if start < 0 else start
    return Literal(text[start:] if length < 0 else text[start : start + length])


def _coalesce(arguments: Arguments) -> Expression:
    for item in arguments:
        if item in (Literal(None), Literal("")):
            continue
        if is_value(item):
            return item
        raise NotKnown
    raise EvaluationError("nothing but null")


def _coalescelist(arguments: Arguments) -> Expression:
    for item in arguments:
        if _list(item):
            return item
    raise EvaluationError("nothing but empty lists")


def _one(arguments: Arguments) -> Expression:
    items = _list(arguments[0])
    if len(items) > 1:
        raise EvaluationError("more than one element")
    return items[0] if items else Literal(None)


def _sort(arguments: Arguments) -> Expression:
    return _tuple([Literal(text) for text in sorted(map(_string, _list(arguments[0])))])


def _slice(arguments: Arguments) -> Expression:
    items, start, end = _list(arguments[0]), _integer(arguments[1]), _integer(arguments[2])
    if not 0 <= start <= end <= len(items):
        raise EvaluationError("out of range")
    return _tuple(items[start:end])


def _range(arguments: Arguments) -> Expression:
    steps = range(*map(_integer, arguments))
    if len(steps) > MOST_ITEMS:
        raise NotKnown
    return _tuple([Literal(number) for number in steps])


def _union(arguments: Arguments) -> Expression:
    return _set([_concat(arguments)])


def _subtract(arguments: Arguments) -> Expression:
    left, right = _list(arguments[0]), _list(arguments[1])
    if not (settled(left) and settled(right)):
        raise NotKnown
    return _set([_tuple([item for item in left if item not in right])])


def _intersection(arguments: Arguments) -> Expression:
    lists = [_list(argument) for argument in arguments]
    if not all(map(settled, lists)):
        raise NotKnown
    return _set([_tuple([item for item in lists[0] if all(item in other for other in lists)])])


def _product(arguments: Arguments) -> Expression:
    rows: list[tuple[Expression, ...]] = [()]
    for argument in arguments:
        items = _list(argument)
        if len(rows) * len(items) > MOST_ITEMS:
            raise NotKnown
        rows = [(*row, item) for row in rows for item in items]
    return _tuple([TupleExpression(row) for row in rows])


def _chunk(arguments: Arguments) -> Expression:
    items, size = _list(arguments[0]), _integer(arguments[1])
    if size < 1:
        raise EvaluationError("chunks without elements")
    return _tuple([_tuple(items[at : at + size]) for at in range(0, len(items), size)])


def _index(arguments: Arguments) -> Expression:
    for number, item in enumerate(_list(arguments[0])):
        same = equal(item, arguments[1])
        if same is None:
            raise NotKnown
        if same:
            return Literal(number)
    raise EvaluationError("no such element")


def _all(arguments: Arguments) -> Expression:
    answers = [boolean(item) for item in _list(arguments[0])]
    if False in answers:
        return Literal(False)
    if None in answers:
        raise NotKnown
    return Literal(True)


def _any(arguments: Arguments) -> Expression:
    answers = [boolean(item) for item in _list(arguments[0])]
    if True in answers:
        return Literal(True)
    if None in answers:
        raise NotKnown
    return Literal(False)


def _tostring(arguments: Arguments) -> Expression:
    return arguments[0] if arguments[0] == Literal(None) else text_of(arguments[0])


def _tonumber(arguments: Arguments) -> Expression:
    return arguments[0] if arguments[0] == Literal(None) else Literal(_number(arguments[0]))


def _tobool(arguments: Arguments) -> Expression:
    if arguments[0] == Literal(None):
        return arguments[0]
    found = boolean(arguments[0])
    if found is None:
        raise NotKnown
    return Literal(found)


def _tomap(arguments: Arguments) -> Expression:
    return object_of(_members(arguments[0]).items())


def _jsonencode(arguments: Arguments) -> Expression:
    return Call("jsonencode", tuple(arguments))


def _jsondecode(arguments: Arguments) -> Expression:
    value = arguments[0]
    if isinstance(value, Call) and value.name == "jsonencode":
        return value.arguments[0]
    return constant(json.loads(_string(value)))


def _transpose(arguments: Arguments) -> Expression:
    found: dict[str, list[Expression]] = {}
    for name, items in _members(arguments[0]).items():
        for item in _list(items):
            found.setdefault(_string(item), []).append(Literal(name))
    return object_of((name, _tuple(found[name])) for name in sorted(found))


def _of_text(change: Callable[[str], str]) -> Callable[[Arguments], Expression]:
    return lambda arguments: Literal(change(_string(arguments[0])))


def _of_two(ask: Callable[[str, str], bool]) -> Callable[[Arguments], Expression]:
    return lambda arguments: Literal(ask(_string(arguments[0]), _string(arguments[1])))


def _of_numbers(
    choose: Callable[[Sequence[int | float]], int | float],
) -> Callable[[Arguments], Expression]:
    return lambda arguments: Literal(choose([_number(item) for item in arguments]))


_FUNCTIONS: Mapping[str, Callable[[Arguments], Expression]] = {
    "abs": _of_numbers(lambda numbers: abs(numbers[0])),
    "alltrue": _all,
    "anytrue": _any,
    "ceil": _of_numbers(lambda numbers: math.ceil(numbers[0])),
    "chunklist": _chunk,
    "coalesce": _coalesce,
    "coalescelist": _coalescelist,
    "compact": _compact,
    "concat": _concat,
    "contains": _contains,
    "distinct": lambda arguments: _tuple(list(distinct(_list(arguments[0])))),
    "element": _element,
    "endswith": _of_two(str.endswith),
    "flatten": _flatten,
    "floor": _of_numbers(lambda numbers: math.floor(numbers[0])),
    "format": _format,
    "formatlist": _formatlist,
    "index": _index,
    "join": _join,
    "jsondecode": _jsondecode,
    "jsonencode": _jsonencode,
    "keys": _keys,
    "length": _length,
    "lookup": _lookup,
    "lower": _of_text(str.lower),
    "max": _of_numbers(max),
    "merge": _merge,
    "min": _of_numbers(min),
    "nonsensitive": _same,
    "one": _one,
    "range": _range,
    "replace": _replace,
    "reverse": lambda arguments: _tuple(_list(arguments[0])[::-1]),
    "sensitive": _same,
    "setintersection": _intersection,
    "setproduct": _product,
    "setsubtract": _subtract,
    "setunion": _union,
    "slice": _slice,
    "sort": _sort,
    "split": _split,
    "startswith": _of_two(str.startswith),
    "strcontains": _of_two(lambda text, part: part in text),
    "substr": _substr,
    "title": _of_text(lambda text: re.sub(r"(?<!\S)\S", lambda m: m.group().upper(), text)),
    "tobool": _tobool,
    "tolist": _tolist,
    "tomap": _tomap,
    "tonumber": _tonumber,
    "toset": _set,
    "tostring": _tostring,
    "transpose": _transpose,
    "trim": lambda arguments: Literal(_string(arguments[0]).strip(_string(arguments[1]))),
    "trimprefix": _trim_prefix,
    "trimspace": _of_text(str.strip),
    "trimsuffix": _trim_suffix,
    "upper": _of_text(str.upper),
    "values": _values,
    "zipmap": _zipmap,
}


def operate(operator: str, operands: Sequence[Expression]) -> Expression:
    """What an arithmetic operator or a comparison gives.

    Args:
        operator: as written; `&&` and `||` are the caller's.
        operands: evaluated.

    Raises:
        EvaluationError: Terraform would refuse it.
    """
    if operator in ("==", "!="):
        same = equal(*operands)
        return opaque(operator, *operands) if same is None else Literal(same is (operator == "=="))
    if operator == "!":
        known = boolean(operands[0])
        return opaque("!", *operands) if known is None else Literal(not known)
    try:
        numbers = [_number(item) for item in operands]
        if operator == "-" and len(numbers) == 1:
            return Literal(-numbers[0])
        return Literal(_ARITHMETIC[operator](*numbers))
    except NotKnown:
        return opaque(operator, *operands)
    except (ArithmeticError, KeyError, TypeError, ValueError) as error:
        raise EvaluationError(f"`{operator}` of these") from error


def _divide(one: float, other: float) -> int | float:
    found = one / other
    return int(found) if found.is_integer() else found


_ARITHMETIC: Mapping[str, Callable[..., int | float | bool]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "/": _divide,
    "%": lambda one, other: math.fmod(one, other),
    "<": lambda one, other: one < other,
    ">": lambda one, other: one > other,
    "<=": lambda one, other: one <= other,
    ">=": lambda one, other: one >= other,
}
