"""Whether the policy of a key lets a service encrypt what it delivers.

A service is not a principal of the key's account, so only the key's policy can let it in; the
policy that KMS gives a key that nobody gave one lets in the account alone. The action that makes
data keys must be allowed. Others that a guide lists, without which objects are delivered all the
same, must not be denied.

Sources: KMS Developer Guide, "Key policies in AWS KMS", "Default key policy".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from revet.gate.readings.iam.service_calls import Answer, Call, Caller, agreed, answer
from revet.gate.readings.kms.callers import accounts_of
from revet.gate.readings.s3.supposed import Place, Supposed, supposed
from revet.iam.compiled.policy import PolicyKind, compile_policy
from revet.plan import Inventory, Resource
from revet.plan.resource_policies import resource_policies
from revet.plan.terraform_types import variants

GENERATE = "kms:GenerateDataKey"
_ALIAS, _BEHIND = "aws_kms_alias", "target_key_id"


class Use(NamedTuple):
    """What a service does with a key.

    Args:
        needed: the calls that must be allowed.
        listed: the calls that must not be denied.
    """

    needed: Iterable[Call]
    listed: Iterable[Call]


def key_of(resource: Resource, path: str, inventory: Inventory) -> Resource | None:
    """The key that an argument names, by an alias or not; `None` for one that is not here.

    Args:
        resource: whose argument.
        path: of the argument.
        inventory: it belongs to.

    Raises:
        UnknownValueError: it is not known which it is.
    """
    found = inventory.target(resource, path)
    if found is not None and found.type == _ALIAS:
        found = inventory.target(found, _BEHIND)
    return found if found is not None and found.type in variants("aws_kms_key") else None


def key_answer(
    key: Resource,
    caller: Caller,
    uses: Callable[[Supposed, str], Use],
    inventory: Inventory,
    place: Place,
) -> Answer | None:
    """What the policy of a key says to a service; `None` where it has KMS's own.

    Args:
        key: an `aws_kms_key` or a variant of one.
        caller: the service.
        uses: gives what it does with the key, for what is supposed and the ARN of the key.
        inventory: it belongs to.
        place: what is supposed where nothing says it.

    Raises:
        UnknownValueError: the policy is not known.
    """
    policies = resource_policies(key, inventory)
    policies.refuse_unknown()
    answers: list[tuple[str, Answer]] = []
    for item in policies.held:
        if item.document is None:
            continue
        for one in _meant(supposed(item.document, key, inventory, place)):
            arn = key.get("arn")
            if not isinstance(arn, str):
                arn = one.text(f"${{{key.address}.arn}}")
            use = uses(one, arn)
            said = answer(one.document, caller, use.needed, one.account)
            if said.refused is None and not said.doubt:
                listed = answer(one.document, caller, use.listed, one.account)
                said = listed if listed.explicit else said
            answers.append((one.doubt, said))
    return agreed(answers) if answers else None


def _meant(found: tuple[Supposed, ...]) -> tuple[Supposed, ...]:
    """Those for the only account that the policy lets in as a whole; all where it is not one."""
    accounts = {
        account
        for one in found
        for account in accounts_of(compile_policy(one.document, PolicyKind.RESOURCE).statements)
    }
    if len(accounts) != 1:
        return found
    return tuple(one for one in found if one.account in accounts) or found


def use_fault(key: Resource, caller: Caller, found: Answer | None) -> str:
    """Why a service cannot use a key, in words; empty where it can.

    Args:
        key: the key.
        caller: the service.
        found: as of `key_answer`.

    Raises:
        UnknownValueError: it is not known.
    """
    who = f"`{caller.principal}`"
    if found is None:
        return f"`{key.address}` has KMS's own policy, which does not let {who} use it"
    if found.doubt:
        why = f"whether it lets {who} encrypt is not known. {found.doubt}"
        raise key.doubt("policy", why, caller.resolve)
    if found.refused is None:
        return ""
    return f"`{key.address}`: {found.what} does not let {who} `{found.refused.action}`"
