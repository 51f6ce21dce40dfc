"""X-02: key without rotation."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Plan, Resource

_DEFAULT_DAYS = 365  # what KMS takes without `rotation_period_in_days`


@control(
    title="customer-managed keys rotate by themselves",
    severity=Severity.MEDIUM,
    resource="aws_kms_key",
    required=(
        "the key is enabled, `enable_key_rotation` is true, and the period is at most `max_days` "
        "days"
    ),
    impact="key material that leaks once decrypts everything, past and future",
    fix="enable_key_rotation = true",
    construct='kms.Key(scope, "orders", description="Encrypts the orders")',
    deviations=("X-02",),
)
def rule(resource: Resource, plan: Plan, *, max_days: int = _DEFAULT_DAYS) -> Outcome:
    """Symmetric keys with material that KMS itself made: it cannot rotate the others."""
    del plan
    spec = resource.get("customer_master_key_spec") or "SYMMETRIC_DEFAULT"
    usage = resource.get("key_usage") or "ENCRYPT_DECRYPT"
    if spec != "SYMMETRIC_DEFAULT" or usage != "ENCRYPT_DECRYPT":
        return compliant(f"KMS cannot rotate a `{spec}` key for `{usage}`")
    if resource.is_set("custom_key_store_id"):
        return compliant("KMS cannot rotate a key in a custom key store")
    if resource.is_set("is_enabled") and not resource.get("is_enabled"):
        return noncompliant("the key is disabled, and does not rotate", paths=("is_enabled",))
    if not resource.get("enable_key_rotation"):
        return noncompliant("`enable_key_rotation` is off", paths=("enable_key_rotation",))
    path = "rotation_period_in_days"
    days = resource.get(path) if resource.is_set(path) else _DEFAULT_DAYS
    if days > max_days:
        return noncompliant(f"it rotates every {days} days, not {max_days}", paths=(path,))
    return compliant(f"it rotates every {days} days")
