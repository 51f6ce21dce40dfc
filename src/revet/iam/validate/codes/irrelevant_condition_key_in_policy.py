"""The policy of a bucket cannot choose whose bucket it is."""

from __future__ import annotations

from revet.iam.validate.attached import governed_by
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.subject import ConditionSubject

_KEYS = {"s3:resourceaccount": frozenset({"AWS::S3::Bucket", "AWS::S3::AccessPoint"})}
"""Keys and the resources in whose policies they say nothing."""


@check(
    Level.SUGGESTION,
    subject=ConditionSubject,
    types=frozenset({PolicyType.RESOURCE}),
    needs="s3:resourceaccount",
)
def irrelevant_condition_key_in_policy(condition: ConditionSubject) -> Hits:
    """A key whose value is the same for every request that the policy governs.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    policy = condition.statement.policy
    governed = governed_by(policy)
    if governed is not None and policy.resource_type in _KEYS.get(condition.lower, ()):
        yield hit(
            f"{condition.key} has one value for all requests that the policy of an "
            f"{governed.name} governs. Use it in the policies of identities, or remove it.",
            condition.key_place,
        )
