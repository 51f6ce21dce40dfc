"""ARNs are compared field by field."""

from __future__ import annotations

from revet.iam.operators import Kind, Relation
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject


@check(Level.SECURITY_WARNING, subject=ConditionSubject, needs="like")
def string_like_operator_with_arn_condition_keys(condition: ConditionSubject) -> Hits:
    """`StringLike` or `StringNotLike` on a key that holds ARNs."""
    used, reference = condition.operator, condition.reference
    if (
        used is not None
        and used.operator.kind is Kind.STRING
        and used.operator.relation is Relation.LIKE
        and reference is not None
        and reference.type == "ARN"
    ):
        better = "ArnNotLike" if used.operator.negated else "ArnLike"
        yield hit(
            f"{quoted(condition.key)} holds an ARN, and wildcards of {used.operator.name} reach "
            f"over its fields. Use {better}.",
            condition.key_place,
        )
