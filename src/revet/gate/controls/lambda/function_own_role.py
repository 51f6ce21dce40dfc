"""Two functions with one role."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.needed import planned, refuse_unlisted, takes_arn
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts

_FUNCTION = "aws_lambda_function"
_PATH = "role"


@control(
    title="every function has a role of its own",
    severity=Severity.MEDIUM,
    resource=_FUNCTION,
    required="no other function has its `role`",
    impact="each function can do what any of them needs, and none can be limited alone",
    fix="role = aws_iam_role.orders.arn",
    deviations=("shared-role",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """In an account functions of the same region are compared, and of others that were read."""
    fault = takes_arn(resource, _PATH, "aws_iam_role.id", "aws_iam_role.name")
    if fault:
        return noncompliant(fault, paths=(_PATH,))
    role = planned(resource, _PATH, inventory, "aws_iam_role")
    region = resource.provider_region
    inventory.require(_FUNCTION, region)
    refuse_unlisted(inventory, _FUNCTION, region=region)
    doubts = Doubts()
    for item in inventory.of_type(_FUNCTION):
        with doubts:
            if item is not resource and inventory.target(item, _PATH) is role:
                related = (role.address, item.address)
                why = f"`{item.address}` has the same role"
                return noncompliant(why, paths=(_PATH,), related=related)
    return doubts.settled(compliant("no other function has its role", related=(role.address,)))
