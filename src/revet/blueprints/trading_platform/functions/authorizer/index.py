"""Lets a request in whose API key is one of the platform's.

The table of keys holds SHA-256 hashes, never a key. A key identifies a client and its usage plan;
it does not authenticate anybody.

Environment: KEYS_TABLE.
"""

import hashlib
import os
import time
from typing import Any

import boto3

_TABLE: Any = boto3.resource("dynamodb").Table(os.environ["KEYS_TABLE"])


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer a `REQUEST` authorizer's question with a policy for the stage."""
    key = next(
        (
            value
            for name, value in (event.get("headers") or {}).items()
            if name.lower() == "x-api-key"
        ),
        "",
    )
    item = _item(hashlib.sha256(key.encode()).hexdigest()) if key else None
    if item is None:
        # API Gateway answers 401 to this very text, whatever raises it.
        raise PermissionError("Unauthorized")
    stage = "/".join(event["methodArn"].split("/")[:2])
    return {
        "principalId": item["client_id"],
        "usageIdentifierKey": key,
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": f"{stage}/*"}
            ],
        },
        "context": {"client_id": item["client_id"]},
    }


def _item(key_hash: str) -> dict[str, Any] | None:
    """The entry of a key that is in force; `None` without one."""
    item: dict[str, Any] | None = _TABLE.get_item(Key={"key_hash": key_hash}).get("Item")
    if item is None or not item.get("enabled"):
        return None
    return item if int(item.get("expires_at", 0)) > time.time() else None
