"""KMS: keys with their rotation, policy and tags."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from revet.plan.kinds import attribute_kinds
from revet.verify.readers import Draft, tagged

_NAMES = {
    "is_enabled": "enabled",
    "customer_master_key_spec": "key_spec",
    "enable_key_rotation": "key_rotation_enabled",
}
"""Attributes of a key to those of replicas, and of keys whose material comes from elsewhere."""


def aws_kms_key(one: Draft) -> None:
    """A key of AWS's own is what the provider's data source finds: nobody can change it."""
    ask, values, said = partial(one.ask, KeyId="{id}"), one.values, one.said
    if said["KeyManager"] == "AWS":
        values["key_manager"], one.mode = "AWS", "data"
        one.unknown = {}
        return
    if said["Origin"] == "AWS_KMS" and said.get("KeySpec") == "SYMMETRIC_DEFAULT":
        turns = one.answer(
            lambda: ask("GetKeyRotationStatus"), "enable_key_rotation", "rotation_period_in_days"
        )
        enabled = values["enable_key_rotation"] = turns.get("KeyRotationEnabled")
        default = None if enabled else 0  # without a period it is KMS's own
        values["rotation_period_in_days"] = turns.get("RotationPeriodInDays", default)
    else:
        values |= {"enable_key_rotation": False, "rotation_period_in_days": 0}
    policy = one.answer(lambda: ask("GetKeyPolicy", PolicyName="default"), "policy")
    pairs = one.answer(lambda: ask("ListResourceTags"), "tags", "tags_all").get("Tags")
    values |= {"policy": policy.get("Policy"), **tagged(pairs, "TagKey", "TagValue")}
    kind = "aws_kms_external_key" if said["Origin"] == "EXTERNAL" else "aws_kms_key"
    if said.get("MultiRegionConfiguration", {}).get("MultiRegionKeyType") == "REPLICA":
        kind = kind.replace("aws_kms_", "aws_kms_replica_")
        values["primary_key_arn"] = said["MultiRegionConfiguration"]["PrimaryKey"]["Arn"]
    values["key_state"] = said.get("KeyState")
    values |= {"expiration_model": said.get("ExpirationModel", ""), "key_material_base64": None}
    values["valid_to"] = str(said.get("ValidTo", ""))
    one.type, one.values, one.unknown = kind, _named(kind, values), _named(kind, one.unknown)


def _named(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes that a type has, under its names."""
    has: Any = attribute_kinds(kind)
    named = {name if name in has else _NAMES.get(name, name): values[name] for name in values}
    return {name: value for name, value in named.items() if name in has}
