"""Access control lists that let others write into a bucket.

Source: S3 User Guide, "Access control list (ACL) overview": the canned ACLs, the groups, and that
`FULL_CONTROL` contains `WRITE` and `WRITE_ACP`.
"""

from __future__ import annotations

from revet.gate.joins import every_attached
from revet.plan import Inventory, Resource
from revet.plan.blocks import blocks

_CANNED = ("public-read-write", "log-delivery-write")
_WRITES = ("WRITE", "WRITE_ACP", "FULL_CONTROL")
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
        canned = item.get("acl") if item.is_set("acl") else ""
        if canned in _CANNED:
            return f"the ACL `{canned}` in `{item.address}`"
    for grant in blocks(bucket, "grant"):
        kind = bucket.get(f"{grant}.type")
        if kind == "Group" and any(
            right in _WRITES for right in bucket.get(f"{grant}.permissions")
        ):
            return f"a grant to a group in `{bucket.address}`"
    for item in every_attached(bucket, inventory, "aws_s3_bucket_acl", via="bucket"):
        for grant in blocks(item, f"{_POLICY}.grant"):
            writes = item.get(f"{grant}.permission") in _WRITES
            if writes and item.get(f"{grant}.grantee.0.type") == "Group":
                return f"a grant to a group in `{item.address}`"
    return ""
