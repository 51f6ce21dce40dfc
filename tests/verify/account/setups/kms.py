"""Keys with and without rotation, alias and tags."""

from __future__ import annotations

from typing import Any

Boto = Any  # boto3 knows services only as literals


def make(session: Boto) -> None:
    kms = session.client("kms")
    good = kms.create_key(Tags=[{"TagKey": "Owner", "TagValue": "security"}])["KeyMetadata"]
    kms.enable_key_rotation(KeyId=good["KeyId"])
    kms.create_alias(AliasName="alias/good", TargetKeyId=good["KeyId"])
    kms.create_key()
