"""What apply makes only once something else is there."""

from __future__ import annotations

from typing import Any

import pytest

from revet.plan import Inventory, Resource, load_plan
from revet.plan.state import load_state

STATUS = "terraform_data.status"


def resource(address: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    kind, name = address.split(".")
    return {"address": address, "mode": "managed", "type": kind, "name": name, **more}


def changed(address: str, module: str = "") -> dict[str, Any]:
    node = resource(address)
    if module:
        node |= {"address": f"{module}.{address}", "module_address": module}
    change = {
        "actions": ["create"],
        "before": None,
        "after": {"input": "a"},
        "after_unknown": {"id": True},
    }
    return {**node, "provider_name": "terraform.io/builtin/terraform", "change": change}


def plan(root: dict[str, Any], changes: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "resource_changes": changes,
        "configuration": {"provider_config": {}, "root_module": root},
        "applyable": True,
        "complete": True,
        "errored": False,
    }


def rule(**more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return resource("terraform_data.rule", expressions={}, **more)


def both(inventory: Inventory) -> tuple[Resource, Resource]:
    """The rule, and what it may wait for, in whatever module."""
    found = {one.name: one for one in inventory.resources.values()}
    return found["rule"], found["status"]


INNER = {"resources": [resource(STATUS, expressions={})]}


@pytest.mark.parametrize(
    ("root", "waits"),
    [
        ({"resources": [rule(depends_on=[STATUS]), *INNER["resources"]]}, True),
        ({"resources": [rule(), *INNER["resources"]]}, False),
        (
            {
                "resources": [rule(depends_on=["module.config"])],
                "module_calls": {"config": {"source": "./config", "module": INNER}},
            },
            True,
        ),
        (
            {
                "resources": [rule()],
                "module_calls": {"config": {"source": "./config", "module": INNER}},
            },
            False,
        ),
    ],
    ids=["named", "not named", "its module is named", "its module is not named"],
)
def test_it_waits(root: dict[str, Any], *, waits: bool) -> None:
    module = "module.config" if "module_calls" in root else ""
    inventory = load_plan(plan(root, [changed("terraform_data.rule"), changed(STATUS, module)]))
    made, status = both(inventory)
    assert inventory.waits_for(made, status) is waits
    assert inventory.waits_for(status, made) is False


def test_what_a_whole_module_waits_for() -> None:
    calls = {
        "config": {"source": "./config", "module": INNER},
        "rules": {
            "source": "./rules",
            "module": {"resources": [rule()]},
            "depends_on": ["module.config"],
        },
    }
    changes = [
        changed("terraform_data.rule", "module.rules"),
        changed(STATUS, "module.config"),
    ]
    inventory = load_plan(plan({"module_calls": calls}, changes))
    made, status = both(inventory)
    assert inventory.waits_for(made, status) is True


def test_a_state_has_no_order() -> None:
    nodes = [
        {**resource(address), "provider_name": "p", "schema_version": 0, "values": {"input": "a"}}
        for address in ("terraform_data.rule", STATUS)
    ]
    values = {"root_module": {"resources": nodes}}
    inventory = load_state(
        {"format_version": "1.0", "terraform_version": "1.11.4", "values": values}
    )
    made, status = both(inventory)
    assert inventory.waits_for(made, status) is None
