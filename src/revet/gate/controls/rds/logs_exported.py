"""Database whose log stays on its own disk."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.values import one_of
from revet.model.finding import Outcome, Severity, compliant, noncompliant, quoted
from revet.plan import Inventory, Resource
from revet.plan.element_paths import elements

_PATH = "enabled_cloudwatch_logs_exports"
_LOGS = (
    "agent",
    "alert",
    "audit",
    "diag.log",
    "error",
    "general",
    "iam-db-auth-error",
    "instance",
    "listener",
    "notify.log",
    "oemagent",
    "postgresql",
    "slowquery",
    "trace",
    "upgrade",
)
"""Of all engines. Sources: RDS user guide, Aurora user guide, "Publishing database logs to Amazon
CloudWatch Logs"."""


@control(
    title="databases export their logs",
    severity=Severity.MEDIUM,
    resource=("aws_db_instance", "aws_rds_cluster"),
    required=f"`{_PATH}` names those of `logs`, or one at least",
    impact="who connected and what failed is gone with the disk, and nobody is notified",
    fix=f'{_PATH} = ["postgresql"]',
    construct='rds.Cluster(scope, "ledger", vpc=vpc, key=key, secret_key=key, log_key=key)',
    deviations=("no-database-logs",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory, *, logs: tuple[str, ...] = ()) -> Outcome:
    """What a log holds is up to the parameters of the engine.

    Args:
        resource: an instance or a cluster.
        inventory: it belongs to.
        logs: that must be exported, `postgresql` for one; empty for any.
    """
    del inventory
    if not resource.is_set(_PATH):
        return noncompliant(f"`{_PATH}` is not set", paths=(_PATH,))
    exported = resource.get(_PATH)
    missing = [name for name in logs if name not in exported]
    if missing:
        return noncompliant(f"{quoted(missing)} is not exported", paths=(_PATH,))
    for path in elements(resource, _PATH):
        one_of(resource, path, _LOGS, "RDS has no log `{}`")
    return compliant(f"{quoted(sorted(exported))} is exported")
