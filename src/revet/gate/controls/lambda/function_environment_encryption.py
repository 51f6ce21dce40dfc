"""Environment of a function without a key of one's own."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.kms.keys import key_fault
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource
from revet.plan.element_paths import blocks

_PATH = "kms_key_arn"


@control(
    title="environments of functions are encrypted with a customer-managed key",
    severity=Severity.MEDIUM,
    resource="aws_lambda_function",
    required="`kms_key_arn` names a customer-managed key where there are variables",
    impact="whoever may see the function sees its variables, and no key can be taken away",
    fix="kms_key_arn = aws_kms_key.functions.arn",
    deviations=("storage-without-own-key",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """Without a key Lambda takes one of AWS's own, which everybody in the account may use."""
    if not any(resource.is_set(f"{block}.variables") for block in blocks(resource, "environment")):
        return compliant("it has no variables")
    fault = key_fault(resource, inventory, _PATH)
    if fault:
        return noncompliant(f"its variables are encrypted with {fault}", paths=(_PATH,))
    return compliant("encrypted with a customer-managed key")
