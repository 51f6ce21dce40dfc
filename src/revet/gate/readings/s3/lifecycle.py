"""What the rules of a bucket's lifecycle do: clear away uploads, end objects, move them."""

from __future__ import annotations

from typing import Any

from revet.plan import Computed, Inventory, Resource, Undecided
from revet.plan.element_paths import blocks

_FILTERS = ("prefix", "and", "tag", "object_size_greater_than", "object_size_less_than")
CONFIGURATION = "aws_s3_bucket_lifecycle_configuration"
_PREFIXES = ("prefix", "filter.0.prefix", "filter.0.and.0.prefix")
_ANYTHING: tuple[object, ...] = ("", [], "0", 0)


def clears_uploads(configuration: Resource) -> bool:
    """Whether an enabled rule for all objects aborts incomplete uploads."""
    for block in blocks(configuration, "rule"):
        days = f"{block}.abort_incomplete_multipart_upload.0.days_after_initiation"
        enabled = configuration.get(f"{block}.status") == "Enabled" and _ends(configuration, days)
        if enabled and not _is_narrow(configuration, block):
            return True
    return False


def _ends(item: Resource, path: str) -> bool:
    """Whether uploads end after some days; the provider takes 0 for nothing in an inline block.

    Raises:
        UnknownValueError: S3 takes no such number of days.
    """
    _refuse_negative(item, path)
    return item.is_set(path) and (isinstance(item.get(path), Undecided) or item.get(path) > 0)


def clears_uploads_inline(bucket: Resource) -> bool:
    """Whether one of the deprecated blocks `lifecycle_rule` of a bucket does."""
    for block in blocks(bucket, "lifecycle_rule"):
        days = f"{block}.abort_incomplete_multipart_upload_days"
        whole = not (bucket.is_set(f"{block}.prefix") or bucket.is_set(f"{block}.tags"))
        if bucket.get(f"{block}.enabled") and whole and _ends(bucket, days):
            return True
    return False


def _is_narrow(item: Resource, block: str) -> bool:
    """Whether a rule holds for some objects only."""
    for path in (f"{block}.prefix", *(f"{block}.filter.0.{name}" for name in _FILTERS)):
        value = item.get(path)
        if value is not None and not isinstance(value, Computed) and value not in _ANYTHING:
            return True
    return False


def ends_before(bucket: Resource, inventory: Inventory, prefix: str, days: int) -> int | None:
    """After how many days objects of a bucket end, where that is before some day.

    A rule for some of the objects counts where these may be among those below the prefix.

    Args:
        bucket: an `aws_s3_bucket`.
        inventory: it belongs to.
        prefix: how the keys of the objects begin.
        days: that they must be there for at least.

    Returns:
        the days; `None` where nothing ends them before.

    Raises:
        UnknownValueError: it is not known, or a rule ends them on a date.
    """
    found = inventory.attached(bucket, CONFIGURATION, via="bucket", every=True)
    for item in found:
        for block in blocks(item, "rule"):
            reached = [item.get(f"{block}.{path}") for path in _PREFIXES]
            if item.get(f"{block}.status") == "Enabled" and _meet(reached, prefix):
                soon = _expiration(item, f"{block}.expiration", days)
                if soon is not None:
                    return soon
    for block in () if found else blocks(bucket, "lifecycle_rule"):
        reached = [bucket.get(f"{block}.prefix")]
        if bucket.get(f"{block}.enabled") and _meet(reached, prefix):
            soon = _expiration(bucket, f"{block}.expiration", days)
            if soon is not None:
                return soon
    return None


def _meet(reached: list[Any], prefix: str) -> bool:
    """Whether objects below all of the first prefixes may be below the other one."""
    return all(
        text is None
        or isinstance(text, Computed)
        or text.startswith(prefix)
        or prefix.startswith(text)
        for text in reached
    )


def _expiration(item: Resource, path: str, days: int) -> int | None:
    for block in blocks(item, path):
        if item.is_set(f"{block}.date"):
            why = "a rule ends objects on a date, whenever they were made"
            raise item.doubt(f"{block}.date", why, "let objects end after a number of days")
        kept = item.get(f"{block}.days")
        _refuse_negative(item, f"{block}.days")
        if kept is not None and not isinstance(kept, Computed) and 0 < kept < days:
            return int(kept)
    return None


def archives(bucket: Resource, inventory: Inventory, storage_class: str, days: int) -> bool:
    """Whether all objects of a bucket move to a storage class after at most some days.

    Args:
        bucket: an `aws_s3_bucket`.
        inventory: it belongs to.
        storage_class: as S3 names it, `GLACIER_IR`.
        days: after which they must have moved.

    Raises:
        UnknownValueError: it is not known.
    """
    found = inventory.attached(bucket, CONFIGURATION, via="bucket", every=True)
    for item in found:
        for block in blocks(item, "rule"):
            if item.get(f"{block}.status") != "Enabled" or _is_narrow(item, block):
                continue
            if _moves(item, f"{block}.transition", storage_class, days):
                return True
    if found:
        return False
    return any(
        bucket.get(f"{block}.enabled")
        and not (bucket.is_set(f"{block}.prefix") or bucket.is_set(f"{block}.tags"))
        and _moves(bucket, f"{block}.transition", storage_class, days)
        for block in blocks(bucket, "lifecycle_rule")
    )


def _moves(item: Resource, path: str, storage_class: str, days: int) -> bool:
    for block in blocks(item, path):
        named = item.get(f"{block}.storage_class") == storage_class
        if not named or item.is_set(f"{block}.date"):
            continue
        _refuse_negative(item, f"{block}.days")
        if (item.get(f"{block}.days") or 0) <= days:
            return True
    return False


def _refuse_negative(item: Resource, path: str) -> None:
    """Source: S3 API Reference, `LifecycleExpiration` and `Transition`, `Days`.

    Raises:
        UnknownValueError: the days are fewer than none.
    """
    days = item.get(path)
    if days is not None and not isinstance(days, Undecided) and days < 0:
        raise item.doubt(path, f"S3 takes no {days} days", "write a number from 0")
