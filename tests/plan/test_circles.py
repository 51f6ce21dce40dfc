"""A configuration that is made of itself is unknown, with the circle named: circles.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import hostile
from revet.gate.baseline import Baseline
from revet.gate.catalog import load_catalog
from revet.gate.engine import run_controls
from revet.gate.selection import select
from revet.model.errors import UnknownValueError
from revet.model.finding import Status
from revet.plan import Inventory, Unknown, load_plan

CIRCLES = tomllib.loads(Path(__file__).with_name("circles.toml").read_text())["circle"]
META = {"for_each": "for_each_expression", "depends_on": "depends_on"}


def expression(value: object) -> Any:  # noqa: ANN401 - JSON
    return hostile.refers(*value) if isinstance(value, list) else {"constant_value": value}


def expressions(table: Mapping[str, Any]) -> dict[str, Any]:
    return {name: expression(value) for name, value in table.items() if name not in META}


def written(address: str, table: Mapping[str, Any]) -> dict[str, Any]:
    plain = address.removeprefix("data.")
    node: dict[str, Any] = {**hostile.written(plain, expressions(table)), "address": address}
    if plain != address:
        node["mode"] = "data"
    if "for_each" in table:
        node["for_each_expression"] = expression(table["for_each"])
    if "depends_on" in table:
        node["depends_on"] = table["depends_on"]
    return node


def changes(
    resources: Mapping[str, Any], known: Mapping[str, Any], module: str = ""
) -> Iterator[dict[str, Any]]:
    for address, table in resources.items():
        plain = address.removeprefix("data.")
        unknown = dict.fromkeys((*(name for name in table if name not in META), "id", "arn"), True)
        node = hostile.change(f"{module}{plain}", dict(known.get(address, {})), unknown)
        node["address"] = f"{module}{address}"
        if plain != address:
            node["mode"] = "data"
            node["change"]["actions"] = ["read"]
        yield node


def plan_of(case: Mapping[str, Any]) -> Inventory:
    resources, calls = case["resources"], {}
    planned = list(changes(resources, case.get("known", {})))
    for name, module in case.get("modules", {}).items():
        inner = module.get("resources", {})
        outputs = {key: {"expression": expression(of)} for key, of in module["outputs"].items()}
        calls[name] = {
            "expressions": expressions(module["arguments"]),
            "module": {
                "outputs": outputs,
                "variables": {key: {} for key in module["arguments"]},
                "resources": [written(address, table) for address, table in inner.items()],
            },
        }
        if "repeat" in module:
            calls[name]["count_expression"] = expression(module["repeat"])
        planned += changes(inner, {}, f"module.{name}.")
    root = {
        "resources": [written(address, table) for address, table in resources.items()],
        "module_calls": calls,
    }
    synthesis: dict[str, Any] = {"resource": {}, "locals": case.get("locals", {})}
    for address in resources:
        if not address.startswith("data."):
            kind, name = address.split(".")
            synthesis["resource"].setdefault(kind, {})[name] = {}
    return load_plan(hostile.plan(planned, root), synthesis if "locals" in case else None)


@pytest.fixture(params=CIRCLES, ids=lambda case: case["name"])
def case(request: pytest.FixtureRequest) -> Any:  # noqa: ANN401 - JSON
    return request.param


def test_the_value_is_unknown_and_the_circle_is_named(case: Mapping[str, Any]) -> None:
    resource = plan_of(case).resources[case["at"]]
    value = resource.get(case["path"])
    assert isinstance(value, Unknown)
    assert value.why == f"its configuration refers to itself: {case['said']}"
    with pytest.raises(UnknownValueError, match="refers to itself"):
        resource.is_set(case["path"])


def test_whom_it_means_is_unknown(case: Mapping[str, Any]) -> None:
    plan = plan_of(case)
    for ask in (plan.target, plan.targets):
        with pytest.raises(UnknownValueError) as caught:
            ask(plan.resources[case["at"]], case["path"])
        assert case["said"] in str(caught.value)


def test_no_control_passes_and_none_breaks(case: Mapping[str, Any]) -> None:
    plan = plan_of(case)
    found = run_controls(plan, select(load_catalog(), Baseline("circles"), None), subject="plan")
    assert found.problems == ()
    named = [item for item in found.findings if item.control == case["control"]]
    assert Status.UNKNOWN in {item.status for item in named}
    assert any(case["said"] in f"{item.required} {item.implemented}" for item in named)


def test_every_policy_of_a_circle_is_unknown(case: Mapping[str, Any]) -> None:
    plan = plan_of(case)
    resource = plan.resources[case["at"]]
    with pytest.raises(UnknownValueError) as caught:
        resource.policy(case["path"])
    assert case["said"] in str(caught.value)


def test_names_that_mean_each_other_end_too() -> None:
    names = {"aws_kms_alias.a": "alias/b", "aws_kms_alias.b": "alias/a"}
    known = {at: {"name": f"alias/{at[-1]}", "target_key_id": to} for at, to in names.items()}
    resources = [hostile.written(at, expressions(values)) for at, values in known.items()]
    planned = [hostile.change(at, values) for at, values in known.items()]
    plan = load_plan(hostile.plan(planned, {"resources": resources}))
    for alias in plan.of_type("aws_kms_alias"):
        with pytest.raises(UnknownValueError, match="it names itself: aws_kms_alias"):
            plan.target(alias, "target_key_id")
