"""Whose a resource is: the account that it is in.

Provider configurations that differ by their region alone act for the same caller. One that assumes
a role, or has a profile or keys of its own, may act in another account.

Source: Terraform AWS provider, "Authentication and Configuration".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from revet.plan.configuration import ONE_OF_SEVERAL
from revet.plan.resource import Resource

if TYPE_CHECKING:
    from revet.plan.inventory import Inventory

_ARN = re.compile(r"arn:[a-z-]+:[^:]*:[^:]*:([0-9]{12}):")
_CALLER = "aws_caller_identity"
_DEFAULT = "aws"
_OF_IAM = ("aws_iam_role", "aws_iam_user", "aws_iam_policy")


def account_in(data: Iterable[Resource]) -> str:
    """The account that data sources say is calling; empty where none does, or they differ."""
    called = (source.get("account_id") for source in data if source.type == _CALLER)
    found = {name for name in called if isinstance(name, str)}
    return found.pop() if len(found) == 1 else ""


def account_shown(resource: Resource) -> str:
    """The account in a resource's own ARN; empty before it is made, and where it has none."""
    arn = resource.get("arn")
    match = _ARN.match(arn) if isinstance(arn, str) else None
    return match[1] if match else ""


def callers(identity: str, inventory: Inventory) -> list[Resource]:
    """The data sources that say who is calling by a provider's credentials."""
    return [
        source
        for source in inventory.data.values()
        if source.type == _CALLER and _same(identity, source, inventory)
    ]


def account_behind(identity: str, inventory: Inventory) -> str:
    """The account in which a provider's credentials act; empty where nothing says it.

    The caller identity says it, or what the inventory was told where all of it is of one caller,
    or the ARNs of what IAM has there, where these agree; nothing does where they contradict.

    Args:
        identity: as `Resource.identity`.
        inventory: whose resources have it.
    """
    several = has_several_callers(inventory)
    said = account_in(callers(identity, inventory)) if several else inventory.account
    shown = {
        account_shown(one) for one in inventory.of_type(*_OF_IAM) if _same(identity, one, inventory)
    }
    found = (shown | {said}) - {""}
    return found.pop() if len(found) == 1 else ""


def account_of_default(inventory: Inventory) -> str:
    """The account in which the default provider configuration of a plan's root module acts."""
    return account_behind(_DEFAULT, inventory) if has_several_callers(inventory) else ""


def has_several_callers(inventory: Inventory) -> bool:
    """Whether the AWS providers of a plan may act in several accounts."""
    found = inventory.identities
    return len(found) > 1 or any(one.endswith(ONE_OF_SEVERAL) for one in found)


def _same(identity: str, other: Resource, inventory: Inventory) -> bool:
    """Whether something is certainly of the same caller."""
    if not has_several_callers(inventory):
        return True
    is_one = bool(identity) and not identity.endswith(ONE_OF_SEVERAL)
    return is_one and identity == other.identity
