"""A block of the sources as the configuration of a plan, evaluated when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from revet.model.work import spend
from revet.plan.configuration import is_leaf
from revet.plan.expression import Expression, Literal, references
from revet.plan.source.arguments import MOST_ITEMS
from revet.plan.source.environment import Environment
from revet.plan.source.evaluate import Evaluator
from revet.plan.source.json_syntax import Template, json_body
from revet.plan.source.match import json_objects
from revet.plan.source.symbolic import EvaluationError, LimitReached, items_of, object_of
from revet.plan.source.syntax import Argument, Block, Body, Constant, Name, SourceError

_MISSING: Any = object()


@dataclass(frozen=True, slots=True)
class BodyContext:
    """How the blocks of one resource are read.

    Args:
        evaluator: evaluates arguments.
        is_open: whether the plan does not state what a full reference means.
        planned: what the plan's own configuration says of an argument, resolved.
        nowhere: stands for blocks of which the plan and the sources do not tell enough.
        template: reads a text in JSON syntax.
        used: told the path and the place of each argument that the plan does not know.
    """

    evaluator: Evaluator
    is_open: Callable[[str], bool]
    planned: Callable[[Mapping[str, Any]], Expression]
    nowhere: object
    template: Template
    used: Callable[[str, str], None]


class WrittenBlock(Mapping[str, Any]):
    """A block's arguments, resolved, and its blocks.

    Args:
        body: as the sources have it.
        where: it stands.
        node: the same block in the plan's configuration; empty for a dynamic one.
        unknown: marks of the planned elements that it may be.
        path: of the block, for what is told of arguments.
        reading: how to read it.
    """

    __slots__ = ("_body", "_known", "_node", "_path", "_reading", "_unknown", "_where")

    def __init__(
        self,
        body: Body,
        where: Environment,
        node: Mapping[str, Any],
        unknown: Sequence[Any],
        path: str,
        reading: BodyContext,
    ) -> None:
        self._body = body
        self._where = where
        self._node = node
        self._unknown = unknown
        self._path = path
        self._reading = reading
        self._known: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - a node of a configuration
        """The expression or the blocks of a name."""
        if name not in self._known:
            self._known[name] = self._found(name)
        if self._known[name] is _MISSING:
            raise KeyError(name)
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        """The names of arguments and blocks."""
        names = dict.fromkeys(self._body.arguments)
        for block in self._body.blocks:
            names[block.labels[0] if block.kind == "dynamic" and block.labels else block.kind] = (
                None
            )
        return iter(names)

    def __len__(self) -> int:
        """How many names there are."""
        return sum(1 for _ in self)

    def _found(self, name: str) -> Any:  # noqa: ANN401 - a node of a configuration
        spend()
        leaf = self._node.get(name)
        if self._body.json:
            return self._of_json(name, leaf)
        argument = self._body.arguments.get(name)
        if argument is not None:
            return self._argument(name, argument, leaf)
        return self._several(self._blocks(name, self._body.blocks), leaf)

    def _of_json(self, name: str, leaf: object) -> Any:  # noqa: ANN401 - a node of a configuration
        argument = self._body.arguments.get(name)
        if argument is not None and (leaf is None or is_leaf(leaf)):
            return self._argument(name, argument, leaf)
        dynamic = self._body.arguments.get("dynamic")
        written = argument or dynamic
        if written is None:
            return _MISSING
        template, file, line = self._reading.template, written.file, written.line
        blocks = [
            Block(name, (), json_body(raw, file, template, line), file, line)
            for raw in json_objects(argument.raw if argument else None)
        ]
        for labels in json_objects(dynamic.raw if dynamic else None):
            for raw in json_objects(labels.get(name)):
                content = [
                    Block("content", (), json_body(inner, file, template, line), file, line)
                    for inner in json_objects(raw.get("content"))
                ]
                rest = {key: value for key, value in raw.items() if key != "content"}
                head = json_body(rest, file, template, line)
                body = Body(head.arguments, tuple(content))
                blocks.append(Block("dynamic", (name,), body, file, line))
        return self._several(self._blocks(name, blocks), leaf)

    def _several(self, found: Any, leaf: object) -> Any:  # noqa: ANN401 - a node
        if found == []:
            return _MISSING
        if isinstance(leaf, Mapping) and isinstance(found, list) and len(found) == 1:
            return found[0]
        return found

    def _argument(self, name: str, argument: Argument, leaf: object) -> Expression | object:
        planned = leaf if isinstance(leaf, Mapping) and is_leaf(leaf) else None
        value = self._reading.evaluator.argument(argument, self._where)
        path = f"{self._path}.{name}" if self._path else name
        marks = [_at(mark, name) for mark in self._unknown]
        unknown = bool(marks) and all(mark is True for mark in marks)
        if value is not None and unknown and not any(map(self._reading.is_open, references(value))):
            value = None  # the plan does not know it, and by the sources it is known: they differ
        if value is None:
            return self._reading.nowhere if planned is None else self._reading.planned(planned)
        if any(mark is True or isinstance(mark, (list, dict)) for mark in marks):
            self._reading.used(path, argument.where)
        return value

    def _blocks(self, name: str, blocks: Sequence[Block]) -> Any:  # noqa: ANN401 - nodes
        """The blocks of a name, dynamic ones written out; `nowhere` where that is not known."""
        nodes = self._node.get(name)
        nodes = nodes if isinstance(nodes, list) else [nodes]
        marks = [mark for own in self._unknown for mark in _listed(_at(own, name))]
        found: list[WrittenBlock] = []
        static = 0
        for block in blocks:
            path = f"{self._path}.{name}" if self._path else name
            if block.kind == name:
                node = nodes[static] if static < len(nodes) else None
                node = node if isinstance(node, Mapping) else {}
                static += 1
                found.append(
                    WrittenBlock(block.body, self._where, node, marks, path, self._reading)
                )
            elif block.kind == "dynamic" and block.labels == (name,):
                made = self._dynamic(block, marks, path)
                if made is None:
                    return self._reading.nowhere
                found.extend(made)
        return found

    def _dynamic(self, block: Block, marks: Sequence[Any], path: str) -> list[WrittenBlock] | None:
        arguments = block.body.arguments
        contents = [inner for inner in block.body.blocks if inner.kind == "content"]
        if "for_each" not in arguments or len(contents) != 1:
            return None
        each = self._reading.evaluator.argument(arguments["for_each"], self._where)
        if each is None:
            return None
        each = self._reading.evaluator.lookup.known(each)
        try:
            items = items_of(each) if each != Literal(None) else ()
            iterator = self._iterator(block)
        except (EvaluationError, LimitReached, SourceError):
            return None
        if items is None or len(items) > MOST_ITEMS or not iterator:
            return None
        self._reading.used(path, block.where)
        found = []
        for key, item in items:
            one = object_of((("key", key), ("value", item)))
            where = self._where.calling(**{iterator: one})
            found.append(WrittenBlock(contents[0].body, where, {}, marks, path, self._reading))
        return found

    @staticmethod
    def _iterator(block: Block) -> str:
        """What a dynamic block calls its elements; empty where that is not understood."""
        argument = block.body.arguments.get("iterator")
        if argument is None:
            return block.labels[0]
        syntax = argument.syntax
        if isinstance(syntax, Name):
            return syntax.name
        return str(syntax.value) if isinstance(syntax, Constant) else ""


def _at(marks: Any, name: str) -> Any:  # noqa: ANN401 - any JSON value
    return marks if marks is True else marks.get(name) if isinstance(marks, Mapping) else None


def _listed(marks: Any) -> list[Any]:  # noqa: ANN401 - any JSON value
    return marks if isinstance(marks, list) else [] if marks is None else [marks]
