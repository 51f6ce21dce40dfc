"""What a local value of HCL configuration may mean, of which a plan keeps nothing but the name.

`relevant_attributes` of the plan are all that its changes are made of, also through local values:
so a local value that is not known is made of one of those that its module sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from revet.plan.address import instance_address, parse_instance
from revet.plan.naming import argument_of
from revet.plan.resource import Resource
from revet.plan.strength import is_carried
from revet.plan.terraform_types import terraform_type
from revet.plan.values import Undecided

_ARN = "arn"


def behind_local_value(
    names: Iterable[str],
    wanted: str,
    resources: Mapping[str, Resource],
    data: Mapping[str, Resource],
) -> frozenset[str] | None:
    """The resources of a type that a local value may name.

    Args:
        names: all attributes that it may be made of.
        wanted: Terraform type that the argument names, which the local value is given to.
        resources: managed instances, by address.
        data: data instances, by address.

    Returns:
        addresses; `None` when it may be anything.
    """
    if not wanted:
        return None
    found: set[str] = set()
    for name in names:
        address, attribute = instance_address(name), parse_instance(name)[2]
        item = resources.get(address) or data.get(address)
        if item is None:
            return None
        if attribute and not isinstance(item.get(attribute), Undecided):
            continue  # what is known makes nothing unknown
        if item.mode == "data":
            if item.type != "aws_iam_policy_document":
                return None
        elif item.type == wanted:
            found.add(address)
        elif not _is_something_else(item, name, attribute, wanted):
            return None
    return frozenset(found) or None


def _is_something_else(item: Resource, name: str, attribute: str, wanted: str) -> bool:
    """Whether an attribute of another type is neither a name of the wanted one nor a part of it."""
    if is_carried(name) or not item.type.startswith("aws_"):
        return False
    if attribute in ("", "id") and item.get(argument_of(wanted)) is not None:
        return False
    made_up = terraform_type(wanted).id_made_by_aws  # no text around something else can be one
    return made_up or attribute == _ARN
