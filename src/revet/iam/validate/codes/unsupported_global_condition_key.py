"""Policies of resources do not know `aws:ARN`."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.condition_keys import DEPRECATED
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.subject import ConditionSubject


@check(
    Level.ERROR,
    subject=ConditionSubject,
    types=frozenset({PolicyType.RESOURCE, PolicyType.TRUST, PolicyType.RCP}),
    needs="aws:arn",
)
def unsupported_global_condition_key(condition: ConditionSubject) -> Hits:
    """The old key in a resource policy, trust policy or RCP.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if condition.lower == DEPRECATED:
        yield hit(
            f"The condition key {condition.key} is not supported here. Use aws:PrincipalArn for "
            "who makes the request, aws:SourceArn for the resource that an AWS service acts for.",
            condition.key_place,
        )
