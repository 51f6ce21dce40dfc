"""No lifecycle."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.s3.lifecycle import clears_uploads, clears_uploads_inline
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource
from revet.plan.element_paths import blocks


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
    deviations=("no-lifecycle",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """The separate resource, or the deprecated block of the bucket."""
    kind = "aws_s3_bucket_lifecycle_configuration"
    found = inventory.attached(resource, kind, via="bucket", every=True)
    related = tuple(item.address for item in found)
    if any(map(clears_uploads, found)):
        return compliant("a rule aborts incomplete uploads", related=related)
    if not found and clears_uploads_inline(resource):
        return compliant("the block `lifecycle_rule` aborts incomplete uploads")
    if found or blocks(resource, "lifecycle_rule"):
        why = "no enabled rule for all objects aborts incomplete uploads"
        return noncompliant(why, related=related)
    return noncompliant(f"no `{kind}` names this bucket")
