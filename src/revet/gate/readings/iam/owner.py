"""Whom the owner of a resource trusts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from revet.iam.document import PolicyDocument
from revet.iam.symbol import is_exact, origins, symbols
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts
from revet.plan.values import Unread

if TYPE_CHECKING:
    from revet.iam.prove.grounded import Ground

_ORGANIZATION = "aws_organizations_organization"
_ORGANIZATION_ID = re.compile(rf"(?:^|\.){_ORGANIZATION}\.[^.]+\.id$")

AWS_ACCOUNTS = frozenset(
    (
        "127311923021", "033677994240", "027434742980", "797873946194", "098369216593",
        "754344448648", "589379963580", "718504428378", "383597477331", "600734575887",
        "114774131450", "783225319266", "582318560864", "985666609251", "054676820928",
        "156460612806", "652711504416", "635631232127", "009996457667", "897822967062",
        "076674570225", "507241528517", "048591011584", "190560391635", "638102146993",
        "037604701340",
    )
)  # fmt: skip
"""The accounts of AWS by which Elastic Load Balancing writes its logs into buckets.

Source: Application Load Balancers user guide, "Enable access logs for your Application Load
Balancer", regions available before August 2022, as of November 2026; later regions use a service
principal. The list does not grow.
"""


def some_account(document: PolicyDocument) -> str:
    """An account that stands for the owner where that is not known: no policy names it."""
    numbers = (f"{number:012d}" for number in range(len(document.text)))
    return next(number for number in numbers if number not in document.text)


def own_organizations(
    document: PolicyDocument, ground: Ground, inventory: Inventory, doubts: Doubts
) -> Iterator[str]:
    """The ids of the organization that an inventory is part of.

    Args:
        document: a policy; where it refers to the organization, the text of that is one too.
        ground: gives references texts.
        inventory: a plan, a state or an account.
        doubts: why it may be another one is added.
    """
    with doubts:
        inventory.require(_ORGANIZATION)
    for resource in (*inventory.of_type(_ORGANIZATION), *inventory.data.values()):
        found = resource.get("id") if resource.type == _ORGANIZATION else None
        if isinstance(found, Unread):
            with doubts:
                found.refuse()
        elif isinstance(found, str):
            yield found
    for inner in symbols(document.text):
        if is_exact(inner) and _ORGANIZATION_ID.search(inner):
            yield ground.text(f"${{{inner}}}")


def of_other_accounts(
    document: PolicyDocument, resource: Resource, inventory: Inventory
) -> Iterator[str]:
    """What a policy lets in by a reference, and may be of another account than its owner.

    Args:
        document: a policy.
        resource: that has it.
        inventory: a plan in which several providers may act in several accounts.
    """
    known = {**inventory.resources, **inventory.data}
    own = inventory.account_of(resource)
    for statement in document.statements:
        named = [one.value for one in statement.principals]
        named += [value for one in statement.conditions for value in one.values]
        inside = (inner for text in named if statement.effect != "Deny" for inner in symbols(text))
        for origin in (part for inner in inside for part in origins(inner)):
            other = known.get(origin.rpartition(".")[0])
            if other is None or other.identity == resource.identity:
                continue
            account = inventory.account_of(other)
            if not account or account != own:
                yield origin
