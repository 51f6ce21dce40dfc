"""Database that talks in plain text to whoever asks for it."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.rds.tls import forced
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource

_CLUSTER = "aws_rds_cluster"


@control(
    title="databases take encrypted connections only",
    severity=Severity.HIGH,
    resource=("aws_db_instance", _CLUSTER),
    required=(
        "its parameter group sets `rds.force_ssl = 1` (PostgreSQL, SQL Server) or "
        "`require_secure_transport = ON` (MySQL, MariaDB), or AWS's default for its version does"
    ),
    impact="whoever sees the traffic reads queries, answers and passwords",
    fix="""resource "aws_rds_cluster_parameter_group" "data" {
  family = "aurora-postgresql16"
  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}""",
    construct='rds.Cluster(scope, "ledger", vpc=vpc, key=key, secret_key=key, log_key=key)',
    deviations=("plain-connections",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """The parameter group of a cluster decides for all its instances."""
    path, kind = "parameter_group_name", "aws_db_parameter_group"
    if resource.type == _CLUSTER:
        path, kind = f"db_cluster_{path}", f"{_CLUSTER}_parameter_group"
    found = forced(resource, path, kind, inventory)
    if found.holds:
        return compliant(found.why, related=found.related)
    return noncompliant(found.why, paths=(path,), related=found.related)
