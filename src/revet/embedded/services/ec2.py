"""EC2: security group rules keep their description and can be changed in every part.

- moto looks for a rule's description beside its CIDR only: a rule that refers to a group or a
  prefix list would lose it, in each of the three calls that show or change it, and Terraform would
  add it again at every apply. (EC2 API Reference, IpPermission, SecurityGroupRule,
  UpdateSecurityGroupRuleDescriptionsIngress: one that is left out is removed.)
- moto's ModifySecurityGroupRules ignores IPv6 ranges, groups and prefix lists, and refuses rules
  for all protocols, which have no ports. (EC2 API Reference, SecurityGroupRuleRequest.)
- moto looks for the log group of a flow log by name only: one that is named by ARN, as Terraform
  does, would fail to deliver. (EC2 API Reference, CreateFlowLogs, LogDestination.)
- moto leaves the default network ACL behind when its VPC is deleted. (Amazon VPC User Guide,
  "Delete your VPC".)
- moto's ModifyManagedPrefixList takes the name away from a list when only its entries change. (EC2
  API Reference, ModifyManagedPrefixList, PrefixListName: "A name for the prefix list", optional.)
- moto goes on answering lists that are deleted. (EC2 API Reference, DeleteManagedPrefixList.)
- moto keeps the network interface of a NAT gateway that is deleted, and its address in use. (EC2
  API Reference, DeleteNatGateway: "disassociates its Elastic IP address".)
- The network interface of a NAT gateway says whose it is. (EC2 API Reference, NetworkInterface:
  `InterfaceType` and `RequesterManaged`.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from inspect import signature
from typing import Any

from moto.ec2.models.flow_logs import FlowLogs, FlowLogsBackend
from moto.ec2.models.managed_prefixes import ManagedPrefixListBackend
from moto.ec2.models.nat_gateways import NatGatewayBackend
from moto.ec2.models.security_groups import (
    GroupedSecurityRuleView,
    SecurityGroup,
    SecurityGroupBackend,
    SecurityGroupRule,
)
from moto.ec2.models.vpcs import VPC, VPCBackend
from moto.logs.models import logs_backends

from revet.embedded.call import Moto
from revet.embedded.patching import replace

_DESCRIPTION = "revet_description"
_ALL_PROTOCOLS = "-1"
_POSITIONS = tuple(signature(SecurityGroupRule.__init__).parameters)[1:]  # without `self`


def install() -> None:
    """Put the changes in place."""
    replace(SecurityGroupRule, "__init__", _init)
    replace(SecurityGroupRule, "description", lambda _: property(_description))
    replace(SecurityGroup, "_flattened_rules", lambda _: _permissions)
    replace(SecurityGroupBackend, "_sg_update_description", lambda _: _describe)
    replace(SecurityGroupBackend, "modify_security_group_rules", _modify)
    replace(VPCBackend, "delete_vpc", _delete_vpc)
    replace(FlowLogsBackend, "create_flow_logs", _create_flow_logs)
    replace(ManagedPrefixListBackend, "modify_managed_prefix_list", _modify_list)
    replace(ManagedPrefixListBackend, "delete_managed_prefix_list", _delete_list)
    replace(NatGatewayBackend, "create_nat_gateway", _create_nat_gateway)
    replace(NatGatewayBackend, "delete_nat_gateway", _delete_nat_gateway)


def _create_nat_gateway(original: Callable[..., Moto]) -> Callable[..., Moto]:
    def create_nat_gateway(self: Moto, *args: Moto, **kwargs: Moto) -> Moto:
        made = original(self, *args, **kwargs)
        for address in made.address_set:
            interface = self.enis[address["networkInterfaceId"]]
            interface.interface_type, interface.requester_managed = "nat_gateway", True
            interface.description = f"Interface for NAT Gateway {made.id}"
        return made

    return create_nat_gateway


def _delete_nat_gateway(original: Callable[..., Moto]) -> Callable[..., Moto]:
    def delete_nat_gateway(self: Moto, nat_gateway_id: str) -> Moto:
        deleted = original(self, nat_gateway_id)
        for address in deleted.address_set:
            if address.get("associationId"):
                self.disassociate_address(association_id=address["associationId"])
            if address["networkInterfaceId"] in self.enis:
                self.delete_network_interface(address["networkInterfaceId"])
        return deleted

    return delete_nat_gateway


def _delete_list(original: Callable[..., Moto]) -> Callable[..., Moto]:
    def delete_managed_prefix_list(self: Moto, prefix_list_id: str) -> Moto:
        deleted = original(self, prefix_list_id)
        del self.managed_prefix_lists[prefix_list_id]
        return deleted

    return delete_managed_prefix_list


def _modify_list(original: Callable[..., Moto]) -> Callable[..., Moto]:
    def modify_managed_prefix_list(self: Moto, *, prefix_list_id: str, **changes: Moto) -> Moto:
        there = self.managed_prefix_lists.get(prefix_list_id)
        name = there.prefix_list_name if there else None
        changed = original(self, prefix_list_id=prefix_list_id, **changes)
        changed.prefix_list_name = changed.prefix_list_name or name
        return changed

    return modify_managed_prefix_list


def _create_flow_logs(
    original: Callable[..., tuple[list[FlowLogs], Moto]],
) -> Callable[..., tuple[list[FlowLogs], Moto]]:
    def create_flow_logs(self: Moto, *args: Moto, **kwargs: Moto) -> tuple[list[FlowLogs], Moto]:
        made, refused = original(self, *args, **kwargs)
        groups = logs_backends[self.account_id][self.region_name].groups
        for flow_log in made:
            name = (flow_log.log_destination or "").partition(":log-group:")[2].removesuffix(":*")
            if name in groups:
                flow_log.deliver_logs_status = "SUCCESS"
                flow_log.deliver_logs_error_message = None
        return made, refused

    return create_flow_logs


def _delete_vpc(original: Callable[..., VPC]) -> Callable[..., VPC]:
    def delete_vpc(self: Moto, vpc_id: str) -> VPC:
        vpc = original(self, vpc_id)
        for acl_id in [acl.id for acl in self.network_acls.values() if acl.vpc_id == vpc_id]:
            del self.network_acls[acl_id]
        return vpc

    return delete_vpc


def _init(original: Callable[..., None]) -> Callable[..., None]:
    def __init__(self: SecurityGroupRule, *args: Moto, **kwargs: Moto) -> None:  # noqa: N807 - it is one
        original(self, *args, **kwargs)
        prefix_list = (kwargs | dict(zip(_POSITIONS, args, strict=False))).get(
            "prefix_list_id"
        ) or {}
        text = self.source_group.pop("Description", None) or prefix_list.get("Description")
        if text is not None:
            setattr(self, _DESCRIPTION, text)

    return __init__


def _description(rule: SecurityGroupRule) -> str | None:
    own: str | None = getattr(rule, _DESCRIPTION, None)
    return own if own is not None else rule.ip_range.get("Description")


def _describe(_: Moto, asked: SecurityGroupRule, rule: SecurityGroupRule) -> None:
    """Give a rule the description that is asked for, or none."""
    rule.ip_range.pop("Description", None)
    setattr(rule, _DESCRIPTION, asked.description)


def _permissions(
    _: SecurityGroup, rules: Iterable[SecurityGroupRule]
) -> list[GroupedSecurityRuleView]:
    """The rules by protocol and ports, as DescribeSecurityGroups shows them."""
    views: dict[tuple[Moto, ...], GroupedSecurityRuleView] = {}
    for rule in rules:
        key = (rule.from_port, rule.to_port, rule.ip_protocol)
        view = views.setdefault(key, GroupedSecurityRuleView(*key))
        text = rule.description
        described = {} if text is None else {"Description": text}
        if rule.ip_range:
            view.all_ip_ranges.append({**rule.ip_range, **described})
        if rule.source_group:
            view.source_groups.append({**rule.source_group, **described})
        if rule.prefix_list_id:
            view.prefix_list_ids.append({"PrefixListId": rule.prefix_list_id, **described})
    return list(views.values())


def _modify(original: Callable[..., None]) -> Callable[..., None]:
    def modify_security_group_rules(
        self: Moto, group_id: str, rules: Mapping[str, dict[str, Any]]
    ) -> None:
        ported = {name: _with_ports(rule) for name, rule in rules.items()}
        original(self, group_id, ported)  # checks everything, sets protocol, ports and IPv4 range
        group = self.get_security_group_by_name_or_id(group_id)
        for rule_id, asked in rules.items():
            rule = group.get_rule(rule_id)
            if asked.get("IpProtocol") == _ALL_PROTOCOLS:
                rule.from_port = rule.to_port = None
            if asked.get("CidrIpv6"):
                rule.ip_range["CidrIpv6"] = asked["CidrIpv6"]
            if asked.get("PrefixListId"):
                rule.prefix_list_id = asked["PrefixListId"]
            if asked.get("ReferencedGroupId"):
                rule.source_group["GroupId"] = asked["ReferencedGroupId"]
            rule.ip_range.pop("Description", None)
            setattr(rule, _DESCRIPTION, asked.get("Description"))

    return modify_security_group_rules


def _with_ports(rule: dict[str, Any]) -> dict[str, Any]:
    if rule.get("IpProtocol") != _ALL_PROTOCOLS:
        return rule
    return {"FromPort": -1, "ToPort": -1, **rule}
