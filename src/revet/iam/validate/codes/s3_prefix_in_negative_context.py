"""A list of forbidden prefixes does not keep anyone from listing with a shorter one."""

from __future__ import annotations

from revet.iam.operators import Kind
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.presence import presence
from revet.iam.validate.subject import ConditionSubject


@check(
    Level.SECURITY_WARNING,
    subject=ConditionSubject,
    source="IAM User Guide, IAM policy validation check reference; Amazon S3 User Guide, Bucket "
    "policy examples using condition keys",
    needs="s3:prefix",
)
def s3_prefix_in_negative_context(condition: ConditionSubject) -> Hits:
    """`s3:prefix` denied by value, or allowed but for some values.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if condition.lower != "s3:prefix":
        return
    used, statement = condition.operator, condition.statement
    if used is None or used.operator.kind is not Kind.STRING or presence(condition) is not None:
        return
    if statement.denies and not used.operator.negated:
        yield hit(
            f"A request with a shorter prefix lists the same objects and is not denied. Deny "
            f"with StringNotLike on {condition.key} what is not permitted.",
            condition.key_place,
        )
    elif statement.allows and used.operator.negated:
        yield hit(
            f"A request with a shorter prefix lists the same objects and is allowed. Allow with "
            f"StringLike on {condition.key} what is permitted.",
            condition.key_place,
        )
