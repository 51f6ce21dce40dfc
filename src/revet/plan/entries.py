"""The entries of a plan's JSON, one for each resource instance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

_EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(slots=True)
class Entry:
    """One resource of the plan's JSON, planned or known from before."""

    node: Mapping[str, Any]
    actions: tuple[str, ...]
    value: Any
    unknown: Any
    sensitive: Any


def entries(raw: Mapping[str, Any]) -> Iterator[Entry]:
    """Data sources that are known already, then everything that is planned.

    Args:
        raw: the JSON of a plan.
    """
    prior = (raw.get("prior_state") or _EMPTY).get("values") or _EMPTY
    for node in _state_resources(prior.get("root_module") or _EMPTY):
        if node.get("mode") == "data":
            marks = node.get("sensitive_values")
            yield Entry(node, ("no-op",), node.get("values"), {}, marks)
    for node in raw["resource_changes"]:
        if "deposed" in node or node["mode"] == "ephemeral":
            continue
        change = node["change"]
        actions = tuple(change["actions"])
        gone = actions in (("delete",), ("forget",))
        yield Entry(
            node,
            actions,
            change.get("before" if gone else "after"),
            {} if gone else change.get("after_unknown"),
            change.get("before_sensitive" if gone else "after_sensitive"),
        )


def _state_resources(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from module.get("resources") or ()
    for child in module.get("child_modules") or ():
        yield from _state_resources(child)


def is_shown_empty(change: Mapping[str, Any]) -> bool:
    """Whether an output is known to have no value, so that it keeps no secret.

    Args:
        change: of an output.
    """
    known = "after" in change and not change.get("after_unknown")
    return known and change["after"] in (None, "", [], {})
