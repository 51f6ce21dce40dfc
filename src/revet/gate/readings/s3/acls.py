"""Access control lists that let others write into a bucket.

Source: S3 User Guide, "Access control list (ACL) overview": the canned ACLs, the kinds of grantees,
the permissions, and that `FULL_CONTROL` contains `WRITE` and `WRITE_ACP`.
"""

from __future__ import annotations

from revet.gate.readings.needed import every_attached
from revet.model.errors import UnknownValueError
from revet.plan import Inventory, Resource
from revet.plan.blocks import blocks
from revet.plan.elements import elements

_CANNED = ("public-read-write", "log-delivery-write")
_OTHER_CANNED = (
    "",
    "private",
    "public-read",
    "authenticated-read",
    "aws-exec-read",
    "bucket-owner-read",
    "bucket-owner-full-control",
)
_WRITES = ("WRITE", "WRITE_ACP", "FULL_CONTROL")
_READS = ("READ", "READ_ACP")
_GROUP = "Group"
_OTHER_GRANTEES = ("CanonicalUser", "AmazonCustomerByEmail")
_POLICY = "access_control_policy.0"


def writing_acl(bucket: Resource, inventory: Inventory) -> str:
    """What lets others write into a bucket by an ACL; empty without any.

    Args:
        bucket: an `aws_s3_bucket`.
        inventory: it belongs to.

    Raises:
        UnknownValueError: the plan does not show an ACL, or whose it is.
    """
    for item in (bucket, *every_attached(bucket, inventory, "aws_s3_bucket_acl", via="bucket")):
        if item.is_set("acl") and _is_one(item, "acl", _CANNED, _OTHER_CANNED):
            return f"the ACL `{item.get('acl')}` in `{item.address}`"
    for grant in blocks(bucket, "grant"):
        if _is_one(bucket, f"{grant}.type", (_GROUP,), _OTHER_GRANTEES) and [
            path
            for path in elements(bucket, f"{grant}.permissions")
            if _is_one(bucket, path, _WRITES, _READS)
        ]:
            return f"a grant to a group in `{bucket.address}`"
    for item in every_attached(bucket, inventory, "aws_s3_bucket_acl", via="bucket"):
        for grant in blocks(item, f"{_POLICY}.grant"):
            writes = _is_one(item, f"{grant}.permission", _WRITES, _READS)
            if writes and _is_one(item, f"{grant}.grantee.0.type", (_GROUP,), _OTHER_GRANTEES):
                return f"a grant to a group in `{item.address}`"
    return ""


def _is_one(resource: Resource, path: str, words: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether an attribute is one of some words; AWS has no others than these and `others`.

    Raises:
        UnknownValueError: it is neither.
    """
    word = resource.get(path)
    if word not in words and word not in others:
        known = ", ".join(filter(None, words + others))
        raise UnknownValueError(
            f"{resource.address}.{path}",
            why=f"`{word!a}` is none of the words that AWS has here: {known}",
            resolve="correct it",
        )
    return word in words
