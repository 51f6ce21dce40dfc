"""X-09: no lifecycle."""

from __future__ import annotations

from revet.gate.blocks import blocks
from revet.gate.catalog import control
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Plan, Resource


@control(
    title="buckets have a lifecycle that clears away incomplete uploads",
    severity=Severity.LOW,
    resource="aws_s3_bucket",
    required=(
        "an `aws_s3_bucket_lifecycle_configuration` of this very bucket has an enabled rule with "
        "`abort_incomplete_multipart_upload`"
    ),
    impact="data stays for ever, unseen and paid for, and no retention can be shown",
    fix="""resource "aws_s3_bucket_lifecycle_configuration" "data" {
  bucket = aws_s3_bucket.data.id
  rule {
    id     = "incomplete-uploads"
    status = "Enabled"
    filter {}
    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}""",
    construct="s3.Bucket(scope, id)",
    deviations=("X-09",),
)
def rule(resource: Resource, plan: Plan) -> Outcome:
    """The separate resource, or the deprecated block of the bucket."""
    found = plan.attached(resource, "aws_s3_bucket_lifecycle_configuration", via="bucket")
    addresses = tuple(item.address for item in found)
    for item in found:
        for block in blocks(item, "rule"):
            days = f"{block}.abort_incomplete_multipart_upload.0.days_after_initiation"
            if item.get(f"{block}.status") == "Enabled" and item.is_set(days):
                return compliant("a rule aborts incomplete uploads", related=addresses)
    if found:
        return noncompliant("no enabled rule aborts incomplete uploads", related=addresses)
    inline = blocks(resource, "lifecycle_rule")
    for block in inline:
        days = f"{block}.abort_incomplete_multipart_upload_days"
        if resource.get(f"{block}.enabled") and resource.is_set(days):
            return compliant("the block `lifecycle_rule` aborts incomplete uploads")
    if inline:
        return noncompliant("no enabled `lifecycle_rule` aborts incomplete uploads")
    return noncompliant("no `aws_s3_bucket_lifecycle_configuration` names this bucket")
