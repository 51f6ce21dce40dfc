"""The role through which RDS writes what the operating system of a database tells."""

from __future__ import annotations

from constructs import Construct

from revet.constructs.context import Context
from revet.constructs.grant import Grant
from revet.constructs.iam.boundary import Boundary
from revet.constructs.iam.role import Role
from revet.constructs.iam.trust import ServicePrincipal
from revet.constructs.policy import statement


def monitoring_role(
    scope: Construct, construct_id: str, name: str, boundary: Boundary | None
) -> tuple[Role, Grant]:
    """A role for enhanced monitoring of the instances of one database, and what it is granted.

    The grant is that of the managed policy `AmazonRDSEnhancedMonitoringRole`, in this account and
    region alone; RDS refuses a role that has less. Source: RDS user guide, "Setting up and enabling
    Enhanced Monitoring", with its section on the confused deputy.

    Args:
        scope: the database.
        construct_id: id of the database.
        name: of the database.
        boundary: limits the role.
    """
    context = Context.of(scope)
    instances = context.name(f"{construct_id}-*", limit=63)
    role = Role(
        scope,
        f"{construct_id}-monitoring",
        description=f"RDS writes metrics of {name} into CloudWatch Logs",
        assumed_by=ServicePrincipal(
            service="monitoring.rds.amazonaws.com", source_arn=context.arn("rds", f"db:{instances}")
        ),
        boundary=boundary,
    )
    groups = context.arn("logs", "log-group:RDS*")
    granted = role.allow(
        f"{construct_id}-monitoring-write",
        statement(
            "LogGroupOfMetrics",
            actions=("logs:CreateLogGroup", "logs:PutRetentionPolicy"),
            resources=groups,
        ),
        statement(
            "WriteMetrics",
            actions=(
                "logs:CreateLogStream",
                "logs:DescribeLogStreams",
                "logs:GetLogEvents",
                "logs:PutLogEvents",
            ),
            resources=f"{groups}:log-stream:*",
        ),
    )
    return role, granted
