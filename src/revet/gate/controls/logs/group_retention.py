"""X-33: log group without retention."""

from __future__ import annotations

from revet.gate.catalog import control
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
    deviations=("X-33",),
)
def rule(resource: Resource, inventory: Inventory, *, days: int = 1) -> Outcome:
    """Zero and nothing mean *never expires*: nobody decided."""
    del inventory
    path = "retention_in_days"
    kept = resource.get(path)
    if not kept:
        how = "is not set" if kept is None else f"is {kept}"
        return noncompliant(f"`retention_in_days` {how}: events never expire", paths=(path,))
    if kept < days:
        return noncompliant(f"events are kept for {kept} days, not {days}", paths=(path,))
    return compliant(f"events are kept for {kept} days")
