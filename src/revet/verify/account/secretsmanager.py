"""Secrets Manager: secrets and their policies, never a value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from revet.plan.observed import Observed
from revet.verify.api import Api, Ask
from revet.verify.parts import part, tagged
from revet.verify.readers import TypeReader

_POLICY = "aws_secretsmanager_secret_policy"


def _secrets(api: Api, region: str) -> Any:  # noqa: ANN401 - JSON
    return api.call("secretsmanager", "list_secrets", region)["SecretList"]


def _secret(api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    """The `id` is the ARN; the listing answers everything but the policy.

    A service that owns a secret, as RDS does of master passwords, is the only one to change it.
    Source: Secrets Manager API Reference, `SecretListEntry`.
    """
    arn = item["ARN"]
    values = {
        "id": arn,
        "arn": arn,
        "name": item["Name"],
        "name_prefix": "",
        "description": item.get("Description", ""),
        "kms_key_id": item.get("KmsKeyId", ""),
        "policy": "",
        **tagged(item.get("Tags")),
    }
    made_by = "aws" if item.get("OwningService") else ""
    yield Observed("aws_secretsmanager_secret", arn, values, region, made_by=made_by)
    ask = api.about("secretsmanager", region, SecretId=arn)
    yield from part(_POLICY, arn, {"secret_arn": arn}, region, lambda: _policy(ask))


def _policy(ask: Ask) -> dict[str, Any] | None:
    """One without a policy is answered without that member."""
    text = ask("get_resource_policy").get("ResourcePolicy")
    return {"policy": text} if text else None


SECRETS = TypeReader(
    type="aws_secretsmanager_secret",
    service="secretsmanager",
    actions=("secretsmanager:ListSecrets", "secretsmanager:GetResourcePolicy"),
    items=_secrets,
    identity=lambda item: str(item["ARN"]),
    read=_secret,
    parts=(_POLICY,),
    each=True,
)
