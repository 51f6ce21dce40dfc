"""Log group without key."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.kms.keys import key_fault
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource


@control(
    title="log groups are encrypted with a customer-managed key",
    severity=Severity.MEDIUM,
    resource="aws_cloudwatch_log_group",
    required="`kms_key_id` names a customer-managed key",
    impact="whoever may read logs reads them; no key protects them, and none can be revoked",
    fix="kms_key_id = aws_kms_key.logs.arn",
    construct='logs.LogGroup(scope, "payments", key=key)',
    deviations=("storage-without-own-key", "incomplete-log-group"),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """CloudWatch Logs takes a key's ARN; without one it uses a key of its own."""
    fault = key_fault(resource, inventory, "kms_key_id")
    if fault:
        return noncompliant(f"it is encrypted with {fault}", paths=("kms_key_id",))
    return compliant("encrypted with a customer-managed key")
