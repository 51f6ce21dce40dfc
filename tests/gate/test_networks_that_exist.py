"""What cases cannot say of networks: those that exist, and arguments of a later provider."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from revet.gate.baseline import Baseline
from revet.gate.catalog import load_catalog
from revet.gate.engine import run_controls
from revet.gate.selection import select
from revet.model.finding import Finding, Status
from revet.plan import load_plan

MakePlan = Callable[..., dict[str, Any]]
CATALOG = load_catalog()
VPC = {"cidr_block": "10.0.0.0/16"}
KNOWN = {
    "id": "vpc-0123456789abcdef0",
    "default_network_acl_id": "acl-0123456789abcdef0",
    "default_security_group_id": "sg-0123456789abcdef0",
}
GROUP = {"aws_default_security_group": {"main": {"vpc_id": "${aws_vpc.main.id}"}}}
ACL = {
    "aws_default_network_acl": {
        "main": {"default_network_acl_id": "${aws_vpc.main.default_network_acl_id}"}
    }
}
GROUP_RULE = {"ip_protocol": "-1", "cidr_ipv4": "10.0.0.0/16"}
ACL_RULE = {"rule_number": 100, "rule_action": "ALLOW", "protocol": "-1"}


def answer(plan: dict[str, Any], control: str) -> Finding:
    """The finding of one control for the one network."""
    chosen = select(CATALOG, Baseline("test", controls=(control,)), None)
    judged = run_controls(load_plan(plan), chosen, subject="plan")
    assert judged.problems == ()
    (finding,) = judged.findings
    return finding


def existing(plan: dict[str, Any]) -> dict[str, Any]:
    """The plan with the network there already, so that its ids are known wherever they are used."""
    before = {f"${{aws_vpc.main.{name}}}": value for name, value in KNOWN.items()}
    written = {
        one["address"]: one["expressions"]
        for one in plan["configuration"]["root_module"]["resources"]
    }
    for change in plan["resource_changes"]:
        told = change["change"]
        if change["type"] == "aws_vpc":
            told["actions"] = ["no-op"]
            told["after"] |= KNOWN
            told["before"] = told["after"]
            for name in KNOWN:
                told["after_unknown"].pop(name, None)
        for name, value in written[change["address"]].items():
            if value.get("constant_value") in before:
                told["after"][name] = before[value["constant_value"]]
                told["after_unknown"].pop(name, None)
    return plan


@pytest.mark.parametrize(
    ("control", "adopted", "rule"),
    [
        ("ec2-default-security-group-closed", GROUP, {}),
        (
            "ec2-default-security-group-closed",
            GROUP,
            {
                "aws_vpc_security_group_egress_rule": {
                    "out": GROUP_RULE | {"security_group_id": KNOWN["default_security_group_id"]}
                }
            },
        ),
        (
            "ec2-default-security-group-closed",
            GROUP,
            {
                "aws_vpc_security_group_egress_rule": {
                    "out": GROUP_RULE
                    | {"security_group_id": "${aws_vpc.main.default_security_group_id}"}
                }
            },
        ),
        ("ec2-default-network-acl-closed", ACL, {}),
        (
            "ec2-default-network-acl-closed",
            ACL,
            {
                "aws_network_acl_rule": {
                    "in": ACL_RULE | {"network_acl_id": KNOWN["default_network_acl_id"]}
                }
            },
        ),
        (
            "ec2-default-network-acl-closed",
            ACL,
            {
                "aws_network_acl_rule": {
                    "in": ACL_RULE | {"network_acl_id": "${aws_vpc.main.default_network_acl_id}"}
                }
            },
        ),
    ],
)
def test_what_aws_made_with_a_network_is_adopted(
    make_plan: MakePlan, control: str, adopted: dict[str, Any], rule: dict[str, Any]
) -> None:
    plan = existing(make_plan({"aws_vpc": {"main": VPC}, **adopted, **rule}))

    assert answer(plan, control).status is (Status.FAIL if rule else Status.PASS)


def test_a_nat_gateway_of_a_whole_region_has_no_subnet(make_plan: MakePlan) -> None:
    """Version 6 of the provider has them."""
    gateway = {"vpc_id": "${aws_vpc.main.id}", "availability_mode": "regional"}
    plan = make_plan({"aws_vpc": {"main": VPC}, "aws_nat_gateway": {"out": gateway}})

    assert answer(plan, "ec2-vpc-no-internet").status is Status.FAIL
