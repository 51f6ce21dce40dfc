"""What certificates of effective access say is claimed; `certificates` describes the form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from revet.iam.account import PrincipalKind, PrincipalPicture, ResourcePicture
from revet.iam.compiled.action_sets import ActionSet
from revet.iam.document import PolicyDocument
from revet.iam.evaluate import Policies
from revet.iam.evaluate.attached import Layer
from revet.iam.prove.bearing import View
from revet.iam.prove.effective import Scope, Target, limits_of
from revet.iam.prove.policies import groups_of

KINDS = {PrincipalKind.GROUP: "user", PrincipalKind.PERMISSION_SET: "role"}
"""Those of which nobody is known by name: what whoever has their policies is."""
_COLONS = 5
_OF_THE_ORGANIZATION = (Layer.SCP, Layer.RCP)


def of_principal(
    account: str, principal: PrincipalPicture, policies: Policies, targets: Sequence[Target]
) -> dict[str, Any]:
    """That a principal is allowed nothing.

    Args:
        account: whose it is.
        principal: the principal.
        policies: what bears on it whatever the resource.
        targets: the resources of the account with policies.
    """
    return {
        "kind": "principal",
        "account": account,
        **_who(principal),
        "policies": list(_attached(policies)),
        "resources": [
            {"arn": target.arn, "policy": _text(target.policies.resource)} for target in targets
        ],
    }


def of_resource(
    account: str,
    partition: str,
    resource: ResourcePicture,
    policies: Policies,
    principals: Iterable[tuple[PrincipalPicture, Policies]],
) -> dict[str, Any]:
    """That nobody is allowed anything on a resource.

    Args:
        account: whose it is.
        partition: of whoever asks.
        resource: the resource.
        policies: the organization's, and the resource's own.
        principals: those of the account, with what bears on them.
    """
    return {
        "kind": "resource",
        "account": account,
        "partition": partition,
        "arn": resource.arn,
        "policy": _text(policies.resource),
        "policies": list(_attached(policies, _OF_THE_ORGANIZATION)),
        "principals": [
            {
                **_who(principal),
                "policies": [
                    one
                    for one in _attached(bearing)
                    if one["layer"] not in map(str, _OF_THE_ORGANIZATION)
                ],
            }
            for principal, bearing in principals
        ],
    }


def unsaid(view: View, claim: Mapping[str, Any]) -> str:
    """Why a claim cannot say what was asked; empty when it can.

    It says which policies bear, so that whatever counts can be seen from them; but it has no place
    for the policy of a VPC endpoint, and one policy of a resource for all who ask.

    Args:
        view: what counts.
        claim: of a principal or a resource.
    """
    if view.endpoint and Layer.ENDPOINT not in view.out:
        return "a certificate does not say what the policy of a VPC endpoint allows"
    if claim["kind"] == "resource" and Layer.RESOURCE in view.out:
        return "a certificate of a resource does not leave out the policy of that resource"
    return ""


def hindrance(claim: Mapping[str, Any]) -> str:
    """Why a claim cannot be checked; empty when it can."""
    arns = [one["arn"] for one in (*claim.get("resources", ()), claim) if "arn" in one]
    odd = next((arn for arn in arns if {*arn} & {*"*?"} or arn.count(":") < _COLONS), "")
    return f"`{odd}` is not the ARN of one resource" if odd else ""


def actions_of(scope: Scope, asked: Sequence[PolicyDocument]) -> Iterator[ActionSet]:
    """The sets of actions that requests in a scope are told apart by."""
    inside, outside = limits_of(scope, asked)
    for group in groups_of("", (*inside, *outside)):
        yield from (named.statement.actions for named in group)
    yield from (statement.actions for _, statement in scope.policies.rules.entries)


def _who(principal: PrincipalPicture) -> dict[str, str]:
    kind = KINDS.get(principal.kind)
    return {"principal": principal.arn} if kind is None else {"unnamed": kind}


def _attached(
    policies: Policies, layers: Iterable[Layer] = tuple(Layer)
) -> Iterator[Mapping[str, Any]]:
    for place in policies.attached():
        if place.layer in layers and place.layer is not Layer.RESOURCE:
            text = place.policy.source.text
            yield {"layer": place.layer.value, "level": place.level, "policy": text}


def _text(document: PolicyDocument | None) -> str | None:
    return None if document is None else document.text
