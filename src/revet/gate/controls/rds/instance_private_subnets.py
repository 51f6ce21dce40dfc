"""X-35: database outside private subnets."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.joins import all_planned, planned
from revet.gate.replicas import decider
from revet.gate.routes import internet_route
from revet.model.finding import Outcome, Severity, compliant, noncompliant, unknown
from revet.plan import Plan, Resource


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
    deviations=("X-35",),
)
def rule(resource: Resource, plan: Plan) -> Outcome:
    """Follows the subnet group to its subnets, their route tables and the routes in them."""
    path = "db_subnet_group_name"
    resource = decider(resource, plan, path)
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
    group = planned(resource, path, plan, "aws_db_subnet_group")
    for subnet in plan.targets(group, "subnet_ids"):
        fault = _fault(subnet, plan) if subnet.type == "aws_subnet" else None
        if fault:
            what, way = fault
            related = (group.address, subnet.address, *way)
            return noncompliant(f"`{subnet.address}` {what}", related=related)
    subnets = all_planned(group, "subnet_ids", plan, "aws_subnet")
    addresses = tuple(subnet.address for subnet in subnets)
    return compliant("no subnet has a route to an internet gateway", related=addresses)


def _fault(subnet: Resource, plan: Plan) -> tuple[str, tuple[str, ...]] | None:
    """What makes a subnet public, and the addresses of what does."""
    if subnet.get("map_public_ip_on_launch"):
        return "gives out public addresses", ()
    way = internet_route(subnet, plan)
    return (f"has a route to an internet gateway in `{way}`", (way,)) if way else None
