"""KMS: rotation periods, replica keys of their own.

- moto keeps no `RotationPeriodInDays`: a key that rotates every 90 days would be reported without
  a period, and Terraform would change it at every apply. (KMS API Reference, EnableKeyRotation,
  GetKeyRotationStatus.)
- moto's replica shares one configuration dict with its primary, which then is reported as a
  replica too; grants, aliases, state and rotation belong to each key alone. (KMS Developer Guide,
  "Multi-Region keys": independent properties.)
- moto makes a key for `alias/aws/…` at the first question for it, as AWS does, but calls it the
  customer's own. (KMS Developer Guide, "AWS managed keys": `KeyManager` is `AWS`; a customer cannot
  delete them.)
- moto says nothing of the usage of a key that is made without one. (KMS API Reference, CreateKey:
  the default is `ENCRYPT_DECRYPT`.)
- moto takes no ARN of a key where its state is changed, and answers with what it was asked for.
  (KMS API Reference, DisableKey, EnableKey, ScheduleKeyDeletion, CancelKeyDeletion: `KeyId` is the
  id or the ARN of a key, and the ARN in the answer.)
- moto's ReplicateKey drops the replica's description, policy and tags. (KMS API Reference,
  ReplicateKey.)
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from copy import deepcopy

from moto.kms.models import Key, KmsBackend, kms_backends
from moto.kms.responses import KmsResponse

from revet.embedded.call import Moto
from revet.embedded.patching import parameter, replace

DEFAULT_ROTATION_DAYS = 365
DEFAULT_USAGE = "ENCRYPT_DECRYPT"
_PERIOD = "revet_rotation_days"
_SINCE = "revet_rotation_since"


def install() -> None:
    """Put the changes in place."""
    replace(KmsResponse, "enable_key_rotation", _enable_key_rotation)
    replace(KmsResponse, "get_key_rotation_status", _get_key_rotation_status)
    replace(KmsResponse, "replicate_key", _answer_replicate_key)
    replace(KmsBackend, "replicate_key", _replicate_key)
    replace(Key, "__init__", _init)
    for operation in ("disable_key", "enable_key", "cancel_key_deletion", "schedule_key_deletion"):
        replace(KmsBackend, operation, _by_id)
    for operation in ("cancel_key_deletion", "schedule_key_deletion"):
        replace(KmsResponse, operation, _answer_arn)
    replace(KmsBackend, "_generate_default_keys", _make_managed_key)


def _init(original: Callable[..., None]) -> Callable[..., None]:
    def __init__(self: Moto, *args: Moto, **kwargs: Moto) -> None:  # noqa: N807 - it is one
        original(self, *args, **kwargs)
        self.key_usage = self.key_usage or DEFAULT_USAGE

    return __init__


def _by_id(original: Callable[..., Moto]) -> Callable[..., Moto]:
    def change(self: KmsBackend, key_id: str, *arguments: Moto) -> Moto:
        return original(self, self.get_key_id(key_id), *arguments)

    return change


def _answer_arn(original: Callable[[Moto], str]) -> Callable[[Moto], str]:
    def change(self: Moto) -> str:
        answer = json.loads(original(self))
        key = _key(self)
        return json.dumps({**answer, "KeyId": key.arn})

    return change


def _make_managed_key(
    original: Callable[[Moto, str], str | None],
) -> Callable[[Moto, str], str | None]:
    def generate_default_keys(self: Moto, alias_name: str) -> str | None:
        made = original(self, alias_name)
        if made is not None:
            self.keys[made].key_manager = "AWS"
        return made

    return generate_default_keys


def _enable_key_rotation(original: Callable[[Moto], str]) -> Callable[[Moto], str]:
    def enable_key_rotation(self: Moto) -> str:
        answer = original(self)
        key = _key(self)
        setattr(key, _PERIOD, parameter(self, "RotationPeriodInDays") or DEFAULT_ROTATION_DAYS)
        setattr(key, _SINCE, dt.datetime.now(dt.UTC).timestamp())
        return answer

    return enable_key_rotation


def _get_key_rotation_status(original: Callable[[Moto], str]) -> Callable[[Moto], str]:
    def get_key_rotation_status(self: Moto) -> str:
        status = json.loads(original(self))
        key = _key(self)
        status["KeyId"] = key.arn
        if status["KeyRotationEnabled"]:
            days = getattr(key, _PERIOD, DEFAULT_ROTATION_DAYS)
            since = getattr(key, _SINCE, key.creation_date)
            status["RotationPeriodInDays"] = days
            status["NextRotationDate"] = since + dt.timedelta(days=days).total_seconds()
        return json.dumps(status)

    return get_key_rotation_status


def _key(response: Moto) -> Moto:
    backend = response.kms_backend
    return backend.keys[backend.any_id_to_key_id(parameter(response, "KeyId"))]


def _replicate_key(original: Callable[..., Key]) -> Callable[..., Key]:
    def replicate_key(self: KmsBackend, key_id: str, replica_region: str) -> Key:
        key_id = self.any_id_to_key_id(key_id)
        primary = self.keys[key_id]
        original(self, key_id, replica_region)
        replica: Key = kms_backends[self.account_id][replica_region].keys[key_id]
        if primary.multi_region:
            configuration = deepcopy(primary.multi_region_configuration)
            replica.multi_region_configuration = {
                **configuration,
                "MultiRegionKeyType": "REPLICA",
            }
            primary.multi_region_configuration["MultiRegionKeyType"] = "PRIMARY"
        replica.grants, replica.aliases, replica.rotations = {}, {}, []
        replica.deletion_date, replica.key_state, replica.enabled = None, "Enabled", True
        return replica

    return replicate_key


def _answer_replicate_key(original: Callable[[Moto], str]) -> Callable[[Moto], str]:
    def replicate_key(self: Moto) -> str:
        answer = json.loads(original(self))
        region = parameter(self, "ReplicaRegion")
        backend = kms_backends[self.current_account][region]
        replica = backend.keys[answer["ReplicaKeyMetadata"]["KeyId"]]
        tags = parameter(self, "Tags") or []
        replica.description = parameter(self, "Description") or ""
        replica.policy = parameter(self, "Policy") or replica.generate_default_policy()
        backend.tag_resource(replica.id, {tag["TagKey"]: tag["TagValue"] for tag in tags})
        answer["ReplicaKeyMetadata"] = replica.to_dict()["KeyMetadata"]
        return json.dumps({**answer, "ReplicaPolicy": replica.policy, "ReplicaTags": tags})

    return replicate_key
