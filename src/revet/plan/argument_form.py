"""The arguments of a resource in a configuration, and what the provider's schema makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from revet.plan.configuration import is_leaf
from revet.plan.expression import Literal, Template
from revet.plan.kinds import Kind, attribute_kinds
from revet.plan.provider_facts import planned_defaults, required_attributes
from revet.plan.shape import Form
from revet.plan.template import of_leaf

PLAIN = ("s", "n", "b")
"""Kinds of single values."""
_OF_THE_PROVIDER = ("region", "tags_all", "timeouts")
_SHOWN = 60


def check_arguments(node: Mapping[str, Any], expressions: Mapping[str, Any], form: Form) -> None:
    """Compare a managed resource's arguments with the schema, and with what is planned.

    Args:
        node: its change.
        expressions: its arguments in the configuration.
        form: for messages.

    Raises:
        InputError: they do not fit.
    """
    _check_required(node, expressions, form)
    if not expressions:
        _check_bare(node, form)
    _check_constants(expressions, attribute_kinds(node["type"]), node["address"], form)


def short(values: Mapping[str, Any], name: str) -> str:
    """The value under a name for a message; long ones are cut."""
    text = repr(values[name]) if name in values else "nothing"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _check_required(node: Mapping[str, Any], expressions: Mapping[str, Any], form: Form) -> None:
    """Arguments that the provider requires are written where they are planned.

    Blocks may be `dynamic`, which a configuration in a plan does not show.
    """
    kinds = attribute_kinds(node["type"])
    for name in required_attributes().get(node["type"], ()):
        is_plain = isinstance(kinds, dict) and kinds.get(name) in PLAIN
        if is_plain and name not in expressions and node["change"]["after"].get(name) is not None:
            raise form.error(
                f"{node['address']}.{name}",
                "a value in `resource_changes`, and nothing in `configuration`",
                "an expression, as the provider requires the argument",
            )


def _check_bare(node: Mapping[str, Any], form: Form) -> None:
    """What is made without an argument has the provider's defaults, where they were observed.

    Blocks may be `dynamic`, and tags the provider's.
    """
    defaults, kinds = planned_defaults(node["type"]).values, attribute_kinds(node["type"])
    if "create" not in node["change"]["actions"] or not defaults or not isinstance(kinds, dict):
        return
    for name, value in node["change"]["after"].items():
        kind = kinds.get(name)
        blocks = isinstance(kind, tuple) and isinstance(kind[1], dict)
        if blocks or not value or type(value) is bool or name in _OF_THE_PROVIDER:
            continue
        if value != defaults.get(name):
            raise form.error(
                f"{node['address']}.{name}",
                f"`{short({name: value}, name)}` in `resource_changes`, "
                "and nothing in `configuration`",
                "an expression, or the provider's default",
            )


def _check_constants(expressions: Mapping[str, Any], kinds: Kind, place: str, form: Form) -> None:
    """What is written is one value or a list of blocks as the provider's schema has it."""
    if not isinstance(kinds, dict):
        return
    for name, node in expressions.items():
        kind = kinds.get(name)
        constant = node.get("constant_value") if type(node) is dict else None
        if _is_misplaced(constant, kind):
            raise form.error(
                f"{place}.{name}",
                f"`{short({name: constant}, name)}` in `configuration`",
                "single values, lists and objects where the provider's schema has them",
            )
        if isinstance(kind, tuple) and isinstance(constant, str) and _is_text(node):
            raise form.error(
                f"{place}.{name}",
                f"`{short({name: constant}, name)}` in `configuration`",
                "a list, set or map, as the provider's schema has it, or one reference to it",
            )
        blocks = isinstance(kind, tuple) and isinstance(kind[1], dict)
        if blocks and type(node) is dict and not is_leaf(node):
            raise form.error(
                f"{place}.{name}",
                "an object in `configuration`",
                "a list of blocks, as the provider's schema has it",
            )
        if isinstance(kind, tuple):
            for block in node if type(node) is list else [node]:
                if type(block) is dict:
                    _check_constants(block, kind[1], f"{place}.{name}", form)


def _is_misplaced(constant: object, kind: Kind) -> bool:
    """Whether something in a constant is a single value, a list or an object in another's place.

    A text may stand for anything, as an expression in JSON syntax does; an object may stand for a
    list of blocks with one.
    """
    inner = kind[1] if isinstance(kind, tuple) else None
    if type(constant) is list:
        if inner is None:
            return kind in PLAIN or isinstance(kind, dict)
        return kind[0] == "{" or any(_is_misplaced(item, inner) for item in constant)
    if type(constant) is dict:
        if isinstance(kind, dict):
            return any(_is_misplaced(item, kind.get(name)) for name, item in constant.items())
        if inner is not None and kind[0] == "{":
            return any(_is_misplaced(item, inner) for item in constant.values())
        return kind in PLAIN
    return type(constant) in (bool, int, float) and isinstance(kind, (tuple, dict))


def _is_text(leaf: Mapping[str, Any]) -> bool:
    """Whether a constant comes to a text, and not to what the one expression in it comes to."""
    return isinstance(of_leaf(leaf), (Literal, Template))
