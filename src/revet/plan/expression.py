"""Expressions of Terraform's language, as far as a plan shows them.

A plan of JSON-syntax configuration keeps its templates as they were written (`template.py` parses
them); one of HCL-syntax configuration keeps only what they refer to. Nothing is evaluated here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeGuard

from revet.iam.symbol import made_of
from revet.model.work import spend

_KEY = re.compile(r"\[([A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z_][A-Za-z0-9_-]*)*)\]")


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a boolean, null or a text without interpolation."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Traversal:
    """A reference, `aws_kms_key.k["a"].arn`."""

    text: str


@dataclass(frozen=True, slots=True)
class Template:
    """A text with interpolations; always a string, never null."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class ObjectExpression:
    """`{ name = value }`; names that are no literals are kept as expressions."""

    members: tuple[tuple[Expression, Expression], ...]


@dataclass(frozen=True, slots=True)
class TupleExpression:
    """`[value, …]`."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """`name(argument, …)`."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Opaque:
    """Anything else: only what it refers to is known.

    Args:
        text: as written; empty where the plan does not keep it.
        references: what it refers to, once each.
        alike: they are one attribute of all instances of one resource.
        others: something else took part, a condition perhaps: not each of them is in the value.
    """

    text: str
    references: tuple[str, ...]
    alike: bool = field(default=False, compare=False)
    others: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Derived:
    """The plan keeps no text, but the one thing that the value is made of.

    Configuration in HCL syntax leaves only references: `"${b.arn}/*"` and `b.arn` look the same.
    """

    text: str


@dataclass(frozen=True, slots=True)
class Every:
    """One attribute of all instances of a resource: `aws_subnet.s[*].id`.

    Args:
        text: the reference, `aws_subnet.s.id`.
    """

    text: str


PARSED = (
    Literal,
    Traversal,
    Template,
    ObjectExpression,
    TupleExpression,
    Call,
    Opaque,
    Derived,
    Every,
)
"""The classes of expressions."""
Expression: TypeAlias = (
    Literal
    | Traversal
    | Template
    | ObjectExpression
    | TupleExpression
    | Call
    | Opaque
    | Derived
    | Every
)


def references(expression: Expression) -> tuple[str, ...]:
    """Everything that an expression refers to, in order, once each."""
    if isinstance(expression, Opaque):
        return expression.references
    found: dict[str, None] = {}
    _collect(expression, found, set())
    return tuple(found)


def is_local(expression: Expression) -> TypeGuard[Opaque]:
    """Whether an expression is a local value whose references are only those that it may have."""
    return isinstance(expression, Opaque) and expression.text.startswith("local.")


def origins_of(expression: Expression) -> tuple[str, ...]:
    """What an expression is made of, for people: a local value by its name."""
    return (expression.text,) if is_local(expression) else references(expression)


def _collect(expression: Expression, found: dict[str, None], seen: set[int]) -> None:
    """Parts may be shared, so that a small expression has many paths through it: each is seen once.

    Only what `expression` holds on to is in `seen`, so that no identity is used twice.
    """
    match expression:
        case Literal():
            return
        case Traversal(text):
            found[text] = None
            found.update(dict.fromkeys(_KEY.findall(text)))
        case Derived(text) | Every(text):
            found[text] = None
        case Opaque(_, names):
            if id(expression) not in seen:
                seen.add(id(expression))
                spend(len(names))
                found.update(dict.fromkeys(names))
        case _:
            if id(expression) not in seen:
                seen.add(id(expression))
                for item in children(expression):
                    _collect(item, found, seen)


def children(expression: Expression) -> tuple[Expression, ...]:
    """The expressions that one is made of; none for those that are not made of others."""
    match expression:
        case Template(items) | TupleExpression(items) | Call(_, items):
            return items
        case ObjectExpression(members):
            return tuple(item for member in members for item in member)
        case _:
            return ()


def count_parts(expression: Expression, most: int) -> int:
    """How many parts an expression has, written out; counting ends a little above `most`."""
    count = 0
    waiting = [expression]
    while waiting and count <= most:
        item = waiting.pop()
        count += len(item.references) if isinstance(item, Opaque) else 1
        waiting.extend(children(item))
    return count


def write(expression: Expression) -> str:
    """An expression as text, without `${` around it."""
    text = ""
    match expression:
        case Literal(value):
            text = json.dumps(value)
        case Traversal(name):
            text = name
        case Derived(name):
            text = made_of((name,))
        case Every(name):
            head, _, attribute = name.rpartition(".")
            text = f"{head}[*].{attribute}"
        case Opaque(form, names):
            text = form or made_of(names)
        case Template():
            text = f'"{write_template(expression)}"'
        case TupleExpression(items):
            text = f"[{', '.join(write(item) for item in items)}]"
        case Call(name, items):
            text = f"{name}({', '.join(write(item) for item in items)})"
        case ObjectExpression(members):
            pairs = (f"{write(name)} = {write(value)}" for name, value in members)
            text = f"{{{', '.join(pairs)}}}"
    return text


def write_template(expression: Expression) -> str:
    """An expression as it would stand in a string: interpolations in `${…}`."""
    if isinstance(expression, Literal) and isinstance(expression.value, str):
        return expression.value
    if isinstance(expression, Template):
        return "".join(write_template(part) for part in expression.parts)
    return f"${{{write(expression)}}}"


def constant(value: Any) -> Expression:  # noqa: ANN401 - any JSON value
    """A known value as an expression."""
    if isinstance(value, list):
        return TupleExpression(tuple(constant(item) for item in value))
    if isinstance(value, Mapping):
        return ObjectExpression(
            tuple((Literal(name), constant(item)) for name, item in value.items())
        )
    return Literal(value)


def inside(expression: Expression, path: str) -> Expression:
    """What stands in an expression under a path of names and numbers."""
    for step in path.split(".") if path else ():
        expression = step_into(expression, step)
    return expression


def step_into(expression: Expression, step: str) -> Expression:
    """What stands in an expression under one name or number."""
    found = expression
    match expression:
        case ObjectExpression(members):
            named = {str(name.value): value for name, value in members if isinstance(name, Literal)}
            whole = len(named) == len(members)
            found = named.get(step, Opaque("", () if whole else references(expression)))
        case TupleExpression(items):
            inside = step.isdigit() and int(step) < len(items)
            found = items[int(step)] if inside else Literal(None)
        case Traversal(text):
            found = Traversal(f"{text}.{step}")
        case Literal():
            found = Opaque("", ())
        case _:
            pass
    return found


def one_reference(expression: Expression) -> str:
    """The one reference that an expression means; empty when it is not one.

    Args:
        expression: resolved.
    """
    match expression:
        case Traversal(text) | Derived(text):
            return text
        case Template((Traversal(text), Literal(str() as rest), *_)) if rest[:1] in (":", "/"):
            return text  # a path or a suffix behind an ARN is still in the same resource
        case TupleExpression((item,)):
            return one_reference(item)
        case _:
            return ""
