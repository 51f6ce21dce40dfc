"""Takes market data in: checks it, notes the client's session, keeps what was sent.

Only the fields of `_FIELDS` are kept, so that nothing else, cardholder data least of all, comes in
by mistake.

Environment: INGESTION_BUCKET, SESSIONS_TABLE.
"""

import datetime as dt
import decimal
import json
import os
import re
import time
from typing import Any, Never

import boto3

_BUCKET: Any = boto3.resource("s3").Bucket(os.environ["INGESTION_BUCKET"])
_SESSIONS: Any = boto3.resource("dynamodb").Table(os.environ["SESSIONS_TABLE"])
_FIELDS = ("symbol", "price", "quantity", "executed_at")
_SYMBOL = re.compile(r"[A-Z][A-Z0-9.]{0,11}")
_SESSION_SECONDS = 3600
_MOST_DIGITS = 20


class RefusedError(Exception):
    """What was sent is not market data."""


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer 202 with the id under which the data is kept, or 400 with what is wrong."""
    request_id = event["requestContext"]["requestId"]
    client_id = event["requestContext"]["authorizer"]["client_id"]
    try:
        trade = _checked(event.get("body"))
    except RefusedError as error:
        _keep(f"rejected/{request_id}.json", {"client_id": client_id, "why": str(error)})
        return _answer(400, {"message": str(error), "request_id": request_id})
    _SESSIONS.update_item(
        Key={"client_id": client_id},
        UpdateExpression="SET last_request = :request, expires_at = :expiry ADD requests :one",
        ExpressionAttributeValues={
            ":request": request_id,
            ":expiry": int(time.time()) + _SESSION_SECONDS,
            ":one": 1,
        },
    )
    _keep(f"raw/{request_id}.json", {"id": request_id, "client_id": client_id, **trade})
    return _answer(202, {"id": request_id})


def _checked(body: str | None) -> dict[str, str]:
    try:
        data = json.loads(body or "", parse_float=decimal.Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise RefusedError("the body is not valid JSON") from None
    if not isinstance(data, dict):
        raise RefusedError("the body is not a JSON object")
    if set(data) != set(_FIELDS):
        raise RefusedError(f"the fields must be {', '.join(_FIELDS)} and no others")
    if not isinstance(data["symbol"], str) or not _SYMBOL.fullmatch(data["symbol"]):
        raise RefusedError("`symbol` must be 1 to 12 of A-Z, 0-9 and dots, and start with a letter")
    return {
        "symbol": data["symbol"],
        "price": str(_positive("price", data["price"])),
        "quantity": str(_positive("quantity", data["quantity"])),
        "executed_at": _time(data["executed_at"]),
    }


def _no_number(text: str) -> Never:
    raise ValueError(text)


def _positive(name: str, value: object) -> decimal.Decimal:
    if isinstance(value, bool) or not isinstance(value, int | decimal.Decimal) or value <= 0:
        raise RefusedError(f"`{name}` must be a number above 0")
    number = decimal.Decimal(value)
    exponent = number.as_tuple().exponent
    if (
        not isinstance(exponent, int)
        or exponent < -_MOST_DIGITS
        or number.adjusted() >= _MOST_DIGITS
    ):
        raise RefusedError(f"`{name}` must have at most {_MOST_DIGITS} digits on either side")
    return number


def _time(value: object) -> str:
    try:
        found = dt.datetime.fromisoformat(str(value))
    except ValueError:
        raise RefusedError("`executed_at` must be a time such as 2026-01-31T12:00:00Z") from None
    if found.tzinfo is None:
        raise RefusedError("`executed_at` must name its time zone")
    return found.astimezone(dt.UTC).isoformat()


def _keep(key: str, value: dict[str, str]) -> None:
    _BUCKET.put_object(Key=key, Body=json.dumps(value).encode(), ContentType="application/json")


def _answer(status: int, value: dict[str, str]) -> dict[str, Any]:
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(value),
    }
