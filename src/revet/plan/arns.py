"""The ARNs of what does not exist yet, as far as arguments, region and account say them.

A reference to an ARN and the ARN that a policy writes out are the same resource: the table of
Terraform types says what an ARN is made of (`arn`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from revet.iam.symbol import around_symbols, is_exact, symbols
from revet.plan.arn_template import filled, partition_id
from revet.plan.inventory import Inventory
from revet.plan.own_account import callers
from revet.plan.resource import Resource
from revet.plan.terraform_types import terraform_type
from revet.plan.values import Symbolic

_NOT_IN_NAMES = frozenset("*?{}")
_PARTITION = "aws_partition"


def expected_arns(
    plan: Inventory, *, account: str = "", region: str = "", partition: str = ""
) -> dict[str, str]:
    """What references to ARNs will be.

    Args:
        plan: the plan; a state and an account have the ARNs themselves.
        account: id of the account that is supposed where nothing says which it is; empty for none.
        region: the same of the region.
        partition: the same of the partition.

    Returns:
        `ADDRESS.arn` to the ARN, for what is not created yet; references that it is made of stay
        in it, `arn:aws:iam::${data.aws_caller_identity.here.account_id}:role/app`. Nothing where a
        part of it is neither known nor a reference.
    """
    found: dict[str, str] = {}
    partition = _partition(plan) or partition
    for resource in plan.resources.values():
        template = terraform_type(resource.type).arn
        if not template or isinstance(resource.get("arn"), str):
            continue
        own = resource.provider_region or region
        place = {
            "account": plan.account_of(resource)
            or _reference(callers(resource.identity, plan), "account_id")
            or account,
            "region": own,
            "partition": partition_id(own) or partition,
        }
        arn = filled(template, place, partial(_argument, resource))
        if arn:
            found[f"{resource.address}.arn"] = arn
    return found


def _argument(resource: Resource, name: str) -> str:
    """An argument that is a text, or certainly one that is made of references."""
    value = resource.get(name)
    if isinstance(value, Symbolic):
        text = value.template if value.strong else ""
        whole = "${" not in around_symbols(text) and all(map(is_exact, symbols(text)))
        return text if whole else ""
    plain = isinstance(value, str) and not _NOT_IN_NAMES & set(value)
    return value if plain else ""


def _partition(plan: Inventory) -> str:
    """The partition, where all data sources that look it up say the same."""
    said = [source.get("partition") for source in plan.data.values() if source.type == _PARTITION]
    known = {name for name in said if isinstance(name, str)}
    if said and len(known) == 1 and all(isinstance(name, str) for name in said):
        return known.pop()
    sources = [source for source in plan.data.values() if source.type == _PARTITION]
    return _reference(sources, "partition")


def _reference(sources: Sequence[Resource], attribute: str) -> str:
    """A reference to what the only data source will say; empty for none, or several."""
    return f"${{{sources[0].address}.{attribute}}}" if len(sources) == 1 else ""
