"""What is written in a list or in blocks of one name, looked up by its constants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from revet.model.work import spend
from revet.plan.configuration import is_leaf
from revet.plan.expression import (
    PARSED,
    Expression,
    Literal,
    ObjectExpression,
    TupleExpression,
)
from revet.plan.template import of_leaf
from revet.plan.trees import at, is_mapping, is_mark

if TYPE_CHECKING:
    from revet.plan.walk import Node

_EXACT = 1e15


class Written:
    """What is written in a list or in blocks of one name, looked up by its constants.

    Args:
        parsed: the node.
        items: in it.
    """

    __slots__ = ("_groups", "parsed")

    def __init__(self, parsed: Any, items: Sequence[Node]) -> None:  # noqa: ANN401 - a node
        self.parsed = parsed
        self._groups: dict[tuple[str, ...], dict[tuple[str, ...], list[tuple[int, Node]]]] = {}
        spend(len(items))
        for number, item in enumerate(items):
            constants = _constants(item)
            group = self._groups.setdefault(tuple(constants), {})
            group.setdefault(tuple(constants.values()), []).append((number, item))

    def near(self, value: Any) -> list[Node]:  # noqa: ANN401 - any JSON value
        """The items, as written, whose constants are those of a planned element."""
        found: list[tuple[int, Node]] = []
        for names, group in self._groups.items():
            texts = tuple(map(_text, (at(value, name) if name else value for name in names)))
            found += group.get(texts, ())
        spend(len(found) + len(self._groups))
        return [item for _, item in (sorted(found, key=_number) if len(found) > 1 else found)]


def _number(item: tuple[int, Node]) -> int:
    return item[0]


def _constants(node: Node) -> dict[str, str]:
    """The scalars that a block or expression has by name; under an empty name if it is one."""
    if isinstance(node, Literal):
        return {"": _text(node.value)}
    if isinstance(node, ObjectExpression):
        pairs: Iterable[tuple[object, Node]] = (
            (name.value, item) for name, item in node.members if isinstance(name, Literal)
        )
    elif is_mapping(node):
        pairs = ((name, leaf(item)) for name, item in node.items())
    else:
        pairs = ()
    return {str(n): _text(i.value) for n, i in pairs if isinstance(i, Literal)}


def leaf(node: Any) -> Expression | None:  # noqa: ANN401 - a node
    """The expression that a node is; `None` for blocks."""
    if isinstance(node, PARSED):
        return node
    return of_leaf(node) if is_mapping(node) and node and is_leaf(node) else None


def agrees(node: Node, value: Any, unknown: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Whether the constants of a block or an expression agree with a planned element."""
    if is_mark(unknown):
        return not isinstance(node, Literal)
    match node:
        case Literal(constant):
            fits = value is not None and _text(constant) == _text(value)
        case TupleExpression(items):
            texts = [_text(item) for item in value] if isinstance(value, list) else []
            fits = all(_text(item.value) in texts for item in items if isinstance(item, Literal))
        case ObjectExpression(members):
            fits = all(
                agrees(item, at(value, str(name.value)), at(unknown, str(name.value)))
                for name, item in members
                if isinstance(name, Literal)
            )
        case Mapping():
            fits = all(
                agrees(part, at(value, name), at(unknown, name))
                for name, inner in node.items()
                if (part := leaf(inner)) is not None
            )
        case _:
            fits = True
    return fits


def _text(value: object) -> str:
    """For comparing written with planned values: `"1"`, `1` and `1.0` are the same."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return f"{value:g}" if abs(value) < _EXACT else repr(value)
    return str(value)
