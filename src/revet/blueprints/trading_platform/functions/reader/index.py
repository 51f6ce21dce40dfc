"""Hands the analytics of a trade to the client that sent it.

Environment: ANALYTICS_BUCKET, SESSIONS_TABLE.
"""

import json
import os
import re
from typing import Any

import boto3
from botocore.exceptions import ClientError

_S3: Any = boto3.client("s3")
_SESSIONS: Any = boto3.resource("dynamodb").Table(os.environ["SESSIONS_TABLE"])
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_MISSING = ("AccessDenied", "NoSuchKey")  # S3 says the first to who may not list


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer 200 with the analytics, or 404 where there are none for this client."""
    client_id = event["requestContext"]["authorizer"]["client_id"]
    trade_id = (event.get("pathParameters") or {}).get("id", "")
    session = _SESSIONS.get_item(Key={"client_id": client_id}).get("Item")
    found = _analytics(trade_id) if session and _ID.fullmatch(trade_id) else None
    if found is None or found["client_id"] != client_id:
        return _answer(404, {"message": "there are no analytics under this id"})
    return _answer(200, found)


def _analytics(trade_id: str) -> dict[str, str] | None:
    try:
        answer = _S3.get_object(
            Bucket=os.environ["ANALYTICS_BUCKET"], Key=f"trades/{trade_id}.json"
        )
    except ClientError as error:
        if error.response["Error"]["Code"] in _MISSING:
            return None
        raise
    found: dict[str, str] = json.loads(answer["Body"].read())
    return found


def _answer(status: int, value: dict[str, str]) -> dict[str, Any]:
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(value),
    }
