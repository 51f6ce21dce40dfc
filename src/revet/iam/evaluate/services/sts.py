"""AWS STS: roles and their trust policies.

Sources: IAM User Guide, "Policy evaluation logic" (a trust policy must allow, in the same account
too), "Request temporary security credentials" and AWS STS API Reference, "AssumeRole" (not for the
root user), "GetCallerIdentity" and "GetSessionToken" (need no permission, and none takes it away).

External id, source identity, tags and MFA are condition keys of the request: `sts:ExternalId`,
`sts:SourceIdentity`, `aws:RequestTag/…`, `aws:MultiFactorAuthPresent`.
"""

from __future__ import annotations

from revet.iam.evaluate.request import CallerKind
from revet.iam.evaluate.services.rules import ServiceRules

STS = ServiceRules(
    prefix="sts",
    rooted=frozenset(("role",)),
    policy_on=frozenset(("role",)),
    free=frozenset(("sts:getcalleridentity", "sts:getsessiontoken")),
    refused={"sts:assumerole": frozenset((CallerKind.ROOT,))},
)
