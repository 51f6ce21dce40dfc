"""What makes a bucket public beside its policy: access control lists, and what switches them off.

Sources: Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage", "Controlling
ownership of objects", "Access control list (ACL) overview".
"""

from __future__ import annotations

from collections.abc import Collection

from moto.backends import get_backend

from revet.embedded.call import Moto

EVERYBODY = "http://acs.amazonaws.com/groups/global/AllUsers"
PUBLIC_GROUPS = (EVERYBODY, "http://acs.amazonaws.com/groups/global/AuthenticatedUsers")
BLOCKS = {
    "BlockPublicAcls": "block_public_acls",
    "BlockPublicPolicy": "block_public_policy",
    "IgnorePublicAcls": "ignore_public_acls",
    "RestrictPublicBuckets": "restrict_public_buckets",
}
"""Settings of Block Public Access, with moto's names for them."""


def blocks(bucket: Moto) -> set[str]:
    """The settings of Block Public Access that hold for a bucket: its own and its account's."""
    own = blocks_of(bucket.public_access_block)
    return own | blocks_of(account_block(bucket.account_id, bucket.partition))


def blocks_of(block: Moto | None) -> set[str]:
    """The settings that are on in one block of public access."""
    if block is None:
        return set()
    return {name for name, attribute in BLOCKS.items() if getattr(block, attribute)}


def account_block(account: str, partition: str) -> Moto | None:
    """The block of public access of an account; none without one."""
    regions: Moto = dict.get(get_backend("s3control"), account) or {}
    return getattr(dict.get(regions, partition), "public_access_block", None)


def acls_count(bucket: Moto) -> bool:
    """Whether public access control lists of a bucket and its objects grant anything."""
    owner_enforced = "BucketOwnerEnforced" in str(bucket.ownership_rule or "")
    return not owner_enforced and "IgnorePublicAcls" not in blocks(bucket)


def acl_grants(acl: Moto | None, groups: Collection[str], permissions: Collection[str]) -> bool:
    """Whether an access control list grants one of some permissions to one of some groups."""
    return any(
        grantee.uri in groups and set(grant.permissions) & set(permissions)
        for grant in (acl.grants if acl else ())
        for grantee in grant.grantees
    )
