"""The floor of a deployment: the time that the provider's own waits take, whatever AWS does.

The AWS provider waits between the calls it makes for some resources, by constants of its own; the
table of Terraform types has them, and a type without any weighs 0. Resources that depend on each
other wait one after another, the others side by side; so the floor is the longest path through the
plan's dependency graph, each resource weighing its wait.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from revet.plan.terraform_types import terraform_type
from revet.target.diagnostics import without_keys
from revet.target.graph import Graph, dependency_graph
from revet.target.saved_plan import kind_of

Action = Literal["apply", "destroy"]


@dataclass(frozen=True, slots=True)
class Floor:
    """The shortest time that an apply or destroy can take.

    Args:
        seconds: the sum along the longest path.
        path: addresses on that path which weigh something, in the order in which they run.
    """

    seconds: float
    path: tuple[str, ...]


def deployment_floor(plan_json: bytes | Mapping[str, Any], action: Action = "apply") -> Floor:
    """The floor of one plan.

    Args:
        plan_json: `terraform show -json` of a saved plan.
        action: `apply`: what the plan creates, replaces and deletes; `destroy`: the destruction
            of everything that is there once the plan has been applied.

    Returns:
        The floor; it is too low rather than too high, since HCL's `locals` do not show in a
        plan's JSON and hide the references that go through them.
    """
    plan = json.loads(plan_json) if isinstance(plan_json, bytes) else plan_json
    graph = dependency_graph(plan)
    longest: dict[str, Floor] = {}
    weights = _weights(plan, action)
    return max(
        (_longest(node, graph, weights, longest, action) for node in graph),
        key=lambda floor: floor.seconds,
        default=Floor(0, ()),
    )


def _weights(plan: Mapping[str, Any], action: Action) -> dict[str, float]:
    """Configuration address to the wait of its slowest instance."""
    weights: dict[str, float] = {}
    for change in plan.get("resource_changes", ()):
        wait = terraform_type(change["type"]).waits
        if change["mode"] != "managed" or wait is None:
            continue
        kind = kind_of(change["change"]["actions"])
        if action == "destroy":
            weight = 0.0 if kind == "delete" and change["change"]["after"] is None else wait.destroy
        else:
            weight = {
                "create": wait.create,
                "delete": wait.destroy,
                "replace": wait.create + wait.destroy,
            }.get(kind, 0.0)
        address = without_keys(change["address"])
        weights[address] = max(weights.get(address, 0.0), weight)
    return weights


def _longest(
    node: str,
    graph: Graph,
    weights: Mapping[str, float],
    known: dict[str, Floor],
    action: Action,
) -> Floor:
    """The longest path that ends at a node; a node that is met on its own path ends the path."""
    if node in known:
        return known[node]
    known[node] = Floor(0, ())
    before = max(
        (_longest(item, graph, weights, known, action) for item in sorted(graph[node])),
        key=lambda floor: floor.seconds,
        default=Floor(0, ()),
    )
    weight = weights.get(node, 0.0)
    here = (node,) if weight else ()
    path = (*before.path, *here) if action == "apply" else (*here, *before.path)
    known[node] = Floor(before.seconds + weight, path)
    return known[node]
