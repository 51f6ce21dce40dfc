"""SSE resource attached to another bucket, storage with a provider-managed key."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.s3.encryption import encryption_fault
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource


@control(
    title="buckets say how their objects are encrypted",
    severity=Severity.HIGH,
    resource="aws_s3_bucket",
    required=(
        "an `aws_s3_bucket_server_side_encryption_configuration` of this very bucket names the "
        "algorithm; with `customer_managed_key` it is KMS with a customer-managed key"
    ),
    impact="objects are encrypted with a key that nobody here controls, revokes or audits",
    fix="""resource "aws_s3_bucket_server_side_encryption_configuration" "data" {
  bucket = aws_s3_bucket.data.id
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.data.arn
    }
  }
}""",
    construct='s3.Bucket(scope, "receipts", key=key)',
    deviations=("storage-without-own-key", "encryption-of-another-bucket"),
)
def rule(
    resource: Resource, inventory: Inventory, *, customer_managed_key: bool = False
) -> Outcome:
    """The separate resource, or the deprecated block of the bucket."""
    found = encryption_fault(resource, inventory, customer_managed_key=customer_managed_key)
    if found.fault:
        return noncompliant(found.fault, related=found.related)
    key = " and a customer-managed key" if customer_managed_key else ""
    return compliant(f"encrypted with `{found.algorithm}`{key}", related=found.related)
