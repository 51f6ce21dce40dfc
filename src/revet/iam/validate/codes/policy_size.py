"""How large a policy may be.

What a reference to a resource that does not exist yet will stand for is not known; it counts as
nothing, so that a policy that is found too large will be too large.
"""

from __future__ import annotations

from collections.abc import Callable

from revet.iam.policy_type import OF_IDENTITIES, PolicyType
from revet.iam.symbol import around_symbols
from revet.iam.validate.finding import Hits, Level, check, hit
from revet.iam.validate.written import WrittenPolicy

_WHITESPACE = " \t\r\n"


def _without_whitespace(text: str) -> int:
    return len(text) - sum(map(text.count, _WHITESPACE))


def _exceeds(
    policy: WrittenPolicy, quota: int, details: str, *, count: Callable[[str], int]
) -> Hits:
    """More characters than a quota; a text that is no longer than it is not measured exactly."""
    text = policy.json.text
    if len(text) > quota and (size := count(around_symbols(text))) > quota:
        yield hit(details.format(size=size, quota=quota), policy.place)


@check(Level.WARNING, types=OF_IDENTITIES, answers=None)
def policy_size_exceeds_identity_policy_quota(policy: WrittenPolicy) -> Hits:
    """More characters without white space than a role's inline policies can have together.

    A managed policy holds 6,144 and a user's inline policies 2,048 (IAM User Guide, "IAM and AWS
    STS quotas"), but AWS's findings on its own managed policies begin above this one: 12 of 695
    policies, from 10,409 characters on, while none from 6,331 to 10,155 is found.
    """
    return _exceeds(
        policy,
        10_240,
        "The policy has {size} characters without white space; IAM takes at most {quota}. "
        "Split it into several policies.",
        count=_without_whitespace,
    )


@check(
    Level.ERROR,
    types={PolicyType.MANAGED, PolicyType.BOUNDARY},
    source="IAM User Guide, IAM and AWS STS quotas",
)
def revet_managed_policy_exceeds_quota(policy: WrittenPolicy) -> Hits:
    """More characters without white space than a managed policy holds; a boundary is one.

    The quota cannot be raised. Access Analyzer's own finding,
    `POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA`, begins at the larger quota of inline policies.
    """
    return _exceeds(
        policy,
        6_144,
        "The managed policy has {size} characters without white space; IAM takes at most "
        "{quota}. Split it into several policies.",
        count=_without_whitespace,
    )


@check(Level.ERROR, types={PolicyType.SESSION}, source="AWS STS API Reference, AssumeRole")
def revet_session_policy_exceeds_quota(policy: WrittenPolicy) -> Hits:
    """More characters than AWS STS takes; whoever passes the policy removes the white space.

    Source: AWS STS API Reference, "AssumeRole" (parameter Policy). AWS also packs policies and tags
    into a form of its own with a limit that is not documented in characters and may be hit before.
    """
    return _exceeds(
        policy,
        2_048,
        "The session policy has {size} characters, white space included; AWS STS takes at "
        "most {quota}. Remove white space, or pass managed policies by their ARNs.",
        count=len,
    )


@check(Level.WARNING, types={PolicyType.TRUST})
def policy_size_exceeds_role_trust_policy_quota(policy: WrittenPolicy) -> Hits:
    """More characters without white space than a role's trust policy has by default.

    Source: IAM User Guide, "IAM and AWS STS quotas". The account may have had the quota raised.
    """
    return _exceeds(
        policy,
        2_048,
        "The trust policy has {size} characters without white space; IAM takes {quota} unless "
        "the quota of the account was raised. Shorten it, or have the quota raised.",
        count=_without_whitespace,
    )


_ORGANIZATIONS = (
    "characters, white space included; Organizations takes at most {quota}. "
    "Remove white space, or split the policy."
)
"""Whoever writes such a policy removes the white space.

Source: AWS Organizations User Guide, "Quotas and service limits for AWS Organizations".
"""


@check(Level.ERROR, types={PolicyType.SCP})
def policy_size_exceeds_scp_quota(policy: WrittenPolicy) -> Hits:
    """More characters than a service control policy may have; until May 2026 it was 5,120."""
    details = "The service control policy has {size} " + _ORGANIZATIONS
    return _exceeds(policy, 10_240, details, count=len)


@check(Level.ERROR, types={PolicyType.RCP})
def policy_size_exceeds_rcp_quota(policy: WrittenPolicy) -> Hits:
    """More characters than a resource control policy may have."""
    details = "The resource control policy has {size} " + _ORGANIZATIONS
    return _exceeds(policy, 5_120, details, count=len)


_QUOTAS = {
    "AWS::S3::Bucket": 20_480,
    "AWS::S3::AccessPoint": 20_480,
    "AWS::S3::MultiRegionAccessPoint": 20_480,
    "AWS::S3ObjectLambda::AccessPoint": 20_480,
    "AWS::DynamoDB::Table": 20_480,
    "AWS::KMS::Key": 32_768,
    "AWS::SecretsManager::Secret": 20_480,
    "AWS::SQS::Queue": 8_192,
}
"""Bytes by type of resource.

Source: Amazon S3 User Guide, "Bucket policies for Amazon S3"; Amazon DynamoDB Developer Guide,
"Resource-based policy considerations"; AWS KMS Developer Guide, "Resource quotas"; Secrets Manager
API Reference, "PutResourcePolicy"; Amazon SQS Developer Guide, "Amazon SQS policy quotas".
"""
_LARGEST = max(_QUOTAS.values())
"""Holds where the type of the resource is not known: no service that we know takes more."""


@check(Level.WARNING, types={PolicyType.RESOURCE})
def policy_size_exceeds_resource_policy_quota(policy: WrittenPolicy) -> Hits:
    """More characters than the quota of the resource's type, white space included.

    Which quota AWS applies to a policy without a resource type is not documented;
    here it is the largest.
    """
    return _exceeds(
        policy,
        _QUOTAS.get(policy.resource_type, _LARGEST),
        "The policy has {size} characters; the resource takes at most {quota}. Shorten it, or "
        "move permissions into identity policies.",
        count=len,
    )
