"""Ids of VPCs and their endpoints in conditions.

Source: IAM User Guide, "IAM policy validation check reference" (Invalid vpc format): the prefix and
8 or 17 alphanumeric characters.
"""

from __future__ import annotations

from revet.iam.operators import Kind, Relation
from revet.iam.validate.subject import ConditionSubject

_LENGTHS = (8, 17)


def compares_texts(condition: ConditionSubject) -> bool:
    """Whether the operator is one for strings."""
    used = condition.operator
    return used is not None and used.operator.kind is Kind.STRING


def is_id(text: str, prefix: str, condition: ConditionSubject) -> bool:
    """Whether a value is an id, or can become one: variables, references, patterns.

    Args:
        text: the value.
        prefix: `vpc-` or `vpce-`.
        condition: that it stands in; decides whether `*` is a wildcard.
    """
    if "${" in text:
        return True
    used = condition.operator
    if (
        used is not None
        and used.operator.relation is Relation.LIKE
        and ("*" in text or "?" in text)
    ):
        return True
    rest = text.removeprefix(prefix)
    return rest != text and len(rest) in _LENGTHS and rest.isascii() and rest.isalnum()
