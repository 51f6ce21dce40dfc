"""A denial of unencrypted uploads that denies uploads which the bucket would encrypt.

A request that names no encryption carries no header, and a negated operator holds for an absent
key; S3 would have encrypted the object as the bucket says.
"""

from __future__ import annotations

from revet.iam.operators import Kind
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.guards import FALSE, covers_action, is_kind, values_of, with_key
from revet.iam.validate.subject import StatementSubject

_KEYS = (
    "s3:x-amz-server-side-encryption",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
)


@check(
    Level.WARNING,
    subject=StatementSubject,
    source="Amazon S3 User Guide, Protecting data with server-side encryption; IAM User Guide, "
    "IAM JSON policy elements: Condition operators",
    needs="x-amz-server-side-encryption",
)
def encryption_guard_denies_default_encryption(statement: StatementSubject) -> Hits:
    """`Deny` of `s3:PutObject` under a negated operator on the header, absent header included."""
    if not statement.denies:
        return
    conditions = list(with_key(statement, *_KEYS))
    if not conditions or not covers_action(statement, "s3:PutObject"):
        return
    present = any(is_kind(item, Kind.NULL) and values_of(item) == FALSE for item in conditions)
    for condition in conditions:
        if is_kind(condition, Kind.STRING, negated=True) and not present:
            yield hit(
                f"This also denies uploads without the header {condition.key}, which the bucket's "
                f"default encryption would encrypt. Add Null {condition.key} false.",
                condition.key_place,
            )
