"""Database outside private subnets."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.rds.outcomes import subnets
from revet.gate.readings.rds.replicas import decider
from revet.model.finding import Outcome, Severity, unknown
from revet.plan import Inventory, Resource


@control(
    title="database instances live in private subnets",
    severity=Severity.HIGH,
    resource="aws_db_instance",
    required=(
        "no subnet of its `db_subnet_group_name` has a route to an internet gateway or gives out "
        "public addresses"
    ),
    impact="one wrong rule in a security group opens the database to the internet",
    fix="""resource "aws_db_subnet_group" "data" {
  subnet_ids = [aws_subnet.private_a.id, aws_subnet.private_b.id]
}""",
    construct='rds.Instance(scope, "ledger", vpc=vpc, key=key, secret_key=key)',
    deviations=("exposed-database",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """Follows the subnet group to its subnets, their route tables and the routes in them."""
    path = "db_subnet_group_name"
    resource = decider(resource, inventory, path)
    if not resource.is_set(path) and resource.is_set("replicate_source_db"):
        return unknown(
            "it is a replica, and its source is not part of this plan",
            resolve=f"set `{path}`",
            paths=(path,),
        )
    return subnets(resource, inventory)
