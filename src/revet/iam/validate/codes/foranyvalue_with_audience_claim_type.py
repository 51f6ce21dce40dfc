"""A token has one audience for AWS."""

from __future__ import annotations

from revet.iam.operators import Kind, Qualifier
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.condition_keys import is_audience
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject


@check(
    Level.SECURITY_WARNING,
    subject=ConditionSubject,
    source="IAM User Guide, IAM policy validation check reference; Single-valued vs. multivalued "
    "context keys",
    needs="foranyvalue",
)
def foranyvalue_with_audience_claim_type(condition: ConditionSubject) -> Hits:
    """`ForAnyValue` on the claim `aud` of an identity provider.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if not is_audience(condition):
        return
    used = condition.operator
    if (
        used is not None
        and used.qualifier is Qualifier.FOR_ANY_VALUE
        and used.operator.kind is not Kind.NULL
    ):
        yield hit(
            f"{quoted(condition.key)} has one value. Write {used.operator.name} without "
            "ForAnyValue.",
            condition.key_place,
        )
