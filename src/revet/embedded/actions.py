"""What a caller needs to be allowed for an operation: actions, and on which resources.

The operations that remediations use. One that is not here cannot be decided, and is refused with a
name. Source: Service Authorization Reference, the page of each service; Amazon S3 User Guide,
"Required permissions for Amazon S3 API operations".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from moto.backends import get_backend
from moto.s3.models import s3_backends

from revet.embedded.call import Call, Json, Moto
from revet.embedded.credentials import iam_backend, partition_of


class Needed(NamedTuple):
    """One thing that must be allowed.

    Args:
        action: for example `s3:PutEncryptionConfiguration`.
        resource: ARN, or `*`.
        policy: of the resource, JSON text; empty without one.
        account: that owns the resource.
        passed_to: for `iam:PassRole`, the service that gets the role.
    """

    action: str
    resource: str
    policy: str = ""
    account: str = ""
    passed_to: str = ""


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
    partition, account = s3_backends.bucket_accounts.get(
        name, (partition_of(call.region), call.principal.account)
    )
    found: Moto = s3_backends[account][partition].buckets.get(name)
    policy = found.policy.decode() if found is not None and found.policy else ""
    return Target(f"arn:{partition}:s3:::{name}", policy, account)


def _key(call: Call) -> Target:
    asked = str(call.parameters["KeyId"])
    arn = asked if asked.startswith("arn:") else _arn(call, "kms", f"key/{asked}")
    backend = _backend("kms", arn)
    key = backend.keys.get(backend.any_id_to_key_id(asked)) if backend is not None else None
    if key is None:
        return Target(f"{arn.rpartition(':')[0]}:key/{asked.rpartition('/')[2]}", "", _account(arn))
    return Target(key.arn, str(key.policy or ""), _account(key.arn))


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
    return Target(arn, _log_policies(call)) if ":log-group:" in arn else None


def _log_policies(call: Call) -> str:
    """The resource policies of CloudWatch Logs: an account has several, for all its groups."""
    backend = get_backend("logs")[call.principal.account][call.region]
    policies = [json.loads(one.policy_document) for one in backend.resource_policies.values()]
    statements = [
        {name: value for name, value in statement.items() if name != "Sid"}
        for policy in policies
        for statement in _many(policy.get("Statement"))
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}) if statements else ""


def _many(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value] if value else []


def _topic(call: Call) -> Target | None:
    member = _only(call, "TopicArn", "TargetArn", "PhoneNumber")
    arn = str(call.parameters[member]) if member else ""
    backend = _backend("sns", arn)
    topic = backend.topics.get(arn) if backend is not None else None
    if topic is None or topic.kms_master_key_id:
        return None  # a phone, a device, or a topic with a key that the publisher must be let use
    return Target(arn, str(topic.policy or ""), _account(arn))


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
    backend = _backend("dynamodb", arn)
    kept = backend.resource_policies.get(arn) if backend is not None else None
    return Target(arn, str(kept.policy_doc) if kept is not None else "", _account(arn))


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


def _backend(service: str, arn: str) -> Moto | None:
    """Moto's backend of the account and region of an ARN; none is made."""
    parts = arn.split(":", 5)
    if len(parts) != _ARN_PARTS:
        return None
    regions: Moto = dict.get(get_backend(service), parts[4])  # type: ignore[call-overload]
    return None if regions is None else dict.get(regions, parts[3])


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
