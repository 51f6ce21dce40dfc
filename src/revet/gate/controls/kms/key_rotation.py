"""X-02: key without rotation.

Sources: AWS KMS API Reference, `CreateKey` (which key specs there are for which usages; ids of
custom key stores) and `EnableKeyRotation` (`RotationPeriodInDays` is 90 to 2560).
"""

from __future__ import annotations

import re

from revet.gate.catalog import control
from revet.model.finding import Outcome, Severity, compliant, noncompliant, unknown
from revet.plan import Inventory, Resource

_DEFAULT_DAYS = 365  # what KMS takes without `rotation_period_in_days`
_LEAST_DAYS, _MOST_DAYS = 90, 2560
_SPECS_OF_USAGE = {
    "ENCRYPT_DECRYPT": r"SYMMETRIC_DEFAULT|RSA_[234]\d{3}|SM2",
    "SIGN_VERIFY": r"RSA_[234]\d{3}|ECC_[A-Z0-9_]+|ML_DSA_\d{2}|SM2",
    "GENERATE_VERIFY_MAC": r"HMAC_\d{3}",
    "KEY_AGREEMENT": r"ECC_NIST_P\d{3}|SM2",
}


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
def rule(resource: Resource, inventory: Inventory, *, max_days: int = _DEFAULT_DAYS) -> Outcome:
    """Symmetric keys with material that KMS itself made: it cannot rotate the others."""
    del inventory
    return _not_rotated(resource) or _period(resource, max_days)


def _not_rotated(resource: Resource) -> Outcome | None:
    """Keys that KMS cannot rotate, and those that it does not."""
    spec = resource.get("customer_master_key_spec") or "SYMMETRIC_DEFAULT"
    usage = resource.get("key_usage") or "ENCRYPT_DECRYPT"
    if not re.fullmatch(_SPECS_OF_USAGE.get(usage, "(?!)"), spec):
        return unknown(
            f"KMS makes no `{spec}` key for `{usage}`",
            paths=("customer_master_key_spec", "key_usage"),
            resolve="give a key spec and a usage that KMS takes",
        )
    if spec != "SYMMETRIC_DEFAULT":
        return compliant(f"KMS cannot rotate a `{spec}` key for `{usage}`")
    if resource.is_set("custom_key_store_id"):
        return _in_store(resource.get("custom_key_store_id"))
    if resource.is_set("is_enabled") and not resource.get("is_enabled"):
        return noncompliant("the key is disabled, and does not rotate", paths=("is_enabled",))
    if not resource.get("enable_key_rotation"):
        return noncompliant("`enable_key_rotation` is off", paths=("enable_key_rotation",))
    return None


def _in_store(store: str) -> Outcome:
    if re.fullmatch(r"cks-[0-9a-f]+", store):
        return compliant("KMS cannot rotate a key in a custom key store")
    return unknown(
        f"`{store}` is not the id of a custom key store",
        paths=("custom_key_store_id",),
        resolve="give the id of the store, `cks-…`",
    )


def _period(resource: Resource, max_days: int) -> Outcome:
    path = "rotation_period_in_days"
    days = resource.get(path) if resource.is_set(path) else _DEFAULT_DAYS
    if not _LEAST_DAYS <= days <= _MOST_DAYS:
        return unknown(
            f"KMS takes no period of {days} days",
            paths=(path,),
            resolve=f"give a period of {_LEAST_DAYS} to {_MOST_DAYS} days",
        )
    if days > max_days:
        return noncompliant(f"it rotates every {days} days, not {max_days}", paths=(path,))
    return compliant(f"it rotates every {days} days")
