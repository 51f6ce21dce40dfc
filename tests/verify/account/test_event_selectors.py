"""Event selectors as `GetEventSelectors` answers them, and whether they record everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from revet.model.finding import Status

Audit = Any  # of conftest.py, which the test folders cannot import
GOOD = "arn:aws:cloudtrail:us-west-2:123456789012:trail/good-trail"
MANAGEMENT = {"Field": "eventCategory", "Equals": ["Management"]}
ALL = {"ReadWriteType": "All", "IncludeManagementEvents": True}


def advanced(*fields: dict[str, Any]) -> dict[str, Any]:
    return {"AdvancedEventSelectors": [{"FieldSelectors": list(fields)}]}


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        ({}, Status.PASS),
        ({"EventSelectors": [ALL]}, Status.PASS),
        (
            {
                "EventSelectors": [
                    {**ALL, "ReadWriteType": kind} for kind in ("ReadOnly", "WriteOnly")
                ]
            },
            Status.PASS,
        ),
        ({"EventSelectors": [{**ALL, "IncludeManagementEvents": False}, ALL]}, Status.PASS),
        (advanced(MANAGEMENT), Status.PASS),
        ({"EventSelectors": [{**ALL, "ReadWriteType": "WriteOnly"}]}, Status.FAIL),
        ({"EventSelectors": [{**ALL, "IncludeManagementEvents": False}]}, Status.FAIL),
        (
            {"EventSelectors": [{**ALL, "ExcludeManagementEventSources": ["kms.amazonaws.com"]}]},
            Status.FAIL,
        ),
        (advanced({"Field": "eventCategory", "Equals": ["Data"]}), Status.FAIL),
        (advanced(MANAGEMENT, {"Field": "readOnly", "Equals": ["false"]}), Status.FAIL),
        (
            advanced(MANAGEMENT, {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]}),
            Status.FAIL,
        ),
    ],
)
def test_whether_everything_is_recorded(
    reply: dict[str, Any], status: Status, answering: Callable[..., Audit]
) -> None:
    audit = answering({("cloudtrail", "get_event_selectors"): reply}, "aws_cloudtrail")
    assert audit.says("cloudtrail-trail-multi-region", "aws_cloudtrail", GOOD) is status
