"""The rules by which a bucket encrypts what is put into it.

Source: S3 User Guide, "Protecting data with server-side encryption".
"""

from __future__ import annotations

from revet.plan import Inventory, Resource

CONFIGURATION = "aws_s3_bucket_server_side_encryption_configuration"
BY_DEFAULT = "apply_server_side_encryption_by_default.0"
KMS, DUAL_LAYER = "aws:kms", "aws:kms:dsse"
ALGORITHMS = ("AES256", KMS, DUAL_LAYER)
_INLINE = "server_side_encryption_configuration"


def encryption_rules(bucket: Resource, inventory: Inventory) -> list[tuple[Resource, str]]:
    """The rules of an `aws_s3_bucket`, each by its resource and the path of its block.

    Returns:
        Those of separate resources, else the one of the deprecated block of the bucket.

    Raises:
        UnknownValueError: it is not known whose a separate resource is.
    """
    found = inventory.attached(bucket, CONFIGURATION, via="bucket", every=True)
    if found or not bucket.is_set(_INLINE):
        return [(item, "rule.0") for item in found]
    return [(bucket, f"{_INLINE}.0.rule.0")]
