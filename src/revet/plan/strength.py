"""How sure a resolved expression is: whether it is a value, a name, or whatever was put in."""

from __future__ import annotations

from revet.plan.address import parse_instance
from revet.plan.expression import (
    Call,
    Derived,
    Expression,
    Literal,
    ObjectExpression,
    Opaque,
    Template,
    Traversal,
    TupleExpression,
)

_CARRIERS = frozenset(
    (
        ("aws_ssm_parameter", "insecure_value"),
        ("aws_ssm_parameter", "value"),
        ("terraform_data", "input"),
        ("terraform_data", "output"),
    )
)
# Attributes that name the resource; without an attribute the configuration is HCL with an index.
_NAMES = frozenset(
    (
        "",
        "arn",
        "bucket",
        "execution_arn",
        "function_name",
        "id",
        "invoke_arn",
        "json",
        "key_id",
        "minified_json",
        "name",
        "qualified_arn",
        "unique_id",
        "url",
    )
)


def is_strong(expression: Expression) -> bool:
    """Whether a resolved expression certainly is a value: one attribute, or a text."""
    strong = False
    match expression:
        case Traversal(text) | Derived(text):
            strong = not is_carried(text)
        case Template(parts):
            strong = any(map(is_strong, parts))
        case Call("jsonencode", _):
            strong = True
        case Literal(value):
            strong = value not in (None, "")
        case TupleExpression(items):
            strong = bool(items)
        case ObjectExpression(members):
            strong = bool(members)
        case Opaque("", names):
            # All instances of one resource: `aws_subnet.private[*].id` in HCL syntax.
            few = names[:1] if expression.alike else names
            alike = len({(base, path) for base, _, path in map(parse_instance, few)}) == 1
            strong = alike and len(names) > 1 and not any(map(is_carried, few))
        case _:
            pass
    return strong


def names_resource(text: str) -> bool:
    """Whether a full reference is a name of the resource itself: `aws_kms_key.k.arn`."""
    base, _, attribute = parse_instance(text)
    return ".aws_" in f".{base}" and attribute in _NAMES


def is_carried(text: str) -> bool:
    """Whether a full reference hands on a value that was put in: it may be anything, also null."""
    base, _, attribute = parse_instance(text)
    words = base.split(".")
    return len(words) > 1 and (words[-2], attribute.partition(".")[0]) in _CARRIERS
