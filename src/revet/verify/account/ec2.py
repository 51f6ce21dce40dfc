"""VPCs and what is in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from revet.plan.observed import EVERY, Observed
from revet.plan.single_rules import EVERY_PROTOCOL, SOURCES
from revet.plan.unread_marks import Mark
from revet.verify.api import Answered, Api
from revet.verify.readers import Draft, tagged

_SHARED = ("id", "arn", "owner_id", "vpc_id", "cidr_block")
_MAIN_TABLE = ("default_route_table_id", "main_route_table_id")
_OWN_RESOURCE = {
    "vpc": "vpc_id",
    "subnet": "subnet_id",
    "eni": "eni_id",
    "tgw": "transit_gateway_id",
    "tgw-attach": "transit_gateway_attachment_id",
}
"""Beginning of an id to the attribute of `aws_flow_log` that has it."""
_FAILED = "FAILED"
"""Of `DeliverLogsStatus`. The provider does not know it; where logs go is then open."""
_EVERYWHERE = ("0.0.0.0/0", "::/0")


def list_aws_vpc(api: Api, region: str) -> Iterator[dict[str, Any]]:
    """VPCs, each with its main route table: AWS answers that with the route tables."""
    tables = Answered()
    answer = tables.answer(lambda: api.call("ec2", "describe_route_tables", region), *_MAIN_TABLE)
    main = {
        table["VpcId"]: table["RouteTableId"]
        for table in answer.get("RouteTables", ())
        if any(link.get("Main") for link in table["Associations"])
    }
    for item in api.call("ec2", "describe_vpcs", region)["Vpcs"]:
        yield {**item, "main": main.get(item["VpcId"]), "unknown": tables.unknown}


def aws_vpc(one: Draft) -> None:
    """The provider gives both names of the main table the one that is it now."""
    one.values |= dict.fromkeys(_MAIN_TABLE, one.item["main"])
    one.unknown |= one.item["unknown"]
    aws_subnet(one)


def aws_subnet(one: Draft) -> None:
    """A resource of this account, or the fact that another one shares it."""
    if one.values["owner_id"] not in (one.api.account, None):
        one.values = {name: one.values[name] for name in _SHARED if name in one.values}
        one.mode, one.made_by, one.unknown = "data", "", {}


def aws_network_interface(one: Draft) -> None:
    """Those that AWS manages, and those that go with their instance, nobody has made by themselves.

    Source: EC2 API Reference, `NetworkInterface.RequesterManaged` and
    `NetworkInterfaceAttachment.DeleteOnTermination`, which is false of one that is attached.
    """
    attached = one.item.get("Attachment") or {}
    if one.item.get("RequesterManaged") or attached.get("DeleteOnTermination"):
        one.mode = "data"
        one.values["tags"] = one.values.pop("tags_all")


def aws_nat_gateway(one: Draft) -> None:
    """A private one has no address that anybody allocated.

    Source: EC2 API Reference, `NatGatewayAddress`: "[Public NAT gateway only]".
    """
    if one.values["connectivity_type"] == "private":
        one.values["allocation_id"] = ""
        one.unknown.pop("allocation_id", None)


def list_aws_internet_gateway(api: Api, region: str) -> Iterator[dict[str, Any]]:
    """Internet gateways, each with whether it is the one of a default VPC, which AWS made."""
    only = [{"Name": "is-default", "Values": ["true"]}]
    defaults = api.call("ec2", "describe_vpcs", region, Filters=only)["Vpcs"]
    ids = {vpc["VpcId"] for vpc in defaults}
    for item in api.call("ec2", "describe_internet_gateways", region)["InternetGateways"]:
        ends = item.get("Attachments", ())
        yield {**item, "of_default": any(end.get("VpcId") in ids for end in ends)}


def aws_flow_log(one: Draft) -> None:
    """What belongs to none of the known kinds of resources could be any resource's."""
    watched = one.item["ResourceId"]
    kind = watched.rpartition("-")[0]
    if kind in _OWN_RESOURCE:
        one.values[_OWN_RESOURCE[kind]] = watched
    else:
        mark = Mark(f"`{watched}` is of a kind that is not known here", "update revet")
        one.unknown |= dict.fromkeys(_OWN_RESOURCE.values(), mark)
    if not kind.startswith("tgw"):
        one.need(one.item, "TrafficType", "traffic_type")
    if one.item.get("DeliverLogsStatus") == _FAILED:
        why = f"AWS cannot deliver there: `{one.item.get('DeliverLogsErrorMessage', _FAILED)}`"
        mark = Mark(why, "see whether it exists, and the role may write")
        one.unknown["log_destination"] = mark
    if one.values["log_group_name"] and not one.values["log_destination"]:
        arn = "arn:{partition}:logs:{region}:{account}:log-group:{LogGroupName}"
        one.values["log_destination"] = arn.format_map(one.item)


def aws_security_group(one: Draft) -> None:
    """A VPC's default group is of a type of its own; nobody can delete it."""
    if one.made_by:
        one.type = "aws_default_security_group"


def list_aws_vpc_security_group_ingress_rule(api: Api, region: str) -> Iterator[dict[str, Any]]:
    """The rules of both directions, each with the default groups."""
    only = [{"Name": "group-name", "Values": ["default"]}]
    groups = api.call("ec2", "describe_security_groups", region, Filters=only)
    defaults = {group["GroupId"] for group in groups["SecurityGroups"]}
    for rule in api.call("ec2", "describe_security_group_rules", region)["SecurityGroupRules"]:
        yield {**rule, "defaults": defaults}


def aws_vpc_security_group_ingress_rule(one: Draft) -> None:
    """Its direction, and whom it lets in or out."""
    values, egress = one.values, one.item["IsEgress"]
    if one.item["IpProtocol"] == EVERY_PROTOCOL:
        values |= {"from_port": None, "to_port": None}
    values["description"] = values["description"] or None
    values["referenced_security_group_id"] = _other_group(one)
    if not any(values[source] for source in SOURCES):
        mark = Mark(f"AWS's answer does not say whom `{one.id}` lets in or out", "update revet")
        one.unknown |= dict.fromkeys(SOURCES, mark)
    one.type = f"aws_vpc_security_group_{'egress' if egress else 'ingress'}_rule"
    of_default = one.item["GroupId"] in one.item["defaults"]
    one.made_by = "aws" if of_default and _as_aws_makes_it(values, egress=egress) else ""


def _other_group(one: Draft) -> str | None:
    """The group that a rule names, with its account where that is another one.

    Source: hashicorp/aws 5.100.0, `flattenReferencedSecurityGroup`.
    """
    said = one.item.get("ReferencedGroupInfo")
    if not said:
        return None
    group, owner = said.get("GroupId"), said.get("UserId") or one.api.account
    return group if owner == one.api.account else f"{owner}/{group}"


def _as_aws_makes_it(values: Mapping[str, Any], *, egress: bool) -> bool:
    """A default group lets in what comes from itself, and out to everywhere."""
    if values["ip_protocol"] != EVERY_PROTOCOL or values["description"] or values["tags_all"]:
        return False
    if egress:
        return (values["cidr_ipv4"] or values["cidr_ipv6"]) in _EVERYWHERE
    return bool(values["referenced_security_group_id"] == values["security_group_id"])


def aws_ec2_managed_prefix_list(one: Draft) -> list[Observed]:
    """Entries stand in the list and beside it.

    Those of AWS's own and those that another account shares are what the provider's data source
    finds; the entries of AWS's own, its services' addresses, are not asked for. The provider's
    documentation has `LIST,CIDR` as the id of an entry.
    """
    own = one.item["OwnerId"] == one.api.account
    one.mode = "managed" if own else "data"
    if one.item["OwnerId"] == "AWS":
        return []
    one.values |= tagged(one.item.get("Tags")) if own else {}
    member, kind = "entry" if own else "entries", f"{one.type}_entry"
    said = one.answer(lambda: one.ask("GetManagedPrefixListEntries", PrefixListId="{id}"), member)
    entries = one.values[member] = [
        {"cidr": entry["Cidr"], "description": entry.get("Description", "")}
        for entry in said.get("Entries", ())
    ]
    if not own:
        return []
    if member in one.unknown:
        return [Observed(kind, EVERY, {}, one.region, one.unknown[member])]
    ids = {f"{one.id},{entry['cidr']}": entry for entry in entries}
    joins = {"prefix_list_id": one.id}
    return [
        Observed(kind, own_id, {"id": own_id, **joins, **entry}, one.region)
        for own_id, entry in ids.items()
    ]


def aws_vpc_endpoint(one: Draft) -> None:
    """Gateway load balancer endpoints and those of resources and networks have no policy.

    Source: AWS PrivateLink Guide, "Control access to VPC endpoints using endpoint policies".
    """
    if one.values["vpc_endpoint_type"] in ("Gateway", "Interface"):
        one.need(one.item, "PolicyDocument", "policy")
