"""Key alias missing."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource


@control(
    title="every customer-managed key has an alias",
    severity=Severity.LOW,
    resource="aws_kms_key",
    required="an `aws_kms_alias` resource names the key",
    impact="people pick keys by id, and encrypt with the wrong one",
    fix="""resource "aws_kms_alias" "data" {
  name          = "alias/data"
  target_key_id = aws_kms_key.data.key_id
}""",
    construct='kms.Key(scope, "orders", description="Encrypts the orders")',
    deviations=("key-without-alias",),
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """One alias is enough."""
    aliases = inventory.attached(resource, "aws_kms_alias", via="target_key_id")
    if not aliases:
        return noncompliant("no `aws_kms_alias` names it")
    addresses = tuple(alias.address for alias in aliases)
    return compliant(f"named by `{addresses[0]}`", related=addresses)
