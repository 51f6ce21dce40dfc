"""AWS KMS: cryptographic operations, and looking at keys.

Sources: Service Authorization Reference, "AWS Key Management Service"; AWS KMS Developer Guide,
"AWS KMS condition keys" (`kms:RequestAlias` is there when the call names the key by its alias;
`kms:EncryptionContextKeys`) and "AWS KMS permissions". `Decrypt` and `ReEncrypt` may leave the key
to the ciphertext.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from revet.iam.operations.needs import Asked, Need, Needs, Row, Value, without_resource

_SYMMETRIC = "SYMMETRIC_DEFAULT"
_ENCRYPTING = (
    "Decrypt",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    "GenerateDataKeyWithoutPlaintext",
)
_SIGNING = ("GenerateMac", "GetPublicKey", "Sign", "Verify", "VerifyMac")
_LOOKING = ("DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus")
_WITH_ALIAS = frozenset((*_ENCRYPTING, *_SIGNING, "DescribeKey"))
_KEYS_OF_MEMBERS = {
    "DataKeyPairSpec": ("kms:DataKeyPairSpec", "KeyPairSpec"),
    "MacAlgorithm": ("kms:MacAlgorithm", "MacAlgorithm"),
    "MessageType": ("kms:MessageType", "MessageType"),
    "SigningAlgorithm": ("kms:SigningAlgorithm", "SigningAlgorithm"),
}
_SUPPORTED = {
    "GenerateDataKeyPair": ("DataKeyPairSpec",),
    "GenerateDataKeyPairWithoutPlaintext": ("DataKeyPairSpec",),
    "GenerateMac": ("MacAlgorithm",),
    "VerifyMac": ("MacAlgorithm",),
    "Sign": ("MessageType", "SigningAlgorithm"),
    "Verify": ("MessageType", "SigningAlgorithm"),
}


def encryption_keys(context: Mapping[str, Any]) -> dict[str, Value]:
    """The condition keys of an encryption context."""
    if not context:
        return {}
    found: dict[str, Value] = {
        f"kms:EncryptionContext:{name}": str(value) for name, value in context.items()
    }
    return {**found, "kms:EncryptionContextKeys": tuple(map(str, context))}


def key_arn(asked: Asked, named: str) -> str:
    """ARN of the key that a call names by id, ARN or alias; of the alias where only that is known.

    Args:
        asked: the call.
        named: what names the key.
    """
    partition_to_account, _, last = named.rpartition(":")
    if last.startswith("alias/"):
        found = asked.deployed.key_of_alias(named, asked.place)
        return found or (named if partition_to_account else asked.place.arn("kms", named))
    return named if named.startswith("arn:") else asked.place.arn("kms", f"key/{named}")


def _alias(named: str) -> dict[str, Value]:
    last = named.rpartition(":")[2]
    return {"kms:RequestAlias": last} if last.startswith("alias/") else {}


def _of_ciphertext(asked: Asked) -> str:
    blob = asked.parameters.get("CiphertextBlob") or b""
    if isinstance(blob, str):
        blob = base64.b64decode(blob)
    return asked.deployed.key_of_ciphertext(bytes(blob), asked.place)


def _on_key(asked: Asked) -> Needs | None:
    named = asked.text("KeyId")
    if not named and asked.operation == "Decrypt":
        named = _of_ciphertext(asked)
    if not named:
        return None
    keys: dict[str, Value] = _alias(named) if asked.operation in _WITH_ALIAS else {}
    if asked.operation in _ENCRYPTING:
        keys |= encryption_keys(asked.parameters.get("EncryptionContext") or {})
        keys["kms:EncryptionAlgorithm"] = asked.text("EncryptionAlgorithm") or _SYMMETRIC
    for one in _SUPPORTED.get(asked.operation, ()):
        key, member = _KEYS_OF_MEMBERS[one]
        value = asked.text(member) or ("RAW" if one == "MessageType" else "")
        keys |= {key: value} if value else {}
    keys["kms:CallerAccount"] = asked.place.account
    return Needs((Need(f"kms:{asked.operation}", key_arn(asked, named), keys),))


def _re_encrypt(asked: Asked) -> Needs | None:
    source = asked.text("SourceKeyId") or _of_ciphertext(asked)
    target = asked.text("DestinationKeyId")
    if not source or not target:
        return None
    arns = key_arn(asked, source), key_arn(asked, target)
    same = ":alias/" not in f"{arns[0]}{arns[1]}"
    needs = []
    for word, named, arn in (("Source", source, arns[0]), ("Destination", target, arns[1])):
        keys: dict[str, Value] = {
            **_alias(named),
            **encryption_keys(asked.parameters.get(f"{word}EncryptionContext") or {}),
            "kms:EncryptionAlgorithm": asked.text(f"{word}EncryptionAlgorithm") or _SYMMETRIC,
            "kms:CallerAccount": asked.place.account,
        }
        if same:
            keys["kms:ReEncryptOnSameKey"] = arns[0] == arns[1]
        action = "kms:ReEncryptFrom" if word == "Source" else "kms:ReEncryptTo"
        needs.append(Need(action, arn, keys))
    return Needs(tuple(needs))


ROWS: Mapping[str, Row] = {
    **dict.fromkeys((*_ENCRYPTING, *_SIGNING, *_LOOKING), _on_key),
    "ReEncrypt": _re_encrypt,
    "GenerateRandom": without_resource("kms"),
    "ListAliases": without_resource("kms"),
    "ListKeys": without_resource("kms"),
}
