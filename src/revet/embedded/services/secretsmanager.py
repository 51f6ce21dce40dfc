"""Secrets Manager: rotation set-up, keys and policies of replicas.

- moto's RotateSecret fails on a secret without a value, wants a Lambda function that it can run,
  and forgets the rules but for the days. Here it keeps the set-up, and the function is run in its
  four steps (`functions.rotation`); `LastRotatedDate` says when that has succeeded.
- moto goes on answering the value that was current when AWSCURRENT has been moved.
- moto reports AWS's own key for every replica, whatever key was asked for.
- moto answers no policy of a replica: it is the primary's. (Secrets Manager User Guide, "Replicate
  AWS Secrets Manager secrets across Regions": resource policies are replicated.)
(Secrets Manager API Reference, RotateSecret, ReplicaRegionType.)
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.models import lambda_backends
from moto.secretsmanager.exceptions import (
    InvalidParameterException,
    InvalidRequestException,
    ResourceNotFoundException,
    SecretNotFoundException,
)
from moto.secretsmanager.models import FakeSecret, ReplicaSecret, SecretsManagerBackend

from revet.embedded.call import Moto
from revet.embedded.functions.invoke import is_running
from revet.embedded.functions.rotation import begin
from revet.embedded.patching import replace

_RULES = "revet_rotation_rules"
_DAY = 86400
_DAYS = range(1, 1001)


def install() -> None:
    """Put the changes in place."""
    replace(SecretsManagerBackend, "rotate_secret", lambda _: _rotate_secret)
    replace(SecretsManagerBackend, "update_secret_version_stage", _moving_stage)
    replace(FakeSecret, "to_dict", _to_dict)
    replace(FakeSecret, "create_replicas", _create_replicas)
    replace(SecretsManagerBackend, "get_resource_policy", _get_resource_policy)


def _get_resource_policy(original: Callable[..., str]) -> Callable[..., str]:
    def get_resource_policy(self: Moto, secret_id: str) -> str:
        if not self._is_valid_identifier(secret_id):
            raise SecretNotFoundException
        secret = self.secrets[secret_id]
        if not isinstance(secret, ReplicaSecret):
            return original(self, secret_id)
        source = secret.source
        policy = {"ResourcePolicy": source.policy} if source.policy is not None else {}
        return json.dumps({"ARN": secret.arn, "Name": source.name, **policy})

    return get_resource_policy


def _moving_stage(original: Callable[..., Moto]) -> Callable[..., Moto]:
    def update_secret_version_stage(
        self: Moto, secret_id: str, *arguments: Moto, **more: Moto
    ) -> Moto:
        answer = original(self, secret_id, *arguments, **more)
        secret = self.secrets[secret_id]
        for name, version in secret.versions.items():
            if "AWSCURRENT" in version["version_stages"]:
                secret.set_default_version_id(name)
        return answer

    return update_secret_version_stage


def _rotate_secret(
    self: Moto,
    secret_id: str,
    client_request_token: str | None = None,
    rotation_lambda_arn: str | None = None,
    rotation_rules: dict[str, Any] | None = None,
    rotate_immediately: bool = True,  # noqa: FBT001, FBT002 - moto's signature
) -> str:
    if not self._is_valid_identifier(secret_id):
        raise SecretNotFoundException
    secret = self.secrets[secret_id]
    if isinstance(secret, ReplicaSecret) or secret.is_deleted():
        raise InvalidRequestException("The secret is a replica, or is marked for deletion.")
    rules = rotation_rules or getattr(secret, _RULES, None) or {}
    days = rules.get("AutomaticallyAfterDays")
    if days is not None and int(days) not in _DAYS:
        raise InvalidParameterException(
            "RotationRules.AutomaticallyAfterDays must be within 1-1000."
        )
    if rotation_lambda_arn and not _function_exists(self, rotation_lambda_arn):
        raise ResourceNotFoundException(f"Resource not found for ARN '{rotation_lambda_arn}'.")
    secret.rotation_requested = secret.rotation_enabled = True
    secret.rotation_lambda_arn = rotation_lambda_arn or secret.rotation_lambda_arn
    secret.auto_rotate_after_days = int(days or 0)
    secret.next_rotation_date = int(time.time()) + int(days) * _DAY if days else None
    setattr(secret, _RULES, rules)
    if (
        is_running()
        and secret.rotation_lambda_arn
        and not begin(secret, client_request_token, immediately=rotate_immediately)
    ):
        raise InvalidRequestException(
            "A previous rotation isn't complete. That rotation will be reattempted."
        )
    text: str = secret.to_short_dict()
    return text


def _function_exists(backend: Moto, arn: str) -> bool:
    try:
        lambda_backends[backend.account_id][backend.region_name].get_function(arn)
    except UnknownFunctionException:
        return False
    return True


def _to_dict(original: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def to_dict(self: Moto) -> dict[str, Any]:
        described = original(self)
        if described.get("RotationEnabled") and getattr(self, _RULES, None):
            described["RotationRules"] = getattr(self, _RULES)
        empty = ("RotationLambdaARN", "LastRotatedDate")
        return {name: value for name, value in described.items() if value or name not in empty}

    return to_dict


def _create_replicas(
    original: Callable[..., list[ReplicaSecret]],
) -> Callable[..., list[ReplicaSecret]]:
    def create_replicas(
        self: FakeSecret,
        replica_regions: list[dict[str, str]],
        force_overwrite: bool,  # noqa: FBT001 - moto's signature
    ) -> list[ReplicaSecret]:
        replicas = original(self, replica_regions, force_overwrite)
        for asked, replica in zip(replica_regions or [], replicas, strict=True):
            if asked.get("KmsKeyId"):
                replica.config["KmsKeyId"] = asked["KmsKeyId"]
        return replicas

    return create_replicas
