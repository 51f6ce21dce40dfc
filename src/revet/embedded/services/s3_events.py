"""S3: notifications that have AWS's form, and reach functions.

moto leaves half of the record out, and silently does not invoke functions. (Amazon S3 User Guide,
"Event message structure", "Grant permissions to publish event notification messages to a
destination".)
"""

from __future__ import annotations

import datetime as dt
import secrets
import time
from typing import Any
from urllib.parse import quote_plus

from moto.s3 import notifications

from revet.embedded.call import Json, Moto
from revet.embedded.current import current_call
from revet.embedded.functions.sources import Source, send
from revet.embedded.patching import replace_in

_SERVICE = "s3.amazonaws.com"
_WITH_SIZE = "ObjectCreated"


def install() -> None:
    """Put the changes in place."""
    replace_in(notifications, "_get_s3_event", _event)
    replace_in(notifications, "_invoke_awslambda", _invoke)


def _event(event_name: str, bucket: Moto, key: Moto, notification_id: str) -> dict[str, Any]:
    """The message of an event."""
    name = str(getattr(event_name, "value", event_name)).removeprefix("s3:")
    described: dict[str, Json] = {"key": quote_plus(key.name, safe="/")}
    if name.startswith(_WITH_SIZE):
        described |= {"size": key.size, "eTag": str(key.etag).strip('"')}
    if bucket.is_versioned and key.version_id not in (None, "null"):
        described["versionId"] = str(key.version_id)
    described["sequencer"] = f"{time.time_ns():018X}"
    now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    owner = {"principalId": str(bucket.account_id)}
    return {
        "Records": [
            {
                "eventVersion": "2.1",
                "eventSource": "aws:s3",
                "awsRegion": bucket.region_name,
                "eventTime": now,
                "eventName": name,
                "userIdentity": {"principalId": _who(bucket)},
                "requestParameters": {"sourceIPAddress": "127.0.0.1"},
                "responseElements": {
                    "x-amz-request-id": secrets.token_hex(8).upper(),
                    "x-amz-id-2": secrets.token_urlsafe(48),
                },
                "s3": {
                    "s3SchemaVersion": "1.0",
                    "configurationId": notification_id,
                    "bucket": {"name": bucket.name, "ownerIdentity": owner, "arn": bucket.arn},
                    "object": described,
                },
            }
        ]
    }


def _who(bucket: Moto) -> str:
    call = current_call()
    return f"AWS:{call.principal.principal_id if call is not None else bucket.account_id}"


def _invoke(account_id: str, event_body: Json, fn_arn: str, _region_name: str) -> None:
    arn = event_body["Records"][0]["s3"]["bucket"]["arn"]
    send(Source(_SERVICE, arn, account_id), fn_arn, event_body)
