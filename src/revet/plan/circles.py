"""Circles in a configuration: resources that are made of themselves, through whatever lies between.

Terraform refuses to plan such a configuration ("Cycle", "Self-referential block"), so that no plan
of it has a value to judge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from revet.model.work import spend
from revet.plan.address import join, parent_module, parse_reference, without_indices
from revet.plan.configuration import Configuration, is_leaf
from revet.plan.expression import Expression, references
from revet.plan.template import of_leaf

_EMPTY: Mapping[str, Any] = {}
_REPEATS = ("count_expression", "for_each_expression")


@dataclass(frozen=True, slots=True)
class _Node:
    """What may depend on something: a resource, variable, local value, output or module.

    Args:
        kind: `resource`, `var`, `local`, `output`; `module` for how often a module is there, `wait`
            for what all its resources wait for.
        module: address of its module without indices; for `module` and `wait` its own.
        name: `aws_s3_bucket.b`, `data.aws_x.y`, or the plain name; empty for a module.
    """

    kind: str
    module: str
    name: str = ""

    def __str__(self) -> str:
        named = f"{self.kind}.{self.name}" if self.kind in ("var", "local") else self.name
        return join(self.module, named) if named else self.module


class Circles:
    """Finds the circles of one configuration, each resource looked at once.

    Args:
        configuration: of the plan.
    """

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._known: dict[_Node, str] = {}

    def of_resource(self, module: str, name: str) -> str:
        """The circle that a resource is in, or depends on.

        Args:
            module: address of its module; indices do not matter.
            name: `aws_s3_bucket.b` or `data.aws_x.y`.

        Returns:
            the addresses with arrows between, from the first in the alphabet round to it again;
            empty without a circle.
        """
        return self._found(_Node("resource", without_indices(module), name))

    def of_expression(self, expression: Expression) -> str:
        """As `of_resource`, of what a resolved expression of the root module refers to."""
        found = (self._found(node) for name in references(expression) for node in _meant(name, ""))
        return next(filter(None, found), "")

    def waits(self, module: str, name: str, for_module: str, for_name: str) -> bool:
        """Whether a resource is there only after another, by `depends_on` or what it refers to.

        Args:
            module: address of its module; indices do not matter.
            name: `aws_config_config_rule.r`.
            for_module: address of the other's module.
            for_name: of the other.
        """
        wanted = _Node("resource", without_indices(for_module), for_name)
        ahead = [_Node("resource", without_indices(module), name)]
        seen: set[_Node] = set()
        while ahead:
            node = ahead.pop()
            if node == wanted:
                return True
            if node in seen:
                continue
            seen.add(node)
            if any(_is_in(wanted.module, whole) for whole in self._whole(node)):
                return True
            ahead.extend(self._next(node))
        return False

    def _whole(self, node: _Node) -> Iterator[str]:
        """The modules of which a resource or a module waits for everything."""
        match node.kind:
            case "resource":
                written = self._configuration.resource(join(node.module, node.name)) or _EMPTY
                above = node.module
            case "wait":
                written, above = self._configuration.call(node.module), parent_module(node.module)
            case _:
                return
        for text in _names(written, ("depends_on",)):
            reference = parse_reference(text)
            if reference.root == "module" and not reference.attribute:
                yield join(above, reference.name)

    def _found(self, start: _Node) -> str:
        """Walk in depth, on a stack of our own: a chain may be as long as the plan."""
        if start in self._known:
            return self._known[start]
        way: dict[_Node, Iterator[_Node]] = {start: self._next(start)}
        while way:
            node, following = next(reversed(way.items()))
            found = next(following, None)
            if found is None:
                del way[node]
                self._known[node] = ""
            elif found in way or self._known.get(found):
                return self._closed(way, found)
            elif found not in self._known:
                way[found] = self._next(found)
        return ""

    def _closed(self, way: Mapping[_Node, object], found: _Node) -> str:
        """Everything on the way leads into the circle."""
        circle = self._known.get(found, "")
        if not circle:
            names = [str(node) for node in way]
            names = names[names.index(str(found)) :]
            first = names.index(min(names))
            circle = " → ".join((*names[first:], *names[:first], names[first]))
        self._known.update(dict.fromkeys(way, circle))
        return circle

    def _next(self, node: _Node) -> Iterator[_Node]:
        """What a node depends on."""
        spend()
        module, name = node.module, node.name
        if node.kind not in ("module", "wait") and module:
            yield _Node("module", module)
        match node.kind:
            case "resource":
                if module:
                    yield _Node("wait", module)
                written = self._configuration.resource(join(module, name)) or _EMPTY
                names = _names(written, ("depends_on", *_REPEATS, "expressions"))
            case "module" | "wait":
                call = self._configuration.call(module)
                names = _names(call, _REPEATS if node.kind == "module" else ("depends_on",))
                module = parent_module(module)
                if module:
                    yield _Node(node.kind, module)
            case "var":
                names = _of(self._configuration.argument(module, name)) if module else iter(())
                module = parent_module(module)
            case "local":
                names = _of(self._configuration.local(module, name))
            case _:
                names = _of(self._configuration.output(module, name))
        for text in names:
            yield from _meant(text, module)


def _is_in(module: str, outer: str) -> bool:
    """Whether a module is another one, or in it."""
    return module == outer or module.startswith(f"{outer}.")


def _of(expression: Expression | None) -> Iterator[str]:
    return iter(references(expression) if expression is not None else ())


def _names(written: Mapping[str, Any], members: tuple[str, ...]) -> Iterator[str]:
    """Everything that some members of a resource, or of the call of a module, refer to."""
    waiting: list[Any] = [written.get(name) for name in members]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, Mapping):
            if item and is_leaf(item):
                yield from references(of_leaf(item))
            else:
                waiting.extend(item.values())


def _meant(text: str, module: str) -> Iterator[_Node]:
    """The nodes that a reference leads to."""
    reference = parse_reference(text)
    match reference.root:
        case "resource" | "data":
            yield _Node("resource", module, reference.name)
        case "var" | "local":
            yield _Node(reference.root, module, reference.name.partition(".")[2])
        case "module" if reference.attribute:
            output = reference.attribute.partition(".")[0]
            yield _Node("output", join(module, reference.name), output)
        case _:
            pass
    if reference.key:
        yield from _meant(reference.key, module)
