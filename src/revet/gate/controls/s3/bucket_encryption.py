"""SSE resource attached to another bucket, storage with a provider-managed key."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.kms.keys import key_fault
from revet.gate.readings.s3.encryption import (
    ALGORITHMS,
    BY_DEFAULT,
    CONFIGURATION,
    DUAL_LAYER,
    KMS,
    encryption_rules,
)
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
    rules = encryption_rules(resource, inventory)
    if not rules:
        return noncompliant(f"no `{CONFIGURATION}` names this bucket")
    related = tuple(item.address for item, _ in rules if item is not resource)
    wanted = (KMS, DUAL_LAYER) if customer_managed_key else ALGORITHMS
    algorithms = [item.get(f"{block}.{BY_DEFAULT}.sse_algorithm") for item, block in rules]
    for (item, block), algorithm in zip(rules, algorithms, strict=True):
        if algorithm not in wanted:
            lacking = ", not a customer-managed key" if algorithm in ALGORITHMS else ""
            return noncompliant(f"`sse_algorithm` is `{algorithm}`{lacking}", related=related)
        key = f"{block}.{BY_DEFAULT}.kms_master_key_id"
        if customer_managed_key and (fault := key_fault(item, inventory, key)):
            return noncompliant(f"it is encrypted with {fault}", related=related)
    key = " and a customer-managed key" if customer_managed_key else ""
    return compliant(f"encrypted with `{algorithms[0]}`{key}", related=related)
