"""Database public."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource

_PATH = "publicly_accessible"


@control(
    title="database instances have no public address",
    severity=Severity.CRITICAL,
    resource=("aws_db_instance", "aws_rds_cluster_instance"),
    required=f"`{_PATH}` is false",
    impact="the database answers on the internet to whoever finds its name",
    fix="publicly_accessible = false",
    construct='rds.Instance(scope, "ledger", vpc=vpc, key=key, secret_key=key)',
    deviations=("exposed-database",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """The provider's default is false; RDS decides about a cluster's instance that does not say."""
    del inventory
    public = resource.get(_PATH)
    if public is None and resource.type != "aws_db_instance":
        raise resource.doubt(_PATH, "RDS decides, and nothing says how", f"set `{_PATH} = false`")
    if public:
        return noncompliant(f"`{_PATH}` is true", paths=(_PATH,))
    return compliant("it has no public address")
