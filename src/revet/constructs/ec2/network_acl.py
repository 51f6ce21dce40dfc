"""Network ACLs: the default one closed, and one each for the private and the public subnets."""

from __future__ import annotations

from collections.abc import Sequence

import cdktn
from cdktn_provider_aws.default_network_acl import DefaultNetworkAcl
from cdktn_provider_aws.network_acl import NetworkAcl as AwsNetworkAcl
from cdktn_provider_aws.network_acl_rule import NetworkAclRule
from constructs import Construct

from revet.constructs.arguments import check_items, check_text
from revet.constructs.context import Context
from revet.constructs.ec2.endpoint import GatewayEndpoint
from revet.constructs.ec2.nat import EVERYWHERE
from revet.constructs.ec2.vpc import Vpc
from revet.constructs.placement import check_construct, place
from revet.constructs.record import make_record

_HTTPS = (443, 443)
_REPLIES = (1024, 65535)
"""A network ACL keeps no state: replies go to the port that the client chose."""
_STEP = 1000
"""Numbers between the first rules of two lists, more than a network ACL can have rules."""


class NetworkAcl(Construct):
    """A network ACL of the private subnets for HTTPS alone; the VPC's default one is closed.

    Makes `aws_default_network_acl`, `aws_network_acl`, and one `aws_network_acl_rule` for each
    range and direction; rules for the addresses of a gateway endpoint follow its prefix list, which
    Terraform reads when it plans. Where the VPC has NAT gateways, their public subnets get a
    network ACL of their own.

    Defaults, each with the control that asks for it:
        - the default network ACL has no rule and no subnet (`ec2-default-network-acl-closed`);
        - HTTPS and its replies inside the VPC, to the services of `gateways`, and from
          `allow_from`; nothing else, and the whole internet only where the VPC has NAT gateways:
          HTTPS out, replies in;
        - nobody outside the VPC opens a connection to a NAT gateway on a port below 1024;
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the names.
        vpc: whose private subnets it is for.
        gateways: whose services the subnets reach.
        allow_from: an expression of Terraform, a list of ranges outside the VPC that may connect;
            empty for none.

    Raises:
        ArgumentError: a VPC or an endpoint of another stack.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: Vpc,
        gateways: Sequence[GatewayEndpoint] = (),
        allow_from: str = "",
    ) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=255)
        check_construct("vpc", vpc, Vpc, context)
        check_items("gateways", gateways, GatewayEndpoint, "`ec2.GatewayEndpoint` is one")
        check_text(
            "allow_from", allow_from, 0, 1000, "give an expression, `var.ranges` for example"
        )
        for gateway in gateways:
            check_construct("gateways", gateway, GatewayEndpoint, context)
        super().__init__(scope, construct_id)
        default = DefaultNetworkAcl(
            self,
            "default",
            default_network_acl_id=vpc.resource.default_network_acl_id,
            tags=context.tags_for(context.name(f"{construct_id}-default", limit=255)),
        )
        self.public: AwsNetworkAcl | None = None
        self.resource = AwsNetworkAcl(
            self,
            "private",
            vpc_id=vpc.resource.id,
            subnet_ids=vpc.private_subnet_ids,
            tags=context.tags_for(name),
        )
        self._made: list[cdktn.TerraformResource] = [default, self.resource]
        inside = str(vpc.cidr_block)
        self._rule("https-in", 100, inside, _HTTPS, egress=False)
        self._rule("replies-in", 110, inside, _REPLIES, egress=False)
        self._rule("https-out", 100, inside, _HTTPS, egress=True)
        self._rule("replies-out", 110, inside, _REPLIES, egress=True)
        for number, gateway in enumerate(gateways, 1):
            ranges = f"sort([for entry in {gateway.address_list}.entries : entry.cidr])"
            first = number * _STEP
            self._rules(f"{gateway.service}-https-out", first, ranges, _HTTPS, egress=True)
            self._rules(f"{gateway.service}-replies-in", first, ranges, _REPLIES, egress=False)
        if allow_from:
            first = (len(gateways) + 1) * _STEP
            self._rules("allowed-https-in", first, allow_from, _HTTPS, egress=False)
            self._rules("allowed-replies-out", first, allow_from, _REPLIES, egress=True)
        if vpc.way_out.gateways:
            self._lead_out(vpc, context.name(f"{construct_id}-public", limit=255))
        context.records.append(make_record(self, "ec2.NetworkAcl", self._made))

    def _lead_out(self, vpc: Vpc, name: str) -> None:
        """HTTPS from private subnets through NAT gateways, which change the port of the client.

        Source: VPC user guide, "Custom network ACLs", ephemeral ports: a NAT gateway takes 1024 to
        65535.
        """
        inside = str(vpc.cidr_block)
        self._rule("internet-https-out", 200, EVERYWHERE, _HTTPS, egress=True)
        self._rule("internet-replies-in", 200, EVERYWHERE, _REPLIES, egress=False)
        public = AwsNetworkAcl(
            self,
            "public",
            vpc_id=vpc.resource.id,
            subnet_ids=vpc.public_subnet_ids,
            tags=Context.of(self).tags_for(name),
        )
        self._made.append(public)
        self.public = public
        self._rule("public-https-in", 100, inside, _HTTPS, egress=False, of=public)
        self._rule("public-replies-in", 110, EVERYWHERE, _REPLIES, egress=False, of=public)
        self._rule("public-https-out", 100, EVERYWHERE, _HTTPS, egress=True, of=public)
        self._rule("public-replies-out", 110, inside, _REPLIES, egress=True, of=public)

    def _rule(
        self,
        child: str,
        number: int,
        range_: str,
        ports: tuple[int, int],
        *,
        egress: bool,
        of: AwsNetworkAcl | None = None,
    ) -> NetworkAclRule:
        rule = NetworkAclRule(
            self,
            child,
            network_acl_id=(of or self.resource).id,
            rule_number=number,
            egress=egress,
            protocol="tcp",
            rule_action="allow",
            cidr_block=range_,
            from_port=ports[0],
            to_port=ports[1],
        )
        self._made.append(rule)
        return rule

    def _rules(
        self, child: str, first: int, ranges: str, ports: tuple[int, int], *, egress: bool
    ) -> None:
        """One rule for each range of a list that Terraform knows."""
        rule = self._rule(child, first, f"${{{ranges}[count.index]}}", ports, egress=egress)
        rule.add_override("count", f"${{length({ranges})}}")
        rule.add_override("rule_number", f"${{{first} + count.index}}")
