"""What a caller needs to be allowed for an operation: actions, and on which resources.

The operations that remediations use. One that is not here cannot be decided, and is refused with a
name. Source: Service Authorization Reference, the page of each service; Amazon S3 User Guide,
"Required permissions for Amazon S3 API operations".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from moto.backends import get_backend
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends

from revet.embedded.call import Call, Moto
from revet.embedded.credentials import iam_backend, partition_of


class Needed(NamedTuple):
    """One thing that must be allowed.

    Args:
        action: for example `s3:PutEncryptionConfiguration`.
        resource: ARN, or `*`.
        policy: of the resource, JSON text; empty without one.
        account: that owns the resource.
    """

    action: str
    resource: str
    policy: str = ""
    account: str = ""


class Target(NamedTuple):
    """A resource, its policy and whose it is."""

    arn: str
    policy: str = ""
    account: str = ""


Resolve = Callable[[Call], Target]


def needed_for(call: Call) -> Needed | None:
    """What a call needs to be allowed; none when that is not known here."""
    row = _ROWS.get((call.boto_service, call.operation))
    if row is None:
        return None
    action, resolve = row
    return Needed(f"{call.boto_service}:{action}", *resolve(call))


def _nothing(_call: Call) -> Target:
    return Target("*")


def _bucket(call: Call) -> Target:
    name = str(call.parameters["Bucket"])
    partition, account = s3_backends.bucket_accounts.get(
        name, (partition_of(call.region), call.principal.account)
    )
    found: Moto = s3_backends[account][partition].buckets.get(name)
    policy = found.policy.decode() if found is not None and found.policy else ""
    return Target(f"arn:{partition}:s3:::{name}", policy, account)


def _key(call: Call) -> Target:
    account = call.principal.account
    backend: Moto = kms_backends[account][call.region]
    asked = str(call.parameters["KeyId"])
    key = backend.keys.get(backend.any_id_to_key_id(asked))
    if key is None:
        return Target(_arn(call, "kms", f"key/{asked.rpartition('/')[2]}"))
    return Target(key.arn, str(key.policy or ""), account)


def _user(call: Call) -> Target:
    partition, account = partition_of(call.region), call.principal.account
    name = str(call.parameters.get("UserName") or "")
    backend = iam_backend(account, partition)
    user = backend.users.get(name) if backend is not None else None
    return Target(user.arn if user else f"arn:{partition}:iam::{account}:user/{name}")


def _log_group(call: Call) -> Target:
    name = call.parameters.get("logGroupName") or str(
        call.parameters.get("resourceIdentifier") or ""
    ).rpartition(":log-group:")[2].removesuffix(":*")
    return Target(_arn(call, "logs", f"log-group:{name}"))


def _topic(call: Call) -> Target:
    arn = str(call.parameters.get("TopicArn") or "")
    topic = get_backend("sns")[call.principal.account][call.region].topics.get(arn)
    return Target(arn, str(topic.policy) if topic is not None else "")


def _trail(call: Call) -> Target:
    name = str(call.parameters["Name"])
    return Target(name if name.startswith("arn:") else _arn(call, "cloudtrail", f"trail/{name}"))


def _table(call: Call) -> Target:
    name = str(call.parameters["TableName"]).rpartition("/")[2]
    return Target(_arn(call, "dynamodb", f"table/{name}"))


def _group(call: Call) -> Target:
    return Target(_arn(call, "ec2", f"security-group/{call.parameters['GroupId']}"))


def _arn(call: Call, service: str, rest: str) -> str:
    partition = partition_of(call.region)
    return f"arn:{partition}:{service}:{call.region}:{call.principal.account}:{rest}"


def _rows(
    service: str, resolve: Resolve, *same: str, **other: str
) -> dict[tuple[str, str], tuple[str, Resolve]]:
    """Rows of a service.

    Args:
        service: botocore's name, which is its prefix.
        resolve: finds the resource of a call.
        same: operations whose action has their name.
        other: operations, each with its action.
    """
    named = {**{name: name for name in same}, **other}
    return {(service, operation): (action, resolve) for operation, action in named.items()}


_ROWS: Mapping[tuple[str, str], tuple[str, Resolve]] = {
    **_rows(
        "s3",
        _bucket,
        *("GetBucketAcl", "PutBucketAcl", "GetBucketLocation"),
        *("GetBucketLogging", "PutBucketLogging", "GetBucketPolicy", "PutBucketPolicy"),
        *("DeleteBucketPolicy", "GetBucketTagging", "PutBucketTagging"),
        *("GetBucketVersioning", "PutBucketVersioning"),
        *("GetBucketOwnershipControls", "PutBucketOwnershipControls"),
        GetBucketEncryption="GetEncryptionConfiguration",
        PutBucketEncryption="PutEncryptionConfiguration",
        DeleteBucketEncryption="PutEncryptionConfiguration",
        GetPublicAccessBlock="GetBucketPublicAccessBlock",
        PutPublicAccessBlock="PutBucketPublicAccessBlock",
        DeletePublicAccessBlock="PutBucketPublicAccessBlock",
        GetBucketLifecycleConfiguration="GetLifecycleConfiguration",
        PutBucketLifecycleConfiguration="PutLifecycleConfiguration",
        DeleteBucketLifecycle="PutLifecycleConfiguration",
        HeadBucket="ListBucket",
    ),
    **_rows("s3", _nothing, ListBuckets="ListAllMyBuckets"),
    **_rows(
        "kms",
        _key,
        "DescribeKey",
        "EnableKeyRotation",
        "DisableKeyRotation",
        "GetKeyRotationStatus",
    ),
    **_rows("iam", _user, "GetUser", "ListAccessKeys", "UpdateAccessKey", "DeleteAccessKey"),
    **_rows(
        "iam", _nothing, "ListUsers", "GetAccountPasswordPolicy", "UpdateAccountPasswordPolicy"
    ),
    **_rows("logs", _log_group, "PutRetentionPolicy", "AssociateKmsKey"),
    **_rows("logs", _nothing, "DescribeLogGroups"),
    **_rows("sns", _topic, "Publish"),
    **_rows("cloudtrail", _trail, "StartLogging", "GetTrailStatus", "UpdateTrail"),
    **_rows("cloudtrail", _nothing, "DescribeTrails"),
    **_rows("dynamodb", _table, "DescribeTable", "UpdateContinuousBackups", "UpdateTable"),
    **_rows("ec2", _group, "RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress"),
    **_rows("ec2", _nothing, "DescribeSecurityGroups", "DescribeVpcs", "DescribeFlowLogs"),
    **_rows("config", _nothing, "GetResourceConfigHistory", "DescribeConfigRules"),
}
