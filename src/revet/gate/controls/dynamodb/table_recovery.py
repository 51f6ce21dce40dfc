"""Table that cannot be put back to how it was."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource
from revet.plan.element_paths import blocks

_BLOCK = "point_in_time_recovery"


@control(
    title="tables can be restored to a point in time",
    severity=Severity.MEDIUM,
    resource="aws_dynamodb_table",
    required=f"`{_BLOCK}` is enabled, in each `replica`, too",
    impact="what a faulty program or an attacker wrote over or deleted is gone",
    fix="""point_in_time_recovery {
  enabled = true
}""",
    construct='dynamodb.Table(scope, "sessions", key=key, hash_key="Id")',
    deviations=("no-backups",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """DynamoDB's default is off."""
    del inventory
    if not resource.is_set(_BLOCK):
        return noncompliant(f"`{_BLOCK}` is not set", paths=(_BLOCK,))
    if not resource.get(f"{_BLOCK}.0.enabled"):
        return noncompliant(f"`{_BLOCK}` is off", paths=(_BLOCK,))
    for path in (f"{replica}.{_BLOCK}" for replica in blocks(resource, "replica")):
        if not resource.is_set(path) or not resource.get(path):
            return noncompliant("a replica cannot be restored", paths=(path,))
    return compliant("it can be restored to any second of the last days")
