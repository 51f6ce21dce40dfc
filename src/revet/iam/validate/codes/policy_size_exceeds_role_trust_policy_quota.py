"""A role's trust policy fits into what IAM takes."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_size import characters_without_whitespace
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.subject import PolicySubject

QUOTA = 2_048
"""Characters without white space, unless the account had the quota raised.

Source: IAM User Guide, "IAM and AWS STS quotas".
"""


@check(Level.WARNING, subject=PolicySubject, types=frozenset({PolicyType.TRUST}))
def policy_size_exceeds_role_trust_policy_quota(policy: PolicySubject) -> Hits:
    """More than `QUOTA` characters that are no white space.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    size = characters_without_whitespace(policy, QUOTA)
    if size > QUOTA:
        yield hit(
            f"The trust policy has {size} characters without white space; IAM takes {QUOTA} unless "
            "the quota of the account was raised. Shorten it, or have the quota raised.",
            policy.place,
        )
