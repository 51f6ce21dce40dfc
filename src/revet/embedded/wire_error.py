"""Errors in the wire format of the service and protocol that was called.

A named error with status 400 or 403 reaches the user at once. As a 500 the AWS SDK in Terraform's
provider would retry it 25 times, and a broken call would look like a hang.

Sources: Smithy 2.0, "AWS protocols", error serialization of awsJson, restJson1, restXml, awsQuery,
ec2Query and rpcv2Cbor; Amazon S3 API Reference, "REST error responses".
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from xml.sax.saxutils import escape

from moto.core.model import ServiceModel
from moto.core.request import determine_request_protocol

from revet.embedded.call import Answer

INTERNAL = "EmbeddedAwsInternalError"
NOT_IMPLEMENTED = "EmbeddedAwsNotImplemented"
UNKNOWN_SERVICE = "EmbeddedAwsUnknownService"
MALFORMED = "EmbeddedAwsMalformedRequest"
ENTITY_TOO_LARGE = "EntityTooLarge"
_CBOR = "cbor"
_FORM = "application/x-www-form-urlencoded"
_XML = {
    "s3": "<Error>{error}<RequestId>{request}</RequestId></Error>",
    "rest-xml": "<ErrorResponse><Error><Type>Sender</Type>{error}</Error>"
    "<RequestId>{request}</RequestId></ErrorResponse>",
    "query": "<ErrorResponse><Error><Type>Sender</Type>{error}</Error>"
    "<RequestId>{request}</RequestId></ErrorResponse>",
    "ec2": "<Response><Errors><Error>{error}</Error></Errors>"
    "<RequestID>{request}</RequestID></Response>",
}


class AwsError(Exception):
    """An error that a service of ours answers with.

    Args:
        code: AWS error code.
        message: what the caller reads.
        status: HTTP status; anything below 500.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def answer_with_error(
    status: int, code: str, message: str, *, model: ServiceModel | None, headers: Mapping[str, str]
) -> Answer:
    """Make the answer that an AWS SDK reads as a named error.

    Args:
        status: HTTP status; anything below 500.
        code: AWS error code.
        message: what the user reads.
        model: of the service that was called; none when there is no such service.
        headers: of the request, looked up without regard to case.
    """
    protocol = protocol_of(model, headers)
    if _CBOR in protocol:
        body = cbor_map({"__type": code, "message": message})
        kind = {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}
        return Answer(status, kind, body, code, message)
    if protocol in _XML:
        error = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
        text = _XML[protocol].format(error=error, request=uuid.uuid4())
        declared = f'<?xml version="1.0" encoding="UTF-8"?>{text}'
        return Answer(status, {"Content-Type": "text/xml"}, declared.encode(), code, message)
    text = json.dumps({"__type": code, "message": message})
    names = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-ErrorType": code}
    return Answer(status, names, text.encode(), code, message)


def protocol_of(model: ServiceModel | None, headers: Mapping[str, str]) -> str:
    """The wire protocol of a request: `s3`, or botocore's name of it.

    Args:
        model: of the service that was called; none when there is no such service.
        headers: of the request.
    """
    content_type = headers.get("Content-Type") or ""
    if _CBOR in content_type or _CBOR in (headers.get("Smithy-Protocol") or ""):
        return _CBOR
    if model is None:
        return "query" if content_type.startswith(_FORM) else "json"
    if model.service_name == "s3":
        return "s3"
    try:
        return determine_request_protocol(model, content_type)
    except NotImplementedError:
        return str(model.protocol)


def default_denial_code(model: ServiceModel | None, headers: Mapping[str, str]) -> str:
    """`AccessDenied`, `UnauthorizedOperation` or `AccessDeniedException`, as the protocol has it.

    Args:
        model: of the service that was called.
        headers: of the request.
    """
    protocol = protocol_of(model, headers)
    if protocol == "ec2":
        return "UnauthorizedOperation"
    return "AccessDenied" if protocol in _XML else "AccessDeniedException"


def cbor_map(entries: Mapping[str, str]) -> bytes:
    """A CBOR map of strings (RFC 8949, major types 3 and 5)."""
    parts = [_cbor_head(5, len(entries))]
    for text in (item for entry in entries.items() for item in entry):
        data = text.encode()
        parts += [_cbor_head(3, len(data)), data]
    return b"".join(parts)


def _cbor_head(major: int, length: int) -> bytes:
    if length < 24:  # noqa: PLR2004 - RFC 8949 section 3: lengths below 24 share the first byte
        return bytes([major << 5 | length])
    return bytes([major << 5 | 26]) + length.to_bytes(4, "big")
