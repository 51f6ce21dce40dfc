"""What private networks need, and AWS Config around its rules: where moto lacks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]

REGION = "us-west-1"
PREFIX = f"com.amazonaws.{REGION}"


@pytest.fixture
def ec2(client: Client) -> Any:  # noqa: ANN401 - boto3's client
    return client("ec2", region_name=REGION)


def network(ec2: Any, subnets: int = 1) -> tuple[str, list[str]]:  # noqa: ANN401 - boto3's client
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    made = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24") for n in range(subnets)]
    return vpc, [one["Subnet"]["SubnetId"] for one in made]


@pytest.mark.parametrize(
    ("name", "kinds", "private"),
    [
        ("s3", {"Gateway", "Interface"}, f"*.s3.{REGION}.amazonaws.com"),
        ("kms", {"Interface"}, f"kms.{REGION}.amazonaws.com"),
        ("kms-fips", {"Interface"}, f"kms-fips.{REGION}.amazonaws.com"),
        ("kinesis-firehose", {"Interface"}, f"firehose.{REGION}.amazonaws.com"),
    ],
)
def test_services_of_endpoints(
    ec2: Any,  # noqa: ANN401 - boto3's client
    name: str,
    kinds: set[str],
    private: str,
) -> None:
    said = ec2.describe_vpc_endpoint_services(ServiceNames=[f"{PREFIX}.{name}"])
    assert set(said["ServiceNames"]) == {f"{PREFIX}.{name}"}
    found = {one["ServiceType"][0]["ServiceType"]: one for one in said["ServiceDetails"]}
    assert set(found) == kinds
    assert found["Interface"]["PrivateDnsName"] == private
    again = ec2.describe_vpc_endpoint_services(ServiceNames=[f"{PREFIX}.{name}"])
    assert again["ServiceDetails"] == said["ServiceDetails"]


@pytest.mark.parametrize(
    ("name", "kind", "error"),
    [
        ("kms-nowhere", "Interface", "InvalidServiceName"),
        ("kms", "Gateway", "InvalidParameter"),
        ("dynamodb", None, ""),
    ],
)
def test_an_endpoint_leads_to_a_service_that_exists(
    ec2: Any,  # noqa: ANN401 - boto3's client
    name: str,
    kind: str | None,
    error: str,
) -> None:
    vpc, _ = network(ec2)
    asked = {"VpcId": vpc, "ServiceName": f"{PREFIX}.{name}"}
    asked |= {"VpcEndpointType": kind} if kind else {}
    if error:
        with pytest.raises(ClientError, match=error):
            ec2.create_vpc_endpoint(**asked)
    else:
        assert ec2.create_vpc_endpoint(**asked)["VpcEndpoint"]["VpcEndpointType"] == "Gateway"


def endpoint(ec2: Any, own: str) -> Any:  # noqa: ANN401 - boto3's client
    (found,) = ec2.describe_vpc_endpoints(VpcEndpointIds=[own])["VpcEndpoints"]
    return found


def test_an_interface_endpoint_has_what_it_was_given(ec2: Any) -> None:  # noqa: ANN401 - boto3's client
    vpc, (first, second) = network(ec2, 2)
    made = ec2.create_vpc_endpoint(
        VpcId=vpc,
        ServiceName=f"{PREFIX}.kms",
        VpcEndpointType="Interface",
        SubnetIds=[first],
        IpAddressType="dualstack",
        DnsOptions={"DnsRecordIpType": "dualstack"},
    )["VpcEndpoint"]["VpcEndpointId"]
    found = endpoint(ec2, made)
    assert found["IpAddressType"] == "dualstack"
    assert found["DnsOptions"]["DnsRecordIpType"] == "dualstack"
    names = [one["DnsName"] for one in found["DnsEntries"]]
    assert names[0].startswith(f"{made}-")
    assert names[0].endswith(f".kms.{REGION}.vpce.amazonaws.com")
    assert names[1:] == [f"kms.{REGION}.amazonaws.com"]
    ec2.modify_vpc_endpoint(
        VpcEndpointId=made,
        AddSubnetIds=[second],
        RemoveSubnetIds=[first],
        IpAddressType="ipv4",
        DnsOptions={"DnsRecordIpType": "ipv4"},
        PrivateDnsEnabled=False,
    )
    found = endpoint(ec2, made)
    assert (found["IpAddressType"], found["SubnetIds"]) == ("ipv4", [second])
    assert len(found["DnsEntries"]) == 1
    (interface,) = ec2.describe_network_interfaces(
        NetworkInterfaceIds=found["NetworkInterfaceIds"]
    )["NetworkInterfaces"]
    assert interface["SubnetId"] == second
    ec2.delete_vpc_endpoints(VpcEndpointIds=[made])
    with pytest.raises(ClientError, match="InvalidVpcEndpointId"):
        endpoint(ec2, made)


def test_a_gateway_endpoint_is_in_the_route_tables_that_it_has(ec2: Any) -> None:  # noqa: ANN401 - boto3's client
    vpc, _ = network(ec2)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    made = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"{PREFIX}.s3")["VpcEndpoint"]
    assert made["DnsOptions"]["DnsRecordIpType"] == "service-defined"

    def gateways() -> list[str]:
        (found,) = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
        return [one["GatewayId"] for one in found["Routes"] if "DestinationPrefixListId" in one]

    own = made["VpcEndpointId"]
    ec2.modify_vpc_endpoint(VpcEndpointId=own, AddRouteTableIds=[table])
    assert gateways() == [own]
    ec2.modify_vpc_endpoint(VpcEndpointId=own, RemoveRouteTableIds=[table])
    assert gateways() == []


def test_a_policy_goes_back_to_full_access(ec2: Any) -> None:  # noqa: ANN401 - boto3's client
    vpc, _ = network(ec2)
    made = ec2.create_vpc_endpoint(
        VpcId=vpc, ServiceName=f"{PREFIX}.s3", PolicyDocument='{"Version":"2012-10-17"}'
    )["VpcEndpoint"]["VpcEndpointId"]
    ec2.modify_vpc_endpoint(VpcEndpointId=made, ResetPolicy=True)
    assert '"Effect": "Allow"' in endpoint(ec2, made)["PolicyDocument"]


def test_a_subnet_names_its_hosts_as_it_was_told(ec2: Any) -> None:  # noqa: ANN401 - boto3's client
    _, (subnet,) = network(ec2)
    ec2.modify_subnet_attribute(SubnetId=subnet, PrivateDnsHostnameTypeOnLaunch="resource-name")
    ec2.modify_subnet_attribute(
        SubnetId=subnet, EnableResourceNameDnsAAAARecordOnLaunch={"Value": True}
    )
    ec2.modify_subnet_attribute(SubnetId=subnet, EnableDns64={"Value": True})
    (found,) = ec2.describe_subnets(SubnetIds=[subnet])["Subnets"]
    assert found["PrivateDnsNameOptionsOnLaunch"] == {
        "HostnameType": "resource-name",
        "EnableResourceNameDnsARecord": False,
        "EnableResourceNameDnsAAAARecord": True,
    }
    assert found["EnableDns64"]


def test_dhcp_options_keep_tags_and_leases(ec2: Any) -> None:  # noqa: ANN401 - boto3's client
    lease = {"Key": "ipv6-address-preferred-lease-time", "Values": ["1440"]}
    tags = [{"Key": "Owner", "Value": "net"}]
    made = ec2.create_dhcp_options(
        DhcpConfigurations=[{"Key": "domain-name", "Values": ["inside"]}, lease],
        TagSpecifications=[{"ResourceType": "dhcp-options", "Tags": tags}],
    )["DhcpOptions"]["DhcpOptionsId"]
    (found,) = ec2.describe_dhcp_options(DhcpOptionsIds=[made])["DhcpOptions"]
    assert found["Tags"] == tags
    assert {one["Key"]: one["Values"][0]["Value"] for one in found["DhcpConfigurations"]} == {
        "domain-name": "inside",
        "ipv6-address-preferred-lease-time": "1440",
    }


def test_query_logs_begin_and_end(client: Client, ec2: Any) -> None:  # noqa: ANN401 - boto3's client
    resolver, (vpc, _) = client("route53resolver", region_name=REGION), network(ec2)
    made = resolver.create_resolver_query_log_config(
        Name="queries",
        DestinationArn=f"arn:aws:logs:{REGION}:123456789012:log-group:queries",
        CreatorRequestId="a",
        Tags=[{"Key": "Owner", "Value": "net"}],
    )["ResolverQueryLogConfig"]
    assert resolver.list_tags_for_resource(ResourceArn=made["Arn"])["Tags"]
    both = {"ResolverQueryLogConfigId": made["Id"], "ResourceId": vpc}
    resolver.associate_resolver_query_log_config(**both)
    with pytest.raises(ClientError, match="disassociate it first"):
        resolver.delete_resolver_query_log_config(ResolverQueryLogConfigId=made["Id"])
    resolver.disassociate_resolver_query_log_config(**both)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        resolver.disassociate_resolver_query_log_config(**both)
    resolver.delete_resolver_query_log_config(ResolverQueryLogConfigId=made["Id"])
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        resolver.get_resolver_query_log_config(ResolverQueryLogConfigId=made["Id"])


def test_settings_of_systems_manager(client: Client) -> None:
    ssm = client("ssm", region_name=REGION)
    name = "/ssm/documents/console/public-sharing-permission"
    found = ssm.get_service_setting(SettingId=name)["ServiceSetting"]
    assert (found["SettingValue"], found["Status"]) == ("Enable", "Default")
    ssm.update_service_setting(SettingId=found["ARN"], SettingValue="Disable")
    found = ssm.get_service_setting(SettingId=name)["ServiceSetting"]
    assert (found["SettingValue"], found["Status"]) == ("Disable", "Customized")
    found = ssm.reset_service_setting(SettingId=name)["ServiceSetting"]
    assert (found["SettingValue"], found["Status"]) == ("Enable", "Default")
    with pytest.raises(ClientError, match="ServiceSettingNotFound"):
        ssm.get_service_setting(SettingId="/ssm/nothing")


def test_rules_of_an_organization(client: Client) -> None:
    config = client("config", region_name=REGION)
    metadata = {"RuleIdentifier": "IAM_PASSWORD_POLICY"}
    rule = {"OrganizationConfigRuleName": "all", "OrganizationManagedRuleMetadata": metadata}
    names = {"OrganizationConfigRuleNames": ["all"]}
    states, arn = [], ""
    for _ in range(2):
        arn = config.put_organization_config_rule(**rule)["OrganizationConfigRuleArn"]
        (status,) = config.describe_organization_config_rule_statuses(**names)[
            "OrganizationConfigRuleStatuses"
        ]
        states.append(status["OrganizationRuleStatus"])
    assert states == ["CREATE_SUCCESSFUL", "UPDATE_SUCCESSFUL"]
    (found,) = config.describe_organization_config_rules(**names)["OrganizationConfigRules"]
    assert found["OrganizationConfigRuleArn"] == arn
    assert found["OrganizationManagedRuleMetadata"] == metadata
    config.delete_organization_config_rule(OrganizationConfigRuleName="all")
    with pytest.raises(ClientError, match="NoSuchOrganizationConfigRuleException"):
        config.describe_organization_config_rules(**names)


def test_a_recorder_keeps_how_often_it_records(client: Client) -> None:
    config = client("config", region_name=REGION)
    recorder = {"name": "default", "roleARN": "arn:aws:iam::123456789012:role/config"}
    for mode, frequency in (({}, "CONTINUOUS"), ({"recordingFrequency": "DAILY"}, "DAILY")):
        more = {"recordingMode": mode} if mode else {}
        config.put_configuration_recorder(ConfigurationRecorder={**recorder, **more})
        (found,) = config.describe_configuration_recorders()["ConfigurationRecorders"]
        assert found["recordingMode"]["recordingFrequency"] == frequency


def test_an_organization_makes_no_role_elsewhere(client_for: Client, state: Any) -> None:  # noqa: ANN401 - a folder
    from revet.embedded import start_daemon  # noqa: PLC0415 - one test only

    daemon = start_daemon(state)
    organizations = client_for(daemon, "organizations", region_name="us-east-1")
    organizations.create_organization(FeatureSet="ALL")
    made = organizations.create_account(Email="a@example.com", AccountName="a")
    roles = [path for path in daemon.inventory() if path.startswith("iam/")]
    account = made["CreateAccountStatus"]["AccountId"]
    assert roles == [f"iam/{account}/aws/roles"]
    organizations.close_account(AccountId=account)
    assert not [path for path in daemon.inventory() if path.startswith("iam/")]


def test_network_interfaces_say_whose_they_are(ec2: Any) -> None:  # noqa: ANN401 - boto3's client
    vpc, [first, second] = network(ec2, 2)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = ec2.create_nat_gateway(SubnetId=first, AllocationId=address)["NatGateway"]
    ec2.create_nat_gateway(SubnetId=second, ConnectivityType="private")
    kms = {"VpcId": vpc, "ServiceName": f"{PREFIX}.kms", "VpcEndpointType": "Interface"}
    endpoint = ec2.create_vpc_endpoint(**kms, SubnetIds=[first])["VpcEndpoint"]["VpcEndpointId"]
    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, AddSubnetIds=[second])
    own = ec2.create_network_interface(SubnetId=first)["NetworkInterface"]["NetworkInterfaceId"]
    wanted = [{"Name": "vpc-id", "Values": [vpc]}]
    found = ec2.describe_network_interfaces(Filters=wanted)["NetworkInterfaces"]
    said = sorted((one["SubnetId"], one["InterfaceType"], one["RequesterManaged"]) for one in found)
    kinds = ("nat_gateway", "vpc_endpoint")
    managed = [(name, kind, True) for name in (first, second) for kind in kinds]
    assert said == sorted([(first, "interface", False), *managed])
    names = {one["NetworkInterfaceId"]: one["Description"] for one in found}
    assert names.pop(own) == ""
    assert f"Interface for NAT Gateway {gateway['NatGatewayId']}" in names.values()


def test_a_nat_gateway_leaves_nothing_behind(ec2: Any) -> None:  # noqa: ANN401 - boto3's client
    vpc, [subnet] = network(ec2)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    made = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]
    ec2.delete_nat_gateway(NatGatewayId=made["NatGatewayId"])
    own = [{"Name": "vpc-id", "Values": [vpc]}]
    assert ec2.describe_network_interfaces(Filters=own)["NetworkInterfaces"] == []
    [freed] = ec2.describe_addresses(AllocationIds=[address])["Addresses"]
    assert "AssociationId" not in freed
    ec2.release_address(AllocationId=address)
    ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_vpc(VpcId=vpc)
