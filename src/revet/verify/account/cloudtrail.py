"""What trails select."""

from __future__ import annotations

from revet.verify.readers import Draft

_DEFAULT = {
    "read_write_type": "All",
    "include_management_events": True,
    "exclude_management_event_sources": [],
    "data_resource": [],
}
"""Source: CloudTrail API Reference, `PutEventSelectors`: all management events by default."""


def aws_cloudtrail(one: Draft) -> None:
    """AWS answers what holds for a trail without selectors of its own as if it had some."""
    given = one.values["event_selector"], one.values["advanced_event_selector"]
    if not one.item.get("HasCustomEventSelectors", True) and given == ([_DEFAULT], []):
        one.values["event_selector"] = []
