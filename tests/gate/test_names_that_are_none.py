"""What is nothing but white space names nothing, and what no zone can be called is not a zone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from revet.gate.baseline import Baseline
from revet.gate.catalog import load_catalog
from revet.gate.engine import run_controls
from revet.gate.selection import select
from revet.model.errors import UnknownValueError
from revet.model.finding import Finding, Status
from revet.plan import Inventory, load_plan

MakePlan = Callable[..., dict[str, Any]]


def found(plan: Inventory, control: str, address: str) -> Finding:
    chosen = select(load_catalog(), Baseline("test", controls=(control,)), None)
    judged = run_controls(plan, chosen, subject="plan")
    assert judged.problems == ()
    (finding,) = [finding for finding in judged.findings if finding.address == address]
    return finding


BLANK = (" ", "\t", "\n \r", "\u00a0", "\u3000", "\x00", "\u200b\u200b", "\x7f")


@pytest.mark.parametrize("blank", BLANK)
def test_white_space_is_neither_a_value_nor_none(make_plan: MakePlan, blank: str) -> None:
    values = {
        "rest_api_id": "a1",
        "resource_id": "r1",
        "http_method": "POST",
        "authorization": "CUSTOM",
        "authorizer_id": blank,
    }
    plan = load_plan(make_plan({"aws_api_gateway_method": {"post": values}}))
    address = "aws_api_gateway_method.post"
    with pytest.raises(UnknownValueError, match="white space"):
        plan.resources[address].is_set("authorizer_id")
    finding = found(plan, "apigateway-method-authorization", address)
    assert finding.status is Status.UNKNOWN
    assert "authorizer_id" in finding.implemented


@pytest.mark.parametrize("text", ["a", " a ", "-", "é", "\ta"])
def test_anything_that_shows_is_a_value(make_plan: MakePlan, text: str) -> None:
    values = {"type": "ingress", "description": text}
    plan = load_plan(make_plan({"aws_security_group_rule": {"in": values}}))
    assert plan.resources["aws_security_group_rule.in"].is_set("description")


ZONES = [
    ("us-west-2b", Status.PASS),
    (" US-West-2b ", Status.PASS),
    ("us-west-2-lax-1a", Status.PASS),
    ("us-west-2a", Status.FAIL),
    ("US-WEST-2A", Status.FAIL),
    ("us-west-2b\x00", Status.UNKNOWN),
    ("us-west-2a\x00", Status.UNKNOWN),
    ("us-west-2a us-west-2b", Status.UNKNOWN),
    ("us-west-2a,us-west-2b", Status.UNKNOWN),
    ("us-west-\uff12b", Status.UNKNOWN),
    ("us_west_2b", Status.UNKNOWN),
    ("*", Status.UNKNOWN),
    ("us-west-2*", Status.UNKNOWN),
    ("zone", Status.UNKNOWN),
]


@pytest.mark.parametrize(("zone", "status"), ZONES)
def test_instances_in_what_can_be_a_zone(make_plan: MakePlan, zone: str, status: Status) -> None:
    instances = {
        name: {
            "cluster_identifier": "${aws_rds_cluster.main.id}",
            "engine": "aurora-postgresql",
            "instance_class": "db.r6g.large",
            "availability_zone": one,
        }
        for name, one in (("a", "us-west-2a"), ("b", zone))
    }
    cluster = {"main": {"cluster_identifier": "main", "engine": "aurora-postgresql"}}
    plan = load_plan(make_plan({"aws_rds_cluster": cluster, "aws_rds_cluster_instance": instances}))
    finding = found(plan, "rds-cluster-multi-az", "aws_rds_cluster.main")
    assert finding.status is status, finding.implemented
