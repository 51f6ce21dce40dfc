"""NAT gateways: the only way out of a private network, and a network ACL for each side of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from revet.constructs import ec2, kms, logs

if TYPE_CHECKING:
    import cdktn  # at run time only after `revet.constructs`, which chooses Node
    from tests.constructs.conftest import Made, Synthesize

REASON = "orders go to exchanges"


def network(stack: cdktn.TerraformStack, **arguments: Any) -> ec2.Vpc:  # noqa: ANN401 - as Vpc
    key = kms.Key(stack, "key", description="x")
    group = logs.LogGroup(stack, "group", key=key)
    return ec2.Vpc(stack, "vpc", flow_log_group=group, **arguments)


def reference(made: Made, kind: str, number: int) -> str:
    return f"${{{kind}.{list(made.json['resource'][kind])[number]}"


@pytest.mark.parametrize("zones", [2, 3])
@pytest.mark.parametrize("nat", ["one", "each"])
def test_public_subnets_hold_nat_gateways_alone(
    stack: cdktn.TerraformStack, synthesized: Synthesize, nat: str, zones: int
) -> None:
    network(stack, zones=zones, nat=nat, allow_internet=REASON)
    made = synthesized(stack)
    count = zones if nat == "each" else 1
    subnets = made.all("aws_subnet")
    assert [item["cidr_block"] for item in subnets] == [
        *(f"10.0.{16 * number}.0/20" for number in range(zones)),
        *(f"10.0.{16 * (8 + number)}.0/20" for number in range(count)),
    ]
    assert {item["map_public_ip_on_launch"] for item in subnets} == {False}
    public = [f"{reference(made, 'aws_subnet', zones + number)}.id}}" for number in range(count)]
    gateways = made.all("aws_nat_gateway")
    assert [item["subnet_id"] for item in gateways] == public
    internet = next(iter(made.json["resource"]["aws_internet_gateway"]))
    for item in (*gateways, *made.all("aws_eip")):
        assert item["depends_on"] == [f"aws_internet_gateway.{internet}"]
    assert {item["domain"] for item in made.all("aws_eip")} == {"vpc"}
    tables = made.all("aws_route_table")
    assert len(tables) == count + 1
    assert not any("route" in item for item in tables)
    routes = made.all("aws_route")
    assert {item["destination_cidr_block"] for item in routes} == {"0.0.0.0/0"}
    through = [item["nat_gateway_id"] for item in routes if "nat_gateway_id" in item]
    assert through == [
        f"{reference(made, 'aws_nat_gateway', number)}.id}}" for number in range(count)
    ]
    of_table: dict[str, list[str]] = {}
    for item in made.all("aws_route_table_association"):
        of_table.setdefault(item["route_table_id"], []).append(item["subnet_id"])
    out = next(item["route_table_id"] for item in routes if "gateway_id" in item)
    assert of_table.pop(out) == public
    assert sorted(map(len, of_table.values())) == ([1] * zones if nat == "each" else [zones])
    (weakened,) = made.records()["stack/vpc"]["weakened"]
    assert weakened == {
        "argument": "allow_internet",
        "reason": REASON,
        "gives_up": ["ec2-vpc-no-internet"],
    }


@pytest.mark.parametrize("zones", [2, 3])
def test_a_region_with_too_few_zones_is_refused_by_terraform(
    stack: cdktn.TerraformStack, synthesized: Synthesize, zones: int
) -> None:
    network(stack, zones=zones)
    (offered,) = synthesized(stack).json["data"]["aws_availability_zones"].values()
    (condition,) = offered["lifecycle"]["postcondition"]
    assert condition["condition"] == f"${{length(self.names) >= {zones}}}"
    assert f"fewer than {zones} zones" in condition["error_message"]


def rules(made: Made, acl: str) -> set[tuple[str, str, int, int]]:
    return {
        ("out" if rule["egress"] else "in", rule["cidr_block"], rule["from_port"], rule["to_port"])
        for rule in made.all("aws_network_acl_rule")
        if f".{acl}." in rule["network_acl_id"]
    }


def test_network_acls_let_out_https_and_in_its_replies(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    vpc = network(stack, nat="each", zones=3, allow_internet=REASON)
    made_here = ec2.NetworkAcl(stack, "acl", vpc=vpc)
    assert made_here.public is not None
    private, public = (item.friendly_unique_id for item in (made_here.resource, made_here.public))
    made = synthesized(stack)
    assert not {"ingress", "egress"} & set(made.one("aws_default_network_acl"))
    inside, everywhere = "10.0.0.0/16", "0.0.0.0/0"
    assert rules(made, private) == {
        *(("in", inside, 443, 443), ("out", inside, 443, 443)),
        *(("in", inside, 1024, 65535), ("out", inside, 1024, 65535)),
        *(("out", everywhere, 443, 443), ("in", everywhere, 1024, 65535)),
    }
    assert rules(made, public) == {
        *(("in", inside, 443, 443), ("out", inside, 1024, 65535)),
        *(("out", everywhere, 443, 443), ("in", everywhere, 1024, 65535)),
    }
    subnets = {len(item["subnet_ids"]) for item in made.all("aws_network_acl")}
    assert subnets == {3}


def test_without_a_way_out_the_network_acl_has_none(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    made_here = ec2.NetworkAcl(stack, "acl", vpc=network(stack))
    assert made_here.public is None
    made = synthesized(stack)
    assert {item["cidr_block"] for item in made.all("aws_network_acl_rule")} == {"10.0.0.0/16"}


def test_gateway_endpoints_are_in_every_private_route_table(
    stack: cdktn.TerraformStack, synthesized: Synthesize
) -> None:
    vpc = network(stack, nat="each", zones=3, allow_internet=REASON)
    ec2.GatewayEndpoint(stack, "s3", vpc=vpc, service="s3")
    assert len(synthesized(stack).one("aws_vpc_endpoint")["route_table_ids"]) == 3
