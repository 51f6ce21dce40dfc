"""What a state or a plan lacks is unknown, as far as it is read: gaps.toml."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import hostile
from revet.model.errors import InputError
from revet.plan import Computed, Resource, Unknown, load_plan
from revet.plan.address import with_index
from revet.plan.expression import Opaque
from revet.plan.missing_values import Gap, merged
from revet.plan.provider_facts import required_attributes
from revet.plan.state import load_state

GAPS = tomllib.loads(Path(__file__).with_name("missing_values.toml").read_text())["gap"]


def values_of(case: Mapping[str, Any]) -> dict[str, Any]:
    """TOML has no null: what is null is named beside the values."""
    values: dict[str, Any] = copy.deepcopy(case["values"])
    for path in case.get("null", ()):
        place: Any = values
        *heads, last = path.split(".")
        for head in heads:
            place = place[int(head)] if isinstance(place, list) else place[head]
        place[last] = None
    return values


def index_of(case: Mapping[str, Any]) -> str:
    return f'["{case["index"]}"]' if "index" in case else ""


def resource_of(case: Mapping[str, Any]) -> Resource:
    address, values = f"{case['type']}.x", values_of(case)
    change = hostile.change(address, values)
    if case["as"] == "state":
        del change["change"]
        held = {"resources": [{**change, "values": values, "sensitive_values": {}}]}
        return load_state({"format_version": "1.0", "values": {"root_module": held}}).resources[
            address
        ]
    change["change"]["actions"] = [case["as"]]
    change["change"]["after_unknown"] = case.get("unknown", {})
    if case["as"] != "create":
        change["change"]["before"] = values
    written = {name: {"constant_value": of} for name, of in case.get("written", {}).items()}
    needed = {*required_attributes().get(case["type"], ())}
    required = {name: {"references": ["var.x"]} for name in values if name in needed}
    written |= {name: {"constant_value": None} for name in case.get("written_null", ())}
    node = hostile.written(address, required | written | case.get("expressions", {}))
    root: dict[str, Any] = {"resources": [node]}
    if "index" in case:
        node["for_each_expression"] = case["for_each"]
        change["index"] = case["index"]
        change["address"] = address = with_index(address, case["index"])
    if "call" in case:
        change["module_address"] = "module.m"
        change["address"] = address = f"module.m.{address}"
        called = {"resources": [node], "variables": case.get("declared", {})}
        root = {"module_calls": {"m": {"expressions": case["call"], "module": called}}}
    plan = hostile.plan([change], root)
    plan["variables"] = {name: {"value": of} for name, of in case.get("variables", {}).items()}
    plan.pop("complete", None)  # one instance of several is enough
    return load_plan(plan).resources[address]


@pytest.mark.parametrize("case", GAPS, ids=lambda case: case["name"])
def test_what_is_read(case: Mapping[str, Any]) -> None:
    found = resource_of(case).get(case["path"])
    if "computed" in case:
        assert isinstance(found, Computed | Unknown)
        return
    if "why" not in case:
        assert found == case.get("value")
        return
    assert isinstance(found, Unknown)
    assert case["why"] in found.why
    assert found.path.endswith(f"{case['type']}.x{index_of(case)}.{case['path']}")


def test_gaps_stand_beside_the_marks_of_terraform() -> None:
    marks = {"id": True, "rule": [{"arn": True}, {}], "tags": {}}
    more = {"id": Gap.MISSING, "rule": [{"name": Gap.NULL}, {"name": Gap.NULL}], "key": Gap.NULL}
    assert merged(marks, more) == {
        "id": True,
        "rule": [{"arn": True, "name": Gap.NULL}, {"name": Gap.NULL}],
        "tags": {},
        "key": Gap.NULL,
    }
    assert merged(marks, {}) is marks


def test_of_what_contradicts_the_plan_nothing_is_known() -> None:
    change = hostile.change("aws_security_group_rule.x", {"cidr_blocks": ["0.0.0.0/0"]})
    node = hostile.written("aws_security_group_rule.x", {"cidr_blocks": {"constant_value": []}})
    rule = load_plan(hostile.plan([change], {"resources": [node]})).resources[change["address"]]
    assert isinstance(rule.get("cidr_blocks"), Unknown)
    assert rule.expression("cidr_blocks") == Opaque("", ())


@pytest.mark.parametrize("constant", ["a", ["a"], {"a": "b"}, [["a"]], 1, False])
def test_a_constant_output_is_never_unknown(constant: object) -> None:
    change = hostile.change("aws_s3_bucket.x", {"bucket": "x"})
    written = hostile.written("aws_s3_bucket.x", {"bucket": {"constant_value": "x"}})
    plan = hostile.plan([change], {"resources": [written]})
    output = {"actions": ["create"], "before": None, "after_unknown": True}
    plan["output_changes"] = {"first": output}
    root = plan["configuration"]["root_module"]
    root["outputs"] = {"first": {"expression": {"constant_value": constant}}}
    found = load_plan(plan).outputs["first"]
    assert isinstance(found, Unknown)
    assert "another value" in found.why


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("environment", {"variables": {"constant_value": {"A": "a"}}}),
        (
            "environment",
            {"variables": {"references": ["var.a", "aws_kms_key.k.arn", "aws_kms_key.k"]}},
        ),
        ("environment", {"variables": [{}]}),
        ("environment", {"variables": []}),
        ("vpc_config", {"subnet_ids": {"references": ["var.subnets"]}}),
    ],
)
def test_a_block_with_something_in_it_is_not_left_out(name: str, written: dict[str, Any]) -> None:
    case = {
        "as": "create",
        "type": "aws_lambda_function",
        "values": {"function_name": "f", "role": "r", name: []},
        "expressions": {name: [written]},
    }
    with pytest.raises(InputError, match="the blocks that the configuration has"):
        resource_of(case)


@pytest.mark.parametrize(
    ("kind", "name", "planned", "written"),
    [
        (
            "aws_dynamodb_table",
            "server_side_encryption",
            [{"enabled": True}],
            [{"kms_key_arn": {"references": ["var.key"]}}],
        ),
        (
            "aws_s3_bucket_server_side_encryption_configuration",
            "rule",
            [{"apply_server_side_encryption_by_default": [{"sse_algorithm": "AES256"}]}],
            [{"apply_server_side_encryption_by_default": [{}]}],
        ),
    ],
)
def test_what_a_block_requires_is_written_where_it_is_planned(
    kind: str, name: str, planned: list[Any], written: list[Any]
) -> None:
    case = {"as": "create", "type": kind, "values": {name: planned}, "expressions": {name: written}}
    with pytest.raises(InputError, match="as the provider requires the argument"):
        resource_of(case)
