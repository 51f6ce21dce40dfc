"""Storage of a cluster with a provider-managed key, or not encrypted at all."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.rds.outcomes import storage
from revet.model.finding import Outcome, Severity
from revet.plan import Inventory, Resource


@control(
    title="database clusters encrypt their storage",
    severity=Severity.HIGH,
    resource="aws_rds_cluster",
    required=(
        "`storage_encrypted` is true; with `customer_managed_key`, `kms_key_id` names a "
        "customer-managed key"
    ),
    impact="a copied snapshot or a stolen disk gives away the data",
    fix="""storage_encrypted = true
kms_key_id        = aws_kms_key.data.arn""",
    construct='rds.Cluster(scope, "ledger", vpc=vpc, key=key, secret_key=key, log_key=key)',
    deviations=("storage-without-own-key",),
)
def rule(
    resource: Resource, inventory: Inventory, *, customer_managed_key: bool = False
) -> Outcome:
    """A replica or a restored cluster takes encryption over from where it comes from."""
    return storage(resource, inventory, customer_managed_key=customer_managed_key)
