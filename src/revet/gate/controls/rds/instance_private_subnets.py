"""Database outside private subnets."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.ec2.routes import way_out
from revet.gate.readings.needed import members_of, planned
from revet.gate.readings.rds.replicas import decider
from revet.gate.readings.rds.subnet_groups import SUBNETS, require_no_others
from revet.model.finding import Outcome, Severity, compliant, noncompliant, unknown
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
    if not resource.is_set(path):
        if resource.is_set("replicate_source_db"):
            return unknown(
                "it is a replica, and its source is not part of this plan",
                resolve=f"set `{path}`",
                paths=(path,),
            )
        return noncompliant(
            "it has no subnet group, and lands in the default VPC's public subnets", paths=(path,)
        )
    group = planned(resource, path, inventory, "aws_db_subnet_group")
    subnets = members_of(group, SUBNETS, inventory)
    public = [(subnet, *way) for subnet in subnets.resources if (way := way_out(subnet, inventory))]
    for subnet, what, route in public:
        if not subnets.every and len(public) < len(subnets.resources):
            return unknown(
                f"`{subnet.address}` {what}, and the plan does not show whether it is in "
                f"`{group.address}`",
                resolve="check again once it is deployed, or see what `revet verify` says of it",
                paths=(path,),
            )
        related = (group.address, subnet.address, *route)
        return noncompliant(f"`{subnet.address}` {what}", related=related)
    require_no_others(group, subnets, inventory)
    addresses = tuple(subnet.address for subnet in subnets.resources)
    return compliant("no subnet has a route to an internet gateway", related=addresses)
