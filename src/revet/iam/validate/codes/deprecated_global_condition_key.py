"""`aws:ARN` has a successor."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.condition_keys import DEPRECATED
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import WITHOUT_PRINCIPAL
from revet.iam.validate.subject import ConditionSubject


@check(Level.WARNING, subject=ConditionSubject, types=WITHOUT_PRINCIPAL, needs="aws:arn")
def deprecated_global_condition_key(condition: ConditionSubject) -> Hits:
    """The old key in a policy of an identity or of an organization.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if condition.lower == DEPRECATED:
        yield hit(
            f"The condition key {condition.key} is out of date. Use aws:PrincipalArn.",
            condition.key_place,
        )
