"""Managed policies that a plan uses as permissions boundaries, and as nothing else.

A boundary only limits, so that what validation says of grants does not hold for it. Source: IAM
User Guide, "Permissions boundaries for IAM entities".
"""

from __future__ import annotations

from revet.gate.readings.needed import refuse_unlisted
from revet.model.errors import UnreadError
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts
from revet.plan.held_policies import attached_to
from revet.plan.principals import attaching

_BOUNDARY = "permissions_boundary"
_BOUNDED = ("aws_iam_role", "aws_iam_user")
_BY_NAME = "aws_ssoadmin_customer_managed_policy_attachment"
"""It names a policy by name and path, which any account of the organization may have."""


def is_only_boundary(policy: Resource, inventory: Inventory) -> bool:
    """Whether a plan uses an `aws_iam_policy` as a permissions boundary and gives it to nobody.

    In doubt it does not: a policy that may grant is judged more strictly. What could not be read
    of an account is no such doubt.

    Raises:
        UnreadError: what could not be read decides it.
    """
    doubts = Doubts()
    for question, wanted in ((_bounds, True), (_is_attached, False)):
        with doubts:
            if question(policy, inventory) is not wanted:
                return False
    if any(not isinstance(doubt, UnreadError) for doubt in doubts):
        return False
    return doubts.settled(answer=True)


def holders_of(policy: Resource, inventory: Inventory) -> tuple[Resource, ...]:
    """What gives an `aws_iam_policy` to somebody by its ARN, also what apply forgets.

    Raises:
        UnknownValueError: none is certain, and of some it is not known.
    """
    doubts = Doubts()
    found = [
        holder
        for kind, via in attaching()
        if kind != _BY_NAME
        for holder in attached_to(policy, inventory, kind, via, doubts)
    ]
    return tuple(found or doubts.settled(()))


def _bounds(policy: Resource, inventory: Inventory) -> bool:
    """Whether a policy is somebody's permissions boundary."""
    doubts = Doubts()
    for kind in _BOUNDED:
        with doubts:
            if inventory.attached(policy, kind, via=_BOUNDARY):
                return True
    return doubts.settled(answer=False)


def _is_attached(policy: Resource, inventory: Inventory) -> bool:
    """Whether somebody is given a policy, by its ARN or by its name."""
    if holders_of(policy, inventory):
        return True
    inventory.require(_BY_NAME)
    refuse_unlisted(inventory, _BY_NAME)
    return bool(inventory.of_type(_BY_NAME))
