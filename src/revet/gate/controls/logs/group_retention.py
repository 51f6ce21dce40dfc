"""Log group without retention."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.logs.groups import retention_fault
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource


@control(
    title="log groups say how long they keep events",
    severity=Severity.MEDIUM,
    resource="aws_cloudwatch_log_group",
    required="`retention_in_days` is set, and at least `days`",
    impact="events are gone when they are needed, or stay for ever against the data's class",
    fix="retention_in_days = 365",
    construct='logs.LogGroup(scope, "payments", key=key, retention_in_days=365)',
    deviations=("incomplete-log-group",),
)
def rule(resource: Resource, inventory: Inventory, *, days: int = 1) -> Outcome:
    """A group without a retention keeps its events for ever."""
    del inventory
    path = "retention_in_days"
    fault = retention_fault(resource, days)
    if fault:
        return noncompliant(fault, paths=(path,))
    return compliant(f"events are kept for {resource.get(path)} days")
