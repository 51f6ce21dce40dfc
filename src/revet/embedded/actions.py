"""What a caller needs to be allowed for an operation: actions, and on which resources.

What code asks of data is in `revet.iam.operations`; here are, besides, the operations that
remediations use. One that is in neither cannot be decided, and is refused with a name. Source:
Service Authorization Reference, the page of each service; Amazon S3 User Guide, "Required
permissions for Amazon S3 API operations".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from moto.backends import get_backend
from moto.s3.models import s3_backends

from revet.embedded.call import Call, Json, Moto
from revet.embedded.credentials import iam_backend, partition_of
from revet.embedded.encryption import Used, used_key
from revet.embedded.resources import (
    DeployedHere,
    attached_to,
    backend_of,
    bucket_of,
    object_of,
)
from revet.iam.operations import ROWS as OPERATIONS
from revet.iam.operations import KeyUse, Place, needs_of
from revet.iam.operations.kms import encryption_keys


class Needed(NamedTuple):
    """One thing that must be allowed.

    Args:
        action: for example `s3:PutEncryptionConfiguration`.
        resource: ARN, or `*`.
        policy: of the resource, JSON text; empty without one.
        account: that owns the resource.
        passed_to: for `iam:PassRole`, the service that gets the role.
        keys: condition keys of the request for it.
    """

    action: str
    resource: str
    policy: str = ""
    account: str = ""
    passed_to: str = ""
    keys: Mapping[str, Any] = {}


class Target(NamedTuple):
    """A resource, its policy and whose it is."""

    arn: str
    policy: str = ""
    account: str = ""


_ARN_PARTS = 6
_ROLE_ARN = re.compile(r"arn:[a-z-]+:iam::[0-9]{12}:role/")
Resolve = Callable[[Call], Target | None]
"""Finds the resource of a call; none when it is not known which one that is."""


def needed_for(call: Call) -> tuple[Needed, ...]:
    """What a call needs to be allowed, all of it; nothing when that is not known here."""
    if call.operation in OPERATIONS.get(call.boto_service, {}):
        return tuple(_shared(call))
    asked = (call.boto_service, call.operation)
    row = _ROWS.get(asked)
    target = row[1](call) if row is not None else None
    more = any(call.parameters.get(member) for member in _NEEDS_MORE.get(asked, ()))
    if row is None or target is None or more or _elsewhere(target.arn, call):
        return ()
    own = Needed(f"{call.boto_service}:{row[0]}", *target)
    passed_to = _PASSES.get(asked)
    roles = tuple(dict.fromkeys(_roles(call.parameters)))
    if roles and passed_to is None:
        return ()
    return own, *(_passed(role, passed_to or "") for role in roles)


def _shared(call: Call) -> Iterator[Needed]:
    """As the table says that readers of recorded calls share; nothing when it is not known."""
    place = Place(call.principal.account, call.region, partition_of(call.region))
    found = needs_of(call.boto_service, call.operation, call.parameters, place, DeployedHere())
    used = [(use, used_key(use, place)) for use in found.key_uses] if found is not None else []
    if found is None or any(key is not None and not key.arn for _, key in used):
        return
    if any(_elsewhere(need.resource, call) for need in found.needs):
        return
    for need in found.needs:
        beside = attached_to(need.resource, call)
        keys = {**beside.keys, **need.keys}
        yield Needed(need.action, need.resource, beside.policy, beside.account, keys=keys)
    if found.needs and call.operation in _SHOWS_ABSENCE and _is_absent(call):
        bucket = f"arn:{place.partition}:s3:::{call.parameters['Bucket']}"
        beside = attached_to(bucket, call)
        yield Needed("s3:ListBucket", bucket, beside.policy, beside.account)
    for use, key in used:
        if key is not None:
            yield _forwarded(call, place, use, key)


_SHOWS_ABSENCE = (
    *("GetObject", "GetObjectAcl", "GetObjectAttributes", "GetObjectTagging"),
    *("HeadObject", "SelectObjectContent"),
)
"""Operations that answer that an object is not there only to who may list the bucket."""


def _is_absent(call: Call) -> bool:
    bucket, key, version = (
        str(call.parameters.get(name) or "") for name in ("Bucket", "Key", "VersionId")
    )
    return bucket_of(bucket) is not None and object_of(bucket, key, version) is None


def _forwarded(call: Call, place: Place, use: KeyUse, key: Used) -> Needed:
    """What KMS decides of a service that asks on the caller's authority."""
    beside = attached_to(key.arn, call)
    suffix = "amazonaws.com.cn" if place.partition == "aws-cn" else "amazonaws.com"
    service = f"{use.service}.{suffix}"
    keys = {
        **beside.keys,
        **encryption_keys(key.encryption_context),
        "kms:CallerAccount": place.account,
        "kms:EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
        "kms:ViaService": f"{use.service}.{place.region}.{suffix}",
        "aws:ViaAWSService": True,
        "aws:CalledVia": [service],
        "aws:CalledViaFirst": service,
        "aws:CalledViaLast": service,
    }
    return Needed(use.action, key.arn, beside.policy, beside.account, keys=keys)


def _elsewhere(arn: str, call: Call) -> bool:
    """Whether an ARN is of another region: which resource a call then changes is not known.

    For logs and trails, which have no policies that let other accounts in, of another account too.
    """
    parts = arn.split(":", 5)
    if len(parts) != _ARN_PARTS:
        return False
    foreign = parts[4] not in ("", call.principal.account) and parts[2] in ("logs", "cloudtrail")
    return foreign or parts[3] not in ("", call.region)


def _roles(value: Json, name: str = "") -> Iterator[str]:
    """The roles that a request hands over: ARNs of roles, and texts of members named as such."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from _roles(one, str(key))
    elif isinstance(value, list):
        for one in value:
            yield from _roles(one, name.removesuffix("s"))
    elif isinstance(value, str) and _is_role(name, value):
        yield value


def _is_role(name: str, value: str) -> bool:
    named = name.lower().endswith(("role", "rolearn"))
    return bool(value) and (named or _ROLE_ARN.match(value) is not None)


def _passed(role: str, service: str) -> Needed:
    return Needed("iam:PassRole", role, "", _account(role), service)


def _account(arn: str) -> str:
    parts = arn.split(":", 5)
    return parts[4] if len(parts) == _ARN_PARTS else ""


def _only(call: Call, *members: str) -> str:
    """The one member that a call has of several that name the same thing; else empty."""
    given = [one for one in members if call.parameters.get(one)]
    return given[0] if len(given) == 1 else ""


def _nothing(_call: Call) -> Target:
    return Target("*")


def _bucket(call: Call) -> Target | None:
    name = str(call.parameters["Bucket"])
    if name.startswith("arn:") or name.endswith("-s3alias"):
        return None  # an access point, with a policy of its own
    found = s3_backends.bucket_accounts.get(name)
    partition = found[0] if found is not None else partition_of(call.region)
    return _target(f"arn:{partition}:s3:::{name}", call)


def _target(arn: str, call: Call) -> Target:
    beside = attached_to(arn, call)
    return Target(arn, beside.policy, beside.account)


def _key(call: Call) -> Target:
    asked = str(call.parameters["KeyId"])
    arn = asked if asked.startswith("arn:") else _arn(call, "kms", f"key/{asked}")
    backend = backend_of("kms", arn)
    key = backend.keys.get(backend.any_id_to_key_id(asked)) if backend is not None else None
    named = f"{arn.rpartition(':')[0]}:key/{asked.rpartition('/')[2]}"
    return _target(named if key is None else str(key.arn), call)


def _user(call: Call) -> Target | None:
    if not call.parameters.get("UserName"):
        return None  # the caller itself, which is a role here
    partition, account = partition_of(call.region), call.principal.account
    name = str(call.parameters.get("UserName") or "")
    backend = iam_backend(account, partition)
    user = backend.users.get(name) if backend is not None else None
    return Target(user.arn if user else f"arn:{partition}:iam::{account}:user/{name}")


def _log_group(call: Call) -> Target | None:
    member = _only(call, "logGroupName", "resourceIdentifier")
    if not member:
        return None
    name = str(call.parameters[member])
    by_arn = member == "resourceIdentifier"
    arn = name.removesuffix(":*") if by_arn else _arn(call, "logs", f"log-group:{name}")
    return _target(arn, call) if ":log-group:" in arn else None


def _trail(call: Call) -> Target:
    asked = str(call.parameters["Name"])
    backend: Moto = get_backend("cloudtrail")[call.principal.account][call.region]
    for trail in backend.describe_trails(True):
        if asked in (trail.trail_name, trail.arn):
            return Target(trail.arn)
    return Target(asked if asked.startswith("arn:") else _arn(call, "cloudtrail", f"trail/{asked}"))


def _table(call: Call) -> Target:
    name = str(call.parameters["TableName"])
    arn = name if name.startswith("arn:") else _arn(call, "dynamodb", f"table/{name}")
    return _target(arn, call)


def _group(call: Call) -> Target | None:
    member = _only(call, "GroupId", "GroupName")
    found = _groups(call, member, call.parameters[member]) if member else []
    return Target(_arn(call, "ec2", f"security-group/{found[0]}")) if len(found) == 1 else None


def _groups(call: Call, member: str, value: Json) -> list[str]:
    """Identifiers of the groups with one, or of that name in a default VPC.

    Groups of other VPCs have no use of a name.
    """
    backend: Moto = get_backend("ec2")[call.principal.account][call.region]
    if member == "GroupId":
        return [value for groups in backend.groups.values() if value in groups]
    return [
        str(group.id)
        for vpc in backend.vpcs.values()
        if vpc.is_default == "true" or vpc.is_default is True
        for group in backend.groups.get(vpc.id, {}).values()
        if group.name == value
    ]


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
    ),
    **_rows(
        "kms",
        _key,
        "EnableKeyRotation",
        "DisableKeyRotation",
    ),
    **_rows("iam", _user, "GetUser", "ListAccessKeys", "UpdateAccessKey", "DeleteAccessKey"),
    **_rows(
        "iam", _nothing, "ListUsers", "GetAccountPasswordPolicy", "UpdateAccountPasswordPolicy"
    ),
    **_rows("logs", _log_group, "PutRetentionPolicy", "AssociateKmsKey"),
    **_rows("logs", _nothing, "DescribeLogGroups"),
    **_rows("cloudtrail", _trail, "StartLogging", "GetTrailStatus", "UpdateTrail"),
    **_rows("cloudtrail", _nothing, "DescribeTrails"),
    **_rows("dynamodb", _table, "UpdateContinuousBackups", "UpdateTable"),
    **_rows("ec2", _group, "RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress"),
    **_rows("ec2", _nothing, "DescribeSecurityGroups", "DescribeVpcs", "DescribeFlowLogs"),
    **_rows("config", _nothing, "GetResourceConfigHistory", "DescribeConfigRules"),
}

_PASSES: Mapping[tuple[str, str], str] = {
    ("cloudtrail", "UpdateTrail"): "cloudtrail.amazonaws.com",
}
"""Operations that hand a role over to a service, which `iam:PassRole` decides. (IAM User Guide,
"Grant a user permissions to pass a role to an AWS service".)"""

_NEEDS_MORE: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("cloudtrail", "UpdateTrail"): ("IsOrganizationTrail",),
    ("dynamodb", "UpdateTable"): (
        *("SSESpecification", "ReplicaUpdates", "GlobalTableWitnessUpdates"),
    ),
}
"""Members of operations that need more than the operation's action: keys, replicas, the
organization. (Amazon DynamoDB Developer Guide, "DynamoDB encryption at rest usage notes"; AWS
CloudTrail User Guide, "Prepare for creating a trail for your organization".)"""
