"""Whether sources are those that a plan was made of: all that the plan's configuration says agrees.

A plan keeps each constant, and of each other expression what it refers to. A module whose sources
differ in one of them counts as a module without sources. What no plan keeps (local values, dynamic
blocks, the text around references) cannot be compared: who writes the sources could lie there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from revet.model.work import spend
from revet.plan.configuration import is_leaf
from revet.plan.expression import Literal
from revet.plan.source.environment import Environment
from revet.plan.source.evaluate import Evaluator
from revet.plan.source.modules import Module
from revet.plan.source.references import listed
from revet.plan.source.symbolic import is_literal, plain
from revet.plan.source.syntax import Argument, Block, Body, SourceError

_META = frozenset(
    ("count", "for_each", "provider", "providers", "depends_on", "source", "version", "lifecycle")
)
_META_BLOCKS = frozenset(("lifecycle", "provisioner", "connection", "dynamic"))


def require_match(module: Module, configured: Mapping[str, Any], constants: Evaluator) -> None:
    """Compare the sources of a module with the plan's configuration of it.

    Args:
        module: as its sources have it.
        configured: the module in the plan's `configuration`.
        constants: evaluates what refers to nothing.

    Raises:
        SourceError: they differ.
    """
    resources = {node["address"]: node for node in configured.get("resources") or ()}
    calls = configured.get("module_calls") or {}
    outputs = configured.get("outputs") or {}
    _same_names("resource", module.resources, resources)
    _same_names("module", module.calls, calls)
    _same_names("variable", module.variables, configured.get("variables") or {})
    _same_names("output", module.outputs, outputs)
    for address, block in module.resources.items():
        node = resources[address]
        _repetition(block, node, constants)
        _body(block.body, node.get("expressions") or {}, block, constants)
    for name, block in module.calls.items():
        _repetition(block, calls[name], constants)
        _body(block.body, calls[name].get("expressions") or {}, block, constants)
    for name, block in module.outputs.items():
        value = block.body.arguments.get("value")
        if value is not None:
            _expression(value, outputs[name].get("expression") or {}, constants)


def _same_names(kind: str, written: Mapping[str, Block], planned: Mapping[str, Any]) -> None:
    for name, block in written.items():
        if name not in planned:
            raise SourceError(block.where, f"the plan has no {kind} `{name}`")
    for name in planned:
        if name not in written:
            raise SourceError("", f"no file has the plan's {kind} `{name}`")


def _repetition(block: Block, node: Mapping[str, Any], constants: Evaluator) -> None:
    for name in ("count", "for_each"):
        argument = block.body.arguments.get(name)
        leaf = node.get(f"{name}_expression")
        if argument is None:
            if leaf is not None:
                raise SourceError(block.where, f"the plan has a `{name}` here")
        elif leaf is not None:
            _expression(argument, leaf, constants)
        elif argument.raw is None and listed(argument.syntax):
            raise SourceError(argument.where, f"the plan has no references in this `{name}`")


def _body(body: Body, node: Mapping[str, Any], block: Block, constants: Evaluator) -> None:
    spend()
    if body.json:
        _json_body(body, node, block)
        return
    for name, argument in body.arguments.items():
        if name not in _META or name in node:
            _expression(argument, _leaf(node, name, argument), constants)
    blocks: dict[str, list[Block]] = {}
    for inner in body.blocks:
        if inner.kind not in _META_BLOCKS or inner.kind in node:
            blocks.setdefault(inner.kind, []).append(inner)
    for name, nodes in node.items():
        if name not in body.arguments:
            _blocks(blocks.get(name, []), name, nodes, block, constants)


def _blocks(
    written: list[Block], name: str, nodes: object, block: Block, constants: Evaluator
) -> None:
    if isinstance(nodes, Mapping) and is_leaf(nodes) and written:
        _attribute_blocks(block, name, nodes)
        return
    planned = nodes if isinstance(nodes, list) else [nodes]
    if len(planned) != len(written):
        raise SourceError(
            block.where, f"the plan has {len(planned)} `{name}` here, the file {len(written)}"
        )
    for inner, one in zip(written, planned, strict=True):
        _body(inner.body, one, inner, constants)


def _leaf(node: Mapping[str, Any], name: str, argument: Argument) -> Mapping[str, Any]:
    leaf = node.get(name)
    if not isinstance(leaf, Mapping) or not is_leaf(leaf):
        raise SourceError(argument.where, f"the plan has no argument `{name}` here")
    return leaf


def _attribute_blocks(block: Block, name: str, leaf: Mapping[str, Any]) -> None:
    """Blocks of what the provider has as an attribute: a plan lists the references of all."""
    own = [inner for inner in block.body.blocks if inner.kind == name]
    written = frozenset(text for inner in own for text in _in_body(inner.body))
    planned = frozenset(leaf.get("references") or ())
    if planned != written:
        other = min(planned ^ written)
        where = "the file" if other in written else "the plan"
        raise SourceError(block.where, f"only {where} refers to `{other}` in `{name}`")


def _in_body(body: Body) -> Iterator[str]:
    for argument in body.arguments.values():
        yield from listed(argument.syntax)
    for inner in body.blocks:
        yield from _in_body(inner.body)


def _expression(argument: Argument, leaf: Mapping[str, Any], constants: Evaluator) -> None:
    if argument.raw is not None:
        if leaf.get("constant_value", argument.raw) != argument.raw:
            raise SourceError(argument.where, "the plan has another value here")
        return
    planned = {name for name in leaf.get("references") or () if not name.startswith("provider::")}
    written = listed(argument.syntax)
    if written != planned:
        other = min(written ^ planned)
        where = "the file" if other in written else "the plan"
        raise SourceError(argument.where, f"only {where} refers to `{other}` here")
    if "constant_value" not in leaf:
        return
    value = constants.argument(argument, Environment())
    if value is None or not is_literal(value) or plain(value) != leaf["constant_value"]:
        shown = f" than `{value.value}`" if isinstance(value, Literal) else ""
        raise SourceError(argument.where, f"the plan has another value{shown} here")


def _json_body(body: Body, node: Mapping[str, Any], block: Block) -> None:
    """In JSON syntax a plan keeps all that is written, as it is written."""
    for name, argument in body.arguments.items():
        if name in _META or name in _META_BLOCKS or name == "//":
            continue
        if name not in node:
            raise SourceError(block.where, f"the plan has no `{name}` here")
        _json_value(argument.raw, node[name], f"{block.where}: `{name}`")
    for name in node:
        if name not in body.arguments:
            raise SourceError(block.where, f"only the plan has `{name}` here")


def _json_value(raw: object, node: object, where: str) -> None:
    spend()
    if isinstance(node, Mapping) and is_leaf(node):
        if "constant_value" in node and node["constant_value"] != raw:
            raise SourceError(where, "the plan has another value here")
        return
    nodes = node if isinstance(node, list) else [node]
    bodies = list(json_objects(raw))
    if len(nodes) != len(bodies):
        raise SourceError(where, f"the plan has {len(nodes)} blocks here, the file {len(bodies)}")
    for one, inner in zip(nodes, bodies, strict=True):
        for name, value in inner.items():
            if name not in ("//", "dynamic"):
                if not isinstance(one, Mapping) or name not in one:
                    raise SourceError(where, f"the plan has no `{name}` here")
                _json_value(value, one[name], f"{where}.{name}")


def json_objects(raw: object) -> Iterator[dict[str, Any]]:
    """The bodies that a JSON value may be: one object, or a list of several."""
    if isinstance(raw, dict):
        yield raw
    elif isinstance(raw, list):
        for item in raw:
            yield from json_objects(item)
