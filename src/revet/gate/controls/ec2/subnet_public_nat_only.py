"""A public subnet that holds more than NAT gateways."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.ec2.routes import internet_route
from revet.gate.readings.ec2.subnet_users import others_in
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Reading, Resource
from revet.plan.doubts import Doubts
from revet.plan.terraform_types import variants


@control(
    title="public subnets hold NAT gateways and nothing else",
    severity=Severity.MEDIUM,
    resource=variants("aws_subnet"),
    required=(
        "nothing but NAT gateways is in a subnet that has a route to an internet gateway, and "
        "nothing else names the subnet to be put there"
    ),
    impact="what is there is on the internet as soon as it has a public address",
    fix="""resource "aws_instance" "worker" {
  subnet_id = aws_subnet.private.id
  # its AMI and type as before
}""",
    construct='ec2.Vpc(scope, "office", flow_log_group=logs.LogGroup(scope, "flows", key=key))',
    deviations=("public-addresses",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """A subnet that is empty passes, whether it is public or not."""
    unrouted = Doubts()
    route = ""
    with unrouted:
        route = internet_route(resource, inventory)
    fine = compliant("nothing but NAT gateways is there with a route to an internet gateway")
    if not route and not unrouted:
        return fine
    doubts = Doubts()
    for found in others_in(resource, inventory, doubts):
        unrouted.refuse()
        what = f"`{found.address}` names the subnet"
        if inventory.reading is Reading.ACCOUNT:
            what = "more than NAT gateways is there"
        why = f"`{route}` leads to an internet gateway, and {what}"
        return noncompliant(why, related=(route, found.address))
    return doubts.settled(fine)
