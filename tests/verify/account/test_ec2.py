"""Networks as an account has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.verify.account.answers import Answers

from revet.model.finding import Status
from revet.verify.boto import BotoReader

Audit = Any  # of conftest.py, which the test folders cannot import
Read = Callable[..., Audit]
Boto = Any

REGION = "us-west-2"
ACCOUNT = "123456789012"
OPEN = "ec2-security-group-open"
ENTRY = "aws_ec2_managed_prefix_list_entry"
RULE = "aws_vpc_security_group_ingress_rule"


@pytest.fixture
def vpc(session: Boto) -> str:
    made = session.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")
    return str(made["Vpc"]["VpcId"])


def test_a_network_of_which_all_traffic_is_logged(session: Boto, read: Read, vpc: str) -> None:
    ec2 = session.client("ec2")
    session.client("logs").create_log_group(logGroupName="watched")
    made = ec2.create_flow_logs(
        ResourceIds=[vpc],
        ResourceType="VPC",
        TrafficType="ALL",
        LogGroupName="watched",
        DeliverLogsPermissionArn=f"arn:aws:iam::{ACCOUNT}:role/flow",
    )["FlowLogIds"][0]
    audit = read("aws_vpc", "aws_flow_log")
    assert audit.says("ec2-vpc-flow-logs", "aws_vpc", vpc) is Status.PASS
    values = audit.one("aws_flow_log", made).values
    assert values["log_destination"] == f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:watched"
    assert values["vpc_id"] == vpc
    assert values["subnet_id"] is None


def test_a_network_without_flow_logs_and_the_default_one(
    session: Boto, read: Read, vpc: str
) -> None:
    audit = read("aws_vpc", "aws_flow_log")
    assert audit.says("ec2-vpc-flow-logs", "aws_vpc", vpc) is Status.FAIL
    default = session.client("ec2").describe_vpcs(
        Filters=[{"Name": "is-default", "Values": ["true"]}]
    )["Vpcs"][0]["VpcId"]
    assert audit.says("ec2-vpc-flow-logs", "aws_vpc", default) is Status.FAIL
    assert audit.one("aws_vpc", default).made_by == "aws"
    assert audit.one("aws_vpc", vpc).made_by == ""


def test_what_a_flow_log_watches_that_is_not_known_here_may_be_any_network(
    session: Boto, read: Read, vpc: str
) -> None:
    log = {"FlowLogId": "fl-1", "ResourceId": "new-1", "TrafficType": "ALL"}
    reader = Answers(BotoReader(session), {("ec2", "describe_flow_logs"): {"FlowLogs": [log]}})
    audit = read("aws_vpc", "aws_flow_log", reader=reader)
    assert audit.says("ec2-vpc-flow-logs", "aws_vpc", vpc) is Status.UNKNOWN


@pytest.mark.parametrize(("status", "said"), [("FAILED", Status.UNKNOWN), ("SUCCESS", Status.PASS)])
def test_logs_that_aws_cannot_deliver_go_nowhere_for_certain(
    session: Boto, read: Read, vpc: str, status: str, said: Status
) -> None:
    session.client("s3").create_bucket(
        Bucket="flow-logs-here", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    log = {
        "FlowLogId": "fl-1",
        "ResourceId": vpc,
        "TrafficType": "ALL",
        "LogDestinationType": "s3",
        "LogDestination": "arn:aws:s3:::flow-logs-here",
        "DeliverLogsStatus": status,
        "DeliverLogsErrorMessage": "Access error",
    }
    reader = Answers(BotoReader(session), {("ec2", "describe_flow_logs"): {"FlowLogs": [log]}})
    audit = read("aws_vpc", "aws_flow_log", "aws_s3_bucket", reader=reader)
    assert audit.says("ec2-flow-log-destination", "aws_flow_log", "fl-1") is said
    why = audit.why("ec2-flow-log-destination", "aws_flow_log", "fl-1")
    assert ("`Access error`" in why) is (said is Status.UNKNOWN)
    assert audit.says("ec2-vpc-flow-logs", "aws_vpc", vpc) is Status.PASS


def test_what_another_account_shares_is_a_fact_and_not_judged(session: Boto, read: Read) -> None:
    shared = {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "OwnerId": "999999999999"}
    audit = read(
        "aws_vpc",
        reader=Answers(BotoReader(session), {("ec2", "describe_vpcs"): {"Vpcs": [shared]}}),
    )
    assert audit.one("aws_vpc", "vpc-1").mode == "data"
    assert "aws_vpc" not in {item.type for item in audit.inventory.resources.values()}


def test_whether_a_subnet_gives_out_public_addresses_is_unknown_without_the_answer(
    session: Boto, read: Read
) -> None:
    subnet = {"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24"}
    reader = Answers(BotoReader(session), {("ec2", "describe_subnets"): {"Subnets": [subnet]}})
    found = read("aws_subnet", reader=reader).one("aws_subnet", "subnet-1")
    assert set(found.unknown) == {"map_public_ip_on_launch"}


def test_rules_of_a_group_are_resources_of_their_own(session: Boto, read: Read, vpc: str) -> None:
    ec2 = session.client("ec2")
    group = ec2.create_security_group(GroupName="web", Description="x", VpcId=vpc)["GroupId"]
    tcp = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    inside = {"CidrIp": "10.0.0.0/16", "Description": "the network"}
    made = ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[{**tcp, "IpRanges": [inside], "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}],
    )["SecurityGroupRules"]
    (four,) = (rule["SecurityGroupRuleId"] for rule in made if "CidrIpv4" in rule)
    (six,) = (rule["SecurityGroupRuleId"] for rule in made if "CidrIpv6" in rule)
    audit = read("aws_security_group", RULE)
    assert audit.says(OPEN, RULE, four) is Status.PASS
    assert audit.says(OPEN, RULE, six) is Status.FAIL
    described = "ec2-security-group-rule-description"
    assert audit.says(described, RULE, four) is Status.PASS
    assert audit.says(described, RULE, six) is Status.FAIL
    values = audit.one(RULE, four).values
    assert values["security_group_id"] == group
    assert (values["from_port"], values["to_port"]) == (443, 443)
    assert audit.one("aws_security_group", group).values["ingress"] == []


def test_a_default_group_and_its_rules_are_those_that_aws_makes(
    session: Boto, read: Read, vpc: str
) -> None:
    ec2 = session.client("ec2")
    found = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
    group = found["SecurityGroups"][0]["GroupId"]
    own = ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
    )["SecurityGroupRules"][0]["SecurityGroupRuleId"]
    audit = read("aws_security_group", RULE)
    assert audit.one("aws_default_security_group", group).made_by == "aws"
    assert audit.one(RULE, own).made_by == ""
    out = audit.all("aws_vpc_security_group_egress_rule").values()
    assert {rule.made_by for rule in out if rule.values["security_group_id"] == group} == {"aws"}
    assert all(rule.values["from_port"] is None for rule in out)


def test_a_rule_that_names_nobody_may_let_in_anybody(session: Boto, read: Read) -> None:
    rule = {"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "IpProtocol": "-1"}
    audit = read(
        RULE,
        reader=Answers(
            BotoReader(session),
            {
                ("ec2", "describe_security_group_rules"): {
                    "SecurityGroupRules": [{**rule, "IsEgress": False}]
                }
            },
        ),
    )
    assert audit.says(OPEN, RULE, "sgr-1") is Status.UNKNOWN


def test_a_group_of_another_account_is_named_with_it(session: Boto, read: Read) -> None:
    rule = {
        "SecurityGroupRuleId": "sgr-1",
        "GroupId": "sg-1",
        "IpProtocol": "-1",
        "IsEgress": True,
        "ReferencedGroupInfo": {"GroupId": "sg-2", "UserId": "999999999999"},
    }
    reader = Answers(
        BotoReader(session),
        {("ec2", "describe_security_group_rules"): {"SecurityGroupRules": [rule]}},
    )
    found = read(RULE, reader=reader).one("aws_vpc_security_group_egress_rule", "sgr-1")
    assert found.values["referenced_security_group_id"] == "999999999999/sg-2"


@pytest.mark.parametrize(
    ("ranges", "status"),
    [(["0.0.0.0/1", "128.0.0.0/1"], Status.FAIL), (["0.0.0.0/1"], Status.PASS)],
)
def test_a_rule_is_as_open_as_its_prefix_list(
    session: Boto, read: Read, vpc: str, ranges: list[str], status: Status
) -> None:
    ec2 = session.client("ec2")
    listed = ec2.create_managed_prefix_list(
        PrefixListName="some",
        MaxEntries=5,
        AddressFamily="IPv4",
        Entries=[{"Cidr": cidr} for cidr in ranges],
    )["PrefixList"]["PrefixListId"]
    group = ec2.create_security_group(GroupName="web", Description="x", VpcId=vpc)["GroupId"]
    rule = ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[{"IpProtocol": "-1", "PrefixListIds": [{"PrefixListId": listed}]}],
    )["SecurityGroupRules"][0]["SecurityGroupRuleId"]
    audit = read(RULE, "aws_ec2_managed_prefix_list")
    assert audit.says(OPEN, RULE, rule) is status
    entries = [name for name in audit.all(ENTRY) if name.startswith(listed)]
    assert entries == [f"{listed},{cidr}" for cidr in ranges]


def test_a_shared_prefix_list_counts_with_its_entries(session: Boto, read: Read, vpc: str) -> None:
    ec2 = session.client("ec2")
    group = ec2.create_security_group(GroupName="web", Description="x", VpcId=vpc)["GroupId"]
    rule = {
        "SecurityGroupRuleId": "sgr-1",
        "GroupId": group,
        "IpProtocol": "-1",
        "IsEgress": False,
        "PrefixListId": "pl-0123456789abcdef0",
    }
    listed = {
        "PrefixListId": "pl-0123456789abcdef0",
        "PrefixListArn": f"arn:aws:ec2:{REGION}:999999999999:prefix-list/pl-0123456789abcdef0",
        "PrefixListName": "shared",
        "OwnerId": "999999999999",
    }
    answers = {
        ("ec2", "describe_security_group_rules"): {"SecurityGroupRules": [rule]},
        ("ec2", "describe_managed_prefix_lists"): {"PrefixLists": [listed]},
        ("ec2", "get_managed_prefix_list_entries"): {"Entries": [{"Cidr": "0.0.0.0/0"}]},
    }
    types = (RULE, "aws_ec2_managed_prefix_list")
    audit = read(*types, reader=Answers(BotoReader(session), answers))
    assert audit.says(OPEN, RULE, "sgr-1") is Status.FAIL
    denied = "ec2:GetManagedPrefixListEntries"
    audit = read(*types, reader=Answers(BotoReader(session), answers, denied=denied))
    assert audit.says(OPEN, RULE, "sgr-1") is Status.UNKNOWN


def test_routes_stand_in_the_table_and_beside_it(session: Boto, read: Read, vpc: str) -> None:
    ec2 = session.client("ec2")
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    out = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=out, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=out)
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    ec2.create_vpc_endpoint(
        VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.s3", RouteTableIds=[table]
    )
    audit = read("aws_route_table", "aws_internet_gateway")
    (route,) = audit.one("aws_route_table", table).values["route"]
    assert (route["cidr_block"], route["gateway_id"]) == ("0.0.0.0/0", out)
    own = audit.one("aws_route", f"{table}_0.0.0.0/0").values
    assert (own["route_table_id"], own["gateway_id"]) == (table, out)
    assert f"{subnet}/{table}" in audit.all("aws_route_table_association")
    mains = audit.all("aws_main_route_table_association").values()
    (main,) = (item.values["route_table_id"] for item in mains if item.values["vpc_id"] == vpc)
    assert audit.one("aws_route_table", main).made_by == "aws"
    assert audit.one("aws_route_table", table).made_by == ""
    assert audit.one("aws_internet_gateway", out).values["vpc_id"] == vpc


def test_an_endpoint_has_its_policy(session: Boto, read: Read, vpc: str) -> None:
    made = session.client("ec2").create_vpc_endpoint(
        VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.s3", PolicyDocument="{}"
    )["VpcEndpoint"]["VpcEndpointId"]
    audit = read("aws_vpc_endpoint")
    assert audit.says("iam-policy-valid", "aws_vpc_endpoint", made) is Status.FAIL


def test_a_private_nat_gateway_has_no_address(session: Boto, read: Read, vpc: str) -> None:
    ec2 = session.client("ec2")
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    made = ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")["NatGateway"]
    found = read("aws_nat_gateway").one("aws_nat_gateway", made["NatGatewayId"])
    assert (found.values["allocation_id"], dict(found.unknown)) == ("", {})


ONLY_NAT = "ec2-subnet-public-nat-only"


def in_public_subnets(whole: Audit) -> dict[str, str]:
    """The subnets with a route to the internet gateway, by their first address."""
    links = whole.all("aws_route_table_association").values()
    public = {one.values["subnet_id"] for one in links}
    subnets = whole.all("aws_subnet").items()
    return {one.values["cidr_block"]: name for name, one in subnets if name in public}


def test_what_is_in_public_subnets(whole: Audit) -> None:
    found = in_public_subnets(whole)
    said = {cidr: whole.says(ONLY_NAT, "aws_subnet", name) for cidr, name in found.items()}
    assert (
        said.items()
        >= {
            "10.0.0.0/24": Status.FAIL,  # an endpoint, which is its service's own
            "10.0.1.0/24": Status.PASS,
            "10.0.2.0/24": Status.FAIL,
        }.items()
    )


def test_interfaces_that_aws_manages_are_facts(whole: Audit) -> None:
    said = {
        (one.values["interface_type"], one.mode)
        for one in whole.all("aws_network_interface").values()
    }
    assert {("nat_gateway", "data"), ("vpc_endpoint", "data"), ("interface", "managed")} <= said


def test_an_interface_that_goes_with_its_instance_is_a_fact(
    answering: Callable[..., Audit], whole: Audit
) -> None:
    subnet = in_public_subnets(whole)["10.0.1.0/24"]
    attached = {"InstanceId": "i-1", "DeviceIndex": 0, "DeleteOnTermination": True}
    own = {"NetworkInterfaceId": "eni-1", "SubnetId": subnet, "InterfaceType": "interface"}
    listed = {"NetworkInterfaces": [{**own, "Attachment": attached}]}
    audit = answering({("ec2", "describe_network_interfaces"): listed})
    assert audit.says(ONLY_NAT, "aws_subnet", subnet) is Status.FAIL
    assert audit.one("aws_network_interface", "eni-1").mode == "data"


@pytest.mark.parametrize(
    ("kind", "status"),
    [("nat_gateway", Status.PASS), ("lambda", Status.FAIL), (None, Status.UNKNOWN)],
)
def test_an_interface_is_of_what_aws_says(
    answering: Callable[..., Audit], whole: Audit, kind: str | None, status: Status
) -> None:
    subnet = in_public_subnets(whole)["10.0.1.0/24"]
    own = {"NetworkInterfaceId": "eni-1", "SubnetId": subnet, "RequesterManaged": True}
    said = own | ({"InterfaceType": kind} if kind else {})
    audit = answering({("ec2", "describe_network_interfaces"): {"NetworkInterfaces": [said]}})
    assert audit.says(ONLY_NAT, "aws_subnet", subnet) is status


def test_nothing_is_fine_where_interfaces_could_not_be_listed(
    denied: Callable[[str], Audit], whole: Audit
) -> None:
    audit = denied("ec2:DescribeNetworkInterfaces")
    for subnet in in_public_subnets(whole).values():
        assert audit.says(ONLY_NAT, "aws_subnet", subnet) in (Status.UNKNOWN, Status.FAIL)
    alone = in_public_subnets(whole)["10.0.1.0/24"]
    assert audit.says(ONLY_NAT, "aws_subnet", alone) is Status.UNKNOWN
    assert "`ec2:describenetworkinterfaces` was denied" in audit.why(ONLY_NAT, "aws_subnet", alone)
