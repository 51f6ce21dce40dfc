"""The floor is the longest path; the cases say what a plan's JSON looks like and what it costs."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from revet.target.deployment_floor import deployment_floor
from revet.target.graph import dependency_graph

CASES = tomllib.loads((Path(__file__).parent / "deployment_floor.toml").read_text())["case"]


def plan_of(case: dict[str, Any]) -> dict[str, Any]:
    """A plan's JSON from a case: `resources` maps an address to the references it makes."""
    root: dict[str, Any] = {"resources": [], "outputs": {}, "module_calls": {}}
    changes = []
    for address, resource in case["resources"].items():
        *modules, kind, name = address.split(".")
        module = root
        for called in modules[1::2]:
            call = module["module_calls"].setdefault(called, {"module": {"resources": []}})
            module = call["module"]
        mode = "data" if kind.startswith("data:") else "managed"
        kind = kind.removeprefix("data:")
        references = resource.get("references", [])
        module["resources"].append(
            {
                "mode": mode,
                "type": kind,
                "name": name,
                "provider_config_key": "aws",
                "expressions": {"argument": [{"nested": {"references": references}}]},
                "depends_on": resource.get("depends_on", []),
            }
        )
        for key in resource.get("keys", [""]):
            full = ".".join([*modules, kind, name]) + key
            action = resource.get("actions", ["create"])
            changes.append(
                {
                    "address": full,
                    "mode": mode,
                    "type": kind,
                    "change": {"actions": action, "after": None if "delete" in action else {}},
                }
            )
    for name, raw in case.get("modules", {}).items():
        call = root["module_calls"][name]
        call["expressions"] = {key: {"references": refs} for key, refs in raw["inputs"].items()}
        call["module"]["variables"] = {key: {} for key in raw["inputs"]}
        call["module"]["outputs"] = {
            key: {"expression": {"references": refs}} for key, refs in raw["outputs"].items()
        }
        call["depends_on"] = raw.get("depends_on", [])
    state = {"resources": case.get("state", [])}
    return {
        "resource_changes": changes,
        "configuration": {"provider_config": {"aws": {"name": "aws"}}, "root_module": root},
        "prior_state": {"values": {"root_module": state}},
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_floor(case: dict[str, Any]) -> None:
    plan = plan_of(case)
    for action in ("apply", "destroy"):
        if action in case:
            floor = deployment_floor(plan, action)
            assert floor.seconds == case[action]["seconds"]
            assert list(floor.path) == case[action]["path"]
            assert deployment_floor(json.dumps(plan).encode(), action) == floor


def test_a_recorded_plan_has_its_edges() -> None:
    plan = json.loads((Path(__file__).parent / "streams" / "plan.json").read_text())
    graph = dependency_graph(plan)
    assert "terraform_data.slow" in graph["terraform_data.broken"]
    assert "terraform_data.first" in graph["terraform_data.slow"]
    assert graph["output.first"] == {"terraform_data.first"}
    assert deployment_floor(plan).seconds == 0


def test_nothing_planned_costs_nothing() -> None:
    assert deployment_floor({}).seconds == 0
