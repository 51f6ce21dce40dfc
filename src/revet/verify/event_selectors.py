"""Whether a trail's event selectors let all management events pass.

Source: CloudTrail API Reference, "EventSelector" and "AdvancedFieldSelector".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_READ_OR_WRITE = {
    "All": frozenset({"ReadOnly", "WriteOnly"}),
    "ReadOnly": frozenset({"ReadOnly"}),
    "WriteOnly": frozenset({"WriteOnly"}),
}
_BOTH = _READ_OR_WRITE["All"]
_NONE: frozenset[str] = frozenset()


def records_all_management_events(reply: Mapping[str, Any]) -> bool:
    """Whether reads and writes of every service are recorded.

    Args:
        reply: of `GetEventSelectors`; a trail without selectors records all management events.
    """
    basic = reply.get("EventSelectors") or ()
    advanced = reply.get("AdvancedEventSelectors") or ()
    if not basic and not advanced:
        return True
    passing = _NONE.union(*map(_passing, basic), *map(_passing_advanced, advanced))
    return passing >= _BOTH


def _passing(selector: Mapping[str, Any]) -> frozenset[str]:
    narrowed = selector.get("ExcludeManagementEventSources")
    if narrowed or not selector.get("IncludeManagementEvents", True):
        return _NONE
    return _READ_OR_WRITE.get(selector.get("ReadWriteType", "All"), _NONE)


def _passing_advanced(selector: Mapping[str, Any]) -> frozenset[str]:
    category, kinds = False, _BOTH
    for field in selector.get("FieldSelectors", ()):
        name, values = field.get("Field"), field.get("Equals")
        if name == "eventCategory" and values == ["Management"]:
            category = True
        elif name == "readOnly" and values in (["true"], ["false"]):
            kinds = _READ_OR_WRITE["ReadOnly" if values == ["true"] else "WriteOnly"]
        else:
            return _NONE
    return kinds if category else _NONE
