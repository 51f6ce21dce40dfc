"""What has deletion protection in an account."""

from __future__ import annotations

from typing import Any

import pytest

from revet.model.finding import Status

Audit = Any  # of conftest.py, which the test folders cannot import


@pytest.mark.parametrize(
    ("kind", "name", "switch", "value"),
    [
        ("aws_cognito_user_pool", "people", "deletion_protection", "ACTIVE"),
        ("aws_cognito_user_pool", "guests", "deletion_protection", "INACTIVE"),
        ("aws_networkfirewall_firewall", "border", "delete_protection", True),
        ("aws_rds_global_cluster", "everywhere", "deletion_protection", True),
    ],
)
def test_it_is_read(whole: Audit, kind: str, name: str, switch: str, value: object) -> None:
    every = [one.values for one in whole.all(kind).values()]
    found = [one for one in every if name in (one.get("name"), one["id"])]
    assert [one[switch] for one in found] == [value]
    assert all(one["arn"].startswith("arn:aws:") for one in found)


def test_tags_of_a_pool_are_judged(whole: Audit) -> None:
    kind = "aws_cognito_user_pool"
    ids = {one.values["name"]: one.id for one in whole.all(kind).values()}
    assert whole.says("tags-required", kind, ids["people"]) is Status.PASS
    assert whole.says("tags-required", kind, ids["guests"]) is Status.FAIL
