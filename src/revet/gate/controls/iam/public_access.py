"""Resource policies that let anybody in."""

# ruff: noqa: PLC0415 - the prover is loaded where a policy needs a proof, which most do not

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from revet.gate.catalog import control
from revet.gate.readings.iam.separate_policies import is_made_apart
from revet.iam.document import PolicyDocument
from revet.iam.prove.plainly import is_closed
from revet.model.finding import Outcome, Severity, compliant, noncompliant, unknown
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts
from revet.plan.held_policies import inline_policy, lacks_policy
from revet.plan.policies import holds_policy, policy_attributes, policy_types
from revet.plan.provider_facts import is_required
from revet.plan.terraform_types import terraform_type

if TYPE_CHECKING:
    from revet.iam.prove.checks import Check
    from revet.iam.prove.grounded import Ground

_KINDS = ("resource", "trust")
_ENDPOINT = "aws_vpc_endpoint"
"""Its policy grants nothing: what it lets through has to be granted elsewhere."""
_SHOWN = ("aws:sourceip", "aws:sourcevpc", "aws:sourcearn", "aws:securetransport")


def _types() -> tuple[str, ...]:
    """The types with a policy that names principals."""
    return tuple(
        kind
        for kind in policy_types()
        if set(_KINDS) & set(terraform_type(kind).policies.values()) and kind != _ENDPOINT
    )


@control(
    title="no resource policy lets anybody in",
    severity=Severity.HIGH,
    resource=_types(),
    applies=partial(holds_policy, kinds=_KINDS),
    required=(
        "no request is allowed to a caller outside of every account that the policy names, unless "
        "by a value that the policy fixes: a VPC, an organization, an account, a range of addresses"
    ),
    impact="anybody with an AWS account, or without one, can do what the policy grants",
    fix="""principals {
  type        = "AWS"
  identifiers = ["arn:aws:iam::111122223333:role/reports"]
}""",
    deviations=("public-policy",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """It is proved for all requests; a request that is allowed is shown.

    What a resource shows because another makes it (a bucket's `policy`) is judged there.
    """
    doubts = Doubts()
    for item in policy_attributes(resource):
        if item.kind not in _KINDS or is_made_apart(resource, item.path, inventory):
            continue
        if not resource.is_set(item.path) and not is_required(resource.type, item.path):
            continue
        held = inline_policy(resource, item.path)
        if held.document is None:
            doubts.append(held.doubt or lacks_policy(f"{resource.address}.{item.path}"))
            continue
        if not is_closed(held.document):
            outcome = _proved(held.document, item.path)
            if outcome is not None:
                return outcome
    return doubts.settled(compliant("its policy lets no outsider in"))


def _proved(document: PolicyDocument, path: str) -> Outcome | None:
    """What a proof says against a policy; `None` for nothing."""
    from revet.iam.account import AccountPicture
    from revet.iam.prove.checks import CheckResult, check_no_public_access
    from revet.iam.prove.grounded import Ground

    ground = Ground(AccountPicture(""))
    check = check_no_public_access(ground.document(document))
    if check.result is CheckResult.FAIL:
        return noncompliant(_shown(check, ground), paths=(path,))
    if check.result is CheckResult.UNKNOWN:
        why = "; ".join(ground.shown(reason.description) for reason in check.reasons)
        return unknown(
            f"whether its policy lets anybody in is not known. {why}",
            resolve="write the policy so that it can be decided",
            paths=(path,),
        )
    return None


def _shown(check: Check, ground: Ground) -> str:
    witness = check.witness
    if witness is None:
        return check.message
    places = [reason.statement_id or f"number {reason.statement_index}" for reason in check.reasons]
    given = [
        f"`{key}` `{value}`"
        for key, value in sorted(witness.context.items())
        if value is not None and key in _SHOWN
    ]
    beside = f" with {', '.join(given)}" if given else ""
    return (
        f"statement {', '.join(places)} allows `{witness.action}` on "
        f"`{ground.shown(witness.resource)}` to `{witness.principal}`{beside}"
    )
