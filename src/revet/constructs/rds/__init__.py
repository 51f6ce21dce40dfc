"""Amazon RDS."""

from revet.constructs.rds.cluster import Cluster
from revet.constructs.rds.database import postgresql_log_group
from revet.constructs.rds.instance import Instance

__all__ = ["Cluster", "Instance", "postgresql_log_group"]
