"""A VPC of private subnets whose traffic is logged."""

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
from revet.constructs.iam.boundary import Boundary
from revet.constructs.iam.role import Role
from revet.constructs.iam.trust import ServicePrincipal
from revet.constructs.logs.group import LogGroup
from revet.constructs.placement import check_construct, place
from revet.constructs.record import make_record

_SUBNET_BITS = 4


class Vpc(Construct):
    """A VPC with one private subnet in each of some zones, and flow logs.

    Makes `aws_vpc`, `aws_default_security_group`, `aws_route_table`, for each zone `aws_subnet` and
    `aws_route_table_association`, `aws_flow_log`, and the role of the flow log (`iam.Role`); reads
    `data.aws_availability_zones`.

    Defaults, each with the control that asks for it:
        - flow logs of all traffic (`ec2-vpc-flow-logs`) to an encrypted log group
          (`ec2-flow-log-destination`) through a role that can do no more (`ec2-flow-log-role`);
        - private subnets only: no internet gateway, no NAT gateway, no public address;
        - the default security group closed;
        - zones that the region offers to every account, none written in;
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the names.
        flow_log_group: receives the flow logs.
        cidr_block: IPv4 range, /16 to /24; each subnet gets a sixteenth of it.
        zones: number of zones, 2 or 3.
        boundary: limits the role of the flow logs.

    Raises:
        ArgumentError: a range or number of zones outside these bounds.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        flow_log_group: LogGroup,
        cidr_block: str = "10.0.0.0/16",
        zones: int = 2,
        boundary: Boundary | None = None,
    ) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=255)
        check_construct("flow_log_group", flow_log_group, LogGroup, context)
        network = check_vpc_cidr("cidr_block", cidr_block)
        check_choice("zones", zones, (2, 3))
        if boundary is not None:
            check_construct("boundary", boundary, Boundary, context)
        super().__init__(scope, construct_id)

        def part(word: str) -> str:
            return context.name(f"{construct_id}-{word}", limit=255)

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
            tags=context.tags_for(part("default")),
        )
        self.route_table = RouteTable(
            self,
            "private-routes",
            vpc_id=self.resource.id,
            tags=context.tags_for(part("private")),
        )
        offered = DataAwsAvailabilityZones(
            self,
            "zones",
            state="available",
            filter=blocks(
                DataAwsAvailabilityZonesFilter(name="opt-in-status", values=["opt-in-not-required"])
            ),
        )
        ranges = network.subnets(prefixlen_diff=_SUBNET_BITS)
        self.private_subnets = tuple(
            Subnet(
                self,
                f"private-subnet-{number}",
                vpc_id=self.resource.id,
                cidr_block=str(next(ranges)),
                availability_zone=cdktn.Token.as_string(cdktn.Fn.element(offered.names, number)),
                map_public_ip_on_launch=False,
                tags=context.tags_for(part(f"private-{number}")),
            )
            for number in range(zones)
        )
        associations = tuple(
            RouteTableAssociation(
                self,
                f"private-association-{number}",
                subnet_id=subnet.id,
                route_table_id=self.route_table.id,
            )
            for number, subnet in enumerate(self.private_subnets)
        )
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
            tags=context.tags_for(part("flow-log")),
            depends_on=list(written.policies),
        )
        made = (
            *(self.resource, default_group, self.route_table, *self.private_subnets),
            *(*associations, self.flow_log),
        )
        context.records.append(make_record(self, "ec2.Vpc", made))

    @property
    def private_subnet_ids(self) -> list[str]:
        """Ids of the private subnets, in the order of the zones."""
        return [subnet.id for subnet in self.private_subnets]
