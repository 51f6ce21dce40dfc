"""A security group that is closed until somebody opens it to another group."""

from __future__ import annotations

import cdktn
from cdktn_provider_aws.security_group import SecurityGroup as AwsSecurityGroup
from cdktn_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
from cdktn_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

from revet.constructs.arguments import check_range, refuse
from revet.constructs.context import Context
from revet.constructs.ec2.vpc import Vpc
from revet.constructs.record import make_record


class SecurityGroup(Construct):
    """A security group without any rule, not even AWS's own open egress.

    Makes `aws_security_group`; `allow_from` makes one `aws_vpc_security_group_ingress_rule` and one
    `aws_vpc_security_group_egress_rule`.

    Defaults:
        - no ingress and no egress;
        - rules name another group, never an address range, and always have a description;
        - the stack's tags (`tags-required`).

    Args:
        scope: the stack, or a construct in it.
        construct_id: id in the scope, and middle part of the name.
        vpc: where it applies.
        description: what it protects; cannot be changed later.

    Raises:
        ArgumentError: an empty description, or one that is too long.
    """

    def __init__(self, scope: Construct, construct_id: str, *, vpc: Vpc, description: str) -> None:
        context = Context.of(scope)
        name = context.name(construct_id, limit=255)
        _check_description(description)
        super().__init__(scope, construct_id)
        self.resource = AwsSecurityGroup(
            self,
            "group",
            name=name,
            description=description,
            vpc_id=vpc.resource.id,
            tags=context.tags_for(name),
        )
        self._made: list[cdktn.TerraformResource] = [self.resource]
        context.records.append(make_record(self, "ec2.SecurityGroup", self._made))

    def allow_from(self, source: SecurityGroup, *, port: int, description: str) -> None:
        """Let members of another group open TCP connections to members of this one.

        Args:
            source: who connects; gets the matching egress rule.
            port: TCP port.
            description: why; shown at both rules.

        Raises:
            ArgumentError: a port or description that EC2 does not take.
        """
        check_range("port", port, 1, 65535, "(a TCP port)")
        _check_description(description)
        context = Context.of(self)
        name = f"{source.node.id}-to-{self.node.id}-{port}"
        ingress = VpcSecurityGroupIngressRule(
            self,
            f"from-{source.node.id}-{port}",
            security_group_id=self.resource.id,
            referenced_security_group_id=source.resource.id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            description=description,
            tags=context.tags_for(name),
        )
        egress = VpcSecurityGroupEgressRule(
            source,
            f"to-{self.node.id}-{port}",
            security_group_id=source.resource.id,
            referenced_security_group_id=self.resource.id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            description=description,
            tags=context.tags_for(name),
        )
        self._made.append(ingress)
        source._made.append(egress)


def _check_description(description: str) -> None:
    if not 1 <= len(description) <= 255:  # noqa: PLR2004 - EC2's limit
        refuse("description", description, "1 to 255 characters", "say what it is for")
