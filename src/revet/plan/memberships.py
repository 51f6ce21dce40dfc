"""Which users belong to which groups, in both ways that Terraform has to say it."""

from __future__ import annotations

from collections.abc import Iterator

from revet.model.errors import UnknownValueError
from revet.plan.doubts import Doubts
from revet.plan.element_paths import elements
from revet.plan.held_policies import OUTSIDE, attached_to
from revet.plan.inventory import Inventory
from revet.plan.resource import Resource

_GROUP = "aws_iam_group"
_MEMBERSHIPS = (
    ("aws_iam_user_group_membership", "user", "groups"),
    ("aws_iam_group_membership", "users", "group"),
)
"""Type, its attribute that names users, and the one that names groups."""


def groups_of(
    user: Resource, inventory: Inventory
) -> tuple[tuple[Resource, ...], tuple[UnknownValueError, ...]]:
    """The groups that a user belongs to, and why it may belong to others.

    Args:
        user: an `aws_iam_user`.
        inventory: it belongs to.
    """
    doubts = Doubts()
    found: dict[str, Resource] = {}
    for kind, via, path in _MEMBERSHIPS:
        for item in attached_to(user, inventory, kind, via, doubts):
            for group in _groups(item, path, inventory, doubts):
                found.setdefault(group.address, group)
    return tuple(found.values()), tuple(doubts)


def memberships_of(
    group: Resource, inventory: Inventory
) -> tuple[tuple[Resource, ...], tuple[UnknownValueError, ...]]:
    """What puts users into a group, and why there may be more of it.

    Args:
        group: an `aws_iam_group`.
        inventory: it belongs to.
    """
    doubts = Doubts()
    found = [
        item
        for kind, _, via in _MEMBERSHIPS
        for item in attached_to(group, inventory, kind, via, doubts)
    ]
    return tuple(found), tuple(doubts)


def _groups(
    holder: Resource, path: str, inventory: Inventory, doubts: Doubts
) -> Iterator[Resource]:
    """The groups that an attribute or the elements of a list name; all others become doubts."""
    try:
        places = elements(holder, path) if path == "groups" else (path,)
    except UnknownValueError as error:
        doubts.append(error)
        listed = inventory.members(holder, path)  # a plan of HCL shows what it refers to
        yield from listed.resources if listed is not None else ()
        return
    for place in places:
        with doubts:
            found = inventory.target(holder, place)
            if found is None or found.type != _GROUP:
                why = f"the group {holder.get(place)!r} is not part of this {inventory.reading}"
                raise UnknownValueError(f"{holder.address}.{place}", why=why, resolve=OUTSIDE)
            yield found
