"""What the policy of a resource can govern, by the type of the resource.

Sources: Amazon S3 User Guide, "Policies and permissions in Amazon S3" and "Configuring IAM policies
for using access points"; DynamoDB Developer Guide, "Using resource-based policies for DynamoDB";
IAM User Guide, "Roles terms and concepts" (trust policy). Amazon S3 refuses the policy of a
bucket with `*` as its resource (MalformedPolicy, "Policy has invalid resource").
"""

from __future__ import annotations

from dataclasses import dataclass

from revet.iam.validate.policy_type import TRUST_RESOURCE_TYPE, PolicyType
from revet.iam.validate.subject import PolicySubject


@dataclass(frozen=True, slots=True)
class Governed:
    """One type of resource that has a policy.

    Args:
        name: as messages show it.
        service: prefix of the actions.
        kinds: resource types of the service that its actions are on.
        arns: resource types that its resources are of; empty: it has no `Resource`.
        takes_everything: `*` may be its resource.
    """

    name: str
    service: str
    kinds: frozenset[str]
    arns: frozenset[str]
    takes_everything: bool


_GOVERNED = {
    "AWS::S3::Bucket": Governed(
        "S3 bucket",
        "s3",
        frozenset({"bucket", "object"}),
        frozenset({"bucket", "object"}),
        takes_everything=False,
    ),
    "AWS::S3::AccessPoint": Governed(
        "S3 access point",
        "s3",
        frozenset({"accesspoint", "accesspointobject", "object", "bucket"}),
        frozenset({"accesspoint", "accesspointobject"}),
        takes_everything=False,
    ),
    "AWS::S3::MultiRegionAccessPoint": Governed(
        "S3 Multi-Region Access Point",
        "s3",
        frozenset(
            {"accesspoint", "accesspointobject", "object", "bucket", "multiregionaccesspoint"}
        ),
        frozenset({"multiregionaccesspoint", "accesspointobject"}),
        takes_everything=False,
    ),
    "AWS::S3ObjectLambda::AccessPoint": Governed(
        "S3 Object Lambda access point",
        "s3-object-lambda",
        frozenset({"objectlambdaaccesspoint"}),
        frozenset({"objectlambdaaccesspoint"}),
        takes_everything=False,
    ),
    "AWS::DynamoDB::Table": Governed(
        "DynamoDB table",
        "dynamodb",
        frozenset({"table", "index", "stream"}),
        frozenset({"table", "index", "stream"}),
        takes_everything=True,
    ),
    TRUST_RESOURCE_TYPE: Governed(
        "IAM role",
        "sts",
        frozenset({"role"}),
        frozenset(),
        takes_everything=True,
    ),
}


def governed_by(policy: PolicySubject) -> Governed | None:
    """What a policy can govern; None when it is not known what it is attached to."""
    if policy.type is PolicyType.TRUST:
        return _GOVERNED[TRUST_RESOURCE_TYPE]
    return _GOVERNED.get(policy.resource_type) if policy.type is PolicyType.RESOURCE else None
