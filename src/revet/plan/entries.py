"""The entries of a plan's JSON, one for each resource instance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

_EMPTY: Mapping[str, Any] = MappingProxyType({})
_FORGOTTEN = ("forget",)
_GONE = (("delete",), _FORGOTTEN)


@dataclass(slots=True)
class Entry:
    """One object of the plan's JSON, planned or known from before.

    Args:
        node: its entry.
        actions: what apply does with it.
        value: its attributes; those from before where apply deletes or forgets it.
        unknown: Terraform's marks of what is known after apply.
        sensitive: Terraform's marks of what is sensitive.
        other: what tells it from another object of the same address; empty for the one that stays.
    """

    node: Mapping[str, Any]
    actions: tuple[str, ...]
    value: Any
    unknown: Any
    sensitive: Any
    other: str = ""


def entries(raw: Mapping[str, Any]) -> Iterator[Entry]:
    """Data sources that are known already, then everything that is planned.

    What a replacement forgets stays in AWS as it is now, beside what takes its place; and so does
    the deposed object of a replacement that failed, where apply forgets it.

    Args:
        raw: the JSON of a plan.
    """
    prior = (raw.get("prior_state") or _EMPTY).get("values") or _EMPTY
    for node in _state_resources(prior.get("root_module") or _EMPTY):
        if node.get("mode") == "data":
            marks = node.get("sensitive_values")
            yield Entry(node, ("no-op",), node.get("values"), {}, marks)
    for node in raw["resource_changes"]:
        if node["mode"] == "ephemeral":
            continue
        actions = tuple(node["change"]["actions"])
        if "deposed" in node:
            if actions == _FORGOTTEN:
                yield _before(node, actions, f"deposed {node['deposed']}")
        elif actions in _GONE:
            yield _before(node, actions)
        else:
            if "forget" in actions:
                yield _before(node, _FORGOTTEN, "as it is now")
            change = node["change"]
            marks = change.get("after_unknown"), change.get("after_sensitive")
            yield Entry(node, actions, change.get("after"), *marks)


def _before(node: Mapping[str, Any], actions: tuple[str, ...], other: str = "") -> Entry:
    change = node["change"]
    return Entry(node, actions, change.get("before"), {}, change.get("before_sensitive"), other)


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
