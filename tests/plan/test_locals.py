"""Local values stand in the synthesized configuration only; a plan has nothing but their names."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from tests.gate.case_plan import plan_json

from revet.model.errors import UnknownValueError
from revet.plan import Inventory, load_plan

CASE: dict[str, Any] = {
    "resource": {
        "aws_s3_bucket": {"a": {}, "b": {}},
        "aws_s3_bucket_versioning": {"v": {"bucket": "?"}},
    },
    "unknown": ["aws_s3_bucket_versioning.v.bucket"],
}
BUCKETS = {
    "all": ["${aws_s3_bucket.a.id}", "${aws_s3_bucket.b.id}"],
    "name": {"b": "${local.all[1]}"},
}


def plan_of(written: str, local_values: Any, resources: Any = CASE["resource"]) -> Inventory:  # noqa: ANN401 - JSON
    plan = copy.deepcopy(plan_json(CASE, "a case"))
    nodes = plan["configuration"]["root_module"]["resources"]
    [node] = [node for node in nodes if node["address"] == "aws_s3_bucket_versioning.v"]
    node["expressions"]["bucket"] = {"constant_value": written}
    later: dict[str, Any] = {"terraform_data": {"later": {}}}
    return load_plan(plan, {"resource": resources | later, "locals": local_values})


def bucket(plan: Inventory) -> str:
    found = plan.target(plan.resources["aws_s3_bucket_versioning.v"], "bucket")
    assert found is not None
    return found.address


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("${local.all[0]}", "aws_s3_bucket.a"),
        ("${local.all[1]}", "aws_s3_bucket.b"),
        ("${local.name.b}", "aws_s3_bucket.b"),
        ('${local.name["b"]}', "aws_s3_bucket.b"),
    ],
)
def test_a_local_value_is_followed(written: str, found: str) -> None:
    assert bucket(plan_of(written, BUCKETS)) == found
    assert bucket(plan_of(written, [BUCKETS])) == found


@pytest.mark.parametrize("written", ["${local.all[var.n]}", "${local.other}", "${local.all}"])
def test_what_is_not_one_thing_stays_unknown(written: str) -> None:
    with pytest.raises(UnknownValueError):
        bucket(plan_of(written, BUCKETS))


def test_a_circle_ends() -> None:
    with pytest.raises(UnknownValueError):
        bucket(plan_of("${local.x}", {"x": "${local.y}", "y": "${local.x}"}))


def test_the_synthesis_of_another_stack_says_nothing() -> None:
    other: dict[str, Any] = {**CASE["resource"], "aws_vpc": {"main": {}}}
    with pytest.raises(UnknownValueError):
        bucket(plan_of("${local.all[0]}", BUCKETS, other))
