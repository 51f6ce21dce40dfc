"""Whom the owner of a resource trusts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from revet.iam.document import PolicyDocument
from revet.iam.symbol import is_exact, origins, symbols
from revet.plan import Inventory, Resource
from revet.plan.address import parse_instance, without_indices
from revet.plan.doubts import Doubts
from revet.plan.own_account import has_several_callers
from revet.plan.values import Unread

if TYPE_CHECKING:
    from revet.iam.prove.grounded import Ground

_AWS = "aws_"
_ORGANIZATION = "aws_organizations_organization"

_POOL = "aws_cognito_identity_pool"
_POOLS = "cognito-identity.amazonaws.com"

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
    read = (one for one in inventory.data.values() if one.type == _ORGANIZATION)
    yield from _ids(_ORGANIZATION, (*inventory.of_type(_ORGANIZATION), *read), inventory, doubts)
    yield from _referred(_ORGANIZATION, document, ground)


def own_pools(
    document: PolicyDocument, ground: Ground, inventory: Inventory, doubts: Doubts
) -> Iterator[str]:
    """The ids of the identity pools of Cognito that an inventory has, for a policy that names any.

    Args:
        document: a policy; where it refers to such a pool, the text of that is one too.
        ground: gives references texts.
        inventory: a plan, a state or an account.
        doubts: why there may be others is added.
    """
    if _POOLS not in document.text:
        return
    yield from _ids(_POOL, inventory.of_type(_POOL), inventory, doubts)
    yield from _referred(_POOL, document, ground)


def _ids(
    kind: str, items: Iterable[Resource], inventory: Inventory, doubts: Doubts
) -> Iterator[str]:
    """The ids of resources, and why there may be others."""
    with doubts:
        inventory.require(kind)
    for resource in items:
        found = resource.get("id")
        if isinstance(found, Unread):
            with doubts:
                found.refuse()
        elif isinstance(found, str):
            yield found


def _referred(kind: str, document: PolicyDocument, ground: Ground) -> Iterator[str]:
    """The texts of a policy's references to the ids of resources of a type."""
    wanted = re.compile(rf"(?:^|\.){kind}\.[^.]+\.id$")
    for inner in symbols(document.text):
        if is_exact(inner) and wanted.search(inner):
            yield ground.text(f"${{{inner}}}")


def of_other_accounts(
    document: PolicyDocument, resource: Resource, inventory: Inventory, keys: Collection[str]
) -> Iterator[str]:
    """What a policy lets in by a reference, and may be of another account than its owner.

    Args:
        document: a policy.
        resource: that has it.
        inventory: it belongs to.
        keys: in lower case, the condition keys whose values say who is let in.
    """
    known: dict[str, list[Resource]] = {}
    for one in (*inventory.resources.values(), *inventory.data.values()):
        known.setdefault(without_indices(one.address), []).append(one)
    own = inventory.account_of(resource)
    several = has_several_callers(inventory)
    for inner in _letting_in(document, keys):
        found = {origin: known.get(_base(origin), ()) for origin in origins(inner)}
        of_aws = {
            origin: [one for one in items if one.type.startswith(_AWS)]
            for origin, items in found.items()
        }
        if not any(of_aws.values()):
            yield from found
        elif several:
            for origin, items in of_aws.items():
                accounts = {inventory.account_of(one) for one in items if one is not resource}
                if accounts - {own} or "" in accounts:
                    yield origin


def _letting_in(document: PolicyDocument, keys: Collection[str]) -> Iterator[str]:
    """The references by which a policy says whom it lets in."""
    for statement in document.statements:
        if statement.effect == "Deny":
            continue
        values = [one.value for one in statement.principals]
        for condition in statement.conditions:
            values += condition.values if condition.key.lower() in keys else ()
        for value in values:
            yield from symbols(value)


def _base(reference: str) -> str:
    """The address in the configuration of what a reference, or a splat, is an attribute of."""
    return without_indices(parse_instance(reference.partition("[*]")[0])[0])
