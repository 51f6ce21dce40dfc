"""Secret without rotation, or in plain text."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.rds.outcomes import credentials
from revet.model.finding import Outcome, Severity, compliant
from revet.plan import Inventory, Resource


@control(
    title="database instances leave the master password to Secrets Manager",
    severity=Severity.HIGH,
    resource="aws_db_instance",
    required=(
        "`manage_master_user_password` is true, no `password` is given, and the secret is not "
        "impaired"
    ),
    impact="the master password lies in code, in the plan and in the state, and never changes",
    fix="manage_master_user_password = true",
    construct='rds.Instance(scope, "ledger", vpc=vpc, key=key, secret_key=key)',
    deviations=("exposed-secret",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """A read replica has no password of its own: it takes over that of its source."""
    del inventory
    given = ("password", "password_wo")
    if not any(map(resource.is_set, given)) and resource.is_set("replicate_source_db"):
        return compliant("a replica has the credentials of its source")
    return credentials(resource, given)
