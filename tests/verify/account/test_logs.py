"""Log groups and resource policies."""

from __future__ import annotations

import json
from typing import Any

import pytest

from revet.model.finding import Status

Audit = Any  # of conftest.py, which the test folders cannot import
GROUP = "aws_cloudwatch_log_group"
FILTER = "aws_cloudwatch_log_subscription_filter"
POLICY = "aws_cloudwatch_log_resource_policy"


def test_a_log_group(whole: Audit) -> None:
    values = dict(whole.one(GROUP, "/app/good").values)
    assert values.pop("kms_key_id").startswith("arn:aws:kms:us-west-2:")
    assert values == {
        "id": "/app/good",
        "name": "/app/good",
        "name_prefix": "",
        "arn": "arn:aws:logs:us-west-2:123456789012:log-group:/app/good",
        "retention_in_days": 90,
        "log_group_class": "",
        "tags_all": {"Owner": "security"},
    }


def test_one_without_settings(whole: Audit) -> None:
    values = whole.one(GROUP, "/app/bare").values
    assert (values["kms_key_id"], values["retention_in_days"]) == ("", 0)
    assert (values["tags_all"], values["tags"]) == ({}, {})


@pytest.mark.parametrize(
    "control",
    [
        "logs-group-critical-events",
        "logs-group-encryption",
        "logs-group-exported",
        "logs-group-retention",
        "tags-required",
    ],
)
def test_what_the_controls_say(control: str, whole: Audit) -> None:
    assert whole.says(control, GROUP, "/app/good") is Status.PASS
    assert whole.says(control, GROUP, "/app/bare") is Status.FAIL


def test_subscription_filters(whole: Audit) -> None:
    stream = "arn:aws:firehose:us-west-2:123456789012:deliverystream/archive"
    for name, pattern in (("all", ""), ("critical", "?ERROR ?CRITICAL")):
        assert whole.one(FILTER, f"/app/good:{name}").values == {
            "id": f"/app/good:{name}",
            "log_group_name": "/app/good",
            "name": name,
            "filter_pattern": pattern,
            "destination_arn": stream,
            "role_arn": "arn:aws:iam::123456789012:role/logs",
        }


def test_a_resource_policy(whole: Audit) -> None:
    values = dict(whole.one(POLICY, "route53").values)
    document = json.loads(values.pop("policy_document"))
    assert document["Statement"][0]["Principal"] == {"Service": "route53.amazonaws.com"}
    assert values == {"id": "route53", "policy_name": "route53"}
    assert whole.says("iam-policy-valid", POLICY, "route53") is not Status.UNKNOWN
