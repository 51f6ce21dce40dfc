"""Resources that a rule must see in the inventory; without them the answer is unknown."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from revet.model.arn import Arn
from revet.model.errors import AbsentError, UnknownValueError, UnreadError
from revet.plan import Inventory, Members, Reading, Resource, Undecided
from revet.plan.expression import TupleExpression
from revet.plan.held_policies import OUTSIDE
from revet.plan.terraform_types import terraform_type
from revet.plan.values import Symbolic, Unread

_BUCKET = "aws_s3_bucket"


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
    raise _elsewhere(resource, path, f"`{name}` is no", inventory, types)


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
        why = "the plan shows what the list refers to, but not what else is in it"
        do = "check again once it is deployed, or see what `revet verify` says of it then"
        raise resource.doubt(path, why, do)
    if isinstance(value, list):
        lost = len(value) != len(found)
    else:
        lost = isinstance(written, TupleExpression) and len(written.items) != len(found)
    if found and not lost and all(item.type in types for item in found):
        return found
    refuse_unread(inventory, types)
    raise _elsewhere(resource, path, "not every element is a", inventory, types)


def _elsewhere(
    resource: Resource, path: str, said: str, inventory: Inventory, types: tuple[str, ...]
) -> UnknownValueError:
    kinds = " or ".join(f"`{kind}`" for kind in types)
    return resource.doubt(path, f"{said} {kinds} of this {inventory.reading}", OUTSIDE)


def members_of(resource: Resource, path: str, inventory: Inventory) -> Members:
    """The resources of the inventory that a list may hold; others may be written out beside them.

    Raises:
        UnknownValueError: one of them may be anything.
    """
    members = inventory.members(resource, path)
    if members is None:
        return Members(inventory.targets(resource, path), every=True)
    return Members(tuple(dict.fromkeys(members.resources)), members.every)


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


def takes_arn(resource: Resource, path: str, *names: str) -> str:
    """What is wrong with an argument that takes an ARN; empty where nothing shows.

    Args:
        resource: whose argument.
        path: of the argument, which is set.
        names: attributes that hold a name and no ARN, as full references end: `aws_s3_bucket.id`.
    """
    value = resource.get(path)
    if isinstance(value, Symbolic):
        for reference in value.references if value.strong else ():
            kind, *_, attribute = reference.rsplit("module.", 1)[-1].split(".")[-3:]
            if f"{kind}.{attribute}" in names:
                return f"`{reference}` is not an ARN"
        return ""
    hidden = resource.sensitive_text(path)
    if hidden is not None:
        return "" if hidden.startswith("arn:") else "what it holds is not an ARN"
    if isinstance(value, str) and value and not value.startswith("arn:"):
        return f"`{value}` is not an ARN"
    return ""


def found_as(value: object, inventory: Inventory, *types: str) -> Iterator[Resource]:
    """The data sources that found what a text names, by any of the attributes that name it.

    Args:
        value: of an attribute; nothing is found for one that is not a text.
        inventory: whose data sources.
        types: Terraform types that they may have.
    """
    for source in inventory.data.values() if isinstance(value, str) and value else ():
        if source.type in types:
            names = map(source.get, terraform_type(source.type).data_known_by)
            if any(isinstance(name, str) and name == value for name in names):
                yield source


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
