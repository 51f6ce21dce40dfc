"""Every API call as an event in CloudTrail's form, one JSON line each.

Source: AWS CloudTrail User Guide, "CloudTrail record contents". Where a request could not be read,
`requestParameters` is null and `additionalEventData.unparsed` says why.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import threading
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from revet.embedded.call import Answer, Call, Session
from revet.embedded.daemon import CALLS_FILE
from revet.embedded.operation import service_model
from revet.embedded.redaction import PAYLOADS, redact, shortened
from revet.files import open_private

EVENT_VERSION = "1.11"
_SHORT = 1024
_READ_ONLY = re.compile(
    r"^(Get|List|Describe|Head|BatchGet|Lookup|Search|Scan|Query|Select|Check|Validate|Simulate"
    r"|Test|Preview|Estimate|Filter)"
)
_EVENT_NAMES = {
    ("s3", "GetPublicAccessBlock"): "GetBucketPublicAccessBlock",
    ("s3", "PutPublicAccessBlock"): "PutBucketPublicAccessBlock",
    ("s3", "DeletePublicAccessBlock"): "DeleteBucketPublicAccessBlock",
    ("s3", "GetBucketLifecycleConfiguration"): "GetBucketLifecycle",
    ("s3", "PutBucketLifecycleConfiguration"): "PutBucketLifecycle",
    ("s3", "GetBucketNotificationConfiguration"): "GetBucketNotification",
    ("s3", "PutBucketNotificationConfiguration"): "PutBucketNotification",
    ("s3", "ListObjectsV2"): "ListObjects",
}
"""Operations whose events bear another name (Amazon S3 User Guide, "CloudTrail events")."""
_PARAMETER_NAMES = {("s3", "Bucket"): "bucketName"}


def is_read_only(operation: str) -> bool:
    """Whether an operation only reads, told from the verb that it starts with.

    Unknown operations are taken for writes.
    """
    return bool(_READ_ONLY.match(operation))


class Recorder:
    """Appends events to `calls.jsonl`.

    Args:
        directory: private folder of the run.

    Raises:
        PrerequisiteError: the file is a link, or somebody else's.
    """

    def __init__(self, directory: Path) -> None:
        descriptor = open_private(directory / CALLS_FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._file = os.fdopen(descriptor, "w", encoding="utf-8", buffering=1)
        self._lock = threading.Lock()

    def record(self, call: Call, answer: Answer) -> None:
        """Write one call down.

        Args:
            call: what was asked.
            answer: what was answered.
        """
        line = json.dumps(event_of(call, answer))
        with self._lock:
            self._file.write(line + "\n")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._file.close()


def event_of(call: Call, answer: Answer) -> dict[str, Any]:
    """The CloudTrail event of a call.

    Args:
        call: what was asked.
        answer: what was answered.
    """
    model = service_model(call.boto_service) if call.boto_service else None
    prefix = str(model.endpoint_prefix) if model else call.host.split(".", 1)[0]
    event: dict[str, Any] = {
        "eventVersion": EVENT_VERSION,
        "userIdentity": _identity(call),
        "eventTime": dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": f"{prefix.removeprefix('api.')}.amazonaws.com",
        "eventName": _EVENT_NAMES.get((call.boto_service, call.operation), call.operation) or None,
        "awsRegion": call.region,
        "sourceIPAddress": "127.0.0.1",
        "userAgent": shortened(call.headers.get("User-Agent") or "", _SHORT),
        "requestParameters": _parameters(call),
        "responseElements": None,
        "requestID": str(uuid.uuid4()),
        "eventID": str(uuid.uuid4()),
        "readOnly": is_read_only(call.operation),
        "eventType": "AwsApiCall",
        "recipientAccountId": call.principal.account or None,
        "additionalEventData": {
            "apiService": call.boto_service,
            "apiOperation": call.operation,
        },
    }
    if answer.error_code:
        event["errorCode"] = answer.error_code
        event["errorMessage"] = shortened(answer.error_message, _SHORT)
    elif answer.status >= 400:  # noqa: PLR2004 - HTTP: client errors start here
        event["errorCode"] = str(answer.status)
    if call.unparsed:
        event["additionalEventData"]["unparsed"] = shortened(call.unparsed, _SHORT)
    return event


def _identity(call: Call) -> dict[str, Any]:
    """Source: AWS CloudTrail User Guide, "CloudTrail userIdentity element"."""
    principal = call.principal
    if principal.kind == "anonymous":
        return {"type": "AWSAccount", "principalId": "", "accountId": "anonymous"}
    if principal.kind == "unknown":
        return {"type": "Unknown", "principalId": "", "accountId": None}
    found = {
        "type": _TYPES[principal.kind],
        "principalId": principal.principal_id,
        "arn": principal.arn,
        "accountId": principal.account,
        "accessKeyId": principal.access_key,
    }
    if principal.kind == "user":
        found["userName"] = principal.name
    return found | ({"sessionContext": _session(principal.session)} if principal.session else {})


_TYPES = {
    "root": "Root",
    "user": "IAMUser",
    "role": "AssumedRole",
    "federated": "FederatedUser",
}


def _session(session: Session) -> dict[str, Any]:
    issued = dt.datetime.fromtimestamp(session.issued, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    context: dict[str, Any] = {
        "attributes": {"creationDate": issued, "mfaAuthenticated": "false"},
    }
    if session.issuer_arn:
        context["sessionIssuer"] = {
            "type": "Role" if session.kind == "role" else "IAMUser",
            "principalId": session.issuer_id,
            "arn": session.issuer_arn,
            "accountId": session.account,
            "userName": session.issuer_arn.rpartition("/")[2],
        }
    if session.provider:
        context["webIdFederationData"] = {"federatedProvider": session.provider}
    if session.source_identity:
        context["sourceIdentity"] = session.source_identity
    return context


def _parameters(call: Call) -> Mapping[str, Any] | None:
    if call.unparsed:
        return None
    model = service_model(call.boto_service)
    shape = None
    if model is not None and call.operation in model.operation_names:
        shape = model.operation_model(call.operation).input_shape
    payload = PAYLOADS.get((call.boto_service, call.operation), frozenset())
    hidden = redact(call.parameters, shape, hidden=payload)
    return {
        _PARAMETER_NAMES.get((call.boto_service, name), name[:1].lower() + name[1:]): value
        for name, value in hidden.items()
    } or None
