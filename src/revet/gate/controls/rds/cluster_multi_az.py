"""Cluster that goes down with one Availability Zone."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.rds.zones import zones_of
from revet.model.finding import Outcome, Severity, compliant, noncompliant, quoted
from revet.plan import Inventory, Resource


@control(
    title="database clusters have instances in several Availability Zones",
    severity=Severity.MEDIUM,
    resource="aws_rds_cluster",
    required="its instances are in `zones` Availability Zones or more, 2 by default",
    impact="when a zone fails the database is down until somebody makes another instance",
    fix="""resource "aws_rds_cluster_instance" "data" {
  count              = 2
  cluster_identifier = aws_rds_cluster.data.id
  engine             = aws_rds_cluster.data.engine
  instance_class     = "db.serverless"
  availability_zone  = data.aws_availability_zones.available.names[count.index]
}""",
    construct='rds.Cluster(scope, "ledger", vpc=vpc, key=key, secret_key=key, log_key=key)',
    deviations=("single-zone-database",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory, *, zones: int = 2) -> Outcome:
    """Where no zone is named RDS chooses one, which only the account shows.

    Args:
        resource: a cluster.
        inventory: it belongs to.
        zones: that its instances are in at least.
    """
    found = zones_of(resource, inventory)
    related = tuple(instance.address for instance in found.instances)
    if len(found.known) >= zones:
        return compliant(f"it is in {quoted(sorted(found.known))}", related=related)
    if found.at_most is not None and found.at_most < zones:
        where = f", all in {quoted(sorted(found.known))}" if found.known else ""
        return noncompliant(f"its instances are {len(related)}{where}", related=related)
    return found.doubts.settled(noncompliant("its instances are in too few zones", related=related))
