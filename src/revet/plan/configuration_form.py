"""The form of the configuration in a plan.

Source: Terraform, "JSON output format", configuration and expression representation: after a
reference come the shorter ones that it is in, down to the resource or variable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from revet.plan.shape import Form, is_identifier

_LEAF = {"constant_value", "references"}
_SUBJECT = re.compile(r"(?!module\.)(?:data\.|ephemeral\.)?[^.\[]+\.[^.\[]+")
"""What a reference begins with: `var.name`, `each.value`, `aws_vpc.main`, `data.aws_vpc.main`."""
_PREFIXES = {"managed": "", "data": "data.", "ephemeral": "ephemeral."}
_PREFIXED = ("data", "ephemeral")
_SPACE = re.compile(r"\s+")


def check_configuration(configuration: object, form: Form) -> None:
    """Check the configuration of a plan.

    Args:
        configuration: the member `configuration`.
        form: for messages.

    Raises:
        InputError: a part of it is of the wrong kind, or an address is there twice.
    """
    root = form.mapping(configuration, "configuration")
    place = "configuration.provider_config"
    for name, raw in form.mapping(root.get("provider_config", {}), place).items():
        here = f"{place}.{name}"
        provider = form.mapping(raw, here)
        for member in ("name", "full_name", "alias", "module_address", "version_constraint"):
            form.optional(provider, member, str, here)
        _check_block(provider.get("expressions", {}), f"{here}.expressions", form)
    stack = [(root.get("root_module", {}), "configuration.root_module")]
    while stack:
        raw, place = stack.pop()
        stack.extend(_check_module(form.mapping(raw, place), place, form))


def _check_module(module: dict[str, Any], place: str, form: Form) -> Iterator[tuple[object, str]]:
    """Check one module, and give those that it calls."""
    seen: set[str] = set()
    resources = form.sequence(module.get("resources", []), f"{place}.resources")
    for number, raw in enumerate(resources):
        here = f"{place}.resources[{number}]"
        node = form.mapping(raw, here)
        _check_resource(node, here, form)
        if node["address"] in seen:
            form.refuse(f"{here}.address", node["address"], "every address once")
        seen.add(node["address"])
    for name, raw in form.mapping(module.get("outputs", {}), f"{place}.outputs").items():
        here = f"{place}.outputs.{name}"
        output = form.mapping(raw, here)
        form.optional(output, "sensitive", bool, here)
        _check_expression(output.get("expression", {}), f"{here}.expression", form)
        form.texts(output, "depends_on", here)
    for name, raw in form.mapping(module.get("variables", {}), f"{place}.variables").items():
        here = f"{place}.variables.{name}"
        form.optional(form.mapping(raw, here), "sensitive", bool, here)
    for name, raw in form.mapping(module.get("module_calls", {}), f"{place}.module_calls").items():
        here = f"{place}.module_calls.{name}"
        call = form.mapping(raw, here)
        if not is_identifier(name):
            form.refuse(here, name, "a name of Terraform's")
        form.optional(call, "source", str, here)
        form.optional(call, "version_constraint", str, here)
        _check_repetition(call, here, form)
        _check_block(call.get("expressions", {}), f"{here}.expressions", form)
        yield call.get("module", {}), f"{here}.module"


def _check_resource(node: dict[str, Any], path: str, form: Form) -> None:
    for name in ("mode", "type", "name", "address"):
        if type(node.get(name)) is not str or not node[name]:
            form.refuse(f"{path}.{name}", node.get(name), "text that is not empty")
    prefix = _PREFIXES.get(node["mode"])
    if prefix is None:
        form.refuse(f"{path}.mode", node["mode"], "`managed` or `data`")
    expected = f"{prefix}{node['type']}.{node['name']}"
    if node["address"] != expected:
        form.refuse(f"{path}.address", node["address"], f"`{expected}`, as mode, type and name say")
    form.optional(node, "provider_config_key", str, path)
    form.optional(node, "schema_version", int, path)
    form.texts(node, "depends_on", path)
    _check_repetition(node, path, form)
    _check_block(node.get("expressions", {}), f"{path}.expressions", form)
    provisioners = form.sequence(node.get("provisioners", []), f"{path}.provisioners")
    for number, raw in enumerate(provisioners):
        here = f"{path}.provisioners[{number}]"
        provisioner = form.mapping(raw, here)
        form.optional(provisioner, "type", str, here)
        _check_block(provisioner.get("expressions", {}), f"{here}.expressions", form)


def _check_repetition(node: dict[str, Any], path: str, form: Form) -> None:
    for name in ("count_expression", "for_each_expression"):
        if name in node:
            _check_expression(node[name], f"{path}.{name}", form)
    form.texts(node, "depends_on", path)


def _check_block(block: object, path: str, form: Form) -> None:
    """Check a block: each member an expression, a block, or a list of blocks."""
    for name, node in form.mapping(block, path).items():
        here = f"{path}.{name}"
        if type(node) is list:
            for number, item in enumerate(node):
                _check_node(item, f"{here}[{number}]", form)
        else:
            _check_node(node, here, form)


def _check_node(node: object, path: str, form: Form) -> None:
    if type(node) is not dict:
        form.refuse(path, node, "an expression, a block or a list of blocks")
    if node.keys() <= _LEAF:
        _check_expression(node, path, form)
    else:
        _check_block(node, path, form)


def _check_expression(node: object, path: str, form: Form) -> None:
    leaf = form.mapping(node, path)
    if not leaf.keys() <= _LEAF:
        form.refuse(path, leaf, "`constant_value`, `references` or nothing")
    form.texts(leaf, "references", path)
    texts = leaf.get("references") or ()
    if texts and "constant_value" in leaf:
        _check_written(texts, leaf["constant_value"], path, form)
    for number, text in enumerate(texts):
        subject = _SUBJECT.match(text)
        if subject is None or subject.end() == len(text):
            continue
        shorter = texts[number + 1] if number + 1 < len(texts) else None
        if shorter is None or len(shorter) >= len(text) or not text.startswith(shorter):
            form.refuse(
                f"{path}.references[{number + 1}]",
                shorter,
                f"`{subject.group()}`, which `{text}` is in",
            )


def _check_written(references: Sequence[str], constant: object, path: str, form: Form) -> None:
    """Check that a constant refers to what is said that it does.

    Only JSON syntax has both: there the constant is what is written, with its templates.
    """
    written = _SPACE.sub("", "".join(_texts(constant)))
    for number, reference in enumerate(references):
        parts = reference.split(".")
        root = ".".join(parts[: 3 if parts[0] in _PREFIXED else 2]).partition("[")[0]
        if "::" not in root and root not in written:  # `provider::…` are functions
            expected = "a reference that appears in `constant_value`"
            form.refuse(f"{path}.references[{number}]", reference, expected)


def _texts(constant: object) -> Iterator[str]:
    """The texts in a constant, keys of objects too."""
    stack = [constant]
    while stack:
        current = stack.pop()
        if isinstance(current, str):
            yield current
        elif isinstance(current, list):
            stack.extend(current)
        elif isinstance(current, dict):
            stack.extend((*current, *current.values()))
