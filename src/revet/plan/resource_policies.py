"""The policies that govern a resource, wherever they stand: in it, or attached to it."""

from __future__ import annotations

from collections.abc import Iterator

from revet.model.errors import UnknownValueError
from revet.plan.doubts import Doubts
from revet.plan.held_policies import HeldPolicies, HeldPolicy, inline_policy
from revet.plan.inventory import Inventory
from revet.plan.naming import names_of
from revet.plan.policies import policy_types
from revet.plan.provider_facts import is_required
from revet.plan.removed_resources import still_attached
from revet.plan.resource import Resource
from revet.plan.terraform_types import terraform_type


def resource_policies(resource: Resource, inventory: Inventory) -> HeldPolicies:
    """The resource policies of a resource, those attached to it last.

    One that apply forgets stays in effect where nothing replaces it: a resource has one policy.

    Args:
        resource: of any type that can have one.
        inventory: it belongs to.
    """
    doubts = Doubts()
    held = [item for path in _paths(resource.type) for item in _own(resource, path, doubts)]
    governed = terraform_type(resource.type).variant_of or resource.type
    for carrier in policy_types():
        for via, named in terraform_type(carrier).part_of.items():
            if named == governed:
                for holder in _attached(resource, inventory, carrier, via, doubts):
                    for path in _paths(carrier):
                        item = inline_policy(holder, path)
                        if item.document is not None or is_required(carrier, path):
                            held.append(item)
    return HeldPolicies(tuple(held), tuple(doubts))


def _paths(kind: str) -> Iterator[str]:
    found = terraform_type(kind).policies.items()
    return (path for path, policy in found if policy == "resource")


def _own(resource: Resource, path: str, doubts: Doubts) -> Iterator[HeldPolicy]:
    try:
        if resource.is_set(path):
            yield inline_policy(resource, path)
    except UnknownValueError:
        held = inline_policy(resource, path)  # a policy may be known where its text is not
        if held.doubt is None:
            yield held
        else:
            doubts.append(held.doubt)


def _attached(
    resource: Resource,
    inventory: Inventory,
    carrier: str,
    via: str,
    doubts: Doubts,
) -> tuple[Resource, ...]:
    with doubts:
        found = inventory.attached(resource, carrier, via=via, every=True)
        names = tuple(resource.get(name) for name in names_of(resource))
        return found or still_attached(inventory, carrier, via, names)
    return ()
