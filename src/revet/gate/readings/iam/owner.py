"""Whose a resource is, and whom that owner trusts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from revet.iam.document import PolicyDocument
from revet.iam.symbol import is_exact, symbols
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts
from revet.plan.values import Unread

if TYPE_CHECKING:
    from revet.iam.prove.grounded import Ground

_ARN = re.compile(r"arn:[a-z-]+:[^:]*:[^:]*:([0-9]{12}):")
_OF_IAM = ("aws_iam_role", "aws_iam_user", "aws_iam_policy")
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


def account_of(resource: Resource, inventory: Inventory) -> str:
    """The account of a resource; empty where nothing says it.

    Its ARN says it, or what the inventory was told, or the ARNs of what IAM has in the inventory,
    where these agree.
    """
    said = _in_arn(resource) or inventory.account
    if said:
        return said
    found = {_in_arn(one) for one in inventory.of_type(*_OF_IAM)} - {""}
    return found.pop() if len(found) == 1 else ""


def _in_arn(resource: Resource) -> str:
    arn = resource.get("arn")
    match = _ARN.match(arn) if isinstance(arn, str) else None
    return match[1] if match else ""


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
