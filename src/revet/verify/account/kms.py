"""KMS: keys with their rotation, policy and tags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from revet.plan.kinds import attribute_kinds
from revet.plan.observed import Observed
from revet.verify.api import Api, Parts
from revet.verify.listing import listed_by
from revet.verify.parts import tagged

_DELETED = ("PendingDeletion", "PendingReplicaDeletion")
_NAMES = {
    "is_enabled": "enabled",
    "customer_master_key_spec": "key_spec",
    "enable_key_rotation": "key_rotation_enabled",
}
"""Attributes of a key to those of replicas, and of keys whose material comes from elsewhere."""


def _key(api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    """A key of AWS's own is what the provider's data source finds: nobody can change it.

    One that waits to be deleted is gone, as it is for the provider (hashicorp/aws 5.100.0,
    `findKeyByID`).
    """
    name, parts = item["KeyId"], Parts()
    ask = api.about("kms", region, KeyId=name)
    said = ask("describe_key")["KeyMetadata"]
    if said.get("KeyState") in _DELETED:
        return
    values: dict[str, Any] = {
        "id": name,
        "key_id": name,
        "arn": said["Arn"],
        "is_enabled": said["Enabled"],
        "customer_master_key_spec": parts.need(said, "KeySpec", "customer_master_key_spec"),
        "key_usage": parts.need(said, "KeyUsage", "key_usage"),
        "custom_key_store_id": said.get("CustomKeyStoreId", ""),
        "multi_region": said.get("MultiRegion", False),
        "description": said.get("Description", ""),
        "deletion_window_in_days": None,
        "bypass_policy_lockout_safety_check": None,
        "xks_key_id": None,
    }
    if said["KeyManager"] == "AWS":
        yield Observed("aws_kms_key", name, values | {"key_manager": "AWS"}, region, mode="data")
        return
    if said["Origin"] == "AWS_KMS" and said.get("KeySpec") == "SYMMETRIC_DEFAULT":
        turns = parts.answer(
            lambda: ask("get_key_rotation_status"), "enable_key_rotation", "rotation_period_in_days"
        )
        enabled = values["enable_key_rotation"] = turns.get("KeyRotationEnabled")
        default = None if enabled else 0  # without a period it is KMS's own
        values["rotation_period_in_days"] = turns.get("RotationPeriodInDays", default)
    else:
        values |= {"enable_key_rotation": False, "rotation_period_in_days": 0}
    policy = parts.answer(lambda: ask("get_key_policy", PolicyName="default"), "policy")
    values["policy"] = policy.get("Policy")
    pairs = parts.answer(lambda: ask("list_resource_tags"), "tags", "tags_all").get("Tags")
    values |= tagged(pairs, "TagKey", "TagValue")
    if parts.gone:
        return
    kind = "aws_kms_external_key" if said["Origin"] == "EXTERNAL" else "aws_kms_key"
    if said.get("MultiRegionConfiguration", {}).get("MultiRegionKeyType") == "REPLICA":
        kind = kind.replace("aws_kms_", "aws_kms_replica_")
        values["primary_key_arn"] = said["MultiRegionConfiguration"]["PrimaryKey"]["Arn"]
    values["key_state"] = said.get("KeyState")
    values |= {"expiration_model": said.get("ExpirationModel", ""), "key_material_base64": None}
    values["valid_to"] = str(said.get("ValidTo", ""))
    known, unknown = _named(kind, values), _named(kind, parts.unknown)
    yield Observed(kind, name, known, region, unknown=unknown)


def _named(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes that a type has, under its names."""
    has: Any = attribute_kinds(kind)
    named = {name if name in has else _NAMES.get(name, name): values[name] for name in values}
    return {name: value for name, value in named.items() if name in has}


KEYS = listed_by(
    "kms",
    "ListKeys",
    "Keys",
    type="aws_kms_key",
    key="KeyId",
    read=_key,
    parts=("aws_kms_external_key", "aws_kms_replica_key", "aws_kms_replica_external_key"),
    more=("DescribeKey", "GetKeyRotationStatus", "GetKeyPolicy", "ListResourceTags"),
)
