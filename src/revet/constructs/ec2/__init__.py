"""Amazon EC2 and VPC."""

from revet.constructs.ec2.endpoint import GatewayEndpoint, InterfaceEndpoint
from revet.constructs.ec2.network_acl import NetworkAcl
from revet.constructs.ec2.security_group import SecurityGroup
from revet.constructs.ec2.source import PrefixList
from revet.constructs.ec2.vpc import Vpc

__all__ = [
    "GatewayEndpoint",
    "InterfaceEndpoint",
    "NetworkAcl",
    "PrefixList",
    "SecurityGroup",
    "Vpc",
]
