"""Database that knows passwords only."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource

_PATH = "iam_database_authentication_enabled"


@control(
    title="databases let roles in by IAM",
    severity=Severity.MEDIUM,
    resource=("aws_db_instance", "aws_rds_cluster"),
    required=f"`{_PATH}` is true",
    impact="applications keep passwords, which are shared, leak and are seldom changed",
    fix=f"{_PATH} = true",
    construct='rds.Cluster(scope, "ledger", vpc=vpc, key=key, secret_key=key, log_key=key)',
    deviations=("database-passwords",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """AWS's default is off."""
    del inventory
    if not resource.get(_PATH):
        return noncompliant(f"`{_PATH}` is off", paths=(_PATH,))
    return compliant("roles connect with tokens of IAM")
