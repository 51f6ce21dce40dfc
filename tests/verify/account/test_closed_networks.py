"""Networks without a way out, with closed defaults, as an account has them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.verify.account.answers import Answers

from revet.model.finding import Status
from revet.verify.boto import BotoReader

Audit = Any  # of conftest.py, which the test folders cannot import
Read = Callable[..., Audit]
Boto = Any

ACCOUNT = "123456789012"
INTERNET = "ec2-vpc-no-internet"
GROUP = "ec2-default-security-group-closed"
ACL = "ec2-default-network-acl-closed"
PORTS = "ec2-security-group-ports"
POLICY = "ec2-vpc-endpoint-policy"
NETWORK = (
    "aws_ec2_carrier_gateway",
    "aws_ec2_managed_prefix_list",
    "aws_egress_only_internet_gateway",
    "aws_internet_gateway",
    "aws_nat_gateway",
    "aws_network_acl",
    "aws_route_table",
    "aws_security_group",
    "aws_subnet",
    "aws_vpc",
    "aws_vpc_endpoint",
    "aws_vpc_security_group_ingress_rule",
)


@pytest.fixture
def vpc(session: Boto) -> str:
    made = session.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")
    return str(made["Vpc"]["VpcId"])


def own(vpc: str) -> list[dict[str, Any]]:
    return [{"Name": "vpc-id", "Values": [vpc]}]


def close(ec2: Boto, vpc: str) -> tuple[str, str]:
    """Take the rules of the default group and network ACL away; their ids."""
    group = ec2.describe_security_groups(Filters=own(vpc))["SecurityGroups"][0]
    name = group["GroupId"]
    ec2.revoke_security_group_ingress(GroupId=name, IpPermissions=group["IpPermissions"])
    ec2.revoke_security_group_egress(GroupId=name, IpPermissions=group["IpPermissionsEgress"])
    acl = ec2.describe_network_acls(Filters=own(vpc))["NetworkAcls"][0]
    for egress in (False, True):
        ec2.delete_network_acl_entry(
            NetworkAclId=acl["NetworkAclId"], RuleNumber=100, Egress=egress
        )
    return name, acl["NetworkAclId"]


def test_as_aws_makes_them_the_defaults_are_open(session: Boto, read: Read, vpc: str) -> None:
    del session
    audit = read(*NETWORK)
    assert audit.says(GROUP, "aws_vpc", vpc) is Status.FAIL
    assert audit.says(ACL, "aws_vpc", vpc) is Status.FAIL
    assert audit.says(INTERNET, "aws_vpc", vpc) is Status.PASS


def test_without_rules_they_are_closed(session: Boto, read: Read, vpc: str) -> None:
    group, acl = close(session.client("ec2"), vpc)
    audit = read(*NETWORK)
    assert audit.says(GROUP, "aws_vpc", vpc) is Status.PASS
    assert audit.says(ACL, "aws_vpc", vpc) is Status.PASS
    assert audit.one("aws_default_security_group", group).values["vpc_id"] == vpc
    found = audit.one("aws_default_network_acl", acl)
    assert found.values["ingress"] == found.values["egress"] == []
    assert found.made_by == "aws"


def test_a_rule_that_denies_leaves_the_network_acl_closed(
    session: Boto, read: Read, vpc: str
) -> None:
    ec2 = session.client("ec2")
    _, acl = close(ec2, vpc)
    entry = {"NetworkAclId": acl, "Protocol": "-1", "CidrBlock": "10.0.0.0/8", "Egress": False}
    ec2.create_network_acl_entry(**entry, RuleNumber=90, RuleAction="deny")
    assert read(*NETWORK).says(ACL, "aws_vpc", vpc) is Status.PASS
    ec2.create_network_acl_entry(**entry, RuleNumber=91, RuleAction="allow")
    audit = read(*NETWORK)
    assert audit.says(ACL, "aws_vpc", vpc) is Status.FAIL
    rule = audit.all("aws_network_acl_rule")[f"{acl}/91/false"].values
    assert (rule["rule_action"], rule["egress"], rule["from_port"]) == ("allow", False, 0)


def test_a_subnet_with_the_default_network_acl(session: Boto, read: Read, vpc: str) -> None:
    ec2 = session.client("ec2")
    close(ec2, vpc)
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    audit = read(*NETWORK)
    assert audit.says(ACL, "aws_vpc", vpc) is Status.FAIL
    assert subnet in audit.why(ACL, "aws_vpc", vpc)
    other = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    acls = ec2.describe_network_acls(Filters=own(vpc))["NetworkAcls"]
    [link] = [one["NetworkAclAssociationId"] for acl in acls for one in acl["Associations"]]
    ec2.replace_network_acl_association(AssociationId=link, NetworkAclId=other)
    assert read(*NETWORK).says(ACL, "aws_vpc", vpc) is Status.PASS


def internet_gateway(ec2: Boto, vpc: str) -> None:
    made = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=made, VpcId=vpc)


def egress_only_gateway(ec2: Boto, vpc: str) -> None:
    ec2.create_egress_only_internet_gateway(VpcId=vpc)


def nat_gateway(ec2: Boto, vpc: str) -> None:
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")


def route_to_a_gateway(ec2: Boto, vpc: str) -> None:
    table = ec2.describe_route_tables(Filters=own(vpc))["RouteTables"][0]["RouteTableId"]
    other = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=other, CidrBlock="10.1.0.0/24")["Subnet"]["SubnetId"]
    nat = ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")["NatGateway"]
    ec2.create_route(
        RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat["NatGatewayId"]
    )


@pytest.mark.parametrize(
    "way", [internet_gateway, egress_only_gateway, nat_gateway, route_to_a_gateway]
)
def test_every_way_to_the_internet_is_seen(
    session: Boto, read: Read, vpc: str, way: Callable[[Boto, str], None]
) -> None:
    way(session.client("ec2"), vpc)
    assert read(*NETWORK).says(INTERNET, "aws_vpc", vpc) is Status.FAIL


def test_a_nat_gateway_of_a_whole_region_may_be_of_any_network(
    session: Boto, read: Read, vpc: str
) -> None:
    session.client("ec2").create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")
    regional = {"NatGatewayId": "nat-0123456789abcdef0", "VpcId": vpc, "State": "available"}
    said = {("ec2", "describe_nat_gateways"): {"NatGateways": [regional]}}
    audit = read(*NETWORK, reader=Answers(BotoReader(session), said))
    assert audit.says(INTERNET, "aws_vpc", vpc) is Status.UNKNOWN


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def passing(**conditions: str) -> dict[str, Any]:
    everything = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    return everything | ({"Condition": {"StringEquals": conditions}} if conditions else {})


OWN = {"aws:PrincipalAccount": ACCOUNT, "aws:ResourceAccount": ACCOUNT}


@pytest.mark.parametrize(
    ("conditions", "status"),
    [
        (OWN, Status.PASS),
        ({"aws:PrincipalAccount": ACCOUNT}, Status.FAIL),
        ({**OWN, "aws:ResourceAccount": "210987654321"}, Status.FAIL),
        ({}, Status.FAIL),
    ],
)
def test_what_passes_an_endpoint_is_proved_of_the_account(
    session: Boto, read: Read, vpc: str, conditions: dict[str, str], status: Status
) -> None:
    made = session.client("ec2").create_vpc_endpoint(
        VpcId=vpc,
        ServiceName="com.amazonaws.us-west-2.s3",
        PolicyDocument=policy(passing(**conditions)),
    )["VpcEndpoint"]["VpcEndpointId"]
    assert read(*NETWORK).says(POLICY, "aws_vpc_endpoint", made) is status


@pytest.fixture
def groups(session: Boto, vpc: str) -> Iterator[str]:
    ec2 = session.client("ec2")
    made = ec2.create_security_group(GroupName="web", Description="the web", VpcId=vpc)["GroupId"]
    yield made
    ec2.delete_security_group(GroupId=made)


@pytest.mark.parametrize(("port", "status"), [(443, Status.PASS), (22, Status.FAIL)])
def test_the_ports_of_a_rule(
    session: Boto, read: Read, groups: str, port: int, status: Status
) -> None:
    session.client("ec2").authorize_security_group_ingress(
        GroupId=groups,
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": port,
                "ToPort": port,
                "IpRanges": [{"CidrIp": "10.0.0.0/16"}],
            }
        ],
    )
    audit = read(*NETWORK)
    [rule] = [
        item.id
        for item in audit.all("aws_vpc_security_group_ingress_rule").values()
        if item.values["security_group_id"] == groups
    ]
    assert audit.says(PORTS, "aws_vpc_security_group_ingress_rule", rule) is status
