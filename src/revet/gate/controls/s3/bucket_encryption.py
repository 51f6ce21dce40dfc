"""X-05 SSE resource attached to another bucket, X-04 storage with a provider-managed key."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.kms.keys import key_fault
from revet.gate.readings.needed import every_attached
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource

_BLOCK = "rule.0.apply_server_side_encryption_by_default.0"
_INLINE = f"server_side_encryption_configuration.0.{_BLOCK}"
_KMS = ("aws:kms", "aws:kms:dsse")


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
    deviations=("X-04", "X-05"),
)
def rule(
    resource: Resource, inventory: Inventory, *, customer_managed_key: bool = False
) -> Outcome:
    """The separate resource, or the deprecated block of the bucket."""
    kind = "aws_s3_bucket_server_side_encryption_configuration"
    found = every_attached(resource, inventory, kind, via="bucket")
    places = [(item, _BLOCK) for item in found]
    if not places and resource.is_set(f"{_INLINE}.sse_algorithm"):
        places = [(resource, _INLINE)]
    if not places:
        return noncompliant(f"no `{kind}` names this bucket")
    addresses = tuple(item.address for item in found)
    for item, block in places:
        algorithm = item.get(f"{block}.sse_algorithm")
        if algorithm not in ("AES256", *_KMS):
            return noncompliant(f"`sse_algorithm` is `{algorithm}`", related=addresses)
        if not customer_managed_key:
            continue
        if algorithm not in _KMS:
            return noncompliant(
                f"`sse_algorithm` is `{algorithm}`, not a customer-managed key", related=addresses
            )
        fault = key_fault(item, inventory, f"{block}.kms_master_key_id")
        if fault:
            return noncompliant(f"it is encrypted with {fault}", related=addresses)
    item, block = places[0]
    how = f"`{item.get(f'{block}.sse_algorithm')}`"
    if customer_managed_key:
        how += " and a customer-managed key"
    return compliant(f"encrypted with {how}", related=addresses)
