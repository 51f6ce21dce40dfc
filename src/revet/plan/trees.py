"""The trees beside a resource: values, marks of what is unknown, marks of what is sensitive."""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType
from typing import Any, TypeGuard

from revet.plan.missing_values import Gap
from revet.plan.unread_marks import Mark

_NO_MAPPINGS = frozenset({list, str, int, float, bool, NoneType})


def at(tree: Any, name: str) -> Any:  # noqa: ANN401 - any JSON value
    """What is under a name, or at an index; `None` without it."""
    if is_mapping(tree):
        return tree.get(name)
    if isinstance(tree, list) and name.isdigit() and int(name) < len(tree):
        return tree[int(name)]
    return None


def marked(marks: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Whether something in a tree of marks is marked."""
    if not marks:
        return False
    if is_mapping(marks):
        return any(marked(mark) for mark in marks.values())
    if isinstance(marks, list):
        return any(marked(mark) for mark in marks)
    return is_mark(marks)


def is_mark(mark: object) -> bool:
    """Whether it is a mark, and no tree of them."""
    return mark is True or isinstance(mark, (Gap, Mark))


def is_mapping(node: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether a node is an object: asking for the classes of JSON first is several times faster."""
    kind = type(node)
    return kind is dict or (kind not in _NO_MAPPINGS and isinstance(node, Mapping))
