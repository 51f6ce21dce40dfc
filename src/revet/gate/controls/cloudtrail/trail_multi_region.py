"""No CloudTrail, or not multi-region."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.cloudtrail.event_selectors import narrowing_selectors
from revet.model.finding import Outcome, Severity, compliant, noncompliant, quoted
from revet.plan import Inventory, Resource

# Both default to true in the provider.
_NOT_OFF = ("enable_logging", "include_global_service_events")


@control(
    title="trails record every region",
    severity=Severity.HIGH,
    resource="aws_cloudtrail",
    required=(
        "`is_multi_region_trail` is true, neither logging nor the events of global services are "
        "turned off, and event selectors leave out no management events"
    ),
    impact="what happens in a region nobody looks at leaves no trace",
    fix="""is_multi_region_trail = true
enable_logging        = true

event_selector {
  read_write_type           = "All"
  include_management_events = true
}""",
    construct='cloudtrail.Trail(scope, "audit", key=key)',
    deviations=("incomplete-trail",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """The trail as it will be after apply."""
    del inventory
    if not resource.get("is_multi_region_trail"):
        return noncompliant("it records one region", paths=("is_multi_region_trail",))
    off = tuple(path for path in _NOT_OFF if resource.is_set(path) and not resource.get(path))
    if off:
        return noncompliant(f"off: {quoted(off)}", paths=off)
    if narrowing := narrowing_selectors(resource):
        return noncompliant("its event selectors leave out management events", paths=narrowing)
    return compliant("it records every region")
