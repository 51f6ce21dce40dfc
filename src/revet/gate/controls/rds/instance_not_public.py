"""Database public."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource


@control(
    title="database instances have no public address",
    severity=Severity.CRITICAL,
    resource=("aws_db_instance", "aws_rds_cluster_instance"),
    required="`publicly_accessible` is false",
    impact="the database answers on the internet to whoever finds its name",
    fix="publicly_accessible = false",
    construct='rds.Instance(scope, "ledger", vpc=vpc, key=key, secret_key=key)',
    deviations=("exposed-database",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """The provider's default is false; RDS decides about a cluster's instance that does not say."""
    del inventory
    if resource.get("publicly_accessible"):
        return noncompliant("`publicly_accessible` is true", paths=("publicly_accessible",))
    return compliant("it has no public address")
