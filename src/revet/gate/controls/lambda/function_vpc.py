"""Function outside of a VPC."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource
from revet.plan.element_paths import blocks

_PARTS = ("subnet_ids", "security_group_ids")


@control(
    title="functions are in a VPC",
    severity=Severity.MEDIUM,
    resource="aws_lambda_function",
    required="`vpc_config` names subnets and security groups",
    impact="what the function sends goes over the internet, past every rule of the network",
    fix="""vpc_config {
  subnet_ids         = aws_subnet.private[*].id
  security_group_ids = [aws_security_group.functions.id]
}""",
    deviations=("function-outside-vpc",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """With empty lists a function is outside, like without the block."""
    del inventory
    for block in blocks(resource, "vpc_config"):
        for part in _PARTS:
            if not resource.is_set(f"{block}.{part}"):
                return noncompliant(f"it has no `{part}`", paths=(f"{block}.{part}",))
        return compliant("it is in the network of its subnets")
    return noncompliant("it has no `vpc_config`", paths=("vpc_config",))
