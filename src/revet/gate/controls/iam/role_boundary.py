"""A role without a permissions boundary, or with one that it can get around."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.iam.administration import home_of
from revet.gate.readings.iam.boundary_limits import loopholes
from revet.model.finding import Outcome, Severity, compliant, noncompliant, quoted, unknown
from revet.plan import Inventory, Resource
from revet.plan.held_policies import POLICY
from revet.plan.principals import boundary_of

_BOUNDARY = "permissions_boundary"


@control(
    title="roles have a permissions boundary that they cannot get around",
    severity=Severity.HIGH,
    resource="aws_iam_role",
    required=(
        "`permissions_boundary` names a policy that does not let its roles administer identities: "
        "take the boundary off, change it, or make or change a principal without it"
    ),
    impact="a policy that is attached by mistake, or by an attacker, is limited by nothing",
    fix="""resource "aws_iam_role" "reports" {
  permissions_boundary = aws_iam_policy.boundary.arn
}

data "aws_iam_policy_document" "boundary" {
  statement {
    actions   = ["s3:*", "logs:*"]
    resources = ["*"]
  }
  statement {
    effect    = "Deny"
    actions   = ["iam:*", "organizations:*", "account:*", "rolesanywhere:*", "sts:AssumeRoot"]
    resources = ["*"]
  }
}""",
    construct="""iam.Role(
    scope,
    "reports",
    description="Writes the reports",
    assumed_by=iam.InstancePrincipal(),
    boundary=iam.Boundary(scope, "boundary", services=["s3", "logs"]),
)""",
    deviations=("no-boundary", "removable-boundary"),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """Service-linked roles are of a type of their own, and take no boundary."""
    bound = boundary_of(resource, inventory)
    if bound is None:
        return noncompliant("it has no permissions boundary", paths=(_BOUNDARY,))
    if bound.doubt is not None:
        raise bound.doubt
    if bound.document is None:
        return unknown(f"what `{bound.name}` says is not known", resolve="make it part of the plan")
    home = home_of(resource, inventory)
    found = loopholes(bound.document, _own_name(resource, inventory), home)
    related = (bound.name,) if bound.name in inventory.resources else ()
    if found.certain:
        why = f"its boundary `{bound.name}` allows {quoted(found.certain)}"
        return noncompliant(why, paths=(_BOUNDARY,), related=related)
    if found.perhaps:
        return unknown(
            f"its boundary `{bound.name}` allows {quoted(found.perhaps)} on some resources or "
            "under a condition",
            resolve="deny these in the boundary, or unless `iam:PermissionsBoundary` is its ARN",
            paths=(_BOUNDARY,),
        )
    return compliant(f"limited by `{bound.name}`", related=related)


def _own_name(role: Resource, inventory: Inventory) -> str:
    """What the ARN of a role's boundary ends with; empty where that is not known."""
    arn = role.get(_BOUNDARY)
    if isinstance(arn, str):
        return f":policy/{arn.partition(':policy/')[2]}"
    policy = inventory.target(role, _BOUNDARY)
    if policy is None or policy.type != POLICY:
        return ""
    path, name = policy.get("path"), policy.get("name")
    known = isinstance(name, str) and (path is None or isinstance(path, str))
    return f":policy{path or '/'}{name}" if known else ""
