"""X-30: no CloudTrail, or not multi-region."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.model.errors import UnknownValueError
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource
from revet.plan.blocks import blocks

# Both default to true in the provider.
_NOT_OFF = ("enable_logging", "include_global_service_events")

_BASIC = "event_selector"
_SELECTORS = (_BASIC, "advanced_event_selector")
_READ_OR_WRITE = {
    "All": {"ReadOnly", "WriteOnly"},
    "ReadOnly": {"ReadOnly"},
    "WriteOnly": {"WriteOnly"},
}


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
    deviations=("X-30",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """The trail as it will be after apply."""
    del inventory
    if not resource.get("is_multi_region_trail"):
        return noncompliant("it records one region", paths=("is_multi_region_trail",))
    off = tuple(path for path in _NOT_OFF if resource.is_set(path) and not resource.get(path))
    if off:
        return noncompliant(f"off: {', '.join(f'`{path}`' for path in off)}", paths=off)
    chosen = [name for name in _SELECTORS if blocks(resource, name)]
    if chosen and not any(_selects_all(resource, name) for name in chosen):
        return noncompliant("its event selectors leave out management events", paths=tuple(chosen))
    return compliant("it records every region")


def _selects_all(trail: Resource, name: str) -> bool:
    """Whether selectors together let all management events pass, reads and writes."""
    passing: set[str] = set()
    for block in blocks(trail, name):
        passing |= _passing(trail, block) if name == _BASIC else _passing_advanced(trail, block)
    return passing >= {"ReadOnly", "WriteOnly"}


def _passing(trail: Resource, block: str) -> set[str]:
    """Source: CloudTrail API Reference, "EventSelector"; all management events by default."""
    path = f"{block}.include_management_events"
    if trail.is_set(path) and not trail.get(path):
        return set()
    if trail.get(f"{block}.exclude_management_event_sources"):
        return set()
    path = f"{block}.read_write_type"
    kind = trail.get(path) or "All"
    if kind not in _READ_OR_WRITE:
        raise UnknownValueError(
            f"{trail.address}.{path}",
            why=f"`{kind}` is none of CloudTrail's types of events",
            resolve=f"write one of {', '.join(f'`{name}`' for name in _READ_OR_WRITE)}",
        )
    return _READ_OR_WRITE[kind]


def _passing_advanced(trail: Resource, block: str) -> set[str]:
    """Source: CloudTrail API Reference, "AdvancedFieldSelector"; the fields are all to hold."""
    passing: set[str] = set()
    kinds = _READ_OR_WRITE["All"]
    for path in blocks(trail, f"{block}.field_selector"):
        field, values = trail.get(f"{path}.field"), trail.get(f"{path}.equals")
        if field == "eventCategory" and values == ["Management"]:
            passing = _READ_OR_WRITE["All"]
        elif field == "readOnly" and values in (["true"], ["false"]):
            kinds = _READ_OR_WRITE["ReadOnly" if values == ["true"] else "WriteOnly"]
        else:
            return set()
    return passing & kinds
