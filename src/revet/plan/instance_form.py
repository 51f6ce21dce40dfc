"""Who a resource instance is, as a plan and a state write it, and the trees of values.

Source: Terraform, "JSON output format", values and change representation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from revet.plan.address import join, parse_instance, with_index
from revet.plan.kinds import made_for, misfit
from revet.plan.shape import Form, is_identifier, marks_fit

_PREFIXES = {"managed": "", "data": "data.", "ephemeral": "ephemeral."}
MODES = "`managed` or `data`"


@dataclass(frozen=True, slots=True)
class Instance:
    """A resource of a tree of values.

    Args:
        node: the JSON of it.
        path: of it in the file.
        module: instance address of its module.
    """

    node: dict[str, Any]
    path: str
    module: str


def check_identity(form: Form, node: dict[str, Any], module: object, path: str) -> None:
    """Check address, mode, type, name and index, and that they agree.

    Args:
        form: what is checked.
        node: a resource of a plan or a state.
        module: instance address of its module, as the node or its tree says it.
        path: of the node.

    Raises:
        InputError: one is missing, of the wrong kind, or disagrees with the address.
    """
    address = node.get("address")
    if type(address) is not str:
        form.refuse(f"{path}.address", address, "the address of a resource instance")
    mode = node.get("mode")
    prefix = _PREFIXES.get(mode) if type(mode) is str else None
    if prefix is None:
        form.refuse(f"{path}.mode", mode, MODES)
    for name in ("type", "name"):
        if not is_identifier(node.get(name)):
            form.refuse(f"{path}.{name}", node.get(name), "a name of Terraform's, as text")
    if type(module) is not str or not (module == "" or _is_module(module)):
        form.refuse(f"{path}.module_address", module, "the address of a module instance")
    index = node.get("index")
    if "index" in node and not (type(index) is str or (type(index) is int and index >= 0)):
        form.refuse(f"{path}.index", index, "a number from 0, or text")
    base = join(module, f"{prefix}{node['type']}.{node['name']}")
    if address not in (base, with_index(base, index)) or (index is None) != (address == base):
        found, key, rest = parse_instance(address)
        if (found, key, rest) != (base, index, "") or type(key) is not type(index):
            form.refuse(
                f"{path}.address",
                address,
                f"`{with_index(base, index)}`, as mode, module, type, name and index have it",
            )
    form.optional(node, "provider_name", str, path)
    form.optional(node, "schema_version", int, path)


def _is_module(address: str) -> bool:
    found = parse_instance(f"{address}.a.b")
    return address.startswith("module.") and found == (f"{address}.a.b", None, "")


def check_values(
    form: Form, node: dict[str, Any], values: dict[str, Any], unknown: object, member: str
) -> None:
    """Check the kind of each attribute that the table of the provider's schema knows.

    Args:
        form: what is checked.
        node: the resource, its identity checked.
        values: attribute to value.
        unknown: marks of what is unknown in them.
        member: where the values stand, for the message.

    Raises:
        InputError: a value is of another kind than the schema gives.
    """
    found = misfit(node["mode"], node["type"], values, unknown)
    if found is not None:
        place = ", ".join(filter(None, (node["address"], member, found.path)))
        error = form.error(place, found.got, found.expected)
        error.do += f"; the kinds are those of the {made_for()}"
        raise error


def tree_instances(form: Form, root: object, path: str) -> Iterator[Instance]:
    """Check a tree of values, and give its instances in its order.

    Args:
        form: what is checked.
        root: `root_module` of planned values or of a state.
        path: of it.

    Raises:
        InputError: its form is wrong, or an address is there twice.
    """
    seen: set[tuple[str, object]] = set()
    stack = [(form.mapping(root, path), path, "")]
    while stack:
        module, place, address = stack.pop()
        form.optional(module, "resources", list, place)
        form.optional(module, "child_modules", list, place)
        for number, raw in enumerate(module.get("resources", ())):
            here = f"{place}.resources[{number}]"
            node = form.mapping(raw, here)
            if type(node.get("address")) is str:
                here += f" ({node['address']})"
            check_identity(form, node, address, here)
            _check_state_members(form, node, here)
            key = (node["address"], node.get("deposed_key"))
            if key in seen:
                form.refuse(f"{here}.address", node["address"], "every address once")
            seen.add(key)
            yield Instance(node, here, address)
        children = []
        for number, raw in enumerate(module.get("child_modules", ())):
            here = f"{place}.child_modules[{number}]"
            child = form.mapping(raw, here)
            name = child.get("address")
            if type(name) is not str or not _is_child(name, address):
                form.refuse(f"{here}.address", name, "the address of a module in its parent")
            children.append((child, here, name))
        stack.extend(reversed(children))


def _is_child(name: str, parent: str) -> bool:
    inner = name.removeprefix(f"{parent}.") if parent else name
    return _is_module(name) and (not parent or inner != name) and inner.startswith("module.")


def _check_state_members(form: Form, node: dict[str, Any], path: str) -> None:
    values = node.get("values")
    if values is not None:
        form.mapping(values, f"{path}.values")
    marks = node.get("sensitive_values", False)
    if not marks_fit(marks, values, unknown_too=True):
        form.refuse(f"{path}.sensitive_values", marks, "marks with the form of `values`")
    if "deposed_key" in node and not (type(node["deposed_key"]) is str and node["deposed_key"]):
        form.refuse(f"{path}.deposed_key", node["deposed_key"], "text that is not empty")
    form.optional(node, "tainted", bool, path)
    form.texts(node, "depends_on", path)


def check_outputs(form: Form, outputs: object, path: str) -> None:
    """Check the outputs of planned values or of a state.

    Raises:
        InputError: their form is wrong.
    """
    for name, raw in form.mapping(outputs, path).items():
        node = form.mapping(raw, f"{path}.{name}")
        if type(node.get("sensitive", False)) is not bool:
            form.refuse(f"{path}.{name}.sensitive", node["sensitive"], "a truth value")


def check_checks(form: Form, checks: object, path: str) -> None:
    """Check the results of `check` blocks and conditions.

    Raises:
        InputError: their form is wrong.
    """
    for number, raw in enumerate(form.sequence(checks, path)):
        here = f"{path}[{number}]"
        node = form.mapping(raw, here)
        form.mapping(node.get("address"), f"{here}.address")
        if type(node.get("status")) is not str:
            form.refuse(f"{here}.status", node.get("status"), "text")
        form.optional(node, "instances", list, here)
