"""Which management events the selectors of a trail let pass.

Source: CloudTrail API Reference, "EventSelector" (all management events by default) and
"AdvancedFieldSelector" (the fields are all to hold).
"""

from __future__ import annotations

from revet.gate.readings.values import one_of
from revet.plan import Resource
from revet.plan.element_paths import blocks

_READS, _WRITES = "ReadOnly", "WriteOnly"
_PASSING = {"All": {_READS, _WRITES}, _READS: {_READS}, _WRITES: {_WRITES}}


def narrowing_selectors(trail: Resource) -> tuple[str, ...]:
    """The kinds of selectors of an `aws_cloudtrail`, where none lets all management events pass.

    Returns:
        None where one does, or where there are no selectors.

    Raises:
        UnknownValueError: it is not known what one lets pass.
    """
    kinds = {"event_selector": _passing, "advanced_event_selector": _passing_advanced}
    chosen = tuple(name for name in kinds if blocks(trail, name))
    for name in chosen:
        passing = (kinds[name](trail, block) for block in blocks(trail, name))
        if set[str]().union(*passing) == _PASSING["All"]:
            return ()
    return chosen


def _passing(trail: Resource, block: str) -> set[str]:
    path = f"{block}.include_management_events"
    if trail.is_set(path) and not trail.get(path):
        return set()
    if trail.get(f"{block}.exclude_management_event_sources"):
        return set()
    why = "`{}` is none of CloudTrail's types of events"
    return _PASSING[one_of(trail, f"{block}.read_write_type", tuple(_PASSING), why, default="All")]


def _passing_advanced(trail: Resource, block: str) -> set[str]:
    passing: set[str] = set()
    kinds = _PASSING["All"]
    for path in blocks(trail, f"{block}.field_selector"):
        field, values = trail.get(f"{path}.field"), trail.get(f"{path}.equals")
        if field == "eventCategory" and values == ["Management"]:
            passing = _PASSING["All"]
        elif field == "readOnly" and values in (["true"], ["false"]):
            kinds = _PASSING[_READS if values == ["true"] else _WRITES]
        else:
            return set()
    return passing & kinds
