"""Security groups and their rules: one call a region answers all groups, one all rules.

A group's rules are resources of their own; its blocks `ingress` and `egress` are empty. Sources:
EC2 API Reference, `DescribeSecurityGroupRules`; VPC User Guide, "Default security groups for your
VPCs": a default group lets in what comes from itself, and out to everywhere; nobody can delete it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from revet.plan.marks import Mark
from revet.plan.observed import Observed
from revet.verify.api import Api, Parts
from revet.verify.listing import arn_in
from revet.verify.parts import tagged
from revet.verify.readers import TypeReader

_DEFAULT = "default"
_EVERY_PROTOCOL = "-1"
_EVERYWHERE = ("0.0.0.0/0", "::/0")
_SOURCES = ("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id")


def _groups(api: Api, region: str) -> Any:  # noqa: ANN401 - JSON
    """Those of this account; what another one shares is judged in its own."""
    found = api.call("ec2", "describe_security_groups", region)["SecurityGroups"]
    return [group for group in found if group.get("OwnerId", api.account) == api.account]


def _group(api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    name, title = item["GroupId"], item["GroupName"]
    own = arn_in(api, region, "ec2", f"security-group/{name}")
    values = {
        "id": name,
        "arn": item.get("SecurityGroupArn", own),
        "name": title,
        "name_prefix": "",
        "description": item.get("Description"),
        "vpc_id": item.get("VpcId", ""),
        "ingress": [],
        "egress": [],
        "owner_id": item.get("OwnerId"),
        "revoke_rules_on_delete": False,
        **tagged(item.get("Tags")),
    }
    if title == _DEFAULT:
        kind, made = "aws_default_security_group", "aws"
    else:
        kind, made = "aws_security_group", ""
    yield Observed(kind, name, values, region, made_by=made)


def _rules(api: Api, region: str) -> Iterator[tuple[Any, bool]]:
    """The rules of both directions, each with whether it belongs to a default group."""
    only = [{"Name": "group-name", "Values": [_DEFAULT]}]
    groups = api.call("ec2", "describe_security_groups", region, Filters=only)
    defaults = {group["GroupId"] for group in groups["SecurityGroups"]}
    found = api.call("ec2", "describe_security_group_rules", region)
    for rule in found["SecurityGroupRules"]:
        if rule.get("GroupOwnerId", api.account) == api.account:
            yield rule, rule["GroupId"] in defaults


def _rule(api: Api, region: str, item: Any) -> Iterator[Observed]:  # noqa: ANN401 - JSON
    rule, of_default = item
    name, protocol, parts = rule["SecurityGroupRuleId"], rule["IpProtocol"], Parts()
    every = protocol == _EVERY_PROTOCOL
    values = {
        "id": name,
        "arn": arn_in(api, region, "ec2", f"security-group-rule/{name}"),
        "security_group_rule_id": name,
        "security_group_id": rule["GroupId"],
        "ip_protocol": protocol,
        "from_port": None if every else rule.get("FromPort"),
        "to_port": None if every else rule.get("ToPort"),
        "cidr_ipv4": rule.get("CidrIpv4"),
        "cidr_ipv6": rule.get("CidrIpv6"),
        "prefix_list_id": rule.get("PrefixListId"),
        "referenced_security_group_id": _other_group(api, rule.get("ReferencedGroupInfo")),
        "description": rule.get("Description") or None,
        **tagged(rule.get("Tags")),
    }
    if not any(values[source] for source in _SOURCES):
        mark = Mark(f"AWS's answer does not say whom `{name}` lets in or out", "update revet")
        parts.unknown.update(dict.fromkeys(_SOURCES, mark))
    kind = f"aws_vpc_security_group_{'egress' if rule['IsEgress'] else 'ingress'}_rule"
    made = "aws" if of_default and _as_aws_makes_it(values, egress=rule["IsEgress"]) else ""
    yield Observed(kind, name, values, region, None, parts.unknown, made_by=made)


def _other_group(api: Api, said: Mapping[str, Any] | None) -> str | None:
    """The group that a rule names, with its account where that is another one.

    Source: hashicorp/aws 5.100.0, `flattenReferencedSecurityGroup`.
    """
    if not said:
        return None
    group, owner = said.get("GroupId"), said.get("UserId") or api.account
    return group if owner == api.account else f"{owner}/{group}"


def _as_aws_makes_it(values: Mapping[str, Any], *, egress: bool) -> bool:
    if values["ip_protocol"] != _EVERY_PROTOCOL or values["description"] or values["tags_all"]:
        return False
    if egress:
        return (values["cidr_ipv4"] or values["cidr_ipv6"]) in _EVERYWHERE
    return bool(values["referenced_security_group_id"] == values["security_group_id"])


GROUPS = TypeReader(
    type="aws_security_group",
    service="ec2",
    actions=("ec2:DescribeSecurityGroups",),
    items=_groups,
    identity=lambda item: str(item["GroupId"]),
    read=_group,
    parts=("aws_default_security_group",),
)
RULES = TypeReader(
    type="aws_vpc_security_group_ingress_rule",
    service="ec2",
    actions=("ec2:DescribeSecurityGroupRules", "ec2:DescribeSecurityGroups"),
    items=_rules,
    identity=lambda item: str(item[0]["SecurityGroupRuleId"]),
    read=_rule,
    parts=("aws_vpc_security_group_egress_rule", "aws_security_group_rule"),
)
