"""Finding the value under an attribute path: in what is planned, what is unknown, what is written.

Four trees are walked together: the planned values, the marks of what is unknown, the marks of what
is sensitive, and the expressions of the configuration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeGuard

from revet.model.work import spend
from revet.plan.configuration import is_leaf
from revet.plan.expression import (
    Call,
    Derived,
    Every,
    Expression,
    Literal,
    ObjectExpression,
    Opaque,
    Template,
    Traversal,
    TupleExpression,
    origins_of,
    references,
    step_into,
    write_template,
)
from revet.plan.gaps import Gap
from revet.plan.memory import cycle_in
from revet.plan.strength import is_strong
from revet.plan.template import of_leaf
from revet.plan.values import Computed, Sensitive, Symbolic, Undecided, Unknown

_PARSED = (
    Literal,
    Traversal,
    Template,
    ObjectExpression,
    TupleExpression,
    Call,
    Opaque,
    Derived,
    Every,
)


# Blocks that are lists, not sets, in the provider's schema: planned in the order as written.
_LISTS = frozenset({"statement"})
_EXACT = 1e15
_MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class _Nowhere:
    """The configuration has something here that the plan does not show: a dynamic block."""


NOWHERE = _Nowhere()
Node: TypeAlias = Mapping[str, Any] | Sequence[Any] | Expression | _Nowhere | None
Resolve: TypeAlias = Callable[[Expression], Expression]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a walk stands.

    Args:
        value: the planned value; `None` also where it is unknown.
        unknown: `True` or a `Gap`, or such marks inside a list or mapping.
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


def step(place: Place, name: str) -> Place:
    """Walk one step down.

    Args:
        place: where to start.
        name: an attribute, a map's key, or a list's index from 0.
    """
    if place.unknown is True or isinstance(place.unknown, Gap):
        nodes = tuple(_below(node, name) for node in place.nodes)
        return Place(None, place.unknown, place.sensitive, nodes, name)
    sensitive = place.sensitive if place.sensitive is True else _at(place.sensitive, name)
    unknown = _at(place.unknown, name)
    value = _at(place.value, name)
    if name.isdigit() and isinstance(place.value, list):
        nodes = _of_element(place, int(name))
    else:
        nodes = tuple(_below(node, name) for node in place.nodes)
    return Place(value, unknown, sensitive, nodes, name)


def read(place: Place, path: str, resolve: Resolve) -> Any:  # noqa: ANN401 - any value, see Returns
    """The value at a place.

    Args:
        place: where the walk ended.
        path: address and attribute path, for messages.
        resolve: resolves an expression in the resource's scope.

    Returns:
        a known value, with undecided values inside it where only parts are unknown; `None` when
        absent; else an `Undecided`.
    """
    if place.unknown is True or isinstance(place.unknown, Gap):
        return _undecided(place, path, resolve)
    if place.value is None and not _marked(place.unknown):
        return None
    if place.sensitive is True:
        return Sensitive(
            path, "the value is marked sensitive", "judge whether it is set, not what it is"
        )
    if not (_marked(place.unknown) or _marked(place.sensitive)):
        return place.value
    if isinstance(place.value, list):
        return [read(step(place, str(i)), f"{path}.{i}", resolve) for i in range(len(place.value))]
    names = dict.fromkeys(place.value or ())
    names.update(dict.fromkeys(place.unknown if isinstance(place.unknown, Mapping) else ()))
    return {name: read(step(place, name), f"{path}.{name}", resolve) for name in names}


def written(place: Place, resolve: Resolve) -> Expression | None:
    """The one resolved expression behind a place.

    `None` when there is none or several, and for a constant that the plan says it does not know.
    """
    found = _expressions(place)
    if found is None or len(found) != 1:
        return None
    resolved = resolve(found[0])
    contradicted = place.unknown is True and not references(resolved) and not cycle_in(resolved)
    return None if contradicted else resolved


def stated(root: Place, path: str) -> Any:  # noqa: ANN401 - any JSON value
    """The value under a path, known in every part and not sensitive; `None` without one.

    Args:
        root: of the resource; its expressions are not looked at.
        path: names and numbers with dots between.
    """
    value, unknown, sensitive = root.value, root.unknown, root.sensitive
    for name in path.split("."):
        if unknown is True or sensitive is True:
            return None
        value, unknown, sensitive = _at(value, name), _at(unknown, name), _at(sensitive, name)
    return None if _marked(unknown) or _marked(sensitive) else value


def _at(tree: Any, name: str) -> Any:  # noqa: ANN401 - any JSON value
    if _is_mapping(tree):
        return tree.get(name)
    if isinstance(tree, list) and name.isdigit() and int(name) < len(tree):
        return tree[int(name)]
    return None


def _marked(marks: Any) -> bool:  # noqa: ANN401 - any JSON value
    if _is_mapping(marks):
        return any(_marked(mark) for mark in marks.values())
    if isinstance(marks, list):
        return any(_marked(mark) for mark in marks)
    return marks is True or isinstance(marks, Gap)


def _below(node: Node, name: str) -> Node:
    if node is None or isinstance(node, _Nowhere):
        return node
    if _is_mapping(node):
        return _of_mapping(node, name)
    if isinstance(node, _PARSED):
        return step_into(node, name)
    if isinstance(node, (list, tuple)) and name.isdigit():
        return node[int(name)] if int(name) < len(node) else NOWHERE
    return NOWHERE


def _of_mapping(node: Mapping[str, Any], name: str) -> Node:
    return step_into(of_leaf(node), name) if node and is_leaf(node) else node.get(name)


def _of_element(place: Place, index: int) -> tuple[Node, ...]:
    """The nodes that an element may come from: sets are planned in another order than written."""
    found: list[Node] = []
    for number, node in enumerate(place.nodes):
        known = place.written.get(number)
        if known is not None:
            parsed = known.parsed
        else:
            parsed = of_leaf(node) if _is_mapping(node) and is_leaf(node) else node
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
        value, unknown = place.value[index], _at(place.unknown, str(index))
        if known is None:
            known = place.written[number] = Written(parsed, written)
        found.extend(item for item in known.near(value) if _fits(item, value, unknown))
        if len(written) != len(place.value):
            found.append(NOWHERE)
    return tuple(found) or (NOWHERE,)


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
            texts = tuple(map(_text, (_at(value, name) if name else value for name in names)))
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
    elif _is_mapping(node):
        pairs = ((name, _leaf(item)) for name, item in node.items())
    else:
        pairs = ()
    return {str(n): _text(i.value) for n, i in pairs if isinstance(i, Literal)}


def _leaf(node: Any) -> Expression | None:  # noqa: ANN401 - a node
    """The expression that a node is; `None` for blocks."""
    if isinstance(node, _PARSED):
        return node
    return of_leaf(node) if _is_mapping(node) and node and is_leaf(node) else None


def _is_mapping(node: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether a node is an object: asking for the class itself first is several times faster."""
    return type(node) is dict or isinstance(node, Mapping)


def _fits(node: Node, value: Any, unknown: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Whether the constants of a block or an expression agree with a planned element."""
    if unknown is True or isinstance(unknown, Gap):
        return not isinstance(node, Literal)
    match node:
        case Literal(constant):
            fits = value is not None and _text(constant) == _text(value)
        case TupleExpression(items):
            texts = [_text(item) for item in value] if isinstance(value, list) else []
            fits = all(_text(item.value) in texts for item in items if isinstance(item, Literal))
        case ObjectExpression(members):
            fits = all(
                _fits(item, _at(value, str(name.value)), _at(unknown, str(name.value)))
                for name, item in members
                if isinstance(name, Literal)
            )
        case Mapping():
            fits = all(
                _fits(leaf, _at(value, name), _at(unknown, name))
                for name, inner in node.items()
                if (leaf := _leaf(inner)) is not None
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


def _expressions(place: Place) -> list[Expression] | None:
    """The distinct expressions of a place, `Literal(None)` for not set; `None`: not to be told."""
    found: list[Expression] = []
    for node in place.nodes:
        if isinstance(node, _Nowhere):
            return None
        if node is None:
            expression: Expression = Literal(None)
        elif isinstance(node, _PARSED):
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


def _undecided(place: Place, path: str, resolve: Resolve) -> Undecided:
    if isinstance(place.unknown, Gap):
        return Unknown(path, place.unknown.value, "make it anew with `terraform show -json`")
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
