"""Which keys KMS cannot rotate by itself.

Sources: AWS KMS API Reference, `CreateKey` (which key specs there are for which usages); KMS
Developer Guide, "Rotate AWS KMS keys" (symmetric keys with material that KMS itself made).
"""

from __future__ import annotations

import re

from revet.gate.readings.values import one_of
from revet.plan import Resource, Undecided

PERIODS = range(90, 2561)
"""Days between two rotations. Source: AWS KMS API Reference, `EnableKeyRotation`."""
DEFAULT_PERIOD = 365
_SYMMETRIC = "SYMMETRIC_DEFAULT"
_SPECS_OF_USAGE = {
    "ENCRYPT_DECRYPT": r"SYMMETRIC_DEFAULT|RSA_[234]\d{3}|SM2",
    "SIGN_VERIFY": r"RSA_[234]\d{3}|ECC_[A-Z0-9_]+|ML_DSA_\d{2}|SM2",
    "GENERATE_VERIFY_MAC": r"HMAC_\d{3}",
    "KEY_AGREEMENT": r"ECC_NIST_P\d{3}|SM2",
}


def never_rotates(key: Resource) -> str:
    """What an `aws_kms_key` is that KMS cannot rotate: "a … key"; empty for one that it can.

    Raises:
        UnknownValueError: it is not known, or KMS has no such key.
    """
    spec = key.get("customer_master_key_spec") or _SYMMETRIC
    usage = key.get("key_usage") or "ENCRYPT_DECRYPT"
    if not re.fullmatch(_SPECS_OF_USAGE.get(usage, "(?!)"), spec):
        why = f"KMS makes no `{spec}` key for `{usage}`"
        do = "give a key spec and a usage that KMS takes"
        raise key.doubt("customer_master_key_spec", why, do)
    if spec != _SYMMETRIC:
        return f"a `{spec}` key for `{usage}`"
    if not key.is_set("custom_key_store_id"):
        return ""
    store = key.get("custom_key_store_id")
    if isinstance(store, Undecided):
        store.refuse()
    if not re.fullmatch(r"cks-[0-9a-f]+", store):
        why = f"`{store}` is not the id of a custom key store"
        raise key.doubt("custom_key_store_id", why, "give the id of the store, `cks-…`")
    return "a key in a custom key store"


def rotation_period(key: Resource) -> int:
    """Days between two rotations of an `aws_kms_key` that rotates.

    Raises:
        UnknownValueError: they are not known, or KMS takes no such period.
    """
    path = "rotation_period_in_days"
    if not key.is_set(path):
        return DEFAULT_PERIOD
    return one_of(key, path, PERIODS, "KMS takes no period of {} days")
