"""A resource's policy fits into what its service takes."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_size import characters
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.subject import PolicySubject

QUOTAS = {
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
LARGEST = max(QUOTAS.values())
"""Holds where the type of the resource is not known: no service that we know takes more."""


@check(Level.WARNING, subject=PolicySubject, types=frozenset({PolicyType.RESOURCE}))
def policy_size_exceeds_resource_policy_quota(policy: PolicySubject) -> Hits:
    """More characters than the quota of the resource's type, white space included.

    Which quota AWS holds against a policy whose resource type it was not told is not documented;
    here it is the largest.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    quota = QUOTAS.get(policy.resource_type, LARGEST)
    size = characters(policy, quota)
    if size > quota:
        yield hit(
            f"The policy has {size} characters; the resource takes at most {quota}. Shorten it, or "
            "move permissions into identity policies.",
            policy.place,
        )
