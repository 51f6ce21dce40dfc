"""The rules by which a bucket encrypts what is put into it.

Source: S3 User Guide, "Protecting data with server-side encryption".
"""

from __future__ import annotations

from dataclasses import dataclass

from revet.gate.readings.kms.keys import key_fault
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


@dataclass(frozen=True, slots=True)
class Encryption:
    """How a bucket is encrypted.

    Args:
        fault: what is wrong with it; empty where nothing is.
        algorithm: of the first rule.
        related: addresses of the separate resources that say it.
    """

    fault: str
    algorithm: str = ""
    related: tuple[str, ...] = ()


def encryption_fault(
    bucket: Resource, inventory: Inventory, *, customer_managed_key: bool
) -> Encryption:
    """What is wrong with the encryption of an `aws_s3_bucket`.

    Args:
        bucket: of the inventory.
        inventory: it belongs to.
        customer_managed_key: whether it must be KMS with such a key.

    Raises:
        UnknownValueError: it is not known.
    """
    rules = encryption_rules(bucket, inventory)
    if not rules:
        return Encryption(f"no `{CONFIGURATION}` names this bucket")
    related = tuple(item.address for item, _ in rules if item is not bucket)
    wanted = (KMS, DUAL_LAYER) if customer_managed_key else ALGORITHMS
    algorithms = [item.get(f"{block}.{BY_DEFAULT}.sse_algorithm") for item, block in rules]
    for (item, block), algorithm in zip(rules, algorithms, strict=True):
        if algorithm not in wanted:
            lacking = ", not a customer-managed key" if algorithm in ALGORITHMS else ""
            return Encryption(f"`sse_algorithm` is `{algorithm}`{lacking}", related=related)
        key = f"{block}.{BY_DEFAULT}.kms_master_key_id"
        if customer_managed_key and (fault := key_fault(item, inventory, key)):
            return Encryption(f"it is encrypted with {fault}", related=related)
    return Encryption("", algorithms[0], related)
