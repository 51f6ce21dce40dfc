"""Secrets taken out of recorded parameters.

botocore's models mark most secret members as `sensitive`; the names below are those that they do
not mark everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping

from revet.embedded.call import Json, Moto

REDACTED = "HIDDEN_DUE_TO_SECURITY_REASONS"  # CloudTrail's own words
SECRET_NAMES = frozenset(
    {
        "authparameters",
        "authtoken",
        "ciphertextblob",
        "clientsecret",
        "masteruserpassword",
        "newpassword",
        "oldpassword",
        "password",
        "plaintext",
        "privatekey",
        "secretaccesskey",
        "secretbinary",
        "secretstring",
        "sessiontoken",
        "userpassword",
    }
)


def redact(value: Json, shape: Moto = None, name: str = "") -> Json:
    """A JSON-ready copy of parameters without secrets and without binary content.

    Args:
        value: parsed parameters, or a part of them.
        shape: botocore's shape of that part; none when it is not known.
        name: member name of that part.
    """
    secret = name.lower() in SECRET_NAMES or (shape and shape.metadata.get("sensitive"))
    if secret and value is not None:
        return REDACTED
    if isinstance(value, Mapping):
        members = getattr(shape, "members", None) or {}
        inner = getattr(shape, "value", None) if getattr(shape, "type_name", "") == "map" else None
        return {
            str(key): redact(item, members.get(key, inner), str(key)) for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [redact(item, getattr(shape, "member", None)) for item in value]
    if isinstance(value, (bytes, bytearray)) or hasattr(value, "read"):
        size = len(value) if isinstance(value, (bytes, bytearray)) else -1
        return f"<{size} bytes>" if size >= 0 else "<stream>"
    plain = value is None or isinstance(value, (str, int, float, bool))
    return value if plain else str(value)
