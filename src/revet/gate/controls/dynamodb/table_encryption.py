"""Table with a key that its owner does not manage."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.kms.keys import key_fault
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource
from revet.plan.element_paths import blocks

_BLOCK = "server_side_encryption"
_KEY = f"{_BLOCK}.0.kms_key_arn"


@control(
    title="tables are encrypted with customer-managed keys",
    severity=Severity.MEDIUM,
    resource="aws_dynamodb_table",
    required=(
        f"`{_BLOCK}` is enabled, and its `kms_key_arn` names a customer-managed key, as does that "
        "of each `replica`"
    ),
    impact="nobody can say who uses the key, take it away, or see its use in CloudTrail",
    fix="""server_side_encryption {
  enabled     = true
  kms_key_arn = aws_kms_key.data.arn
}""",
    construct='dynamodb.Table(scope, "sessions", key=key, hash_key="Id")',
    deviations=("storage-without-own-key",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """Without the block DynamoDB encrypts with a key of its own; with it alone, with AWS's."""
    if not resource.is_set(_BLOCK):
        return noncompliant(f"`{_BLOCK}` is not set: DynamoDB's own key is used", paths=(_BLOCK,))
    if not resource.get(f"{_BLOCK}.0.enabled"):
        return noncompliant(f"`{_BLOCK}` is off: DynamoDB's own key is used", paths=(_BLOCK,))
    fault = key_fault(resource, inventory, _KEY)
    if fault:
        return noncompliant(f"it is encrypted with {fault}", paths=(_KEY,))
    for replica in blocks(resource, "replica"):
        path = f"{replica}.kms_key_arn"
        fault = key_fault(resource, inventory, path)
        if fault:
            return noncompliant(f"a replica is encrypted with {fault}", paths=(path,))
    return compliant("it is encrypted with a customer-managed key")
