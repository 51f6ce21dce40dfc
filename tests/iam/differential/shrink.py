"""Makes a case smaller while a property of it stays."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

Case = dict[str, Any]
POLICIES = ("resource_policy", "permissions_boundary", "vpc_endpoint_policy")
LISTS = ("identity_policies", "session_policies")
LEVELS = ("service_control_policies", "resource_control_policies")


def shrink(case: Case, stays: Callable[[Case], bool]) -> Case:
    """The case without all layers, levels, policies, statements, conditions, values and context
    keys that are not needed for the property.
    """
    small = copy.deepcopy(case)
    changed = True
    while changed:
        changed = False
        for smaller in _smaller(small):
            if stays(smaller):
                small, changed = smaller, True
                break
    return small


def _smaller(case: Case) -> Iterator[Case]:
    for name in (*POLICIES, *LISTS, *LEVELS):
        if case.get(name):
            yield {key: value for key, value in case.items() if key != name}
    for path in _paths(case):
        yield _without(case, path)


def _paths(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - JSON
    """All places that may be taken away: what stands higher comes first."""
    if isinstance(node, dict):
        removable = bool({"context", "Condition"} & set(path[-2:]))
        for key, value in node.items():
            if removable or key in {"Condition", "Sid", "Version"}:
                yield (*path, key)
            yield from _paths(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            # A part of the principals of NotPrincipal means something else than all of them.
            if len(node) > 1 and "NotPrincipal" not in path:
                yield (*path, index)
            yield from _paths(value, (*path, index))


def _without(case: Case, path: tuple[Any, ...]) -> Case:
    smaller = copy.deepcopy(case)
    node: Any = smaller
    for step in path[:-1]:
        node = node[step]
    del node[path[-1]]
    return smaller
