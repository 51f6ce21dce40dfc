"""X-33: log group without retention.

Source: CloudWatch Logs API Reference, `PutRetentionPolicy`: the numbers of days that it takes.
"""

from __future__ import annotations

from revet.gate.catalog import control
from revet.model.errors import UnknownValueError
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource

_MONTHS = (30, 60, 90, 120, 150, 180)
_YEARS = (365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
_DAYS = (1, 3, 5, 7, 14, *_MONTHS, *_YEARS)


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
    if kept not in _DAYS:
        raise UnknownValueError(
            f"{resource.address}.{path}",
            why=f"{kept} is not a number of days that CloudWatch Logs takes",
            resolve=f"choose one of {', '.join(map(str, _DAYS))}",
        )
    if kept < days:
        return noncompliant(f"events are kept for {kept} days, not {days}", paths=(path,))
    return compliant(f"events are kept for {kept} days")
