"""Condition keys exist, and stand once."""

from __future__ import annotations

from revet.iam.policy_type import WITHOUT_PRINCIPAL, PolicyType
from revet.iam.reference.conditions import global_condition_keys
from revet.iam.reference.services import service
from revet.iam.reference.similar import similar
from revet.iam.symbol import has_symbol
from revet.iam.validate.condition_keys import DEPRECATED, is_well_formed, prefix_of, tag_template
from revet.iam.validate.finding import Hits, Level, check, hit, quoted
from revet.iam.validate.place import Key
from revet.iam.validate.written import WrittenCondition, WrittenStatement


@check(Level.ERROR)
def invalid_condition_key_format(condition: WrittenCondition) -> Hits:
    """A condition key is a prefix and a name with a colon between.

    No colon, nothing on one side of it, or a space in the prefix.
    """
    if condition.reference is not None or is_well_formed(condition.key):
        return
    if not has_symbol(condition.key):
        yield hit(
            f"The condition key {quoted(condition.key)} is not written as service:keyname.",
            condition.key_place,
        )


_STILL_SENT = frozenset({"aws:sourceowner"})
"""Source: Amazon SNS Developer Guide, "Example cases for access control": kept for old policies."""


@check(Level.ERROR)
def invalid_global_condition_key(condition: WrittenCondition) -> Hits:
    """Keys with the prefix `aws:` are keys of AWS.

    No such global key; `aws:ARN` and keys without their tag key have codes of their own.
    """
    if (
        condition.reference is not None
        or prefix_of(condition.lower) != "aws"
        or condition.lower == DEPRECATED
        or condition.lower in _STILL_SENT
        or not is_well_formed(condition.key)
        or tag_template(condition) is not None
        or has_symbol(condition.key)
    ):
        return
    near = similar(condition.key, (key.name for key in global_condition_keys().values()))
    advice = f"Did you mean {near}?" if near else "Use a global condition key of AWS."
    yield hit(
        f"The global condition key {quoted(condition.key)} does not exist. {advice}",
        condition.key_place,
    )


@check(Level.ERROR)
def invalid_service_condition_key(condition: WrittenCondition) -> Hits:
    """Keys with the prefix of a service are keys of that service.

    The service exists, the key does not; what keys a retired service had is not known.
    """
    if condition.reference is not None or not is_well_formed(condition.key):
        return
    owner = service(prefix_of(condition.lower))
    if (
        owner is None
        or owner.retired
        or tag_template(condition) is not None
        or has_symbol(condition.key)
    ):
        return
    near = similar(condition.key, (key.name for key in owner.condition_keys.values()))
    advice = f"Did you mean {near}?" if near else "Use one of its own keys or a global one."
    yield hit(
        f"The service {owner.prefix} has no condition key {quoted(condition.key)}. {advice}",
        condition.key_place,
    )


@check(Level.ERROR)
def missing_tag_key_in_condition(condition: WrittenCondition) -> Hits:
    """A condition on a tag names the tag.

    `aws:ResourceTag` and its like without `/` and a tag key.
    """
    template = tag_template(condition)
    if template is not None:
        yield hit(
            f"The condition key {quoted(condition.key)} does not say which tag. "
            f"Write {template.rpartition('/')[0]}/ and the tag's key.",
            condition.key_place,
        )


@check(Level.WARNING, types=WITHOUT_PRINCIPAL, needs="aws:arn")
def deprecated_global_condition_key(condition: WrittenCondition) -> Hits:
    """`aws:ARN` has a successor.

    The old key in a policy of an identity or of an organization.
    """
    if condition.lower == DEPRECATED:
        yield hit(
            f"The condition key {condition.key} is out of date. Use aws:PrincipalArn.",
            condition.key_place,
        )


@check(Level.ERROR, types={PolicyType.RESOURCE, PolicyType.TRUST, PolicyType.RCP}, needs="aws:arn")
def unsupported_global_condition_key(condition: WrittenCondition) -> Hits:
    """Policies of resources do not know `aws:ARN`.

    The old key in a resource policy, trust policy or RCP.
    """
    if condition.lower == DEPRECATED:
        yield hit(
            f"The condition key {condition.key} is not supported here. Use aws:PrincipalArn for "
            "who makes the request, aws:SourceArn for the resource that an AWS service acts for.",
            condition.key_place,
        )


@check(Level.ERROR)
def duplicate_keys_with_different_case(statement: WrittenStatement) -> Hits:
    """A condition key appears once under an operator; case does not count.

    The same key again in another case, tag keys included.
    """
    for operator in statement.operators:
        spellings: dict[str, list[Key]] = {}
        for key in operator.value.keys:
            spellings.setdefault(key.name.lower(), []).append(key)
        for same in spellings.values():
            if len({key.name for key in same}) > 1:
                yield hit(
                    f"The condition key {quoted(same[0].name)} appears under "
                    f"{quoted(operator.name)} {len(same)} times in different case. "
                    "AWS takes them for one key. Put all its values under one of them.",
                    *(key.place for key in same),
                )
