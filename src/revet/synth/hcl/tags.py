"""The tags that all resources have, as `local.common_tags`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import pairwise
from typing import Any

from revet.plan.provider_facts import taggable_types
from revet.synth.hcl.lexer import Item, Template, TemplateError, Token, read_template
from revet.synth.hcl.names import Names
from revet.synth.hcl.tree import Node, Rename, Row, Word, call, of_json, valid

LOCAL = "common_tags"
TAGS = "tags"
_REFERENCE = Row((Word("local", is_word=True), Word("."), Word(LOCAL, is_word=True)))
_DEFAULTS = "default_tags"
_KNOWN = frozenset({"var", "local", "data", "true", "false", "null"})


def common_tags(configuration: Mapping[str, Any], names: Names) -> dict[str, str]:
    """The tags that `local.common_tags` holds; empty where resources have none in common.

    They are the provider's default tags where some resource has all of them, else the tags that
    all tagged resources have. Those of what a local value cannot refer to are left out, and those
    of resources and modules, which may themselves have the common tags.

    Args:
        configuration: the synthesized stack.
        names: its new names; a local value of its own may have that name.
    """
    if LOCAL in names.of.get(("locals",), {}).values():
        return {}
    tagged = [_shareable(tags) for tags in _of_resources(configuration) if tags]
    for defaults in map(_shareable, _of_providers(configuration)):
        if defaults and any(defaults.items() <= tags.items() for tags in tagged):
            return defaults
    if not tagged:
        return {}
    return reduce(_shared, tagged)


def _shareable(tags: Mapping[str, Any]) -> dict[str, str]:
    """The tags that a local value may hold."""
    return {
        name: value
        for name, value in tags.items()
        if isinstance(value, str) and _stands_alone(name) and _stands_alone(value)
    }


def _stands_alone(value: str) -> bool:
    try:
        return _is_known([read_template(valid(value))])
    except TemplateError:
        return False  # where it is written, it is refused with its address


def _is_known(items: Sequence[Item]) -> bool:
    """Whether all that an expression refers to is known outside of resources and modules."""
    before = ""
    for item, following in pairwise((*items, Token(""))):
        after = following.text if isinstance(following, Token) else ""
        if isinstance(item, Template):
            parts = [part.tokens for part in item.parts if not isinstance(part, str)]
            if not all(map(_is_known, parts)):
                return False
        elif item.is_word and before != "." and after != "(" and item.text not in _KNOWN:
            return False
        before = item.text if isinstance(item, Token) else ""
    return True


def _shared(one: dict[str, str], other: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in one.items() if other.get(name) == value}


def with_common(tags: Mapping[str, Any], common: Mapping[str, str], rename: Rename) -> Node:
    """Tags, those that all have taken from `local.common_tags`.

    Args:
        tags: of one resource, or the provider's default ones.
        common: what the local value holds.
        rename: writes the new names.
    """
    if not common or not common.items() <= tags.items():
        return of_json(tags, rename)
    own = {name: value for name, value in tags.items() if name not in common}
    return call("merge", _REFERENCE, of_json(own, rename)) if own else _REFERENCE


def _of_resources(configuration: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    taggable = taggable_types()
    for type_name, bodies in configuration.get("resource", {}).items():
        if type_name in taggable:
            for body in bodies.values():
                if isinstance(tags := body.get(TAGS), dict):
                    yield tags


def _of_providers(configuration: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Default tags of the providers, the one without an alias first."""
    written = configuration.get("provider", {}).get("aws", [])
    providers = written if isinstance(written, list) else [written]
    for provider in sorted(providers, key=lambda item: "alias" in item):
        found = provider.get(_DEFAULTS, [])
        for block in found if isinstance(found, list) else [found]:
            if isinstance(tags := block.get(TAGS), dict):
                yield tags
