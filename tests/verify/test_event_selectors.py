"""Event selectors as `GetEventSelectors` answers them, and whether they record everything."""

from __future__ import annotations

from typing import Any

import pytest

from revet.verify.event_selectors import records_all_management_events

MANAGEMENT = {"Field": "eventCategory", "Equals": ["Management"]}
ALL = {"ReadWriteType": "All", "IncludeManagementEvents": True}


def advanced(*fields: dict[str, Any]) -> dict[str, Any]:
    return {"AdvancedEventSelectors": [{"FieldSelectors": list(fields)}]}


@pytest.mark.parametrize(
    "reply",
    [
        {},
        {"EventSelectors": [ALL]},
        {"EventSelectors": [{**ALL, "ReadWriteType": kind} for kind in ("ReadOnly", "WriteOnly")]},
        {"EventSelectors": [{"IncludeManagementEvents": False}, ALL]},
        advanced(MANAGEMENT),
    ],
)
def test_everything_is_recorded(reply: dict[str, Any]) -> None:
    assert records_all_management_events(reply)


@pytest.mark.parametrize(
    "reply",
    [
        {"EventSelectors": [{**ALL, "ReadWriteType": "WriteOnly"}]},
        {"EventSelectors": [{**ALL, "IncludeManagementEvents": False}]},
        {"EventSelectors": [{**ALL, "ExcludeManagementEventSources": ["kms.amazonaws.com"]}]},
        advanced({"Field": "eventCategory", "Equals": ["Data"]}),
        advanced(MANAGEMENT, {"Field": "readOnly", "Equals": ["false"]}),
        advanced(MANAGEMENT, {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]}),
    ],
)
def test_something_is_left_out(reply: dict[str, Any]) -> None:
    assert not records_all_management_events(reply)
