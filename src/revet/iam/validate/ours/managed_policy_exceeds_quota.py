"""A managed policy fits into what IAM takes."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_size import characters_without_whitespace
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.subject import PolicySubject

QUOTA = 6_144
"""Characters without white space; the quota cannot be raised.

Source: IAM User Guide, "IAM and AWS STS quotas". Access Analyzer's own finding,
`POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA`, begins at the larger quota of inline policies.
"""


@check(
    Level.ERROR,
    subject=PolicySubject,
    types=frozenset({PolicyType.MANAGED, PolicyType.BOUNDARY}),
    source="IAM User Guide, IAM and AWS STS quotas",
)
def managed_policy_exceeds_quota(policy: PolicySubject) -> Hits:
    """More than `QUOTA` characters that are no white space; a boundary is a managed policy."""
    size = characters_without_whitespace(policy, QUOTA)
    if size > QUOTA:
        yield hit(
            f"The managed policy has {size} characters without white space; IAM takes at most "
            f"{QUOTA}. Split it into several policies.",
            policy.place,
        )
