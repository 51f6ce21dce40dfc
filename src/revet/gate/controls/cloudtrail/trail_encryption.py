"""Trail with a provider-managed key."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.kms.keys import key_fault
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource


@control(
    title="trails are encrypted with a customer-managed key",
    severity=Severity.MEDIUM,
    resource="aws_cloudtrail",
    required="`kms_key_id` names a customer-managed key",
    impact="whoever may read the bucket reads who did what in the account",
    fix="kms_key_id = aws_kms_key.trail.arn",
    construct='cloudtrail.Trail(scope, "audit", key=key)',
    deviations=("storage-without-own-key", "incomplete-trail"),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """Without a key CloudTrail encrypts with the bucket's own default."""
    fault = key_fault(resource, inventory, "kms_key_id")
    if fault:
        return noncompliant(f"it is encrypted with {fault}", paths=("kms_key_id",))
    return compliant("encrypted with a customer-managed key")
