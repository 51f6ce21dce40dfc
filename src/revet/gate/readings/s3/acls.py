"""Access control lists that let others write into a bucket.

Source: S3 User Guide, "Access control list (ACL) overview": the canned ACLs, the kinds of grantees,
the permissions, and that `FULL_CONTROL` contains `WRITE` and `WRITE_ACP`.
"""

from __future__ import annotations

from revet.gate.readings.values import one_of
from revet.plan import Inventory, Resource
from revet.plan.element_paths import blocks, elements

_WRITING_CANNED = ("public-read-write", "log-delivery-write")
_CANNED = (
    *_WRITING_CANNED,
    "",
    "private",
    "public-read",
    "authenticated-read",
    "aws-exec-read",
    "bucket-owner-read",
    "bucket-owner-full-control",
)
_WRITES = ("WRITE", "WRITE_ACP", "FULL_CONTROL")
_PERMISSIONS = (*_WRITES, "READ", "READ_ACP")
_GROUP = "Group"
_GRANTEES = (_GROUP, "CanonicalUser", "AmazonCustomerByEmail")
_POLICY = "access_control_policy.0"


def writing_acl(bucket: Resource, inventory: Inventory) -> str:
    """What lets others write into an `aws_s3_bucket` by an ACL; empty without any.

    Raises:
        UnknownValueError: the plan does not show an ACL, or whose it is.
    """
    acls = inventory.attached(bucket, "aws_s3_bucket_acl", via="bucket", every=True)
    for item in (bucket, *acls):
        if item.is_set("acl") and _word(item, "acl", _CANNED) in _WRITING_CANNED:
            return f"the ACL `{item.get('acl')}` in `{item.address}`"
    for grant in blocks(bucket, "grant"):
        if _word(bucket, f"{grant}.type", _GRANTEES) == _GROUP and [
            path
            for path in elements(bucket, f"{grant}.permissions")
            if _word(bucket, path, _PERMISSIONS) in _WRITES
        ]:
            return f"a grant to a group in `{bucket.address}`"
    for item in acls:
        for grant in blocks(item, f"{_POLICY}.grant"):
            writes = _word(item, f"{grant}.permission", _PERMISSIONS) in _WRITES
            if writes and _word(item, f"{grant}.grantee.0.type", _GRANTEES) == _GROUP:
                return f"a grant to a group in `{item.address}`"
    return ""


def _word(resource: Resource, path: str, words: tuple[str, ...]) -> str:
    return one_of(resource, path, words, "`{}` is none of the words that AWS has here")
