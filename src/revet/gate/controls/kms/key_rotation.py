"""Key without rotation."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.kms.rotation import DEFAULT_PERIOD, never_rotates, rotation_period
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource


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
    deviations=("key-without-rotation",),
)
def rule(resource: Resource, inventory: Inventory, *, max_days: int = DEFAULT_PERIOD) -> Outcome:
    """Symmetric keys with material that KMS itself made: it cannot rotate the others."""
    del inventory
    if kind := never_rotates(resource):
        return compliant(f"KMS cannot rotate {kind}")
    if resource.is_set("is_enabled") and not resource.get("is_enabled"):
        return noncompliant("the key is disabled, and does not rotate", paths=("is_enabled",))
    if not resource.get("enable_key_rotation"):
        return noncompliant("`enable_key_rotation` is off", paths=("enable_key_rotation",))
    days = rotation_period(resource)
    if days > max_days:
        why = f"it rotates every {days} days, not {max_days}"
        return noncompliant(why, paths=("rotation_period_in_days",))
    return compliant(f"it rotates every {days} days")
