"""No versioning."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource


@control(
    title="buckets keep every version of an object",
    severity=Severity.MEDIUM,
    resource="aws_s3_bucket",
    required='an `aws_s3_bucket_versioning` of this very bucket has `status = "Enabled"`',
    impact="an overwritten or deleted object is lost, by mistake or by ransomware",
    fix="""resource "aws_s3_bucket_versioning" "data" {
  bucket = aws_s3_bucket.data.id
  versioning_configuration { status = "Enabled" }
}""",
    construct='s3.Bucket(scope, "receipts", key=key)',
    deviations=("no-versioning",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """The separate resource, or the deprecated block of the bucket."""
    found = inventory.attached(resource, "aws_s3_bucket_versioning", via="bucket", every=True)
    for item in found:
        status = item.get("versioning_configuration.0.status")
        if status != "Enabled":
            return noncompliant(f"`status` is `{status}`", related=(item.address,))
    if found:
        return compliant("versioning is on", related=tuple(item.address for item in found))
    if resource.is_set("versioning.0.enabled") and resource.get("versioning.0.enabled"):
        return compliant("the block `versioning` is on")
    return noncompliant("no `aws_s3_bucket_versioning` names this bucket")
