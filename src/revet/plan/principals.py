"""Who has which policies: the one reading for rules, evaluation and proofs, from any inventory.

A principal is a user, a group, a role or a permission set. The table of types says what gives it
policies: inline ones, attachments, lists that are kept exclusively, and blocks of its own. What
apply forgets stays in effect and counts; what it destroys does not. What is not known is a doubt,
never left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from revet.model.errors import UnknownValueError
from revet.plan.doubts import Doubts
from revet.plan.element_paths import blocks, elements
from revet.plan.held_policies import (
    OUTSIDE,
    HeldPolicies,
    HeldPolicy,
    attached_to,
    inline_policy,
    named_policy,
    policy_by_name,
)
from revet.plan.inventory import Inventory
from revet.plan.resource import Resource
from revet.plan.terraform_types import terraform_type, types_with

PERMISSION_SET = "aws_ssoadmin_permission_set"
PRINCIPALS = ("aws_iam_user", "aws_iam_group", "aws_iam_role", PERMISSION_SET)
"""Terraform types of what has policies."""
_BOUNDARY = "permissions_boundary"
_SETS_BOUNDARY = "aws_ssoadmin_permissions_boundary_attachment"
_NAMES_INLINE = "_policies_exclusive"


def policies_of(principal: Resource, inventory: Inventory) -> HeldPolicies:
    """The policies of a principal, in all the ways Terraform has to give it some.

    Args:
        principal: one of `PRINCIPALS`.
        inventory: it belongs to.
    """
    doubts = Doubts()
    found: list[HeldPolicy] = []
    for kind, via in _givers(principal.type):
        for holder in attached_to(principal, inventory, kind, via, doubts):
            given = given_by(holder, inventory)
            found += given.held
            doubts += given.doubts
    own = given_by(principal, inventory)
    doubts += own.doubts
    held = tuple(_each_once((*found, *own.held)))
    doubts += _unlisted(principal, inventory, held)
    return HeldPolicies(held, tuple(doubts))


def given_by(holder: Resource, inventory: Inventory) -> HeldPolicies:
    """The policies that one resource gives to whatever it is attached to, or to itself.

    Args:
        holder: an inline policy, an attachment or a principal.
        inventory: it belongs to.
    """
    doubts = Doubts()
    row = terraform_type(holder.type)
    inline = [path for path, kind in row.policies.items() if kind == "identity"]
    held = [
        inline_policy(holder, path)
        for path in _places(holder, inline, doubts)
        if "." not in path or not _is_empty(holder.get(path))
    ]
    for path in _places(holder, row.attaches, doubts):
        read = policy_by_name if path.endswith(".name") else named_policy
        held.append(read(holder, path, inventory))
    return HeldPolicies(tuple(held), tuple(doubts))


def boundary_of(principal: Resource, inventory: Inventory) -> HeldPolicy | None:
    """The permissions boundary of a principal; `None` without one.

    Args:
        principal: one of `PRINCIPALS`; a group has none.
        inventory: it belongs to.

    Raises:
        UnknownValueError: it is not known whether it has one.
    """
    if principal.type == "aws_iam_group":
        return None
    if principal.type != PERMISSION_SET:
        there = principal.is_set(_BOUNDARY)
        return named_policy(principal, _BOUNDARY, inventory) if there else None
    doubts = Doubts()
    for item in attached_to(principal, inventory, _SETS_BOUNDARY, "permission_set_arn", doubts):
        for block in blocks(item, _BOUNDARY):
            path = f"{block}.managed_policy_arn"
            if item.is_set(path):
                return named_policy(item, path, inventory)
            return policy_by_name(
                item, f"{block}.customer_managed_policy_reference.0.name", inventory
            )
    return doubts.settled(None)


def attaching() -> tuple[tuple[str, str], ...]:
    """Each type that gives managed policies to somebody, with the attribute that names them."""
    return tuple(
        (kind, path) for kind in types_with("attaches") for path in terraform_type(kind).attaches
    )


def givers() -> tuple[str, ...]:
    """The types that give policies to principals, those themselves left out."""
    return tuple(dict.fromkeys(kind for name in PRINCIPALS for kind, _ in _givers(name)))


def strangers(giver: Resource, inventory: Inventory) -> Iterator[object]:
    """The names of principals that something gives policies to and that are not here.

    Args:
        giver: of a type of `givers`.
        inventory: it belongs to.

    Raises:
        UnknownValueError: it is not known whom it means.
    """
    for via, kind in terraform_type(giver.type).part_of.items():
        for path in elements(giver, via) if via.endswith("s") else (via,):
            found = inventory.target(giver, path)
            if found is None or found.type != kind:
                yield giver.get(path)


@cache
def _givers(principal: str) -> tuple[tuple[str, str], ...]:
    """What gives policies to principals of a type, and the attribute that names the principal."""
    kinds = sorted({*types_with("policies"), *types_with("attaches")})
    return tuple(
        (kind, via)
        for kind in kinds
        for via, named in terraform_type(kind).part_of.items()
        if named == principal
    )


def _places(holder: Resource, paths: Iterable[str], doubts: Doubts) -> Iterator[str]:
    """The paths, those of lists and blocks element by element."""
    for path in paths:
        head, star, rest = path.partition(".*.")
        with doubts:
            if star:
                yield from (f"{block}.{rest}" for block in blocks(holder, head))
            elif path.endswith("s"):
                yield from elements(holder, path)
            else:
                yield path


def _is_empty(value: object) -> bool:
    """Whether a block has no policy: the provider makes none of it (5.100.0, `aws_iam_role`)."""
    return value is None or (isinstance(value, str) and not value)


def _each_once(items: Iterable[HeldPolicy]) -> Iterator[HeldPolicy]:
    """Policies without those that a second form says once more; separate resources come first.

    A role's own blocks are filled in by a refresh, and repeat what is attached to it.
    """
    seen: dict[tuple[str, str], list[HeldPolicy]] = {}
    for item in items:
        known = seen.setdefault(_identity(item), [])
        if not any(item.document == other.document for other in known):
            known.append(item)
            yield item


def _identity(item: HeldPolicy) -> tuple[str, str]:
    """What tells a policy from the others of a principal, in whichever form it is given."""
    if not item.is_inline:
        return "managed", item.name
    place = item.path.rpartition(".")[0]
    name = item.holder.get(f"{place}.name" if place else "name")
    return "inline", name if isinstance(name, str) and name else f"{item.holder.address}.{place}"


def _unlisted(
    principal: Resource, inventory: Inventory, held: tuple[HeldPolicy, ...]
) -> Iterator[UnknownValueError]:
    """The inline policies that an exclusive list names and the inventory does not have."""
    known = {_identity(item)[1] for item in held} | {item.holder.address for item in held}
    doubts = Doubts()
    for kind in filter(lambda kind: kind.endswith(_NAMES_INLINE), types_with("part_of")):
        for via, named in terraform_type(kind).part_of.items():
            if named != principal.type:
                continue
            for item in attached_to(principal, inventory, kind, via, doubts):
                for path in _places(item, ("policy_names",), doubts):
                    with doubts:
                        target, name = inventory.target(item, path), item.get(path)
                        text = name if isinstance(name, str) else ""
                        if known.isdisjoint({target.address if target else "", text}):
                            why = f"its inline policy {name!r} is not part of this "
                            raise UnknownValueError(
                                f"{item.address}.{path}",
                                why=f"{why}{inventory.reading}",
                                resolve=OUTSIDE,
                            )
    yield from doubts
