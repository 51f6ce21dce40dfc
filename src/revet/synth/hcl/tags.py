"""The tags that all resources have, as `local.common_tags`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any

from revet.plan.provider_facts import taggable_types
from revet.synth.hcl.names import Names
from revet.synth.hcl.tree import Node, Rename, Row, Word, call, of_json

LOCAL = "common_tags"
TAGS = "tags"
_REFERENCE = Row((Word("local", is_word=True), Word("."), Word(LOCAL, is_word=True)))
_DEFAULTS = "default_tags"


def common_tags(configuration: Mapping[str, Any], names: Names) -> dict[str, str]:
    """The tags that `local.common_tags` holds; empty where resources have none in common.

    They are the provider's default tags where some resource has all of them, else the tags that
    all tagged resources have.

    Args:
        configuration: the synthesized stack.
        names: its new names; a local value of its own may have that name.
    """
    if LOCAL in names.of.get(("locals",), {}).values():
        return {}
    tagged = [tags for tags in _of_resources(configuration) if tags]
    for defaults in _of_providers(configuration):
        if defaults and any(defaults.items() <= tags.items() for tags in tagged):
            return defaults
    if not tagged:
        return {}
    return reduce(_shared, tagged)


def _shared(one: dict[str, str], other: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in one.items() if other.get(name) == value}


def with_common(tags: Mapping[str, str], common: Mapping[str, str], rename: Rename) -> Node:
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


def _of_resources(configuration: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    taggable = taggable_types()
    for type_name, bodies in configuration.get("resource", {}).items():
        if type_name in taggable:
            for body in bodies.values():
                if isinstance(tags := body.get(TAGS), dict):
                    yield tags


def _of_providers(configuration: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Default tags of the providers, the one without an alias first."""
    written = configuration.get("provider", {}).get("aws", [])
    providers = written if isinstance(written, list) else [written]
    for provider in sorted(providers, key=lambda item: "alias" in item):
        found = provider.get(_DEFAULTS, [])
        for block in found if isinstance(found, list) else [found]:
            if isinstance(tags := block.get(TAGS), dict):
                yield tags
