from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cdktn
import pytest

from revet.constructs import ec2, kms, logs
from revet.model.errors import ArgumentError

if TYPE_CHECKING:
    from tests.constructs.conftest import Synthesize


@pytest.fixture
def group(stack: cdktn.TerraformStack) -> ec2.SecurityGroup:
    key = kms.Key(stack, "key", description="x")
    vpc = ec2.Vpc(stack, "vpc", flow_log_group=logs.LogGroup(stack, "logs", key=key))
    return ec2.SecurityGroup(stack, "site", vpc=vpc, description="The site")


SOURCES: list[tuple[str, dict[str, Any], str]] = [
    ("10.0.16.0/20", {"cidr_ipv4": "10.0.16.0/20"}, "app-10-0-16-0-20-to-site-443-test"),
    ("10.0.0.0/16", {"cidr_ipv4": "10.0.0.0/16"}, "app-10-0-0-0-16-to-site-443-test"),
]


@pytest.mark.parametrize(("source", "expected", "name"), SOURCES)
def test_a_range_inside_the_vpc_is_let_in(
    stack: cdktn.TerraformStack,
    synthesized: Synthesize,
    group: ec2.SecurityGroup,
    source: str,
    expected: dict[str, Any],
    name: str,
) -> None:
    group.allow_from(source, port=443, description="TLS from the VPC")
    made = synthesized(stack)
    body = made.one("aws_vpc_security_group_ingress_rule")
    assert body.items() >= expected.items()
    assert (body["from_port"], body["to_port"], body["ip_protocol"]) == (443, 443, "tcp")
    assert body["description"] == "TLS from the VPC"
    assert body["tags"]["Name"] == name
    assert "cidr_ipv6" not in body
    assert made.all("aws_vpc_security_group_egress_rule") == []
    assert made.records()["stack/site"]["weakened"] == []


@pytest.mark.parametrize(
    "identity", ["pl-0123456789abcdef0", "${data.aws_ec2_managed_prefix_list.x.id}"]
)
def test_a_prefix_list_is_let_in(
    stack: cdktn.TerraformStack,
    synthesized: Synthesize,
    group: ec2.SecurityGroup,
    identity: str,
) -> None:
    group.allow_from(ec2.PrefixList(identity), port=443, description="TLS")
    body = synthesized(stack).one("aws_vpc_security_group_ingress_rule")
    assert body["prefix_list_id"] == identity


@pytest.mark.parametrize("identity", ["", "10.0.0.0/8", "sg-0123456789abcdef0", None, 5])
def test_what_is_no_prefix_list_is_refused(identity: Any) -> None:  # noqa: ANN401 - wrong types
    with pytest.raises(ArgumentError, match="pl-"):
        ec2.PrefixList(identity)


OUTSIDE = [
    ("0.0.0.0/0", "cidr_ipv4", ["ec2-security-group-open"]),
    ("::/0", "cidr_ipv6", ["ec2-security-group-open"]),
    ("203.0.113.0/24", "cidr_ipv4", []),
    ("2001:db8::/32", "cidr_ipv6", []),
]


@pytest.mark.parametrize(("source", "argument", "gives_up"), OUTSIDE)
def test_what_is_outside_is_let_in_for_a_reason_that_is_recorded(
    stack: cdktn.TerraformStack,
    synthesized: Synthesize,
    group: ec2.SecurityGroup,
    source: str,
    argument: str,
    gives_up: list[str],
) -> None:
    group.allow_from(source, port=443, description="TLS", allow_outside_vpc="public site")
    made = synthesized(stack)
    assert made.one("aws_vpc_security_group_ingress_rule")[argument] == source
    assert made.records()["stack/site"]["weakened"] == [
        {"argument": "allow_outside_vpc", "reason": "public site", "gives_up": gives_up}
    ]


def test_a_rule_is_made_once(group: ec2.SecurityGroup) -> None:
    group.allow_from("10.0.0.0/24", port=443, description="TLS")
    with pytest.raises(ArgumentError, match="allow it once"):
        group.allow_from("10.0.0.0/24", port=443, description="TLS again")
    group.allow_from("10.0.0.0/24", port=80, description="To be sent to TLS")
