"""A session policy fits into what AWS STS takes."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_size import characters
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.subject import PolicySubject

QUOTA = 2_048
"""Characters, white space included.

Source: AWS STS API Reference, "AssumeRole" (parameter Policy). AWS also packs policies and tags
into a form of its own with a limit that is not documented in characters and may be hit before.
"""


@check(
    Level.ERROR,
    subject=PolicySubject,
    types=frozenset({PolicyType.SESSION}),
    source="AWS STS API Reference, AssumeRole",
)
def session_policy_exceeds_quota(policy: PolicySubject) -> Hits:
    """More than `QUOTA` characters; whoever passes the policy removes the white space."""
    size = characters(policy, QUOTA)
    if size > QUOTA:
        yield hit(
            f"The session policy has {size} characters, white space included; AWS STS takes at "
            f"most {QUOTA}. Remove white space, or pass managed policies by their ARNs.",
            policy.place,
        )
