"""What a variable's type makes of a value: optional members get their defaults, others go.

Source: Terraform, "Type constraints".
"""

from __future__ import annotations

from revet.plan.expression import Expression, Literal, ObjectExpression, Opaque, TupleExpression
from revet.plan.source.functions import call
from revet.plan.source.symbolic import items_of, object_of
from revet.plan.source.syntax import Constant, FunctionCall, Name, ObjectSyntax, Syntax, TupleSyntax


def converted(value: Expression, kind: Syntax | None) -> Expression:
    """A value as a variable of some type has it.

    Args:
        value: as it is given.
        kind: the type; `None` for any.

    Raises:
        EvaluationError: Terraform would refuse it.
    """
    match kind:
        case Name(word) if isinstance(value, Literal) and word in _PRIMITIVE:
            return value if value.value is None else call(_PRIMITIVE[word], [value])
        case FunctionCall("object", (ObjectSyntax(members),)) if isinstance(
            value, ObjectExpression
        ):
            return _object(value, members)
        case FunctionCall("map", (inner,)) if isinstance(value, ObjectExpression):
            return ObjectExpression(tuple((n, converted(v, inner)) for n, v in value.members))
        case FunctionCall("list" | "set" | "tuple") if isinstance(value, TupleExpression):
            return _list(value, kind)
        case _:
            return value


_PRIMITIVE = {"string": "tostring", "number": "tonumber", "bool": "tobool"}


def _list(value: TupleExpression, kind: FunctionCall) -> Expression:
    match kind:
        case FunctionCall("tuple", (TupleSyntax(kinds),)):
            pairs = zip(value.items, kinds, strict=False)
            return TupleExpression(tuple(converted(item, inner) for item, inner in pairs))
        case FunctionCall(word, (inner,)):
            made = TupleExpression(tuple(converted(item, inner) for item in value.items))
            return call("toset", [made]) if word == "set" else made
        case _:
            return value


def _object(value: ObjectExpression, members: tuple[tuple[Syntax, Syntax], ...]) -> Expression:
    items = items_of(value)
    if items is None:
        return value
    given = {str(name.value): item for name, item in items if isinstance(name, Literal)}
    found: list[tuple[str, Expression]] = []
    for name, kind in members:
        if not isinstance(name, Constant):
            return value
        key = str(name.value)
        inner, default = _optional(kind)
        item = given.get(key, Literal(None))
        if item == Literal(None) and default is not None:
            item = _constant(default)
        found.append((key, converted(item, inner)))
    return object_of(found)


def _optional(kind: Syntax) -> tuple[Syntax, Syntax | None]:
    if isinstance(kind, FunctionCall) and kind.name == "optional":
        default = kind.arguments[1] if len(kind.arguments) > 1 else None
        return kind.arguments[0], default
    return kind, None


def _constant(syntax: Syntax) -> Expression:
    """A default: Terraform takes only what needs no references."""
    match syntax:
        case Constant(value):
            return Literal(value)
        case TupleSyntax(items):
            return TupleExpression(tuple(map(_constant, items)))
        case ObjectSyntax(members):
            pairs = [(n, v) for n, v in members if isinstance(n, Constant)]
            return object_of((str(name.value), _constant(item)) for name, item in pairs)
        case FunctionCall(name, arguments):
            return call(name, [_constant(item) for item in arguments])
        case _:
            return Opaque("a default", ())
