"""AWS Secrets Manager.

Sources: Service Authorization Reference, "AWS Secrets Manager"; AWS Secrets Manager User Guide,
"Permissions policy examples", "Determine who has permissions", "Secret encryption and decryption in
AWS Secrets Manager" (who reads needs `kms:Decrypt`, who writes `kms:GenerateDataKey` and
`kms:Decrypt`; encryption context `SecretARN` and `SecretVersionId`).
"""

from __future__ import annotations

from collections.abc import Mapping

from revet.iam.operations.needs import (
    Asked,
    KeyUse,
    Need,
    Needs,
    Row,
    Value,
    without_resource,
)

_CURRENT = "AWSCURRENT"
_PLAIN = (
    "DescribeSecret",
    "GetResourcePolicy",
    "ListSecretVersionIds",
    "PutSecretValue",
    "UpdateSecretVersionStage",
)
_KEY_USES = {
    "GetSecretValue": ("kms:Decrypt",),
    "PutSecretValue": ("kms:GenerateDataKey", "kms:Decrypt"),
}


def _secret(asked: Asked) -> Needs:
    given = asked.text("SecretId")
    known = asked.deployed.secret(given, asked.place)
    arn = known or (
        given if given.startswith("arn:") else asked.place.arn("secretsmanager", f"secret:{given}")
    )
    keys: dict[str, Value] = {"secretsmanager:SecretId": given}
    if asked.operation == "GetSecretValue":
        version, stage = asked.text("VersionId"), asked.text("VersionStage")
        keys |= {"secretsmanager:VersionId": version} if version else {}
        stage = stage or ("" if version else _CURRENT)
        keys |= {"secretsmanager:VersionStage": stage} if stage else {}
    if asked.operation == "UpdateSecretVersionStage":
        keys["secretsmanager:VersionStage"] = asked.text("VersionStage")
    uses = tuple(
        KeyUse(use, arn, "secretsmanager", encryption_context={"SecretARN": arn})
        for use in _KEY_USES.get(asked.operation, ())
    )
    return Needs((Need(f"secretsmanager:{asked.operation}", arn, keys),), uses)


ROWS: Mapping[str, Row] = {
    "GetSecretValue": _secret,
    **dict.fromkeys(_PLAIN, _secret),
    "GetRandomPassword": without_resource("secretsmanager"),
    "ListSecrets": without_resource("secretsmanager"),
}
