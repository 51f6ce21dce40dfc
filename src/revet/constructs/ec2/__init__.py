"""Amazon EC2 and VPC."""

from revet.constructs.ec2.security_group import SecurityGroup
from revet.constructs.ec2.source import PrefixList
from revet.constructs.ec2.vpc import Vpc

__all__ = ["PrefixList", "SecurityGroup", "Vpc"]
