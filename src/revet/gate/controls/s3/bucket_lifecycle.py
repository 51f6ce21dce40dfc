"""X-09: no lifecycle."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.needed import every_attached
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Computed, Inventory, Resource
from revet.plan.blocks import blocks

_FILTERS = ("prefix", "and", "tag", "object_size_greater_than", "object_size_less_than")
_ANYTHING: tuple[object, ...] = ("", [], "0", 0)


@control(
    title="buckets have a lifecycle that clears away incomplete uploads",
    severity=Severity.LOW,
    resource="aws_s3_bucket",
    required=(
        "an `aws_s3_bucket_lifecycle_configuration` of this very bucket has an enabled rule for "
        "all objects with `abort_incomplete_multipart_upload`"
    ),
    impact="data stays for ever, unseen and paid for, and no retention can be shown",
    fix="""resource "aws_s3_bucket_lifecycle_configuration" "data" {
  bucket = aws_s3_bucket.data.id
  rule {
    id     = "incomplete-uploads"
    status = "Enabled"
    filter {}
    abort_incomplete_multipart_upload { days_after_initiation = 7 }
  }
}""",
    construct='s3.Bucket(scope, "receipts", key=key)',
    deviations=("X-09",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """The separate resource, or the deprecated block of the bucket."""
    found = every_attached(
        resource, inventory, "aws_s3_bucket_lifecycle_configuration", via="bucket"
    )
    addresses = tuple(item.address for item in found)
    for item in found:
        for block in blocks(item, "rule"):
            days = f"{block}.abort_incomplete_multipart_upload.0.days_after_initiation"
            enabled = item.get(f"{block}.status") == "Enabled" and item.is_set(days)
            if enabled and not _is_narrow(item, block):
                return compliant("a rule aborts incomplete uploads", related=addresses)
    if found:
        return noncompliant(
            "no enabled rule for all objects aborts incomplete uploads", related=addresses
        )
    inline = blocks(resource, "lifecycle_rule")
    for block in inline:
        days = f"{block}.abort_incomplete_multipart_upload_days"
        whole = not (resource.is_set(f"{block}.prefix") or resource.is_set(f"{block}.tags"))
        if resource.get(f"{block}.enabled") and resource.is_set(days) and whole:
            return compliant("the block `lifecycle_rule` aborts incomplete uploads")
    if inline:
        return noncompliant("no enabled `lifecycle_rule` for all objects aborts incomplete uploads")
    return noncompliant("no `aws_s3_bucket_lifecycle_configuration` names this bucket")


def _is_narrow(item: Resource, block: str) -> bool:
    """Whether a rule holds for some objects only."""
    for path in (f"{block}.prefix", *(f"{block}.filter.0.{name}" for name in _FILTERS)):
        value = item.get(path)
        if value is not None and not isinstance(value, Computed) and value not in _ANYTHING:
            return True
    return False
