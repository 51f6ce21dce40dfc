"""Cluster outside private subnets."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.rds.outcomes import subnets
from revet.model.finding import Outcome, Severity
from revet.plan import Inventory, Resource


@control(
    title="database clusters live in private subnets",
    severity=Severity.HIGH,
    resource="aws_rds_cluster",
    required=(
        "no subnet of its `db_subnet_group_name` has a route to an internet gateway or gives out "
        "public addresses"
    ),
    impact="one wrong rule in a security group opens the database to the internet",
    fix="""resource "aws_db_subnet_group" "data" {
  subnet_ids = [aws_subnet.private_a.id, aws_subnet.private_b.id]
}""",
    construct='rds.Cluster(scope, "ledger", vpc=vpc, key=key, secret_key=key, log_key=key)',
    deviations=("exposed-database",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """Follows the subnet group to its subnets, their route tables and the routes in them."""
    return subnets(resource, inventory)
