"""Conditions with `*`: they only ask whether the key is there.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators" (missing keys, IfExists),
"Set operators for multivalued context keys".
"""

from __future__ import annotations

from dataclasses import dataclass

from revet.iam.operators import Qualifier, Relation
from revet.iam.validate.written import WrittenCondition


@dataclass(frozen=True, slots=True)
class Presence:
    """What a condition with `*` says.

    Args:
        when_absent: whether it holds for a request without the key.
        when_present: whether it holds for a request with the key.
    """

    when_absent: bool
    when_present: bool


def presence(condition: WrittenCondition) -> Presence | None:
    """What is left of a condition because a value matches everything.

    Returns:
        None when the condition does compare values.
    """
    used = condition.operator
    if used is None or used.relation is not Relation.LIKE:
        return None
    for value in condition.values:
        text = value.text
        if text == "*" or (text and not text.strip("*")):
            break
    else:
        return None
    negated = used.negated
    if used.qualifier is Qualifier.FOR_ALL_VALUES:
        when_absent = True
    elif used.qualifier is Qualifier.FOR_ANY_VALUE:
        when_absent = used.if_exists
    else:
        when_absent = negated or used.if_exists
    return Presence(when_absent, not negated)
