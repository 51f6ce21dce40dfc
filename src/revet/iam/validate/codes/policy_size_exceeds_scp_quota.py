"""A service control policy fits into what Organizations takes."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_size import characters
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.subject import PolicySubject

QUOTA = 10_240
"""Characters, white space included; until May 2026 it was 5,120.

Source: AWS Organizations User Guide, "Quotas and service limits for AWS Organizations".
"""


@check(Level.ERROR, subject=PolicySubject, types=frozenset({PolicyType.SCP}))
def policy_size_exceeds_scp_quota(policy: PolicySubject) -> Hits:
    """More than `QUOTA` characters; whoever writes the policy removes the white space.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    size = characters(policy, QUOTA)
    if size > QUOTA:
        yield hit(
            f"The service control policy has {size} characters, white space included; "
            f"Organizations takes at most {QUOTA}. Remove white space, or split the policy.",
            policy.place,
        )
