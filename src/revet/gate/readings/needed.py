"""Resources that a rule must see in the inventory; without them the answer is unknown."""

from __future__ import annotations

from collections.abc import Collection

from revet.model.arn import Arn
from revet.model.errors import AbsentError, UnknownValueError, UnreadError
from revet.plan import Inventory, Reading, Resource, Undecided
from revet.plan.expression import TupleExpression
from revet.plan.terraform_types import terraform_type
from revet.plan.values import Unread

_BUCKET = "aws_s3_bucket"
_RESOLVE = "make it in the same configuration, or waive the finding with a reason"


def planned(resource: Resource, path: str, inventory: Inventory, *types: str) -> Resource:
    """The resource that an attribute names.

    Args:
        resource: whose attribute.
        path: of the attribute, which is set.
        inventory: it belongs to.
        types: Terraform types that it may have.

    Raises:
        UnknownValueError: it is not part of the inventory, or something in between hides which it
            is.
        AbsentError: it would be in the account that was read, and is not.
    """
    found = inventory.target(resource, path)
    if found is not None and found.type in types:
        return found
    refuse_unread(inventory, types)
    name = found.address if found is not None else resource.get(path)
    if found is None and _is_absent(name, resource, inventory, types):
        raise AbsentError(
            "the account does not have what this names",
            where=f"{resource.address}.{path}",
            got=f"`{name}`",
        )
    kinds = " or ".join(f"`{kind}`" for kind in types)
    raise UnknownValueError(
        f"{resource.address}.{path}",
        why=f"`{name}` is no {kinds} of this {inventory.reading}",
        resolve=_RESOLVE,
    )


def _is_absent(
    name: object, resource: Resource, inventory: Inventory, types: tuple[str, ...]
) -> bool:
    """Whether a name is that of something that the account would have, and has not.

    The name of a bucket does not say whose it is, nor is an ARN of another account ours to know.
    """
    if inventory.reading is not Reading.ACCOUNT or not isinstance(name, str) or not name:
        return False
    region = resource.provider_region
    if name.startswith("arn:"):
        try:
            arn = Arn.parse(name)
        except ValueError:
            return False
        if arn.account != inventory.account:
            return False
        region = arn.region
    elif _BUCKET in types:
        return False
    return all(inventory.covers(kind, region) for kind in types if kind != _BUCKET)


def all_planned(
    resource: Resource, path: str, inventory: Inventory, *types: str
) -> tuple[Resource, ...]:
    """The resources that the elements of a list name.

    Args:
        resource: whose attribute.
        path: of the list.
        inventory: it belongs to.
        types: Terraform types that they may have.

    Raises:
        UnknownValueError: one of them is not part of the plan, the list is empty or not known, or
            it was written in HCL: a plan then keeps its references, and drops literals beside them.
    """
    found = inventory.targets(resource, path)
    value = resource.get(path)
    written = resource.expression(path)
    if isinstance(value, Undecided) and not isinstance(written, TupleExpression):
        raise UnknownValueError(
            f"{resource.address}.{path}",
            why="the plan shows what the list refers to, but not what else is in it",
            resolve="check again once it is deployed, or see what `revet verify` says of it then",
        )
    if isinstance(value, list):
        lost = len(value) != len(found)
    else:
        lost = isinstance(written, TupleExpression) and len(written.items) != len(found)
    if found and not lost and all(item.type in types for item in found):
        return found
    refuse_unread(inventory, types)
    kinds = " or ".join(f"`{kind}`" for kind in types)
    raise UnknownValueError(
        f"{resource.address}.{path}",
        why=f"not every element is a {kinds} of this {inventory.reading}",
        resolve=_RESOLVE,
    )


def agreed(resource: Resource, path: str, answers: Collection[bool]) -> bool:
    """What is so of every resource that an attribute may name, or of none of them.

    Args:
        resource: whose attribute.
        path: of the attribute.
        answers: whether it is so, of each that it may name; at least one.

    Raises:
        UnknownValueError: it is so of some of them only, and which one it will be is not known.
    """
    if any(answers) and not all(answers):
        resource.get(path).refuse()
    return all(answers)


def refuse_unread(inventory: Inventory, types: tuple[str, ...]) -> None:
    """What is named may be one of those that could not be listed, or whose names were not read.

    Args:
        inventory: that does not have what is named.
        types: Terraform types that it may have.

    Raises:
        UnreadError: the resources of one of the types could not be, or one's names were not.
    """
    refuse_unlisted(inventory, *types)
    for item in inventory.of_type(*types):
        for name in map(item.get, terraform_type(item.type).known_by):
            if isinstance(name, Unread):
                name.refuse()


def refuse_unlisted(inventory: Inventory, *types: str, region: str | None = None) -> None:
    """Refuse to conclude anything from what there is of some types.

    Args:
        inventory: to look in.
        types: Terraform types.
        region: that matters; all by default.

    Raises:
        UnreadError: the resources of one of them could not be listed.
    """
    for item in inventory.of_type(*types):
        if item.unread is not None and region in (None, item.provider_region):
            raise UnreadError(item.address, why=item.unread.why, resolve=item.unread.resolve)


def every_attached(
    resource: Resource, inventory: Inventory, kind: str, *, via: str
) -> tuple[Resource, ...]:
    """All resources of a type that name this resource, where each one may allow something more.

    `Inventory.attached` is content with those that are certain; this is not.

    Args:
        resource: what they are attached to.
        inventory: it belongs to.
        kind: their Terraform type.
        via: their attribute that names it.

    Raises:
        UnknownValueError: it is not known of some whether they name it.
    """
    return inventory.attached(resource, kind, via=via, every=True)
