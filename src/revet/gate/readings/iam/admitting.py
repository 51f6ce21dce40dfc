"""The policies by which resources let callers in, and how what they allow is shown."""

# ruff: noqa: PLC0415 - the prover is loaded where a policy needs a proof, which most do not

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from revet.gate.readings.iam.separate_policies import is_made_apart
from revet.iam.document import PolicyDocument
from revet.model.finding import Outcome, noncompliant, unknown
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts
from revet.plan.held_policies import inline_policy, lacks_policy
from revet.plan.policies import policy_attributes, policy_types
from revet.plan.provider_facts import is_required
from revet.plan.terraform_types import terraform_type

if TYPE_CHECKING:
    from revet.iam.prove.checks import Check
    from revet.iam.prove.grounded import Ground

ADMITTING = ("resource", "trust")
"""The kinds of policies that name principals."""
_ENDPOINTS = ("aws_vpc_endpoint", "aws_vpc_endpoint_policy")
"""Their policies grant nothing: what they let through has to be granted elsewhere."""


def admitting_types() -> tuple[str, ...]:
    """The types with a policy that names principals."""
    return tuple(
        kind
        for kind in policy_types()
        if set(ADMITTING) & set(terraform_type(kind).policies.values()) and kind not in _ENDPOINTS
    )


def admitting_policies(
    resource: Resource, inventory: Inventory, doubts: Doubts
) -> Iterator[tuple[str, PolicyDocument]]:
    """The policies of a resource that name principals, each after its attribute.

    What a resource shows because another makes it (a bucket's `policy`) is judged there.

    Args:
        resource: of one of `admitting_types`.
        inventory: it belongs to.
        doubts: why a policy is not known is added.
    """
    for item in policy_attributes(resource):
        if item.kind not in ADMITTING or is_made_apart(resource, item.path, inventory):
            continue
        if not resource.is_set(item.path) and not is_required(resource.type, item.path):
            continue
        held = inline_policy(resource, item.path)
        if held.document is None:
            doubts.append(held.doubt or lacks_policy(f"{resource.address}.{item.path}"))
        else:
            yield item.path, held.document


def against(
    check: Check, ground: Ground, path: str, keys: tuple[str, ...], whom: str, resolve: str
) -> Outcome | None:
    """What a check says against a policy; `None` for nothing.

    Args:
        check: what was found.
        ground: where its policy's references became texts.
        path: of the policy.
        keys: the condition keys whose values are shown of a request that is allowed.
        whom: who may be let in, where that is not known.
        resolve: what to do then.
    """
    from revet.iam.prove.checks import CheckResult

    if check.result is CheckResult.FAIL:
        return noncompliant(_shown(check, ground, keys), paths=(path,))
    if check.result is CheckResult.UNKNOWN:
        why = "; ".join(ground.shown(reason.description) for reason in check.reasons)
        return unknown(
            f"whether its policy lets {whom} in is not known. {why}",
            resolve=resolve,
            paths=(path,),
        )
    return None


def _shown(check: Check, ground: Ground, keys: tuple[str, ...]) -> str:
    """The request of a check that failed, in words."""
    witness = check.witness
    if witness is None:
        return check.message
    places = [reason.statement_id or f"number {reason.statement_index}" for reason in check.reasons]
    given = [
        f"`{key}` `{value}`"
        for key, value in sorted(witness.context.items())
        if value is not None and key in keys
    ]
    beside = f" with {', '.join(given)}" if given else ""
    return (
        f"statement {', '.join(places)} allows `{witness.action}` on "
        f"`{ground.shown(witness.resource)}` to `{ground.shown(witness.principal)}`{beside}"
    )
