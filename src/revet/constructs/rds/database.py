"""What instances and clusters of PostgreSQL have in common."""

from __future__ import annotations

import re

from cdktn_provider_aws.db_subnet_group import DbSubnetGroup
from constructs import Construct

from revet.constructs.arguments import check_match, check_range, refuse
from revet.constructs.context import Context
from revet.constructs.ec2.security_group import SecurityGroup
from revet.constructs.ec2.vpc import Vpc

# Source: RDS and Aurora user guides, "CreateDBInstance" and "CreateDBCluster", `DBName`,
# `MasterUsername`; PostgreSQL keeps the reserved names for itself or for RDS.
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_FORM = "1 to 63 of `a-z`, `0-9` and `_`, a letter first"
_RESERVED = frozenset({"admin", "postgres", "rdsadmin", "rdsrepladmin", "rds_superuser"})


def check_database(db_name: object, username: object, backup_retention_period: object) -> None:
    """Check what instances and clusters take alike.

    Args:
        db_name: database made at the start.
        username: name of the master user.
        backup_retention_period: days.

    Raises:
        ArgumentError: an argument outside what RDS allows.
    """
    check_range("backup_retention_period", backup_retention_period, 1, 35, "days")
    if username in _RESERVED:
        refuse("username", username, "no reserved name", "take a name of your own")
    check_match("username", username, _NAME, _FORM, "take a name of that form")
    check_match("db_name", db_name, _NAME, _FORM, "take a name of that form")


def postgresql_log_group(name: str, *, instance: bool = False) -> str:
    """The log group into which RDS exports the log of PostgreSQL; the key must admit it.

    Args:
        name: identifier of the cluster or instance, `context.name(id, limit=63)`.
        instance: whether it is an instance of its own.
    """
    return f"/aws/rds/{'instance' if instance else 'cluster'}/{name}/postgresql"


def check_user(argument: str, value: object) -> None:
    """Check the name of a database user.

    Raises:
        ArgumentError: it has another form.
    """
    check_match(argument, value, _NAME, _FORM, "take the name that the user has in the database")


def closed_group(scope: Construct, construct_id: str, vpc: Vpc, name: str) -> SecurityGroup:
    """A security group that lets nobody in until a group is allowed.

    Args:
        scope: the database.
        construct_id: id of the database.
        vpc: where it is.
        name: of the database.
    """
    return SecurityGroup(
        scope,
        f"{construct_id}-access",
        vpc=vpc,
        description=f"Database {name}: closed until a group is allowed in",
    )


def private_subnets(scope: Construct, vpc: Vpc, name: str) -> DbSubnetGroup:
    """The private subnets as a subnet group.

    Args:
        scope: the database.
        vpc: whose subnets they are.
        name: of the database, and of the group.
    """
    return DbSubnetGroup(
        scope,
        "subnets",
        name=name,
        description=f"Private subnets of {name}",
        subnet_ids=vpc.private_subnet_ids,
        tags=Context.of(scope).tags_for(name),
    )
