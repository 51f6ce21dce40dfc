"""Whatever the provider lets somebody put into a subnet is seen there.

The types are those of the provider's schema, each with one of its arguments that names the subnet.
"""

from __future__ import annotations

from typing import Any

import pytest
from tests.gate.case_plan import plan_json

from revet.gate.catalog import load_catalog
from revet.gate.engine import run_controls
from revet.gate.selection import Selected
from revet.model.finding import Status
from revet.plan import load_plan
from revet.plan.provider_facts import subnet_arguments

CONTROL = "ec2-subnet-public-nat-only"
PLACES_NOTHING = {
    "aws_default_network_acl",
    "aws_ec2_client_vpn_route",
    "aws_ec2_subnet_cidr_reservation",
    "aws_ec2_transit_gateway_multicast_domain_association",
    "aws_flow_log",
    "aws_nat_gateway",
    "aws_network_acl",
    "aws_network_acl_association",
    "aws_networkmanager_connect_peer",
    "aws_networkmanager_device",
    "aws_route_table_association",
    "aws_vpc_block_public_access_exclusion",
}
ARGUMENTS = [(kind, path) for kind, paths in subnet_arguments().items() for path in paths]
PUBLIC: dict[str, dict[str, Any]] = {
    "aws_vpc": {"main": {"cidr_block": "10.0.0.0/16"}},
    "aws_internet_gateway": {"out": {"vpc_id": "${aws_vpc.main.id}"}},
    "aws_subnet": {"a": {"vpc_id": "${aws_vpc.main.id}", "cidr_block": "10.0.0.0/24"}},
    "aws_route_table": {"public": {"vpc_id": "${aws_vpc.main.id}"}},
    "aws_route": {
        "out": {
            "route_table_id": "${aws_route_table.public.id}",
            "destination_cidr_block": "0.0.0.0/0",
            "gateway_id": "${aws_internet_gateway.out.id}",
        }
    },
    "aws_main_route_table_association": {
        "main": {
            "vpc_id": "${aws_vpc.main.id}",
            "route_table_id": "${aws_route_table.public.id}",
        }
    },
}


def said_beside(**resources: dict[str, Any]) -> tuple[Status, str]:
    """What the control says of a public subnet where there is something else."""
    case = {"resource": {**PUBLIC, **{kind: {"x": held} for kind, held in resources.items()}}}
    chosen = (Selected(load_catalog(only=(CONTROL,))[CONTROL], {}),)
    judged = run_controls(load_plan(plan_json(case, CONTROL)), chosen, subject="plan")
    assert judged.problems == ()
    [finding] = judged.findings
    return finding.status, finding.implemented


FILLED = [
    ("aws_alb", "subnet_mapping"),
    ("aws_appstream_fleet", "vpc_config"),
    ("aws_kinesisanalyticsv2_application", "application_configuration"),
    ("aws_lb", "subnet_mapping"),
    ("aws_vpc_endpoint", "subnet_configuration"),
]
"""Blocks that a plan marks unknown where nobody writes them, observed with the provider 5.100.0."""


@pytest.mark.parametrize(("kind", "block"), FILLED, ids=[one[0] for one in FILLED])
def test_a_block_that_the_provider_fills_in_names_no_subnet(kind: str, block: str) -> None:
    plan = plan_json({"resource": {**PUBLIC, kind: {"x": {}}}}, CONTROL)
    [change] = [one for one in plan["resource_changes"] if one["address"] == f"{kind}.x"]
    change["change"]["after_unknown"][block] = True
    chosen = (Selected(load_catalog(only=(CONTROL,))[CONTROL], {}),)
    [finding] = run_controls(load_plan(plan), chosen, subject="plan").findings
    assert finding.status is Status.PASS, finding.implemented


def naming(path: str, value: object) -> dict[str, Any]:
    """The arguments of a resource whose one argument has a value, blocks around it."""
    head, star, rest = path.partition(".*.")
    if star:
        return {head: [naming(rest, value)]}
    return {path: [value] if path.endswith("s") or path == "vpc_zone_identifier" else value}


@pytest.mark.parametrize(("kind", "path"), ARGUMENTS, ids=[".".join(one) for one in ARGUMENTS])
def test_every_argument_that_names_a_subnet(kind: str, path: str) -> None:
    name = "arn" if path.rpartition("_")[2] in ("arn", "arns") else "id"
    status, why = said_beside(**{kind: naming(path, f"${{aws_subnet.a.{name}}}")})
    if kind in PLACES_NOTHING:
        assert status is Status.PASS
    else:
        assert (status, f"`{kind}.x`" in why) == (Status.FAIL, True)


def test_the_table_has_what_lives_in_subnets() -> None:
    there = subnet_arguments()
    assert {kind: there[kind] for kind in there if kind in {"aws_lb", "aws_vpc_endpoint"}} == {
        "aws_lb": ("subnets", "subnet_mapping.*.subnet_id"),
        "aws_vpc_endpoint": ("subnet_ids", "subnet_configuration.*.subnet_id"),
    }
    assert there.keys() >= PLACES_NOTHING
    groups = {kind for kind in there if kind.endswith("_subnet_group")}
    assert groups >= {f"aws_{name}_subnet_group" for name in ("db", "dax", "redshift", "memorydb")}
    assert not [path for paths in there.values() for path in paths if "group_name" in path]


MAY_PUT = [
    ("aws_cloudformation_stack", "parameters", {"Subnet": "${aws_subnet.a.id}"}),
    ("aws_ram_resource_association", "resource_arn", "${aws_subnet.a.arn}"),
    ("aws_thing_of_a_later_provider", "place", "${aws_subnet.a.id}"),
    ("awscc_ec2_instance", "subnet_id", "${aws_subnet.a.id}"),
]
"""Types that may put something there which does not show."""


@pytest.mark.parametrize(("kind", "name", "value"), MAY_PUT, ids=[one[0] for one in MAY_PUT])
def test_what_may_put_something_there_is_not_fine(kind: str, name: str, value: Any) -> None:  # noqa: ANN401 - JSON
    assert said_beside(**{kind: {name: value}})[0] is Status.UNKNOWN
    other = {"Subnet": "elsewhere"} if isinstance(value, dict) else "elsewhere"
    assert said_beside(**{kind: {name: other}})[0] is Status.PASS


def test_what_only_mentions_a_subnet_is_not_there() -> None:
    held = {"name": "subnet", "type": "String", "value": "${aws_subnet.a.id}"}
    assert said_beside(aws_ssm_parameter=held)[0] is Status.PASS
    assert said_beside(terraform_data={"input": "${aws_subnet.a.id}"})[0] is Status.PASS
    held = {"dashboard_name": "network", "dashboard_body": "${jsonencode([aws_subnet.a.id])}"}
    assert said_beside(aws_cloudwatch_dashboard=held)[0] is Status.PASS
