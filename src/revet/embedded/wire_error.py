"""Errors in the wire format of the service and protocol that was called.

A named error with status 400 or 403 reaches the user at once. As a 500 the AWS SDK in Terraform's
provider would retry it 25 times, and a broken call would look like a hang.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from xml.sax.saxutils import escape

from moto.core.exceptions import ServiceException
from moto.core.model import OperationModel, ServiceModel
from moto.core.request import determine_request_protocol
from moto.core.serialize import SERIALIZERS, get_serializer_class

from revet.embedded.call import Answer

INTERNAL = "EmbeddedAwsInternalError"
NOT_IMPLEMENTED = "EmbeddedAwsNotImplemented"
UNKNOWN_SERVICE = "EmbeddedAwsUnknownService"
MALFORMED = "EmbeddedAwsMalformedRequest"
_CBOR = "cbor"
_XML_PROTOCOLS = ("query", "ec2", "rest-xml")


def is_cbor(headers: Mapping[str, str]) -> bool:
    """Whether a request speaks Smithy's RPC v2 CBOR."""
    return _CBOR in (headers.get("Content-Type") or "") or _CBOR in (
        headers.get("Smithy-Protocol") or ""
    )


def answer_with_error(
    status: int,
    code: str,
    message: str,
    *,
    model: ServiceModel | None,
    operation: OperationModel | None,
    headers: Mapping[str, str],
) -> Answer:
    """Make the answer that an AWS SDK reads as a named error.

    Args:
        status: HTTP status; anything below 500.
        code: AWS error code.
        message: what the user reads.
        model: of the service that was called; none when there is no such service.
        operation: that was called, when it is known.
        headers: of the request.
    """
    if is_cbor(headers):
        body = cbor_map({"__type": code, "message": message})
        kind = {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}
        return Answer(status, kind, body, code, message)
    protocol = _protocol(model, headers)
    if model is None or protocol not in SERIALIZERS:
        return _plain(status, code, message, xml="xml" in (headers.get("Accept") or ""))
    serializer = get_serializer_class(str(model.service_name), protocol)(
        operation_model=operation or OperationModel({}, model)
    )
    made = serializer.serialize(ServiceException(code, message))
    text = made["body"]
    content = text.encode() if isinstance(text, str) else text
    names = {str(name): str(value) for name, value in made["headers"].items()}
    if protocol not in _XML_PROTOCOLS:
        names.setdefault("x-amzn-ErrorType", code)
    return Answer(status, names, content, code, message)


def default_denial_code(model: ServiceModel | None) -> str:
    """`AccessDenied` or `AccessDeniedException`, as the service's protocol has it."""
    xml = model is not None and str(model.protocol) in _XML_PROTOCOLS
    return "AccessDenied" if xml else "AccessDeniedException"


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


def _protocol(model: ServiceModel | None, headers: Mapping[str, str]) -> str:
    if model is None:
        return ""
    try:
        return determine_request_protocol(model, headers.get("Content-Type") or "")
    except NotImplementedError:
        return str(model.protocol)


def _plain(status: int, code: str, message: str, *, xml: bool) -> Answer:
    if xml:
        text = (
            "<ErrorResponse><Error><Type>Sender</Type>"
            f"<Code>{code}</Code><Message>{escape(message)}</Message></Error></ErrorResponse>"
        )
        return Answer(status, {"Content-Type": "text/xml"}, text.encode(), code, message)
    text = json.dumps({"__type": code, "code": code, "message": message})
    headers = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-ErrorType": code}
    return Answer(status, headers, text.encode(), code, message)
