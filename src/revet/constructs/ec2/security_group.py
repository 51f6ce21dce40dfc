"""A security group that is closed until somebody opens it."""

from __future__ import annotations

import re

import cdktn
from cdktn_provider_aws.security_group import SecurityGroup as AwsSecurityGroup
from cdktn_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
from cdktn_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

from revet.constructs.arguments import check_match, check_range, check_text, refuse
from revet.constructs.context import Context
from revet.constructs.ec2.source import PrefixList, Range, check_no_reason, check_range_of_vpc
from revet.constructs.ec2.vpc import Vpc
from revet.constructs.placement import check_construct, check_scope, place
from revet.constructs.record import Weakening, make_record

# Source: EC2 API, `IpRange`: the characters of a description.
_DESCRIPTION = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]+")


class SecurityGroup(Construct):
    """A security group without any rule, not even AWS's own open egress.

    Makes `aws_security_group`; `allow_from` makes one `aws_vpc_security_group_ingress_rule`, and
    where the source is a group one `aws_vpc_security_group_egress_rule` there; `allow_from_each`
    one for each range, `allow_to` one `aws_vpc_security_group_egress_rule`.

    Defaults, each with the control that asks for it:
        - no ingress and no egress;
        - rules name another group, a prefix list or a range inside the VPC; what lies outside it
          takes a reason (`ec2-security-group-open`);
        - every rule has a description (`ec2-security-group-rule-description`);
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the name.
        vpc: where it applies.
        description: what it protects; cannot be changed later.

    Raises:
        ArgumentError: a description that EC2 does not take, or a VPC of another stack.
    """

    def __init__(self, scope: Construct, construct_id: str, *, vpc: Vpc, description: str) -> None:
        context = place(scope, construct_id)
        name = context.name(construct_id, limit=255)
        check_construct("vpc", vpc, Vpc, context)
        _check_description(description)
        super().__init__(scope, construct_id)
        self.vpc = vpc
        self.resource = AwsSecurityGroup(
            self,
            "group",
            name=name,
            description=description,
            vpc_id=vpc.resource.id,
            tags=context.tags_for(name),
        )
        self._made: list[cdktn.TerraformResource] = [self.resource]
        self._weakened: list[Weakening] = []
        context.records.append(make_record(self, "ec2.SecurityGroup", self._made, self._weakened))

    def allow_from(
        self,
        source: SecurityGroup | PrefixList | str,
        *,
        port: int,
        description: str,
        allow_outside_vpc: str = "",
    ) -> None:
        """Let somebody open TCP connections to members of this group.

        Args:
            source: another group, which gets the matching egress rule; a prefix list; or a range
                inside the VPC.
            port: TCP port.
            description: why; shown at the rules.
            allow_outside_vpc: the reason for a range outside the VPC, which is refused without one.
                For the whole internet it gives up `ec2-security-group-open`.

        Raises:
            ArgumentError: a port or description that EC2 does not take, a range outside the VPC
                without a reason, a group of another stack, or a rule that is there.
        """
        check_range("port", port, 1, 65535, "(a TCP port)")
        _check_description(description)
        context = Context.of(self)
        peer = self._checked(source, allow_outside_vpc)
        word = self._word(peer)
        name = context.name(f"{word}-to-{self.node.id}-{port}", limit=255)
        child = f"from-{word}-{port}"
        if self.node.try_find_child(child) is not None:
            refuse("source", word, "a source without a rule for this port", "allow it once")
        self._add_ingress(child, peer, port, description, context.tags_for(name))
        if isinstance(peer, SecurityGroup):
            peer.add_egress(self, port, description, context.tags_for(name))
        elif isinstance(peer, Range) and peer.outside:
            gives_up = ("ec2-security-group-open",) if peer.is_everyone else ()
            self._weakened.append(Weakening("allow_outside_vpc", allow_outside_vpc, gives_up))

    def allow_from_each(self, name: str, ranges: str, *, port: int, description: str) -> None:
        """Let each of the ranges open TCP connections to members of this group.

        Args:
            name: what the ranges are, part of the names of the rules.
            ranges: an expression of Terraform, a list of IPv4 ranges: `var.allowed_cidr_blocks`.
            port: TCP port.
            description: why; shown at the rules.

        Raises:
            ArgumentError: a port or description that EC2 does not take, or a rule that is there.
        """
        check_range("port", port, 1, 65535, "(a TCP port)")
        _check_description(description)
        check_text("name", name, 1, 100, "say what the ranges are")
        check_text("ranges", ranges, 1, 1000, "give an expression, `var.ranges` for example")
        child = f"from-{name}-{port}"
        check_scope(self, child)
        context = Context.of(self)
        tags = context.tags_for(context.name(f"{name}-to-{self.node.id}-{port}", limit=255))
        rule = VpcSecurityGroupIngressRule(
            self,
            child,
            security_group_id=self.resource.id,
            cidr_ipv4="${each.value}",
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            description=description,
            tags=tags,
        )
        rule.add_override("for_each", f"${{toset({ranges})}}")
        self._made.append(rule)

    def allow_to(self, target: PrefixList, *, name: str, port: int, description: str) -> None:
        """Let members of this group open TCP connections to the addresses of a prefix list.

        Args:
            target: the addresses, such as those of a gateway endpoint.
            name: what they are, part of the name of the rule.
            port: TCP port.
            description: why; shown at the rule.

        Raises:
            ArgumentError: a port or description that EC2 does not take, or a rule that is there.
        """
        check_range("port", port, 1, 65535, "(a TCP port)")
        _check_description(description)
        if not isinstance(target, PrefixList):
            refuse("target", target, "an `ec2.PrefixList`", "for a group call its `allow_from`")
        check_text("name", name, 1, 100, "say what the addresses are")
        child = f"to-{name}-{port}"
        check_scope(self, child)
        context = Context.of(self)
        rule = VpcSecurityGroupEgressRule(
            self,
            child,
            security_group_id=self.resource.id,
            prefix_list_id=target.id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            description=description,
            tags=context.tags_for(context.name(f"{self.node.id}-to-{name}-{port}", limit=255)),
        )
        self._made.append(rule)

    def _checked(self, source: object, reason: str) -> SecurityGroup | PrefixList | Range:
        if isinstance(source, SecurityGroup):
            check_construct("source", source, SecurityGroup, Context.of(self))
        elif not isinstance(source, PrefixList):
            return check_range_of_vpc(source, self.vpc.cidr_block, reason)
        check_no_reason(reason)
        return source

    def _word(self, peer: SecurityGroup | PrefixList | Range) -> str:
        if isinstance(peer, SecurityGroup):
            return peer.node.id
        if isinstance(peer, Range):
            return peer.word
        return f"prefix-list-{len(self._made)}" if peer.is_reference else peer.id

    def _add_ingress(
        self,
        child: str,
        source: SecurityGroup | PrefixList | Range,
        port: int,
        description: str,
        tags: dict[str, str],
    ) -> None:
        group = source.resource.id if isinstance(source, SecurityGroup) else None
        network = source.network if isinstance(source, Range) else None
        version = None if network is None else network.version
        rule = VpcSecurityGroupIngressRule(
            self,
            child,
            security_group_id=self.resource.id,
            referenced_security_group_id=group,
            prefix_list_id=source.id if isinstance(source, PrefixList) else None,
            cidr_ipv4=str(network) if version == 4 else None,  # noqa: PLR2004 - IPv4
            cidr_ipv6=str(network) if version == 6 else None,  # noqa: PLR2004 - IPv6
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            description=description,
            tags=tags,
        )
        self._made.append(rule)

    def add_egress(
        self, target: SecurityGroup, port: int, description: str, tags: dict[str, str]
    ) -> None:
        """Let members of this group open connections; the other half of `allow_from`.

        Args:
            target: the group that lets them in.
            port: TCP port.
            description: why.
            tags: of the rule.
        """
        rule = VpcSecurityGroupEgressRule(
            self,
            f"to-{target.node.id}-{port}",
            security_group_id=self.resource.id,
            referenced_security_group_id=target.resource.id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            description=description,
            tags=tags,
        )
        self._made.append(rule)


def _check_description(description: object) -> None:
    check_text("description", description, 1, 255, "say what it is for")
    check_match(
        "description",
        description,
        _DESCRIPTION,
        "`a-z`, `A-Z`, `0-9`, spaces and `._-:/()#,@[]+=&;{}!$*`, as EC2 takes them",
        "leave other characters out",
    )
