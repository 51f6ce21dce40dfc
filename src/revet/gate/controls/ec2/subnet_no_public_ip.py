"""Subnet that gives everything in it a public address."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource
from revet.plan.terraform_types import variants

_PATH = "map_public_ip_on_launch"
_DEFAULT = "aws_default_subnet"


@control(
    title="subnets give out no public addresses",
    severity=Severity.MEDIUM,
    resource=variants("aws_subnet"),
    required=f"`{_PATH}` is false",
    impact="whatever is started there is on the internet, whether somebody wanted that or not",
    fix=f"{_PATH} = false",
    construct='ec2.Vpc(scope, "office", flow_log_group=logs.LogGroup(scope, "flows", key=key))',
    deviations=("public-addresses",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """Off by default in subnets that one makes, on in those that AWS makes with a default VPC."""
    del inventory
    if resource.type == _DEFAULT and resource.get(_PATH) is None:
        raise resource.doubt(_PATH, "AWS's default is true, and here it is nothing", "write it")
    if resource.get(_PATH):
        return noncompliant(f"`{_PATH}` is true", paths=(_PATH,))
    return compliant("it gives out no public addresses")
