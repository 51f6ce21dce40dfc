"""How long a bucket locks what is put into it without saying so.

Source: S3 User Guide, "Locking objects with Object Lock" (default retention).
"""

from __future__ import annotations

from revet.plan import Inventory, Resource
from revet.plan.element_paths import blocks

_CONFIGURATION = "aws_s3_bucket_object_lock_configuration"
_RETENTION = "rule.0.default_retention"


def default_retention(bucket: Resource, inventory: Inventory) -> str:
    """The address of what gives a bucket a default retention; empty for a bucket without one.

    Args:
        bucket: an `aws_s3_bucket`.
        inventory: it belongs to.

    Raises:
        UnknownValueError: it is not known.
    """
    places = [
        (one, _RETENTION)
        for one in inventory.attached(bucket, _CONFIGURATION, via="bucket", every=True)
    ]
    if bucket.is_set("object_lock_configuration"):
        places.append((bucket, f"object_lock_configuration.0.{_RETENTION}"))
    return next((one.address for one, path in places if blocks(one, path)), "")
