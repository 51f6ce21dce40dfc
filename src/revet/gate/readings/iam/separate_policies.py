"""Policies that a resource shows because resources of their own make them.

Once they are applied, the provider fills a bucket's `policy`, or a role's `inline_policy`, with
what an `aws_s3_bucket_policy` or an `aws_iam_role_policy` holds; it is judged there, once.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator
from typing import Any

from revet.model.errors import UnknownValueError
from revet.plan import Inventory, Resource
from revet.plan.policies import policy_attributes, policy_types
from revet.plan.terraform_types import terraform_type


def is_made_apart(resource: Resource, path: str, inventory: Inventory) -> bool:
    """Whether a resource of its own makes the policy document in an attribute."""
    shown = resource.get(path)
    return isinstance(shown, str) and bool(shown) and _meaning(shown) in _apart(resource, inventory)


def _apart(resource: Resource, inventory: Inventory) -> Iterator[Hashable]:
    """The documents that are known of what is attached to a resource."""
    own = terraform_type(resource.type).variant_of or resource.type
    for kind in policy_types():
        for via, owner in terraform_type(kind).part_of.items():
            if owner != own:
                continue
            try:
                for holder in inventory.attached(resource, kind, via=via):
                    for item in policy_attributes(holder):
                        text = holder.get(item.path)
                        if isinstance(text, str):
                            yield _meaning(text)
            except UnknownValueError:
                continue  # judged here, as if nothing were attached


def _meaning(text: str) -> Hashable:
    """Equal for documents that differ in the order of members, and in lists of one, alone."""
    try:
        return _frozen(json.loads(text, object_pairs_hook=_members))
    except ValueError:
        return text


def _members(pairs: list[tuple[str, Any]]) -> Hashable:
    return ("{", tuple(sorted(((name, _frozen(item)) for name, item in pairs), key=repr)))


def _frozen(node: Any) -> Hashable:  # noqa: ANN401 - parsed JSON
    if not isinstance(node, list):
        return node  # type: ignore[no-any-return]
    items = tuple(sorted(map(_frozen, node), key=repr))
    return items[0] if len(items) == 1 else ("[", items)
