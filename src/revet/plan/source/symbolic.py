"""What expressions of the sources come to: values with references to what apply makes known.

A value is an `Expression` of the plan with full addresses: a literal, a tuple or object of values,
a text with references in it, one attribute of one resource, or something of which only the
references are known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

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
    references,
)
from revet.plan.strength import is_strong, names_resource

MOST_TEXT = 2**20
"""Characters that a text may have: one that doubles itself soon has more than memory holds."""


class EvaluationError(Exception):
    """Terraform would refuse the expression, or `try` would go on to the next one."""


class LimitReached(Exception):  # noqa: N818 - an answer, no error of Terraform's
    """The expression takes more work, or makes more of it, than is spent on one."""


class SetExpression(TupleExpression):
    """A set: going through it, each element is its own key."""

    __slots__ = ()


def opaque(word: str, *values: Expression) -> Opaque:
    """A value of which only the references are known.

    Args:
        word: what was done with them, for messages.
        values: what it is made of.
    """
    found: dict[str, None] = {}
    for value in values:
        found.update(dict.fromkeys(references(value)))
    return Opaque(f"{word}({', '.join(found)})", tuple(found))


def is_literal(value: Expression) -> bool:
    """Whether a value is known in every part."""
    match value:
        case Literal():
            return True
        case TupleExpression(items):
            return all(map(is_literal, items))
        case ObjectExpression(members):
            return all(is_literal(name) and is_literal(item) for name, item in members)
        case _:
            return False


def boolean(value: Expression) -> bool | None:
    """A condition; `None` where it is not known.

    Raises:
        EvaluationError: it is not a condition.
    """
    match value:
        case Literal(bool() as known):
            return known
        case Literal("true" | "false" as text):
            return text == "true"
        case Literal() | TupleExpression() | ObjectExpression():
            raise EvaluationError("not a condition")
        case _:
            return None


def integer(value: Expression) -> int | None:
    """A whole number; `None` where it is not known.

    Raises:
        EvaluationError: it is not a whole number.
    """
    match value:
        case Literal(bool()):
            raise EvaluationError("not a number")
        case Literal(int() as known):
            return known
        case Literal(float() as known) if known.is_integer():
            return int(known)
        case Literal(str() as text) if text.lstrip("-").isdecimal() and len(text) < 20:  # noqa: PLR2004
            return int(text)
        case Literal() | TupleExpression() | ObjectExpression():
            raise EvaluationError("not a whole number")
        case _:
            return None


def text_of(value: Expression) -> Expression:
    """A value as a text: a literal text, or what will be one.

    Raises:
        EvaluationError: it cannot be one.
    """
    match value:
        case Literal(str()):
            return value
        case Literal(None) | TupleExpression() | ObjectExpression():
            raise EvaluationError("not a text")
        case Literal(bool() as known):
            return Literal(str(known).lower())
        case Literal(known):
            return Literal(number_text(known))
        case _:
            return value


def number_text(value: object) -> str:
    """A number as the language writes it."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004
        return str(int(value))
    return json.dumps(value)


def joined(parts: Iterable[Expression]) -> Expression:
    """The text of several parts.

    Raises:
        EvaluationError: a part is not a text.
    """
    flat: list[Expression] = []
    for part in map(text_of, parts):
        for piece in part.parts if isinstance(part, Template) else (part,):
            last = flat[-1] if flat else None
            if isinstance(piece, Literal) and isinstance(last, Literal):
                text = f"{last.value}{piece.value}"
                if len(text) > MOST_TEXT:
                    raise LimitReached
                flat[-1] = Literal(text)
            else:
                flat.append(piece)
    known = [piece for piece in flat if piece != Literal("")]
    if not known:
        return Literal("")
    if len(known) == 1 and isinstance(known[0], Literal):
        return known[0]
    return Template(tuple(known))


def equal(one: Expression, other: Expression) -> bool | None:
    """Whether two values are equal; `None` where it is not known."""
    if isinstance(one, Literal) and isinstance(other, Literal):
        return _equal_literals(one, other)
    if is_literal(one) and is_literal(other):
        if isinstance(one, TupleExpression) and isinstance(other, TupleExpression):
            return one == other if type(one) is type(other) else None  # a list, or a set of them
        return one == other
    if Literal(None) in (one, other):
        value = other if one == Literal(None) else one
        return False if is_value(value) else None
    if one == other and not references(one):
        return True
    return None


def _equal_literals(one: Literal, other: Literal) -> bool | None:
    kinds = {type(item.value) for item in (one, other)} - {type(None)}
    numbers = kinds <= {int, float}
    if len(kinds) > 1 and not numbers:
        return None  # a variable's type may make them one
    return one.value == other.value


def is_value(value: Expression) -> bool:
    """Whether something certainly is not null."""
    match value:
        case Literal(known):
            return known is not None
        case TupleExpression() | ObjectExpression() | Template() | Call("jsonencode", _):
            return True
        case Traversal(text):
            return is_strong(value) and names_resource(text)
        case _:
            return False


def items_of(value: Expression) -> tuple[tuple[Expression, Expression], ...] | None:
    """Keys and elements of a collection; `None` where they are not known.

    Raises:
        EvaluationError: it is not a collection.
    """
    match value:
        case SetExpression(items):
            return tuple((item, item) for item in items)
        case TupleExpression(items):
            return tuple((Literal(number), item) for number, item in enumerate(items))
        case ObjectExpression(members):
            whole = all(isinstance(name, Literal) for name, _ in members)
            return tuple(sorted(members, key=_name)) if whole else None
        case Literal() | Template():
            raise EvaluationError("not a collection")
        case _:
            return None


def _name(member: tuple[Expression, Expression]) -> str:
    name = member[0]
    return str(name.value) if isinstance(name, Literal) else ""


def object_of(members: Iterable[tuple[str, Expression]]) -> ObjectExpression:
    """An object with names that are known; a later one of the same name counts."""
    found = dict(members)
    return ObjectExpression(tuple((Literal(name), value) for name, value in found.items()))


def member(value: Expression, step: str | int) -> Expression:
    """What a value has under a name or number, where the value is not a reference.

    Raises:
        EvaluationError: it has nothing there.
    """
    match value:
        case ObjectExpression():
            return _named(value, str(step))
        case SetExpression():
            raise EvaluationError("a set has no indices")
        case TupleExpression(items):
            if isinstance(step, str) and not step.isdecimal():
                raise EvaluationError("a list has no names")
            at = int(step)
            if not 0 <= at < len(items):
                raise EvaluationError("no such element")
            return items[at]
        case Literal() | Template():
            raise EvaluationError("a text, a number, a boolean and null have no members")
        case Derived():
            return value
        case _:
            return opaque("member", value)


def _named(value: ObjectExpression, step: str) -> Expression:
    for name, item in value.members:
        if isinstance(name, Literal) and str(name.value) == step:
            return item
    if all(isinstance(name, Literal) for name, _ in value.members):
        message = f"nothing is called `{step}`"
        raise EvaluationError(message)
    return opaque("member", value)


def plain(value: Expression) -> object:
    """The JSON value of something that is known in every part."""
    match value:
        case Literal(known):
            return known
        case TupleExpression(items):
            return [plain(item) for item in items]
        case ObjectExpression(members):
            return {str(plain(name)): plain(item) for name, item in members}
        case _:
            message = f"{value!r} is not known"
            raise ValueError(message)


def distinct(values: Sequence[Expression]) -> Iterator[Expression]:
    """The values, each once."""
    seen: set[Expression] = set()
    for value in values:
        if value not in seen:
            seen.add(value)
            yield value


def settled(values: Sequence[Expression]) -> bool:
    """Whether all values are literals."""
    return all(isinstance(value, Literal) for value in values)
