"""Finding the value under an attribute path: in what is planned, what is unknown, what is written.

Four trees are walked together: the planned values, the marks of what is unknown, the marks of what
is sensitive, and the expressions of the configuration.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from revet.plan.configuration import is_leaf
from revet.plan.expression import (
    PARSED,
    Derived,
    Expression,
    Literal,
    Opaque,
    TupleExpression,
    origins_of,
    references,
    step_into,
    write_template,
)
from revet.plan.memory import cycle_in
from revet.plan.missing_values import Gap
from revet.plan.strength import is_strong
from revet.plan.template import of_leaf
from revet.plan.trees import at, is_mapping, is_mark, marked
from revet.plan.unread_marks import Mark
from revet.plan.values import Computed, Sensitive, Symbolic, Undecided, Unknown, Unread
from revet.plan.written import Written, agrees

# Blocks that are lists, not sets, in the provider's schema: planned in the order as written.
_LISTS = frozenset({"statement"})
_MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class _Nowhere:
    """The configuration has something here that the plan does not show: a dynamic block."""


NOWHERE = _Nowhere()
Node: TypeAlias = Mapping[str, Any] | Sequence[Any] | Expression | _Nowhere | None
Resolve: TypeAlias = Callable[[Expression], Expression]


@dataclass(frozen=True, slots=True)
class Position:
    """Where a walk stands.

    Args:
        value: the planned value; `None` also where it is unknown.
        unknown: `True`, a `Gap` or a `Mark`, or such marks inside a list or mapping.
        sensitive: the same for sensitivity.
        nodes: the expressions that it may come from; more than one where blocks look alike.
        name: the last step that led here.
        written: the blocks that were written here, prepared for looking up; filled when needed.
    """

    value: Any
    unknown: Any
    sensitive: Any
    nodes: tuple[Node, ...]
    name: str = ""
    written: dict[int, Written] = field(default_factory=dict, compare=False, repr=False)


def step(place: Position, name: str) -> Position:
    """Walk one step down.

    Args:
        place: where to start.
        name: an attribute, a map's key, or a list's index from 0.
    """
    if is_mark(place.unknown):
        nodes = tuple(_below(node, name) for node in place.nodes)
        return Position(None, place.unknown, place.sensitive, nodes, name)
    sensitive = place.sensitive if place.sensitive is True else at(place.sensitive, name)
    unknown = at(place.unknown, name)
    value = at(place.value, name)
    if name.isdigit() and isinstance(place.value, list):
        index = int(name)
        nodes = _of_element(place, index) if index < len(place.value) else (NOWHERE,)
    else:
        nodes = tuple(_below(node, name) for node in place.nodes)
    return Position(value, unknown, sensitive, nodes, name)


def read(place: Position, path: str, resolve: Resolve) -> Any:  # noqa: ANN401 - any value, see Returns
    """The value at a place.

    Args:
        place: where the walk ended.
        path: address and attribute path, for messages.
        resolve: resolves an expression in the resource's scope.

    Returns:
        a known value, with undecided values inside it where only parts are unknown; `None` when
        absent; else an `Undecided`.
    """
    if is_mark(place.unknown):
        return _undecided(place, path, resolve)
    if place.value is None and not marked(place.unknown):
        return None
    if place.sensitive is True:
        return Sensitive(
            path, "the value is marked sensitive", "judge whether it is set, not what it is"
        )
    if not (marked(place.unknown) or marked(place.sensitive)):
        return place.value
    if isinstance(place.value, list):
        return [read(step(place, str(i)), f"{path}.{i}", resolve) for i in range(len(place.value))]
    names = dict.fromkeys(place.value or ())
    names.update(dict.fromkeys(place.unknown if isinstance(place.unknown, Mapping) else ()))
    return {name: read(step(place, name), f"{path}.{name}", resolve) for name in names}


def written(place: Position, resolve: Resolve) -> Expression | None:
    """The one resolved expression behind a place.

    `None` when there is none or several, and for a constant that the plan says it does not know.
    """
    found = _expressions(place)
    if found is None or len(found) != 1:
        return None
    resolved = resolve(found[0])
    contradicted = place.unknown is True and not references(resolved) and not cycle_in(resolved)
    return None if contradicted else resolved


def stated(root: Position, path: str) -> Any:  # noqa: ANN401 - any JSON value
    """The value under a path, known in every part and not sensitive; `None` without one.

    Args:
        root: of the resource; its expressions are not looked at.
        path: names and numbers with dots between.
    """
    value, unknown, sensitive = root.value, root.unknown, root.sensitive
    for name in path.split("."):
        if is_mark(unknown) or sensitive is True:
            return None
        value, unknown, sensitive = at(value, name), at(unknown, name), at(sensitive, name)
    return None if marked(unknown) or marked(sensitive) else value


def _below(node: Node, name: str) -> Node:
    if node is None or isinstance(node, _Nowhere):
        return node
    if is_mapping(node):
        return _of_mapping(node, name)
    if isinstance(node, PARSED):
        return step_into(node, name)
    if isinstance(node, (list, tuple)) and name.isdigit():
        return node[int(name)] if int(name) < len(node) else NOWHERE
    return NOWHERE


def _of_mapping(node: Mapping[str, Any], name: str) -> Node:
    return step_into(of_leaf(node), name) if node and is_leaf(node) else node.get(name)


def _of_element(place: Position, index: int) -> tuple[Node, ...]:
    """The nodes that an element may come from: sets are planned in another order than written."""
    found: list[Node] = []
    for number, node in enumerate(place.nodes):
        known = place.written.get(number)
        if known is not None:
            parsed = known.parsed
        else:
            parsed = of_leaf(node) if is_mapping(node) and is_leaf(node) else node
        if isinstance(parsed, TupleExpression):
            written: Sequence[Node] = parsed.items
        elif isinstance(parsed, (list, tuple)):
            written = parsed
        elif parsed is None:
            found.append(NOWHERE)  # elements that no block has: dynamic, or made by the provider
            continue
        else:
            found.append(_below(parsed, str(index)))
            continue
        if len(written) == len(place.value) == 1:
            found.append(written[0])
            continue
        if len(written) == len(place.value) and place.name in _LISTS:
            found.append(written[index])
            continue
        value, unknown = place.value[index], at(place.unknown, str(index))
        if known is None:
            known = place.written[number] = Written(parsed, written)
        found.extend(item for item in known.near(value) if agrees(item, value, unknown))
        if len(written) != len(place.value):
            found.append(NOWHERE)
    return tuple(found) or (NOWHERE,)


def _expressions(place: Position) -> list[Expression] | None:
    """The distinct expressions of a place, `Literal(None)` for not set; `None`: not to be told."""
    found: list[Expression] = []
    for node in place.nodes:
        if isinstance(node, _Nowhere):
            return None
        if node is None:
            expression: Expression = Literal(None)
        elif isinstance(node, PARSED):
            expression = node
        elif isinstance(node, Mapping) and is_leaf(node):
            expression = of_leaf(node)
        else:
            return None  # nested blocks, unknown as a whole
        if expression not in found:
            found.append(expression)
    return found


def _some(names: Sequence[str]) -> str:
    more = f", and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(f"`{name}`" for name in names[:_MOST_NAMES]) + more


def _left(path: str) -> Computed:
    return Computed(
        path,
        "known after apply: the configuration does not set it, the provider decides",
        "set it in the configuration",
    )


def _undecided(place: Position, path: str, resolve: Resolve) -> Undecided:
    mark = place.unknown
    if isinstance(mark, (Gap, Mark)):
        return _of_mark(path, mark)
    return _unplanned(place, path, resolve)


def _of_mark(path: str, mark: Gap | Mark) -> Undecided:
    if isinstance(mark, Mark):
        return Unread(path, mark.why, mark.resolve)
    return Unknown(path, mark.value, "create it again with `terraform show -json`")


def _unplanned(place: Position, path: str, resolve: Resolve) -> Undecided:
    found = _expressions(place)
    if found is None:
        return Unknown(
            path,
            "known after apply, and the plan does not show from which block it comes",
            "write the block out instead of making it with `dynamic`",
        )
    resolved = [resolve(expression) for expression in found]
    if cycle := next(filter(None, map(cycle_in, resolved)), ""):
        return Unknown(
            path,
            f"its configuration refers to itself: {cycle}",
            "break the cycle: Terraform refuses it, too",
        )
    if all(item == Literal(None) for item in resolved):
        return _left(path)
    if any(isinstance(item, Literal) for item in resolved) or not any(map(references, resolved)):
        return Unknown(path, "known after apply", "use a value that is known at plan time")
    if len(resolved) == 1:
        names = references(resolved[0])
    else:
        names = tuple(dict.fromkeys(name for item in resolved for name in references(item)))
    shown = tuple(dict.fromkeys(name for item in resolved for name in origins_of(item)))
    kept = len(resolved) == 1 and not isinstance(resolved[0], (Derived, Opaque))
    template = write_template(resolved[0]) if kept else ""
    return Symbolic(
        path,
        f"known after apply, made of {_some(shown)}",
        "refer to one attribute of one resource, or use a value that is known at plan time",
        names,
        template,
        all(is_strong(item) for item in resolved),
    )
