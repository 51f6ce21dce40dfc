"""How guardrails are written: the conditions and actions that they are recognized by."""

from __future__ import annotations

from collections.abc import Iterator

from revet.iam.globs import Glob
from revet.iam.operators import Kind, Relation
from revet.iam.symbol import has_symbol
from revet.iam.validate.written import WrittenCondition, WrittenStatement

FALSE = frozenset({"false"})
TRUE = frozenset({"true"})


def with_key(statement: WrittenStatement, *keys: str) -> Iterator[WrittenCondition]:
    """The conditions on some keys.

    Args:
        statement: the statement.
        keys: in lower case; one that ends in `/` means every key that begins so.
    """
    for condition in statement.conditions:
        lower = condition.lower
        if any(lower == key or (key.endswith("/") and lower.startswith(key)) for key in keys):
            yield condition


def has_key(statement: WrittenStatement, *keys: str) -> bool:
    """Whether a condition looks at one of some keys; as in `with_key`."""
    return next(with_key(statement, *keys), None) is not None


def values_of(condition: WrittenCondition) -> frozenset[str]:
    """A condition's values in lower case."""
    return frozenset(value.text.lower() for value in condition.values)


def is_kind(condition: WrittenCondition, kind: Kind, *, negated: bool | None = None) -> bool:
    """Whether a condition's operator is of a kind.

    Args:
        condition: the condition.
        kind: what the operator compares.
        negated: whether it must be negated, or must not; None for either.
    """
    used = condition.operator
    if used is None or used.kind is not kind:
        return False
    return negated is None or used.negated is negated


def is_absent(condition: WrittenCondition) -> bool:
    """Whether a condition asks that the key is missing."""
    used = condition.operator
    if used is None or used.relation is not Relation.ABSENT:
        return False
    return values_of(condition) == TRUE


def covers_action(statement: WrittenStatement, action: str) -> bool:
    """Whether a statement is about an action, through `Action` or `NotAction`.

    Args:
        statement: the statement; one with an action that is not known yet is about none.
        action: `service:Name`.
    """
    if any(has_symbol(item.text) for item in statement.actions):
        return False
    named = Glob.literal(action)
    found = any(
        Glob.parse(item.text, ignore_case=True, variables=False).covers(named)
        for item in statement.actions
    )
    negated = any(item.negated for item in statement.actions)
    return bool(statement.actions) and found is not negated


def covers_everything(statement: WrittenStatement) -> bool:
    """Whether a statement is about every action: `*`, or `NotAction`."""
    return any(item.negated or item.text in ("*", "*:*") for item in statement.actions)
