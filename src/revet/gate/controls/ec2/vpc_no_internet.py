"""A private network with a way to the internet."""

from __future__ import annotations

from collections.abc import Iterator

from revet.gate.catalog import control
from revet.gate.readings.ec2.default_parts import VPCS
from revet.gate.readings.ec2.routes import ways_of_vpc
from revet.gate.readings.needed import refuse_unlisted
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Reading, Resource
from revet.plan.doubts import Doubts
from revet.plan.held_policies import attached_to
from revet.plan.terraform_types import variants

_GATEWAYS = (
    "aws_internet_gateway",
    "aws_internet_gateway_attachment",
    "aws_egress_only_internet_gateway",
    "aws_ec2_carrier_gateway",
    "aws_nat_gateway",
)
_NAT = "aws_nat_gateway"
_DEFAULT = "aws_default_vpc"
_ROUTES = ("aws_route", "aws_route_table")


@control(
    title="a private network has no gateway to the internet",
    severity=Severity.HIGH,
    resource=VPCS,
    on_request=True,
    required=(
        "no internet gateway, no egress-only and no carrier one is attached to the VPC, no NAT "
        "gateway is in it, and none of its routes leads to one"
    ),
    impact="data can leave the network, and whoever is outside can come in",
    fix="""# in place of a gateway: endpoints for the AWS services that the network needs
resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.main.id
  service_name    = "com.amazonaws.${data.aws_region.current.name}.s3"
  route_table_ids = [aws_route_table.private.id]
  policy          = data.aws_iam_policy_document.endpoint.json
}""",
    construct=(
        'ec2.Vpc(scope, "office", flow_log_group=logs.LogGroup(scope, "office-flow", key=key))'
    ),
    deviations=("way-to-the-internet",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """A transit gateway, a peering or a VPN may lead on to a network that has a way out."""
    doubts = Doubts()
    with doubts:
        refuse_unlisted(inventory, *_GATEWAYS, *_ROUTES, region=resource.provider_region)
    for gateway in _gateways(resource, inventory, doubts):
        return noncompliant(_said(gateway), related=(gateway.address,))
    for way in ways_of_vpc(resource, inventory, doubts):
        return noncompliant("a route leads to the internet", related=(way.address,))
    with doubts:
        _refuse_default(resource, inventory)
    return doubts.settled(compliant("nothing in it leads to the internet"))


def _said(gateway: Resource) -> str:
    """A private NAT gateway leads to other networks alone. Source: VPC User Guide, NAT gateways."""
    if gateway.type == _NAT and gateway.stated("connectivity_type") == "private":
        return "a private NAT gateway leads to other networks, which may have a way to the internet"
    return "a gateway leads to the internet"


def _refuse_default(vpc: Resource, inventory: Inventory) -> None:
    """Refuse to conclude anything of what AWS makes with a default VPC, and only an account shows.

    Source: VPC User Guide, "Default VPC components".

    Raises:
        UnknownValueError: it is a default VPC, and the account was not read.
    """
    if vpc.type == _DEFAULT and inventory.reading is not Reading.ACCOUNT:
        why = "AWS makes a default VPC with an internet gateway, which may still be there"
        raise vpc.doubt("id", why, "use a VPC of your own, or read the account")


def _gateways(vpc: Resource, inventory: Inventory, doubts: Doubts) -> Iterator[Resource]:
    for kind in _GATEWAYS:
        yield from attached_to(vpc, inventory, kind, "vpc_id", doubts)
    for kind in variants("aws_subnet"):
        for subnet in attached_to(vpc, inventory, kind, "vpc_id", doubts):
            yield from attached_to(subnet, inventory, _NAT, "subnet_id", doubts)
