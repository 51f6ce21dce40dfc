"""X-30: no CloudTrail, or not multi-region."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Plan, Resource

# Both default to true in the provider.
_NOT_OFF = ("enable_logging", "include_global_service_events")


@control(
    title="trails record every region",
    severity=Severity.HIGH,
    resource="aws_cloudtrail",
    required=(
        "`is_multi_region_trail` is true, and neither logging nor the events of global services "
        "are turned off"
    ),
    impact="what happens in a region nobody looks at leaves no trace",
    fix="is_multi_region_trail = true",
    construct="cloudtrail.Trail(scope, id)",
    deviations=("X-30",),
)
def rule(resource: Resource, plan: Plan) -> Outcome:
    """The trail as it will be after apply."""
    del plan
    if not resource.get("is_multi_region_trail"):
        return noncompliant("it records one region", paths=("is_multi_region_trail",))
    off = tuple(path for path in _NOT_OFF if resource.is_set(path) and not resource.get(path))
    if off:
        return noncompliant(f"off: {', '.join(f'`{path}`' for path in off)}", paths=off)
    return compliant("it records every region")
