"""A role that may be used in regions that nobody uses."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.iam.regions import outside_of
from revet.iam.reference.regions import all_regions
from revet.model.errors import InputError
from revet.model.finding import Outcome, Severity, compliant, noncompliant, quoted, unknown
from revet.plan import Inventory, Resource
from revet.plan.principals import boundary_of, policies_of

_LINKED = "aws_iam_service_linked_role"


@control(
    title="roles refuse requests to other regions",
    severity=Severity.MEDIUM,
    resource=("aws_iam_role", _LINKED),
    required=(
        "whatever the role is granted, a policy or the permissions boundary denies every request "
        "outside of `regions`, but those of `exempt` and to services that answer in one region "
        "for all of them; a service-linked role is AWS's own, and takes no policy"
    ),
    impact="whoever gets the role works where nobody looks, and where no log is kept",
    fix="""data "aws_iam_policy_document" "other_regions" {
  statement {
    effect      = "Deny"
    not_actions = ["iam:*", "sts:*", "organizations:*", "route53:*", "cloudfront:*", "support:*"]
    resources   = ["*"]
    condition {
      test     = "StringNotEquals"
      variable = "aws:RequestedRegion"
      values   = ["us-east-1"]
    }
  }
}""",
    construct="""# the stack has `Context(…, region_guard=RegionGuard())`
iam.Role(
    scope,
    "reports",
    description="Writes the reports",
    assumed_by=iam.InstancePrincipal(),
)""",
    deviations=("no-region-guard",),
    on_request=True,
)
def rule(
    resource: Resource,
    inventory: Inventory,
    *,
    regions: tuple[str, ...],
    exempt: tuple[str, ...] = (),
) -> Outcome:
    """It is proved for all requests; one that is let through is shown.

    Args:
        resource: a role.
        inventory: it belongs to.
        regions: that are used.
        exempt: actions that may be asked for anywhere, `wafv2:*` for example.
    """
    _check(regions)
    if resource.type == _LINKED:
        return compliant("AWS's own: no policy can be given to a service-linked role")
    policies = policies_of(resource, inventory)
    bound = boundary_of(resource, inventory)
    doubts = list(policies.unknown)
    if bound is not None and bound.doubt is not None:
        doubts.append(bound.doubt)
    limit = None if bound is None else bound.document
    found = outside_of(
        tuple(document for _, document in policies.documents), limit, regions, exempt
    )
    if found.proved:
        return compliant(f"it is denied outside of {quoted(regions)}")
    if doubts:
        raise doubts[0]
    if found.request:
        return noncompliant(f"nothing denies it {found.request}")
    return unknown(
        f"whether it is denied outside of {quoted(regions)} is not known. {found.doubt}",
        resolve="deny by `StringNotEquals` with `aws:RequestedRegion` alone, on `*`",
    )


def _check(regions: tuple[str, ...]) -> None:
    known = all_regions()
    for name in regions:
        if name not in known:
            raise InputError(
                "the setting `regions` names a region that AWS does not have",
                got=f"`{name}`",
                do="correct it under `[settings.iam-role-region-guard]`",
            )
