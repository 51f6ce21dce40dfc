"""Two functions with one role."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.needed import planned, takes_arn
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource

_PATH = "role"


@control(
    title="every function has a role of its own",
    severity=Severity.MEDIUM,
    resource="aws_lambda_function",
    required="no other function has its `role`",
    impact="each function can do what any of them needs, and none can be limited alone",
    fix="role = aws_iam_role.orders.arn",
    construct="""lambda_.Function(
    scope,
    "orders",
    description="Takes orders",
    source=Path("functions/orders"),
    security_group=group,
    key=key,
)""",
    deviations=("shared-role",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """A role of which it is not known which one it is may be any of them."""
    fault = takes_arn(resource, _PATH, "aws_iam_role.id", "aws_iam_role.name")
    if fault:
        return noncompliant(fault, paths=(_PATH,))
    role = planned(resource, _PATH, inventory, "aws_iam_role")
    strong, perhaps = inventory.attachments(role, "aws_lambda_function", via=_PATH)
    others = [item.address for item in strong if item is not resource]
    if others:
        why = f"`{others[0]}` has the same role"
        return noncompliant(why, paths=(_PATH,), related=(role.address, *others))
    for item in perhaps:
        if item is not resource:
            item.get(_PATH).refuse()
    return compliant("no other function has its role", related=(role.address,))
