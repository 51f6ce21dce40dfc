"""Conditions whose list of values is empty: what they mean depends on the operator."""

from __future__ import annotations

from enum import StrEnum

from revet.iam.document_json import JsonArray
from revet.iam.operators import Qualifier
from revet.iam.validate.subject import ConditionSubject


class EmptyCondition(StrEnum):
    """What an empty list of values amounts to."""

    PLAIN = "plain"
    FOR_ALL_VALUES = "ForAllValues"
    FOR_ANY_VALUE = "ForAnyValue"
    IF_EXISTS = "IfExists"


_BY_QUALIFIER = {
    Qualifier.FOR_ALL_VALUES: EmptyCondition.FOR_ALL_VALUES,
    Qualifier.FOR_ANY_VALUE: EmptyCondition.FOR_ANY_VALUE,
}


def empty_condition(condition: ConditionSubject) -> EmptyCondition | None:
    """Which of the four an empty list of values is; None when there are values.

    A qualifier goes before `IfExists`, for it decides how an empty list is compared.

    Args:
        condition: one operator with one key.
    """
    node = condition.member.value
    if not isinstance(node, JsonArray) or node.items:
        return None
    operator = condition.operator
    if operator is None:
        return EmptyCondition.PLAIN
    if operator.qualifier in _BY_QUALIFIER:
        return _BY_QUALIFIER[operator.qualifier]
    return EmptyCondition.IF_EXISTS if operator.if_exists else EmptyCondition.PLAIN
