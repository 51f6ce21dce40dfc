"""What a plan says twice: its changes, the planned values, and the configuration must agree.

Observed with Terraform 1.11.4, as `tests/plan/sources` makes plans: planned values hold every
instance that is not deleted, one that is forgotten without its values; an instance whose resource
has left the configuration is deleted or forgotten; a plan of `-destroy` keeps the configuration; a
plan with `-target`, or that defers something, is not `complete`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from revet.plan.address import join, parent_module, parse_instance, with_index, without_indices
from revet.plan.argument_form import PLAIN, check_arguments, short
from revet.plan.configuration import is_leaf
from revet.plan.kinds import attribute_kind
from revet.plan.provider_facts import required_attributes
from revet.plan.shape import Form

_GONE = (["delete"], ["forget"])
_LEFT_OUT = frozenset({("aws_lambda_function", "environment")})
"""Blocks that the provider plans only where there is something in them, observed with 5.100.0."""
_HANDED_IN = ("var.", "each.", "local.", "module.", "data.")


def check_agreement(
    plan: Mapping[str, Any], planned: Mapping[str, dict[str, Any]] | None, form: Form
) -> None:
    """Compare the three parts of a plan whose form is right.

    Args:
        plan: its JSON.
        planned: address to resource of the planned values; `None` where they are left out.
        form: for messages.

    Raises:
        InputError: they disagree.
    """
    changes = {node["address"]: node for node in plan["resource_changes"] if "deposed" not in node}
    live = {
        address: node
        for address, node in changes.items()
        if node["change"]["actions"] not in _GONE and node["mode"] != "ephemeral"
    }
    if planned is not None:
        _check_planned(planned, changes, live, form)
    configured = _configured(plan["configuration"])
    for address, node in live.items():
        written = configured.resources.get(without_indices(address))
        if written is not None:
            _check_written(node, written, form)
            if node["mode"] == "managed":
                check_arguments(node, written.get("expressions") or {}, form)
        elif "generated_config" not in node["change"]:
            raise form.error(
                address,
                f"a change `{node['change']['actions']}`, and no such resource in `configuration`",
                "a resource of the configuration, or one that is deleted or forgotten",
            )
    if plan.get("complete") and any(node["mode"] == "managed" for node in live.values()):
        managed = [address for address, node in changes.items() if node["mode"] == "managed"]
        _check_complete(configured, managed, form)


def _check_planned(
    planned: Mapping[str, dict[str, Any]],
    changes: Mapping[str, dict[str, Any]],
    live: Mapping[str, dict[str, Any]],
    form: Form,
) -> None:
    for address, node in planned.items():
        change = changes.get(address, {}).get("change", {"actions": []})
        if change["actions"] == ["forget"]:
            continue
        if address not in live:
            got = "a change that deletes it" if change["actions"] else "no change of it"
            raise form.error(
                address, f"a resource in `planned_values`, and {got}", "a change that leaves it"
            )
        values, after = node.get("values"), change["after"] or {}
        if values is not None and values != after:
            names = [name for name in values | after if values.get(name) != after.get(name)]
            names += [name for name in values.keys() ^ after.keys() if name not in names]
            raise form.error(
                f"{address}.{names[0]}",
                f"`{short(after, names[0])}` in `resource_changes`, "
                f"`{short(values, names[0])}` in `planned_values`",
                "the same in both",
            )
    for address, node in live.items():
        if address not in planned:
            raise form.error(
                address,
                f"a change `{node['change']['actions']}`, and nothing in `planned_values`",
                "what the change leaves, in both",
            )


def _check_written(node: Mapping[str, Any], written: Mapping[str, Any], form: Form) -> None:
    """Each argument of the configuration is planned, or marked unknown; its blocks are there."""
    change = node["change"]
    after, unknown = change["after"], change["after_unknown"]
    for name, expression in (written.get("expressions") or {}).items():
        if name not in after and name not in unknown:
            raise form.error(
                f"{node['address']}.{name}",
                "nothing: it is neither in `after` nor in `after_unknown`",
                "a value, as the configuration sets it",
            )
        is_blocks = type(expression) is list and bool(expression)
        is_made = change["actions"] == ["create"] and unknown.get(name) is not True
        is_lost = is_blocks and is_made and not after.get(name)
        may_be_lost = (node["type"], name) in _LEFT_OUT
        if is_lost and not (may_be_lost and all(map(_may_be_empty, expression))):
            raise form.error(
                f"{node['address']}.{name}",
                f"`{after.get(name)}`",
                "the blocks that the configuration has",
            )
        if is_blocks and unknown.get(name) is not True:
            place = f"{node['address']}.{name}"
            needed = _needed(node, name)
            _check_blocks(place, expression, after.get(name), unknown.get(name), needed, form)


def _needed(node: Mapping[str, Any], name: str) -> frozenset[str]:
    """Paths of the arguments that the provider requires in the blocks of one name."""
    if node["mode"] != "managed":
        return frozenset()
    return frozenset(
        path.partition(".")[2]
        for path in required_attributes().get(node["type"], ())
        if path.startswith(f"{name}.") and attribute_kind(node["type"], path) in PLAIN
    )


def _may_be_empty(block: object) -> bool:
    """Whether nothing may be in a written block: no constant is, and no resource is named."""
    if not isinstance(block, Mapping):
        return False
    for node in block.values():
        if not is_leaf(node):
            return False
        constant = node.get("constant_value")
        is_template = isinstance(constant, str) and constant.startswith("${")
        if constant and not is_template:
            return False
        if not all(name.startswith(_HANDED_IN) for name in node.get("references") or ()):
            return False
    return True


def _check_blocks(
    place: str,
    written: list[Any],
    planned: object,
    marks: object,
    needed: Collection[str],
    form: Form,
) -> None:
    """What is written in blocks of one name is planned in as many, or marked unknown there.

    Blocks may be a set, planned in any order and equal ones once.
    """
    if type(planned) is not list or not all(type(block) is dict for block in written):
        return
    unknown = [*marks, *[None] * len(planned)] if type(marks) is list else [None] * len(planned)
    pairs = [
        (item if type(item) is dict else {}, mark)
        for item, mark in zip(planned, unknown, strict=False)
        if mark is not True
    ]
    for name in needed:
        is_planned = pairs and all(item.get(name) is not None for item, _ in pairs)
        if is_planned and any(name not in block for block in written):
            raise form.error(
                f"{place}.{name}",
                "a value in `resource_changes`, and nothing in `configuration`",
                "an expression in each block, as the provider requires the argument",
            )
    for name in dict.fromkeys(name for block in written for name in block):
        nodes = [block[name] for block in written if name in block]
        holding = [
            (item.get(name), mark.get(name) if type(mark) is dict else None)
            for item, mark in pairs
            if name in item or (type(mark) is dict and name in mark)
        ]
        if len(holding) < min(len(nodes), len(pairs)):
            raise form.error(
                f"{place}.{name}",
                f"{len(holding)} of them, neither in `after` nor in `after_unknown` elsewhere",
                f"a value in {len(nodes)} blocks, as the configuration sets it",
            )
        inner = [block for node in nodes if type(node) is list for block in node]
        found = [
            (item, mark[number] if type(mark) is list and number < len(mark) else None)
            for value, mark in holding
            if type(value) is list and mark is not True
            for number, item in enumerate(value)
        ]
        if inner and all(type(node) is list for node in nodes):
            items, inner_marks = [item for item, _ in found], [mark for _, mark in found]
            inside = {path.partition(".")[2] for path in needed if path.startswith(f"{name}.")}
            _check_blocks(f"{place}.{name}", inner, items, inner_marks, inside, form)


@dataclass(slots=True)
class _Configured:
    """The configuration, by address without indices.

    Args:
        resources: address to resource.
        once: addresses of managed resources that have at least one instance a module instance.
        modules: addresses of modules that have at least one instance a parent's instance.
    """

    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    once: dict[str, dict[str, Any]] = field(default_factory=dict)
    modules: set[str] = field(default_factory=set)


def _configured(configuration: Mapping[str, Any]) -> _Configured:
    found = _Configured(modules={""})
    stack: list[tuple[str, Mapping[str, Any]]] = [("", configuration.get("root_module") or {})]
    while stack:
        path, module = stack.pop()
        for node in module.get("resources") or ():
            address = join(path, node["address"])
            found.resources[address] = node
            if node["mode"] == "managed" and _is_repeated(node):
                found.once[address] = node
        for name, call in (module.get("module_calls") or {}).items():
            inner = join(path, f"module.{name}")
            if _is_repeated(call):
                found.modules.add(inner)
            stack.append((inner, call.get("module") or {}))
    return found


def _is_repeated(node: Mapping[str, Any]) -> bool:
    """Whether a resource or module call is known to have an instance.

    Terraform leaves out a `for_each` or `count` that it cannot show, such as `toset(["a"])`; such a
    resource uses `each` or `count` where it is to be told from one without.
    """
    for name in ("count_expression", "for_each_expression"):
        if name in node:
            value = node[name].get("constant_value")
            is_plain = not node[name].get("references") and not isinstance(value, str)
            return is_plain and type(value) is not bool and bool(value)
    return not any(reference.split(".")[0] in ("each", "count") for reference in _references(node))


def _references(node: object) -> Iterator[str]:
    stack = [node.get("expressions")] if isinstance(node, Mapping) else []
    while stack:
        current = stack.pop()
        if isinstance(current, list):
            stack.extend(current)
        elif isinstance(current, Mapping):
            references = current.get("references")
            if isinstance(references, list) and references and isinstance(references[0], str):
                yield from references
            else:
                stack.extend(value for name, value in current.items() if name != "constant_value")


def _check_complete(configured: _Configured, managed: list[str], form: Form) -> None:
    """In a complete plan, what the configuration is known to have at least once has a change."""
    instances: set[str] = set()
    modules: dict[str, set[str]] = {"": {""}}
    for address in managed:
        base, _, _ = parse_instance(address)
        instances.add(base)
        instances.add(address)
        module = _module_of(base)
        while module and module not in modules.setdefault(without_indices(module), set()):
            modules[without_indices(module)].add(module)
            module = parent_module(module)
    for address, node in configured.once.items():
        path = address.removesuffix(node["address"]).rstrip(".")
        found = modules.get(path)
        if found is None and not _all_repeated(path, configured.modules):
            continue
        for module in sorted(found or {path}):
            for wanted in _wanted(join(module, node["address"]), node):
                if wanted not in instances:
                    raise form.error(
                        wanted,
                        "a resource of the configuration without a change, in a complete plan",
                        "a change of each instance, `no-op` included",
                    )


def _module_of(base: str) -> str:
    """The module of a managed resource's address without its index: all but type and name."""
    head, _, _ = base.rpartition(".")
    return head.rpartition(".")[0]


def _all_repeated(path: str, modules: set[str]) -> bool:
    while path:
        if path not in modules:
            return False
        path = parent_module(path)
    return True


def _wanted(address: str, node: Mapping[str, Any]) -> Iterator[str]:
    """The instances, one at a time: a count may be any number."""
    count = node.get("count_expression", {}).get("constant_value")
    keys = node.get("for_each_expression", {}).get("constant_value")
    if type(count) is int:
        yield from (with_index(address, number) for number in range(count))
    elif type(keys) is dict:
        yield from (with_index(address, str(key)) for key in keys)
    else:
        yield address
