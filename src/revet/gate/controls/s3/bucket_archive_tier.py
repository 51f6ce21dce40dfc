"""Objects that stay where they were put."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.s3.lifecycle import archives
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource


@control(
    title="objects of buckets move to an archive tier",
    severity=Severity.LOW,
    resource="aws_s3_bucket",
    required=(
        "an `aws_s3_bucket_lifecycle_configuration` of this very bucket has an enabled rule for "
        "all objects with a `transition` to `storage_class` after at most `days`"
    ),
    impact="what must be kept for years is paid for as if it were read every day",
    fix="""rule {
  id     = "archive"
  status = "Enabled"
  filter {}
  transition {
    days          = 90
    storage_class = "GLACIER_IR"
  }
}""",
    construct='s3.Bucket(scope, "receipts", key=key, archive_after_days=90)',
    deviations=("no-lifecycle",),
    on_request=True,
)
def rule(
    resource: Resource,
    inventory: Inventory,
    *,
    days: int = 90,
    storage_class: str = "GLACIER_IR",
) -> Outcome:
    """The separate resource, or the deprecated block of the bucket."""
    if archives(resource, inventory, storage_class, days):
        return compliant(f"objects move to `{storage_class}`")
    return noncompliant(f"no rule moves all objects to `{storage_class}` after at most {days} days")
