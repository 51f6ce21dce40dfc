"""Buckets, as they are in the account."""

from __future__ import annotations

from typing import Any

from revet.iam.document import PolicyDocument, parse_policy
from revet.verify.reader import Reader

_WRITES = ("WRITE", "WRITE_ACP", "FULL_CONTROL")


def read_bucket_policy(reader: Reader, bucket: str, region: str) -> PolicyDocument | None:
    """The policy of a bucket; needs `s3:GetBucketPolicy`.

    Args:
        reader: of the account.
        bucket: its name.
        region: where it lives.

    Returns:
        None when it has none.

    Raises:
        MissingResourceError: there is no such bucket.
        PolicyError: the policy cannot be parsed.
    """
    reply = reader.call(
        "s3", "get_bucket_policy", region=region, absent=("NoSuchBucketPolicy",), Bucket=bucket
    )
    text = reply.get("Policy")
    return parse_policy(str(text)) if text else None


def read_default_encryption(reader: Reader, bucket: str, region: str) -> dict[str, Any]:
    """The first default-encryption rule of a bucket; needs `s3:GetEncryptionConfiguration`.

    Args:
        reader: of the account.
        bucket: its name.
        region: where it lives.

    Returns:
        A rule of `GetBucketEncryption`; empty when the bucket has none.

    Raises:
        MissingResourceError: there is no such bucket.
    """
    reply = reader.call(
        "s3",
        "get_bucket_encryption",
        region=region,
        absent=("ServerSideEncryptionConfigurationNotFoundError",),
        Bucket=bucket,
    )
    rules = reply.get("ServerSideEncryptionConfiguration", {}).get("Rules", ())
    return dict(rules[0]) if rules else {}


def writing_groups(reader: Reader, bucket: str, region: str) -> tuple[str, ...]:
    """Groups that a bucket's ACL lets write; needs `s3:GetBucketAcl`.

    Args:
        reader: of the account.
        bucket: its name.
        region: where it lives.

    Returns:
        Their URIs, for example `http://acs.amazonaws.com/groups/global/AllUsers`.

    Raises:
        MissingResourceError: there is no such bucket.
    """
    reply = reader.call("s3", "get_bucket_acl", region=region, Bucket=bucket)
    return tuple(
        str(grant["Grantee"].get("URI"))
        for grant in reply.get("Grants", ())
        if grant["Grantee"].get("Type") == "Group" and grant.get("Permission") in _WRITES
    )
