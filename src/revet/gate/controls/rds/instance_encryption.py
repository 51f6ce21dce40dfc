"""Storage with a provider-managed key; database that is not encrypted at all."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.kms.keys import key_fault
from revet.gate.readings.rds.encryption import encryption
from revet.model.finding import Outcome, Severity, compliant, noncompliant, unknown
from revet.plan import Inventory, Resource

_KEY = "kms_key_id"
_SAYS = ("aws_db_instance", "aws_rds_cluster")


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
    deviations=("storage-without-own-key",),
)
def rule(
    resource: Resource, inventory: Inventory, *, customer_managed_key: bool = False
) -> Outcome:
    """A replica or a restored instance takes encryption over from where it comes from."""
    found = encryption(resource, inventory)
    holder = found.holder
    own = holder is resource
    if found.unseen and not (found.encrypted and (holder.is_set(_KEY) or not customer_managed_key)):
        made = "it is made" if own else f"`{holder.address}`, which it is made from, is made itself"
        return unknown(
            f"{made} from `{found.unseen}`, and encrypted if that is",
            resolve="set `storage_encrypted = true`, and `kms_key_id` where a key is demanded",
            paths=("storage_encrypted", found.unseen) if own else (),
        )
    where = "" if own else f" in `{holder.address}`, which it is made from"
    related = () if own else (holder.address,)
    if not found.encrypted:
        return noncompliant(
            f"`storage_encrypted` is off{where}" if holder.type in _SAYS else f"no key{where}",
            paths=("storage_encrypted",),
            related=related,
        )
    fault = key_fault(holder, inventory, _KEY) if customer_managed_key else ""
    if fault:
        return noncompliant(f"it is encrypted with {fault}{where}", paths=(_KEY,), related=related)
    return compliant("its storage is encrypted", related=related)
