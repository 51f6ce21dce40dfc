"""Amazon RDS."""

from revet.constructs.rds.instance import Instance

__all__ = ["Instance"]
