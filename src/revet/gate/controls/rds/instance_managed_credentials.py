"""X-34: secret without rotation, or in plain text."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.model.errors import UnknownValueError
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Computed, Inventory, Resource, Undecided

_KEPT = "master_user_secret"
_IMPAIRED = "impaired"
_FINE = ("creating", "active", "rotating")
_THERE = ("no-op",)


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
    deviations=("X-34",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """A read replica has no password of its own: it takes over that of its source."""
    del inventory
    for path in ("password", "password_wo"):
        if resource.is_set(path):
            return noncompliant(f"`{path}` is given", paths=(path,))
    if resource.is_set("replicate_source_db"):
        return compliant("a replica has the credentials of its source")
    if resource.get("manage_master_user_password"):
        if _is_impaired(resource):
            why = "the secret of the master password is `impaired`: nobody can change or rotate it"
            return noncompliant(why, paths=(_KEPT,))
        return compliant("Secrets Manager keeps and rotates the master password")
    return noncompliant(
        "`manage_master_user_password` is off", paths=("manage_master_user_password",)
    )


def _is_impaired(resource: Resource) -> bool:
    """Whether RDS says so of a secret that is there; before it is made, nothing can be wrong.

    Source: RDS API Reference, `MasterUserSecret`.
    """
    secret = resource.get(_KEPT)
    if isinstance(secret, Computed):
        return False
    if isinstance(secret, Undecided):
        secret.refuse()
    if not secret and resource.actions == _THERE:
        raise UnknownValueError(
            f"{resource.address}.{_KEPT}",
            why="the password is managed, and no secret is there that has it",
            resolve="refresh the state",
        )
    for number in range(len(secret or ())):
        path = f"{_KEPT}.{number}.secret_status"
        status = resource.get(path)
        if status not in (*_FINE, _IMPAIRED):
            raise UnknownValueError(
                f"{resource.address}.{path}",
                why=f"`{status!a}` is no status of a secret that RDS has",
                resolve="refresh the state",
            )
        if status == _IMPAIRED:
            return True
    return False
