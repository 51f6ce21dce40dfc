"""Turns what was taken in into analytics.

Its role reads the ingestion bucket and puts into the analytics bucket; it can neither write the one
nor read or delete in the other. An event that comes twice writes the same object.

Environment: ANALYTICS_BUCKET.
"""

import decimal
import json
import os
import urllib.parse
from typing import Any

import boto3

_S3: Any = boto3.client("s3")


def handler(event: dict[str, Any], _context: object) -> dict[str, int]:
    """Handle the notifications of S3 that an event holds."""
    for record in event["Records"]:
        bucket = record["s3"]["bucket"]["name"]
        key = urllib.parse.unquote_plus(record["s3"]["object"]["key"])
        trade = json.loads(_S3.get_object(Bucket=bucket, Key=key)["Body"].read())
        notional = decimal.Decimal(trade["price"]) * decimal.Decimal(trade["quantity"])
        _S3.put_object(
            Bucket=os.environ["ANALYTICS_BUCKET"],
            Key=f"trades/{trade['id']}.json",
            Body=json.dumps({**trade, "notional": str(notional)}).encode(),
            ContentType="application/json",
        )
    return {"processed": len(event["Records"])}
