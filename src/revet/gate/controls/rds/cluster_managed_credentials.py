"""Secret of a cluster without rotation, or in plain text."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.rds.outcomes import credentials
from revet.model.finding import Outcome, Severity, compliant, unknown
from revet.plan import Inventory, Resource


@control(
    title="database clusters leave the master password to Secrets Manager",
    severity=Severity.HIGH,
    resource="aws_rds_cluster",
    required=(
        "`manage_master_user_password` is true, no `master_password` is given, and the secret is "
        "not impaired"
    ),
    impact="the master password lies in code, in the plan and in the state, and never changes",
    fix="manage_master_user_password = true",
    construct='rds.Cluster(scope, "ledger", vpc=vpc, key=key, secret_key=key, log_key=key)',
    deviations=("exposed-secret",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """A replica, and a secondary of a global database, have the credentials of another cluster."""
    del inventory
    given = ("master_password", "master_password_wo")
    if any(map(resource.is_set, given)):
        return credentials(resource, given)
    if resource.is_set("replication_source_identifier"):
        return compliant("a replica has the credentials of its source")
    managed = "manage_master_user_password"
    if not resource.get(managed) and resource.is_set("global_cluster_identifier"):
        return unknown(
            "it is part of a global database, whose primary cluster has the credentials",
            resolve="see that the primary cluster gives none in code",
            paths=(managed,),
        )
    return credentials(resource, given)
