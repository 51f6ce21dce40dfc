"""Putting resolved expressions together: texts, and calls of functions that hand something on."""

from __future__ import annotations

from revet.plan.expression import (
    Call,
    Derived,
    Expression,
    Literal,
    Opaque,
    Template,
    TupleExpression,
    references,
)

# Functions that hand on (one of) what they are given, so that one reference in means the same out.
_PASSING = frozenset(
    (
        "coalesce",
        "compact",
        "concat",
        "distinct",
        "element",
        "flatten",
        "nonsensitive",
        "one",
        "sensitive",
        "sort",
        "tolist",
        "toset",
        "tostring",
        "try",
    )
)


def joined(parts: tuple[Expression, ...]) -> Expression:
    """A text of resolved parts; a literal where all of them are."""
    if all(isinstance(part, Literal) for part in parts):
        values = (part.value for part in parts if isinstance(part, Literal))
        return Literal("".join(v if isinstance(v, str) else str(v).lower() for v in values))
    flat: list[Expression] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Template) else (part,))
    return Template(tuple(flat))


def called(name: str, arguments: tuple[Expression, ...]) -> Expression:
    """A call with resolved arguments; the one that it hands on where there is only one."""
    call = Call(name, arguments)
    found = references(call)
    if name in _PASSING and len(found) == 1 and not _has_opaque(call):
        return Derived(found[0])
    return call


def _has_opaque(expression: Expression) -> bool:
    match expression:
        case Opaque():
            return True
        case Call(_, items) | TupleExpression(items) | Template(items):
            return any(_has_opaque(item) for item in items)
        case _:
            return False
