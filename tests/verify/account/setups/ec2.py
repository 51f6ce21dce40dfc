"""A network with something of every type, and what AWS makes by itself beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Boto = Any  # a session or client; boto3's types know services only as literals

TAGS = [{"Key": "Owner", "Value": "security"}]


def make(session: Boto) -> None:
    ec2 = session.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=_tags("vpc"))["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    table = _gateways(ec2, vpc, subnet)
    _public(ec2, vpc, table)
    _groups(ec2, vpc)
    _closed(ec2)
    _flow_logs(session, ec2, vpc, subnet)
    ec2.create_vpc_endpoint(
        VpcId=vpc,
        ServiceName=f"com.amazonaws.{session.region_name}.kms",
        VpcEndpointType="Interface",
        SubnetIds=[subnet],
    )


def _tags(kind: str) -> list[Any]:
    return [{"ResourceType": kind, "Tags": TAGS}]


def _public(ec2: Boto, vpc: str, table: str) -> None:
    """Two more public subnets: one with a NAT gateway alone, one with what somebody put there."""
    found = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, TagSpecifications=_tags("subnet"))["Subnet"]
        for cidr in ("10.0.1.0/24", "10.0.2.0/24")
    ]
    for one in found:
        ec2.associate_route_table(RouteTableId=table, SubnetId=one["SubnetId"])
    gateway, other = (one["SubnetId"] for one in found)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.create_nat_gateway(SubnetId=gateway, AllocationId=address)
    ec2.create_network_interface(
        SubnetId=other, Description="of nobody", TagSpecifications=_tags("network-interface")
    )


def _interfaces(send: Callable[[], Any], _parameters: Mapping[str, Any]) -> dict[str, Any]:
    """moto says of no network interface whose it is: here those without tags are AWS's own."""
    said: dict[str, Any] = send()
    for one in said["NetworkInterfaces"]:
        if not one["TagSet"]:
            of_nat = one.get("Association") or one["Description"]
            kind = "nat_gateway" if of_nat else "vpc_endpoint"
            one |= {"InterfaceType": kind, "RequesterManaged": True}
    return said


CORRECTED = {("ec2", "describe_network_interfaces"): _interfaces}


def _gateways(ec2: Boto, vpc: str, subnet: str) -> str:
    out = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=out, VpcId=vpc)
    ec2.create_egress_only_internet_gateway(VpcId=vpc)
    ec2.create_carrier_gateway(VpcId=vpc)
    vpn = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    ec2.attach_vpn_gateway(VpnGatewayId=vpn, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=out)
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)
    return str(table)


def _closed(ec2: Boto) -> None:
    """A network whose default group and network ACL are closed, with a subnet that has another."""
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16", TagSpecifications=_tags("vpc"))["Vpc"]["VpcId"]
    own = [{"Name": "vpc-id", "Values": [vpc]}]
    group = ec2.describe_security_groups(Filters=own)["SecurityGroups"][0]
    ec2.revoke_security_group_ingress(
        GroupId=group["GroupId"], IpPermissions=group["IpPermissions"]
    )
    ec2.revoke_security_group_egress(
        GroupId=group["GroupId"], IpPermissions=group["IpPermissionsEgress"]
    )
    acl = ec2.describe_network_acls(Filters=own)["NetworkAcls"][0]
    for entry in acl["Entries"]:
        if entry["RuleNumber"] == 100:
            ec2.delete_network_acl_entry(
                NetworkAclId=acl["NetworkAclId"], RuleNumber=100, Egress=entry["Egress"]
            )
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.0.0/24")["Subnet"]["SubnetId"]
    other = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    ec2.create_network_acl_entry(
        NetworkAclId=other,
        RuleNumber=100,
        Protocol="6",
        RuleAction="allow",
        Egress=False,
        CidrBlock="10.9.0.0/16",
        PortRange={"From": 443, "To": 443},
    )
    acls = ec2.describe_network_acls(Filters=own)["NetworkAcls"]
    [link] = [one for item in acls for one in item["Associations"] if one["SubnetId"] == subnet]
    ec2.replace_network_acl_association(
        AssociationId=link["NetworkAclAssociationId"], NetworkAclId=other
    )


def _groups(ec2: Boto, vpc: str) -> None:
    prefixes = ec2.create_managed_prefix_list(
        PrefixListName="everywhere",
        MaxEntries=5,
        AddressFamily="IPv4",
        Entries=[{"Cidr": "0.0.0.0/1"}, {"Cidr": "128.0.0.0/1", "Description": "the other half"}],
    )["PrefixList"]["PrefixListId"]
    group = ec2.create_security_group(GroupName="web", Description="the web", VpcId=vpc)["GroupId"]
    tcp = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    inside = {"CidrIp": "10.0.0.0/16", "Description": "from the network"}
    everybody = {"CidrIpv6": "::/0", "Description": "everybody"}
    ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[
            {**tcp, "PrefixListIds": [{"PrefixListId": prefixes}]},
            {**tcp, "UserIdGroupPairs": [{"GroupId": group}]},
            {**tcp, "IpRanges": [inside], "Ipv6Ranges": [everybody]},
        ],
    )


def _flow_logs(session: Boto, ec2: Boto, vpc: str, subnet: str) -> None:
    session.client("logs").create_log_group(logGroupName="flow")
    role = session.client("iam").create_role(
        RoleName="flow-log-writer", AssumeRolePolicyDocument='{"Statement": []}'
    )["Role"]["Arn"]
    for kind, name in (("VPC", vpc), ("Subnet", subnet)):
        ec2.create_flow_logs(
            ResourceIds=[name],
            ResourceType=kind,
            TrafficType="ALL" if kind == "VPC" else "REJECT",
            LogGroupName="flow",
            DeliverLogsPermissionArn=role,
        )
