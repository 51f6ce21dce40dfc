"""X-04: storage with a provider-managed key; database that is not encrypted at all."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.keys import key_fault
from revet.gate.replicas import decider
from revet.model.finding import Outcome, Severity, compliant, noncompliant, unknown
from revet.plan import Plan, Resource

_SOURCES = ("replicate_source_db", "snapshot_identifier")


@control(
    title="database instances encrypt their storage",
    severity=Severity.HIGH,
    resource="aws_db_instance",
    required=(
        "`storage_encrypted` is true; with `customer_managed_key`, `kms_key_id` names a "
        "customer-managed key"
    ),
    impact="a copied snapshot or a stolen disk gives away the data",
    fix="""storage_encrypted = true
kms_key_id        = aws_kms_key.data.arn""",
    construct='rds.Instance(scope, "ledger", vpc=vpc, key=key, secret_key=key)',
    deviations=("X-04",),
)
def rule(resource: Resource, plan: Plan, *, customer_managed_key: bool = False) -> Outcome:
    """A replica or a restored instance takes encryption over from where it comes from."""
    resource = decider(resource, plan, "kms_key_id")
    if not resource.get("storage_encrypted"):
        for path in _SOURCES:
            if resource.is_set(path):
                return unknown(
                    f"it is made from `{path}`, and encrypted if that is",
                    resolve="set `storage_encrypted = true`",
                    paths=("storage_encrypted", path),
                )
        return noncompliant("`storage_encrypted` is off", paths=("storage_encrypted",))
    fault = key_fault(resource, plan, "kms_key_id") if customer_managed_key else ""
    if fault:
        return noncompliant(f"it is encrypted with {fault}", paths=("kms_key_id",))
    return compliant("its storage is encrypted")
