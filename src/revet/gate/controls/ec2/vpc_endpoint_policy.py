"""A VPC endpoint without a policy, or with one that lets out more than it must."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.iam.separate_policies import is_made_apart
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource, Undecided
from revet.plan.doubts import Doubts
from revet.plan.held_policies import attached_to, inline_policy

_ENDPOINT = "aws_vpc_endpoint"
_POLICY = "aws_vpc_endpoint_policy"
# Source: AWS PrivateLink Guide, "Control access to VPC endpoints using endpoint policies".
_WITHOUT = ("GatewayLoadBalancer", "Resource", "ServiceNetwork")


def _has_policy(resource: Resource) -> bool:
    """Whether AWS gives endpoints of this type a policy; the default type is a gateway."""
    kind = resource.get("vpc_endpoint_type") if resource.type == _ENDPOINT else None
    return not (isinstance(kind, str) and kind in _WITHOUT)


@control(
    title="endpoints let nothing pass to resources of others but what is listed",
    severity=Severity.HIGH,
    resource=(_ENDPOINT, _POLICY),
    applies=_has_policy,
    on_request=True,
    required=(
        "the endpoint has a policy, and no request passes it but of own principals on own "
        "resources, of AWS services, and to read what is listed by bucket or account"
    ),
    impact="whoever is inside the network sends data to a bucket of their own account",
    fix="""policy = jsonencode({
  Version = "2012-10-17"
  Statement = [{
    Effect    = "Allow"
    Principal = "*"
    Action    = "*"
    Resource  = "*"
    Condition = {
      StringEquals = {
        "aws:PrincipalAccount" = data.aws_caller_identity.current.account_id
        "aws:ResourceAccount"  = data.aws_caller_identity.current.account_id
      }
    }
  }]
})""",
    construct='ec2.GatewayEndpoint(scope, "objects", vpc=vpc, service="s3")',
    deviations=("open-endpoint-policy",),
)
def rule(
    resource: Resource,
    inventory: Inventory,
    *,
    accounts: tuple[str, ...] = (),
    organizations: tuple[str, ...] = (),
) -> Outcome:
    """It is proved for all requests; a request that passes and must not is shown.

    The account of the plan is own, and so is an organization that the plan has or reads; others
    are named in the settings. What an endpoint shows because an `aws_vpc_endpoint_policy` makes it
    is judged there.
    """
    doubts = Doubts()
    if resource.type == _ENDPOINT:
        kind = resource.get("vpc_endpoint_type")
        if isinstance(kind, Undecided):
            doubts.append(kind.doubt())
        apart = attached_to(resource, inventory, _POLICY, "vpc_endpoint_id", doubts)
        held = inline_policy(resource, "policy")
        absent = held.document is None and not resource.is_set("policy")
        if apart and (absent or is_made_apart(resource, "policy", inventory)):
            return compliant("it has a policy", related=tuple(item.address for item in apart))
        if absent:
            return doubts.settled(_OPEN)
    elif not resource.is_set("policy"):
        return _OPEN
    else:
        held = inline_policy(resource, "policy")
    if held.document is None:
        doubts.append(
            held.doubt or resource.doubt("policy", "it holds no policy", "write the policy")
        )
        return doubts.settled(_OPEN)
    from revet.gate.readings.ec2.endpoint_policies import (  # noqa: PLC0415 - loads the prover
        passing,
    )

    found = passing(resource, "policy", held.document, inventory, accounts, organizations)
    if found.fault:
        return noncompliant(found.fault, paths=("policy",))
    if found.doubt is not None:
        doubts.append(found.doubt)
    return doubts.settled(
        compliant("only own principals on own resources pass, and what it lists for reading")
    )


_OPEN = noncompliant("it has no policy, and lets everything pass", paths=("policy",))
