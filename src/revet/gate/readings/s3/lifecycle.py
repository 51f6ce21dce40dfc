"""Which rules of a bucket's lifecycle clear away incomplete uploads of all objects."""

from __future__ import annotations

from revet.plan import Computed, Resource
from revet.plan.element_paths import blocks

_FILTERS = ("prefix", "and", "tag", "object_size_greater_than", "object_size_less_than")
_ANYTHING: tuple[object, ...] = ("", [], "0", 0)


def clears_uploads(configuration: Resource) -> bool:
    """Whether an enabled rule for all objects aborts incomplete uploads."""
    for block in blocks(configuration, "rule"):
        days = f"{block}.abort_incomplete_multipart_upload.0.days_after_initiation"
        enabled = configuration.get(f"{block}.status") == "Enabled" and configuration.is_set(days)
        if enabled and not _is_narrow(configuration, block):
            return True
    return False


def clears_uploads_inline(bucket: Resource) -> bool:
    """Whether one of the deprecated blocks `lifecycle_rule` of a bucket does."""
    for block in blocks(bucket, "lifecycle_rule"):
        days = f"{block}.abort_incomplete_multipart_upload_days"
        whole = not (bucket.is_set(f"{block}.prefix") or bucket.is_set(f"{block}.tags"))
        if bucket.get(f"{block}.enabled") and bucket.is_set(days) and whole:
            return True
    return False


def _is_narrow(item: Resource, block: str) -> bool:
    """Whether a rule holds for some objects only."""
    for path in (f"{block}.prefix", *(f"{block}.filter.0.{name}" for name in _FILTERS)):
        value = item.get(path)
        if value is not None and not isinstance(value, Computed) and value not in _ANYTHING:
            return True
    return False
