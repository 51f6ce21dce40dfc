"""Secrets and contents taken out of recorded parameters.

A record says what was done to which resource, and never what was in it. botocore's models mark most
secret members as `sensitive`. The names below are those that they do not mark everywhere, and those
of messages, documents, items, environments and programs, which CloudTrail leaves out of its events
as well (AWS CloudTrail User Guide, "CloudTrail record contents"; AWS Lambda Developer Guide,
"Logging AWS Lambda API calls using AWS CloudTrail").
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from revet.embedded.call import Json, Moto

REDACTED = "HIDDEN_DUE_TO_SECURITY_REASONS"  # CloudTrail's own words
MOST_CHARACTERS = 32 * 1024
"""Of one text; the largest policy document has 20 KiB."""

_SECRET = re.compile(
    r"password|passphrase|privatekey|secret(?:access|hash|key|string|binary|value)|clientsecret"
    r"|^secret$|presharedkey|authparameters|apikeyvalue|credentials?$|tokencode|mfacode|userdata"
    r"|(?:auth|session|access|refresh|id|identity|security|bearer|grant|o?auth2?)token$"
    r"|samlassertion|plaintext|ciphertext|^confirmationcode$|challengeresponses"
)
_CONTENT = frozenset(
    (
        # messages and events
        *("message", "messagebody", "messageattributes", "messagesystemattributes", "subject"),
        *("body", "data", "detail", "payload", "input", "output", "logevents", "rawmessage"),
        *("content", "cause", "taskoutput", "reply", "destinationdata", "clientcontext"),
        # items
        *("item", "items", "key", "keys", "expressionattributevalues", "attributeupdates"),
        *("expected", "requestitems", "transactitems", "exclusivestartkey", "attributevalues"),
        # environments, programs and scripts
        *("environment", "environmentvariables", "zipfile", "code", "commands", "script"),
        *("definition", "buildspec", "templatebody", "kernelparams", "jobparameters"),
        *("parametervalue", "connectionproperties", "authorizationconfig", "variables"),
        # key material
        *("keymaterial", "encryptedkeymaterial", "certificatechain", "sshpublickeybody"),
    )
)
PAYLOADS: dict[tuple[str, str], frozenset[str]] = {
    ("ssm", "PutParameter"): frozenset(("value",)),
    ("ssm", "SendCommand"): frozenset(("parameters",)),
    ("ssm", "StartSession"): frozenset(("parameters",)),
    ("ssm", "StartAutomationExecution"): frozenset(("parameters",)),
    ("ecs", "RegisterTaskDefinition"): frozenset(("value",)),
    ("ecs", "RunTask"): frozenset(("value",)),
    ("codebuild", "CreateProject"): frozenset(("value",)),
    ("codebuild", "UpdateProject"): frozenset(("value",)),
    ("codebuild", "StartBuild"): frozenset(("value",)),
    ("apigateway", "CreateApiKey"): frozenset(("value",)),
    ("apigateway", "TestInvokeMethod"): frozenset(("headers", "multivalueheaders")),
    ("dms", "CreateEndpoint"): frozenset(("extraconnectionattributes",)),
}
"""Members of single operations, whose names are common elsewhere."""


def redact(
    value: Json, shape: Moto = None, name: str = "", *, hidden: frozenset[str] = frozenset()
) -> Json:
    """A JSON-ready copy of parameters without secrets and contents.

    Args:
        value: parsed parameters, or a part of them.
        shape: botocore's shape of that part; none when it is not known.
        name: member name of that part.
        hidden: further members to leave out, in lower case.
    """
    if value is not None and name and (_is_hidden(name.lower(), shape) or name.lower() in hidden):
        return REDACTED
    if isinstance(value, Mapping):
        members = getattr(shape, "members", None) or {}
        inner = getattr(shape, "value", None) if getattr(shape, "type_name", "") == "map" else None
        return {
            str(key): redact(item, members.get(key, inner), str(key), hidden=hidden)
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [redact(item, getattr(shape, "member", None), hidden=hidden) for item in value]
    if isinstance(value, (bytes, bytearray)) or hasattr(value, "read"):
        size = len(value) if isinstance(value, (bytes, bytearray)) else -1
        return f"<{size} bytes>" if size >= 0 else "<stream>"
    if isinstance(value, str):
        return shortened(value, MOST_CHARACTERS)
    plain = value is None or isinstance(value, (int, float, bool))
    return value if plain else shortened(str(value), MOST_CHARACTERS)


def shortened(text: str, most: int) -> str:
    """A text, or its beginning and how long it was."""
    return text if len(text) <= most else f"{text[:most]}… ({len(text)} characters)"


def _is_hidden(name: str, shape: Moto) -> bool:
    """Whether a member is a secret or a content; names of objects and tags are not.

    `Key` is an object's name in S3 and a tag's name elsewhere, and an item's in DynamoDB, where it
    is a structure.
    """
    if shape is not None and shape.metadata.get("sensitive"):
        return True
    if name in ("key", "keys", "code", "content", "input", "output", "data", "environment"):
        kind = getattr(shape, "type_name", "")
        return kind not in ("string", "") or name not in ("key", "keys")
    return name in _CONTENT or bool(_SECRET.search(name))
