"""Endpoints: the way from a VPC to services of AWS without the internet."""

from __future__ import annotations

from cdktn_provider_aws.data_aws_ec2_managed_prefix_list import DataAwsEc2ManagedPrefixList
from cdktn_provider_aws.vpc_endpoint import VpcEndpoint
from constructs import Construct

from revet.constructs.arguments import check_choice, check_flag
from revet.constructs.ec2.endpoint_policy import endpoint_policy
from revet.constructs.ec2.endpoint_services import (
    GATEWAY_SERVICES,
    INTERFACE_SERVICES,
    check_organization,
    endpoint_service,
)
from revet.constructs.ec2.security_group import SecurityGroup
from revet.constructs.ec2.source import PrefixList
from revet.constructs.ec2.vpc import Vpc
from revet.constructs.placement import check_construct, place
from revet.constructs.record import make_record


class InterfaceEndpoint(Construct):
    """An interface endpoint in every private subnet, limited to this account or organization.

    Makes `aws_vpc_endpoint`.

    Defaults, each with the control that asks for it:
        - a policy that lets own principals reach own resources, services of AWS act, and work read
          what AWS owns, and nothing else (`ec2-vpc-endpoint-policy`);
        - the service's usual name resolves to it inside the VPC;
        - the service's name in this region and partition, none written in;
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the name.
        vpc: whose private subnets it is in.
        service: of AWS: `ec2`, `ec2messages`, `kms`, `logs`, `secretsmanager`, `ssm`,
            `ssmmessages` or `sts`.
        security_group: says who may connect to it, on port 443.
        fips: the FIPS endpoint of the service instead.
        organization_id: `o-…`, whose principals and resources are trusted; empty for this account
            alone.

    Raises:
        ArgumentError: another service, or one without a FIPS endpoint that AWS documents.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: Vpc,
        service: str,
        security_group: SecurityGroup,
        fips: bool = False,
        organization_id: str = "",
    ) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=255)
        check_construct("vpc", vpc, Vpc, context)
        check_construct("security_group", security_group, SecurityGroup, context)
        check_choice("service", service, INTERFACE_SERVICES)
        check_flag("fips", fips)
        check_organization(organization_id)
        reached = endpoint_service(service, context.region, fips=fips)
        super().__init__(scope, construct_id)
        self.service = service
        self.resource = VpcEndpoint(
            self,
            "endpoint",
            vpc_id=vpc.resource.id,
            service_name=reached,
            vpc_endpoint_type="Interface",
            private_dns_enabled=True,
            subnet_ids=vpc.private_subnet_ids,
            security_group_ids=[security_group.resource.id],
            policy=endpoint_policy(service, context, organization_id),
            tags=context.tags_for(name),
        )
        context.records.append(make_record(self, "ec2.InterfaceEndpoint", (self.resource,)))


class GatewayEndpoint(Construct):
    """A gateway endpoint in the private routes, limited to this account or organization.

    Makes `aws_vpc_endpoint`; reads `data.aws_ec2_managed_prefix_list`, by which security groups and
    network ACLs name the addresses of the service.

    Defaults, each with the control that asks for it:
        - a policy that lets own principals reach own resources, services of AWS act, and work read
          what AWS owns, and nothing else (`ec2-vpc-endpoint-policy`);
        - the service's name in this region and partition, none written in;
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the name.
        vpc: whose private routes lead to it.
        service: of AWS: `s3` or `dynamodb`.
        organization_id: `o-…`, whose principals and resources are trusted; empty for this account
            alone.

    Raises:
        ArgumentError: another service.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: Vpc,
        service: str,
        organization_id: str = "",
    ) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=255)
        check_construct("vpc", vpc, Vpc, context)
        check_choice("service", service, GATEWAY_SERVICES)
        check_organization(organization_id)
        reached = endpoint_service(service, context.region)
        super().__init__(scope, construct_id)
        self.service = service
        self.resource = VpcEndpoint(
            self,
            "endpoint",
            vpc_id=vpc.resource.id,
            service_name=reached,
            vpc_endpoint_type="Gateway",
            route_table_ids=[table.id for table in vpc.private_route_tables],
            policy=endpoint_policy(service, context, organization_id),
            tags=context.tags_for(name),
        )
        self.addresses = DataAwsEc2ManagedPrefixList(self, "addresses", name=reached)
        context.records.append(make_record(self, "ec2.GatewayEndpoint", (self.resource,)))

    @property
    def address_list(self) -> str:
        """The addresses of the service, as an expression of Terraform names them."""
        return f"data.{self.addresses.terraform_resource_type}.{self.addresses.friendly_unique_id}"

    @property
    def prefix_list(self) -> PrefixList:
        """The addresses of the service, as rules of security groups name them."""
        return PrefixList(self.addresses.id)
