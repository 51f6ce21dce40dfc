"""Terraform's functions, on values that may hold what only apply makes known.

A function that is not here, or that cannot be computed because something is not known, gives a
value of which only the references are known. Source: Terraform, "Functions".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from revet.model.work import spend
from revet.plan.expression import (
    Call,
    Expression,
    Literal,
    ObjectExpression,
    Opaque,
    Template,
    TupleExpression,
)
from revet.plan.source.arguments import (
    MOST_ITEMS,
    Arguments,
    NotKnown,
    integer_of,
    list_of,
    members_of,
    string_of,
    tuple_of,
)
from revet.plan.source.operators import operate
from revet.plan.source.symbolic import (
    MOST_TEXT,
    EvaluationError,
    SetExpression,
    boolean,
    distinct,
    equal,
    is_value,
    object_of,
    opaque,
    settled,
)
from revet.plan.source.text_functions import TEXT_FUNCTIONS


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


def _merge(arguments: Arguments) -> Expression:
    found: dict[str, Expression] = {}
    for argument in arguments:
        if argument != Literal(None):
            found.update(members_of(argument))
    return object_of(found.items())


def _concat(arguments: Arguments) -> Expression:
    return tuple_of([item for argument in arguments for item in list_of(argument)])


def _flatten(arguments: Arguments) -> Expression:
    found: list[Expression] = []
    waiting = list(reversed(list_of(arguments[0])))
    while waiting and len(found) <= MOST_ITEMS:
        spend()
        item = waiting.pop()
        if isinstance(item, TupleExpression):
            waiting.extend(reversed(item.items))
        elif isinstance(item, (Call, Opaque)):
            raise NotKnown
        else:
            found.append(item)
    return tuple_of(found)


def _compact(arguments: Arguments) -> Expression:
    found = []
    for item in list_of(arguments[0]):
        if item in (Literal(""), Literal(None)):
            continue
        if not is_value(item):
            raise NotKnown
        found.append(item)
    return tuple_of(found)


def _set(arguments: Arguments) -> Expression:
    """A set goes through its texts in their order; others stay as they are written."""
    items = list(distinct(list_of(arguments[0])))
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
    found = members_of(arguments[0])
    name = string_of(arguments[1])
    if name in found:
        return found[name]
    if len(arguments) > 2:  # noqa: PLR2004 - the default
        return arguments[2]
    raise EvaluationError("no such key")


def _element(arguments: Arguments) -> Expression:
    items = list_of(arguments[0])
    if not items:
        raise EvaluationError("an empty list")
    return items[integer_of(arguments[1]) % len(items)]


def _keys(arguments: Arguments) -> Expression:
    return tuple_of([Literal(name) for name in members_of(arguments[0])])


def _values(arguments: Arguments) -> Expression:
    return tuple_of(list(members_of(arguments[0]).values()))


def _zipmap(arguments: Arguments) -> Expression:
    names = [string_of(item) for item in list_of(arguments[0])]
    return object_of(zip(names, list_of(arguments[1]), strict=True))


def _length(arguments: Arguments) -> Expression:
    value = arguments[0]
    if isinstance(value, ObjectExpression):
        return Literal(len(value.members))
    if isinstance(value, Literal) and isinstance(value.value, str):
        return Literal(len(value.value))
    return Literal(len(list_of(value)))


def _contains(arguments: Arguments) -> Expression:
    answers = [equal(item, arguments[1]) for item in list_of(arguments[0])]
    if True in answers:
        return Literal(True)
    if None in answers:
        raise NotKnown
    return Literal(False)


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
        if list_of(item):
            return item
    raise EvaluationError("nothing but empty lists")


def _one(arguments: Arguments) -> Expression:
    items = list_of(arguments[0])
    if len(items) > 1:
        raise EvaluationError("more than one element")
    return items[0] if items else Literal(None)


def _sort(arguments: Arguments) -> Expression:
    return tuple_of([Literal(text) for text in sorted(map(string_of, list_of(arguments[0])))])


def _slice(arguments: Arguments) -> Expression:
    items, start, end = list_of(arguments[0]), integer_of(arguments[1]), integer_of(arguments[2])
    if not 0 <= start <= end <= len(items):
        raise EvaluationError("out of range")
    return tuple_of(items[start:end])


def _range(arguments: Arguments) -> Expression:
    steps = range(*map(integer_of, arguments))
    if len(steps) > MOST_ITEMS:
        raise NotKnown
    return tuple_of([Literal(number) for number in steps])


def _union(arguments: Arguments) -> Expression:
    return _set([_concat(arguments)])


def _subtract(arguments: Arguments) -> Expression:
    left, right = list_of(arguments[0]), list_of(arguments[1])
    if not (settled(left) and settled(right)):
        raise NotKnown
    return _set([tuple_of([item for item in left if item not in right])])


def _intersection(arguments: Arguments) -> Expression:
    lists = [list_of(argument) for argument in arguments]
    if not all(map(settled, lists)):
        raise NotKnown
    return _set([tuple_of([item for item in lists[0] if all(item in other for other in lists)])])


def _product(arguments: Arguments) -> Expression:
    rows: list[tuple[Expression, ...]] = [()]
    for argument in arguments:
        items = list_of(argument)
        if len(rows) * len(items) > MOST_ITEMS:
            raise NotKnown
        rows = [(*row, item) for row in rows for item in items]
    return tuple_of([TupleExpression(row) for row in rows])


def _chunk(arguments: Arguments) -> Expression:
    items, size = list_of(arguments[0]), integer_of(arguments[1])
    if size < 1:
        raise EvaluationError("chunks without elements")
    return tuple_of([tuple_of(items[at : at + size]) for at in range(0, len(items), size)])


def _index(arguments: Arguments) -> Expression:
    for number, item in enumerate(list_of(arguments[0])):
        same = equal(item, arguments[1])
        if same is None:
            raise NotKnown
        if same:
            return Literal(number)
    raise EvaluationError("no such element")


def _all(arguments: Arguments) -> Expression:
    answers = [boolean(item) for item in list_of(arguments[0])]
    if False in answers:
        return Literal(False)
    if None in answers:
        raise NotKnown
    return Literal(True)


def _any(arguments: Arguments) -> Expression:
    answers = [boolean(item) for item in list_of(arguments[0])]
    if True in answers:
        return Literal(True)
    if None in answers:
        raise NotKnown
    return Literal(False)


def _tomap(arguments: Arguments) -> Expression:
    return object_of(members_of(arguments[0]).items())


def _sum(arguments: Arguments) -> Expression:
    items = list_of(arguments[0])
    if not items:
        raise EvaluationError("the sum of nothing")
    total = items[0]
    for item in items[1:]:
        total = operate("+", [total, item])
    return total


def _transpose(arguments: Arguments) -> Expression:
    found: dict[str, list[Expression]] = {}
    for name, items in members_of(arguments[0]).items():
        for item in list_of(items):
            found.setdefault(string_of(item), []).append(Literal(name))
    return object_of((name, tuple_of(found[name])) for name in sorted(found))


_FUNCTIONS: Mapping[str, Callable[[Arguments], Expression]] = {
    **TEXT_FUNCTIONS,
    "alltrue": _all,
    "anytrue": _any,
    "chunklist": _chunk,
    "coalesce": _coalesce,
    "coalescelist": _coalescelist,
    "compact": _compact,
    "concat": _concat,
    "contains": _contains,
    "distinct": lambda arguments: tuple_of(list(distinct(list_of(arguments[0])))),
    "element": _element,
    "flatten": _flatten,
    "index": _index,
    "keys": _keys,
    "length": _length,
    "lookup": _lookup,
    "merge": _merge,
    "nonsensitive": _same,
    "one": _one,
    "range": _range,
    "reverse": lambda arguments: tuple_of(list_of(arguments[0])[::-1]),
    "sum": _sum,
    "setintersection": _intersection,
    "setproduct": _product,
    "setsubtract": _subtract,
    "setunion": _union,
    "slice": _slice,
    "sort": _sort,
    "tolist": _tolist,
    "tomap": _tomap,
    "toset": _set,
    "transpose": _transpose,
    "values": _values,
    "zipmap": _zipmap,
}
