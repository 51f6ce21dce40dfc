"""No public access block."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.model.finding import Outcome, Severity, compliant, noncompliant, quoted
from revet.plan import Inventory, Resource

_SWITCHES = (
    "block_public_acls",
    "block_public_policy",
    "ignore_public_acls",
    "restrict_public_buckets",
)


@control(
    title="buckets block public access",
    severity=Severity.HIGH,
    resource="aws_s3_bucket",
    required="an `aws_s3_bucket_public_access_block` of this very bucket has all four switches on",
    impact="one policy or ACL written by mistake makes the objects public",
    fix="""resource "aws_s3_bucket_public_access_block" "data" {
  bucket                  = aws_s3_bucket.data.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}""",
    construct='s3.Bucket(scope, "receipts", key=key)',
    deviations=("no-public-access-block",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """All four, on every block that names the bucket."""
    found = inventory.attached(
        resource, "aws_s3_bucket_public_access_block", via="bucket", every=True
    )
    if not found:
        return noncompliant("no `aws_s3_bucket_public_access_block` names this bucket")
    addresses = tuple(item.address for item in found)
    for item in found:
        off = tuple(switch for switch in _SWITCHES if not item.get(switch))
        if off:
            return noncompliant(f"off: {quoted(off)}", paths=off, related=addresses)
    return compliant("all four switches are on", related=addresses)
