"""Rules of security groups keep their description, whatever they name and whichever call asks."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

Client = Callable[..., Any]
PORTS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
NAMES = itertools.count()
# Member of a permission → key of what a rule names there.
SORTS = {
    "UserIdGroupPairs": "GroupId",
    "PrefixListIds": "PrefixListId",
    "IpRanges": "CidrIp",
    "Ipv6Ranges": "CidrIpv6",
}
CASES = [(sort, side) for sort in SORTS for side in ("ingress", "egress")]


class Group:
    """A group in a VPC of its own, and the calls for one direction of it."""

    def __init__(self, ec2: Any, side: str) -> None:  # noqa: ANN401 - boto3's client
        self.ec2, self.side = ec2, side
        made = ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)
        self.vpc = made["Vpc"]["VpcId"]
        self.id = self.make()

    def make(self) -> str:
        name = f"described-{next(NAMES)}"
        made = self.ec2.create_security_group(GroupName=name, Description=name, VpcId=self.vpc)
        return str(made["GroupId"])

    def other(self, sort: str) -> str:
        """Something that a rule can name."""
        if sort == "UserIdGroupPairs":
            return self.make()
        if sort == "PrefixListIds":
            made = self.ec2.create_managed_prefix_list(
                PrefixListName=f"list-{next(NAMES)}",
                MaxEntries=1,
                AddressFamily="IPv4",
                Entries=[{"Cidr": "10.0.0.0/8"}],
            )
            return str(made["PrefixList"]["PrefixListId"])
        return "10.0.0.0/8" if sort == "IpRanges" else "fd00::/8"

    def call(self, verb: str, *permissions: dict[str, Any]) -> dict[str, Any]:
        answer = getattr(self.ec2, verb.format(side=self.side))(
            GroupId=self.id, IpPermissions=list(permissions)
        )
        return dict(answer)

    def shown(self, sort: str) -> list[dict[str, Any]]:
        """What DescribeSecurityGroups shows of one sort on our port."""
        [group] = self.ec2.describe_security_groups(GroupIds=[self.id])["SecurityGroups"]
        member = "IpPermissions" if self.side == "ingress" else "IpPermissionsEgress"
        [permission] = [one for one in group[member] if one.get("FromPort") == PORTS["FromPort"]]
        return list(permission[sort])

    def rules(self) -> list[dict[str, Any]]:
        """What DescribeSecurityGroupRules shows on our port."""
        found = self.ec2.describe_security_group_rules(
            Filters=[{"Name": "group-id", "Values": [self.id]}]
        )
        return [one for one in found["SecurityGroupRules"] if one["FromPort"] == PORTS["FromPort"]]


def permission(sort: str, named: str, text: str = "") -> dict[str, Any]:
    described = {"Description": text} if text else {}
    return {**PORTS, sort: [{SORTS[sort]: named, **described}]}


@pytest.mark.parametrize(("sort", "side"), CASES)
def test_a_description_is_shown_changed_and_removed(client: Client, sort: str, side: str) -> None:
    group = Group(client("ec2"), side)
    named = group.other(sort)
    made = group.call("authorize_security_group_{side}", permission(sort, named, "first"))
    assert [one["Description"] for one in made["SecurityGroupRules"]] == ["first"]
    assert [one["Description"] for one in group.rules()] == ["first"]
    [shown] = group.shown(sort)
    assert (shown[SORTS[sort]], shown["Description"]) == (named, "first")

    update = "update_security_group_rule_descriptions_{side}"
    group.call(update, permission(sort, named, "second"))
    assert [one["Description"] for one in group.rules()] == ["second"]
    assert [one["Description"] for one in group.shown(sort)] == ["second"]

    group.call(update, permission(sort, named))
    assert "Description" not in group.rules()[0]
    assert "Description" not in group.shown(sort)[0]

    group.call("revoke_security_group_{side}", permission(sort, named, "another"))
    assert group.rules() == []


@pytest.mark.parametrize(("sort", "side"), CASES)
def test_a_changed_rule_shows_its_description_everywhere(
    client: Client, sort: str, side: str
) -> None:
    group = Group(client("ec2"), side)
    named = group.other(sort)
    group.call("authorize_security_group_{side}", permission(sort, named, "first"))
    [rule] = group.rules()
    argument = {"UserIdGroupPairs": "ReferencedGroupId", "PrefixListIds": "PrefixListId"}.get(
        sort, "CidrIpv4" if sort == "IpRanges" else "CidrIpv6"
    )
    group.ec2.modify_security_group_rules(
        GroupId=group.id,
        SecurityGroupRules=[
            {
                "SecurityGroupRuleId": rule["SecurityGroupRuleId"],
                "SecurityGroupRule": {**PORTS, argument: named, "Description": "second"},
            }
        ],
    )
    assert [one["Description"] for one in group.rules()] == ["second"]
    assert [one["Description"] for one in group.shown(sort)] == ["second"]


def test_rules_on_one_port_keep_their_own_descriptions(client: Client) -> None:
    group = Group(client("ec2"), "ingress")
    pairs = [(sort, group.other(sort)) for sort in SORTS] + [
        ("UserIdGroupPairs", group.other("UserIdGroupPairs"))
    ]
    for number, (sort, named) in enumerate(pairs):
        group.call("authorize_security_group_{side}", permission(sort, named, f"rule {number}"))
    for number, (sort, named) in enumerate(pairs):
        texts = {one[SORTS[sort]]: one["Description"] for one in group.shown(sort)}
        assert texts[named] == f"rule {number}"
