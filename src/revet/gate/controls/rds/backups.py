"""Database without backups, or with too few."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.values import one_of
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource

_PATH = "backup_retention_period"
_DAYS = range(36)
"""Source: RDS API Reference, `CreateDBInstance` and `CreateDBCluster`, `BackupRetentionPeriod`."""
_SOURCES = ("replicate_source_db", "replication_source_identifier")


@control(
    title="databases keep automated backups",
    severity=Severity.MEDIUM,
    resource=("aws_db_instance", "aws_rds_cluster"),
    required=f"`{_PATH}` is `days` or more, 7 by default",
    impact="what was lost or changed a few days ago cannot be had back",
    fix=f"{_PATH} = 7",
    construct='rds.Cluster(scope, "ledger", vpc=vpc, key=key, secret_key=key, log_key=key)',
    deviations=("no-backups",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory, *, days: int = 7) -> Outcome:
    """A replica can be had again from its source, which has the backups.

    Args:
        resource: an instance or a cluster.
        inventory: it belongs to.
        days: that backups are kept at least.
    """
    del inventory
    replica = resource.is_set(_SOURCES[resource.type != "aws_db_instance"])
    if not resource.is_set(_PATH):
        if replica:
            return compliant("a replica has the backups of its source")
        return noncompliant(f"`{_PATH}` is not set: a day at most is kept", paths=(_PATH,))
    kept = one_of(resource, _PATH, _DAYS, "RDS keeps no backups for {} days")
    if kept < days and not (replica and kept == 0):
        return noncompliant(f"backups are kept for `{kept}` days", paths=(_PATH,))
    return compliant("a replica has the backups of its source" if replica else f"{kept} days")
