"""The dependency graph of a plan, as far as its JSON shows it.

Nodes are configuration addresses (`module.a.aws_kms_key.data`, `data.…`), inputs and outputs of
modules, and provider configurations. Source of the layout: Terraform, "JSON Output Format",
"Configuration Representation" (references, module calls) and "State Representation" (depends_on).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from revet.target.diagnostics import without_keys

Graph = Mapping[str, frozenset[str]]
"""Each node with the nodes that it depends on."""

_PAIR = 2


def dependency_graph(plan: Mapping[str, Any]) -> Graph:
    """The graph of everything that a plan's configuration and prior state mention.

    Args:
        plan: `terraform show -json` of a saved plan.
    """
    edges: dict[str, set[str]] = {}
    configuration = plan.get("configuration", {})
    for key, provider in configuration.get("provider_config", {}).items():
        prefix = f"{provider['module_address']}." if provider.get("module_address") else ""
        edges[f"provider {key}"] = _found(provider.get("expressions", {}), prefix)
    _module(configuration.get("root_module", {}), "", edges)
    prior = plan.get("prior_state", {}).get("values", {}).get("root_module", {})
    for address, needed in _state(prior):
        edges.setdefault(address, set()).update(needed)
    return {node: frozenset(_known(needed, edges)) for node, needed in edges.items()}


def _module(module: Mapping[str, Any], prefix: str, edges: dict[str, set[str]]) -> None:
    for resource in module.get("resources", ()):
        mode = "data." if resource["mode"] == "data" else ""
        needed = _found({key: resource.get(key) for key in _REFERRING}, prefix)
        needed |= {_target(text, prefix) for text in resource.get("depends_on", ())}
        needed.add(f"provider {resource.get('provider_config_key', '')}")
        edges[f"{prefix}{mode}{resource['type']}.{resource['name']}"] = needed
    for name, output in module.get("outputs", {}).items():
        needed = _found(output.get("expression", {}), prefix)
        needed |= {_target(text, prefix) for text in output.get("depends_on", ())}
        edges[f"{prefix}output.{name}"] = needed
    for name, call in module.get("module_calls", {}).items():
        inner = f"{prefix}module.{name}."
        around = _found([call.get("count_expression"), call.get("for_each_expression")], prefix)
        around |= {_target(text, prefix) for text in call.get("depends_on", ())}
        known = set(edges)
        _module(call.get("module", {}), inner, edges)
        for node in set(edges) - known:
            edges[node] |= around
        for variable in call.get("module", {}).get("variables", {}):
            expression = call.get("expressions", {}).get(variable, {})
            edges[f"{inner}var.{variable}"] = _found(expression, prefix)


_REFERRING = ("expressions", "count_expression", "for_each_expression", "provisioners")


def _found(expression: Any, prefix: str) -> set[str]:  # noqa: ANN401 - any JSON value
    """The nodes that an expression refers to; they need not exist."""
    found: set[str] = set()
    for texts in _references(expression):
        plain = [without_keys(text) for text in texts]
        for text in plain:
            whole_module = text.startswith("module.") and text.count(".") == 1
            if whole_module and any(other.startswith(f"{text}.") for other in plain):
                continue  # the general form that Terraform adds to a reference to one output
            found.add(_target(text, prefix))
    return found


def _references(value: Any) -> Iterator[list[str]]:  # noqa: ANN401 - any JSON value
    if isinstance(value, Mapping):
        texts = value.get("references")
        if isinstance(texts, list) and all(isinstance(text, str) for text in texts):
            yield texts
        for key, item in value.items():
            if key != "references":
                yield from _references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)


def _target(reference: str, prefix: str) -> str:
    """`aws_kms_key.a.arn` → `aws_kms_key.a`, `module.m.out.x` → `module.m.output.out`."""
    parts = without_keys(reference).split(".")
    if parts[0] == "module":
        output = [f"module.{parts[1]}", "output", parts[_PAIR]] if len(parts) > _PAIR else parts
        return prefix + ".".join(output)
    return prefix + ".".join(parts[: _PAIR + 1] if parts[0] == "data" else parts[:_PAIR])


def _known(needed: set[str], edges: Mapping[str, set[str]]) -> Iterator[str]:
    """The nodes that exist; a whole module stands for everything in it."""
    for node in needed:
        if node in edges:
            yield node
        elif node.split(".")[-2:-1] == ["module"]:
            yield from (inner for inner in edges if inner.startswith(f"{node}."))


def _state(module: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for resource in module.get("resources", ()):
        yield without_keys(resource["address"]), resource.get("depends_on", [])
    for child in module.get("child_modules", ()):
        yield from _state(child)
