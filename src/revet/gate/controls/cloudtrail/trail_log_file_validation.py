"""Trail not validated."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource


@control(
    title="trails sign their log files",
    severity=Severity.MEDIUM,
    resource="aws_cloudtrail",
    required="`enable_log_file_validation` is true",
    impact="a log file that was changed or deleted afterwards is not noticed",
    fix="enable_log_file_validation = true",
    construct='cloudtrail.Trail(scope, "audit", key=key)',
    deviations=("incomplete-trail",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """The switch, nothing else."""
    del inventory
    if resource.get("enable_log_file_validation"):
        return compliant("log files are signed")
    return noncompliant(
        "`enable_log_file_validation` is off", paths=("enable_log_file_validation",)
    )
