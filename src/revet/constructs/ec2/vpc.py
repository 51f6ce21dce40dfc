"""A VPC whose traffic is logged: private subnets, and public ones for NAT gateways alone."""

from __future__ import annotations

import cdktn
from cdktn_provider_aws.data_aws_availability_zones import (
    DataAwsAvailabilityZones,
    DataAwsAvailabilityZonesFilter,
)
from cdktn_provider_aws.default_security_group import DefaultSecurityGroup
from cdktn_provider_aws.flow_log import FlowLog
from cdktn_provider_aws.route_table import RouteTable
from cdktn_provider_aws.route_table_association import RouteTableAssociation
from cdktn_provider_aws.subnet import Subnet
from cdktn_provider_aws.vpc import Vpc as AwsVpc
from constructs import Construct

from revet.constructs.arguments import check_choice, check_vpc_cidr
from revet.constructs.blocks import blocks
from revet.constructs.context import Context
from revet.constructs.ec2.nat import Place, WayOut, check_way_out, lead_out, make_way_out
from revet.constructs.iam.boundary import Boundary
from revet.constructs.iam.role import Role
from revet.constructs.iam.trust import ServicePrincipal
from revet.constructs.logs.group import LogGroup
from revet.constructs.placement import check_construct, place
from revet.constructs.record import Weakening, make_record

_SUBNET_BITS = 4
_PUBLIC = 8
"""Public subnets take the upper half of the sixteenths, so that another zone finds room."""


class Vpc(Construct):
    """A VPC with one private subnet in each of some zones, and flow logs.

    Makes `aws_vpc`, `aws_default_security_group`, `aws_route_table`, for each zone `aws_subnet` and
    `aws_route_table_association`, `aws_flow_log`, and the role of the flow log (`iam.Role`); reads
    `data.aws_availability_zones`. With `nat` also `aws_internet_gateway`, public subnets that hold
    nothing else than `aws_eip` and `aws_nat_gateway`, their route table, and `aws_route`.

    Defaults, each with the control that asks for it:
        - flow logs of all traffic (`ec2-vpc-flow-logs`) to an encrypted log group
          (`ec2-flow-log-destination`) through a role that can do no more (`ec2-flow-log-role`);
        - private subnets only: no internet gateway, no NAT gateway (`ec2-vpc-no-internet`), no
          public address given out (`ec2-subnet-no-public-ip`);
        - the default security group closed (`ec2-default-security-group-closed`);
        - zones that the region offers to every account, none written in; Terraform refuses to plan
          where there are fewer than `zones` (`ec2-vpc-zones`);
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the names.
        flow_log_group: receives the flow logs.
        cidr_block: IPv4 range, /16 to /24; each subnet gets a sixteenth of it.
        zones: number of zones, 2 or 3.
        nat: NAT gateways through which private subnets reach the internet: `none`, `one` for all
            zones, or `each` for one in every zone, which a zone that fails does not take along.
        allow_internet: the reason for `nat`, which is refused without one; it gives up
            `ec2-vpc-no-internet`.
        boundary: limits the role of the flow logs.

    Raises:
        ArgumentError: a range or number of zones outside these bounds, or NAT gateways without a
            reason.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        flow_log_group: LogGroup,
        cidr_block: str = "10.0.0.0/16",
        zones: int = 2,
        nat: str = "none",
        allow_internet: str = "",
        boundary: Boundary | None = None,
    ) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=255)
        check_construct("flow_log_group", flow_log_group, LogGroup, context)
        network = check_vpc_cidr("cidr_block", cidr_block)
        check_choice("zones", zones, (2, 3))
        check_way_out(nat, allow_internet)
        if boundary is not None:
            check_construct("boundary", boundary, Boundary, context)
        super().__init__(scope, construct_id)
        self.cidr_block = network
        self.resource = AwsVpc(
            self,
            "vpc",
            cidr_block=str(network),
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags=context.tags_for(name),
        )
        default_group = DefaultSecurityGroup(
            self,
            "default-security-group",
            vpc_id=self.resource.id,
            tags=self._tags("default"),
        )
        self.zones = self._zones(zones)
        ranges = tuple(network.subnets(prefixlen_diff=_SUBNET_BITS))
        self.private_route_tables = self._private_route_tables(zones if nat == "each" else 1)
        self.private_subnets = tuple(
            Subnet(
                self,
                f"private-subnet-{number}",
                vpc_id=self.resource.id,
                cidr_block=str(ranges[number]),
                availability_zone=zone,
                map_public_ip_on_launch=False,
                tags=self._tags(f"private-{number}"),
            )
            for number, zone in enumerate(self.zones)
        )
        associations = tuple(
            RouteTableAssociation(
                self,
                f"private-association-{number}",
                subnet_id=subnet.id,
                route_table_id=self.private_route_tables[
                    number % len(self.private_route_tables)
                ].id,
            )
            for number, subnet in enumerate(self.private_subnets)
        )
        public = {"none": (), "one": self.zones[:1], "each": self.zones}[nat]
        self.way_out = (
            make_way_out(
                Place(
                    self,
                    self.resource.id,
                    public,
                    ranges[_PUBLIC : _PUBLIC + len(public)],
                    self._tags,
                )
            )
            if public
            else WayOut()
        )
        routes = lead_out(self, self.private_route_tables, self.way_out)
        self._log_flows(context, flow_log_group, boundary)
        made = (
            *(self.resource, default_group, *self.private_route_tables, *self.private_subnets),
            *(*associations, *self.way_out.made, *routes, self.flow_log),
        )
        weakened = (
            [Weakening("allow_internet", allow_internet, ("ec2-vpc-no-internet",))]
            if public
            else []
        )
        context.records.append(make_record(self, "ec2.Vpc", made, weakened))

    def _tags(self, word: str) -> dict[str, str]:
        context = Context.of(self)
        return context.tags_for(context.name(f"{self.node.id}-{word}", limit=255))

    def _zones(self, number: int) -> tuple[str, ...]:
        """Names of zones. `element` would begin anew where a list is too short."""
        enough = f"${{length(self.names) >= {number}}}"
        offered = DataAwsAvailabilityZones(
            self,
            "zones",
            state="available",
            filter=blocks(
                DataAwsAvailabilityZonesFilter(name="opt-in-status", values=["opt-in-not-required"])
            ),
            lifecycle=cdktn.TerraformResourceLifecycle(
                postcondition=[
                    cdktn.Postcondition(
                        condition=enough,
                        error_message=(
                            f"The region offers this account fewer than {number} zones. Take "
                            "another region, or fewer zones."
                        ),
                    )
                ]
            ),
        )
        return tuple(
            cdktn.Token.as_string(cdktn.Fn.element(offered.names, index)) for index in range(number)
        )

    def _private_route_tables(self, number: int) -> tuple[RouteTable, ...]:
        """One for all private subnets, or one for each where each has a way out of its own."""
        words = ["private"] if number == 1 else [f"private-{index}" for index in range(number)]
        return tuple(
            RouteTable(
                self,
                word.replace("private", "private-routes", 1),
                vpc_id=self.resource.id,
                tags=self._tags(word),
            )
            for word in words
        )

    def _log_flows(
        self, context: Context, flow_log_group: LogGroup, boundary: Boundary | None
    ) -> None:
        self.flow_log_role = Role(
            self,
            "flow-logs-role",
            description="VPC flow logs write into their log group",
            assumed_by=ServicePrincipal(
                service="vpc-flow-logs.amazonaws.com",
                source_arn=context.arn("ec2", "vpc-flow-log/*"),
            ),
            boundary=boundary,
        )
        written = flow_log_group.grant_write(self.flow_log_role)
        self.flow_log = FlowLog(
            self,
            "flow-log",
            vpc_id=self.resource.id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=flow_log_group.arn,
            iam_role_arn=self.flow_log_role.arn,
            max_aggregation_interval=60,
            tags=self._tags("flow-log"),
            depends_on=list(written.policies),
        )

    @property
    def private_subnet_ids(self) -> list[str]:
        """Ids of the private subnets, in the order of the zones."""
        return [subnet.id for subnet in self.private_subnets]

    @property
    def public_subnet_ids(self) -> list[str]:
        """Ids of the public subnets, which hold NAT gateways and nothing else."""
        return [subnet.id for subnet in self.way_out.subnets]
