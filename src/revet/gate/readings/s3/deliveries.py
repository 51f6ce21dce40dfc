"""What a service delivers into a bucket: for which account, under which prefix, with which key."""

from __future__ import annotations

from revet.gate.readings.s3.supposed import Supposed
from revet.plan import Inventory, Resource
from revet.plan.own_account import has_several_callers
from revet.plan.terraform_types import variants
from revet.plan.values import Symbolic, Undecided

_KEY_TYPE, _ALIAS = "aws_kms_key", "aws_kms_alias"


def account_of(
    delivering: Resource, path: str, one: Supposed, bucket: Resource, inventory: Inventory
) -> str:
    """The account that is delivered for, which need not be the bucket's.

    Args:
        delivering: what names the bucket, as a trail.
        path: of its attribute that names it.
        one: the policy of the bucket, as supposed.
        bucket: that is delivered into.
        inventory: all of it belongs to.

    Raises:
        UnknownValueError: it is not known.
    """
    account = inventory.account_of(delivering)
    if account:
        return account
    if has_several_callers(inventory) and delivering.identity != bucket.identity:
        why = "which account it delivers for is not known"
        raise delivering.doubt(path, why, "look up `aws_caller_identity` beside it")
    return one.account


def prefix_of(delivering: Resource, path: str, one: Supposed, service: str) -> str:
    """The prefix of what is delivered, with `/` at its end; empty without one.

    Args:
        delivering: what has the argument.
        path: of the argument.
        one: the policy of the bucket, as supposed.
        service: who delivers, in words.

    Raises:
        UnknownValueError: it is not known.
    """
    prefix = delivering.get(path)
    if isinstance(prefix, Undecided) and not isinstance(prefix, Symbolic):
        prefix.refuse()
    under = one.text(prefix)
    if "${" in under or (isinstance(prefix, Undecided) and not under):
        why = f"under which prefix {service} delivers is not known"
        raise delivering.doubt(path, why, "write it out")
    return f"{under}/" if under else ""


def key_arn(
    delivering: Resource, path: str, one: Supposed, inventory: Inventory, *, by_alias: bool
) -> str:
    """The ARN of a key; empty where it is not known.

    Args:
        delivering: what names the key.
        path: of its attribute that names it.
        one: the policy of the bucket, as supposed.
        inventory: it belongs to.
        by_alias: whether the service looks up which key an alias stands for, and names that.
    """
    value = delivering.get(path)
    found = one.text(value)
    symbolic = isinstance(value, Symbolic)
    if symbolic and not by_alias and any(_ALIAS in name for name in value.references):
        return ""
    if by_alias or symbolic:
        named = inventory.target(delivering, path)
        if named is not None and named.type == _ALIAS:
            named = inventory.target(named, "target_key_id")
        if named is not None and named.type in variants(_KEY_TYPE):
            arn = named.get("arn")
            found = arn if isinstance(arn, str) else one.text(f"${{{named.address}.arn}}")
        elif symbolic:
            found = ""
    return "" if "${" in found or not found.startswith("arn:") or ":alias/" in found else found
