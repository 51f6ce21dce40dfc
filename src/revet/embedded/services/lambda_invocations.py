"""Lambda: functions are invoked.

Source: AWS Lambda API Reference, Invoke; Developer Guide, "Lambda quotas".
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping

from moto.core.request import Request

from revet.embedded.call import CALL, Call, Json, Moto
from revet.embedded.functions.definition import Definition, find_function
from revet.embedded.functions.engine import LARGEST_ANSWER, Answer
from revet.embedded.functions.invoke import queue, running
from revet.embedded.functions.output import tail
from revet.embedded.routes import OWN_OPERATIONS
from revet.embedded.wire_error import AwsError

_LARGEST_EVENT = 1024 * 1024
"""Bytes of the event of an asynchronous invocation."""


def install() -> None:
    """Put the changes in place."""
    OWN_OPERATIONS["lambda", "Invoke"] = _invoke


def _invoke(request: Request, _url: str, _headers: Moto) -> tuple[int, dict[str, str], bytes]:
    call: Call = request.environ[CALL]
    asked = call.parameters
    kind = str(asked.get("InvocationType") or "RequestResponse")
    payload = _payload(call)
    _check(kind, payload)
    definition = find_function(
        call.principal.account,
        call.region,
        str(asked["FunctionName"]),
        str(asked.get("Qualifier") or ""),
    )
    if kind == "DryRun":
        return 204, {}, b""
    if kind == "Event":
        request_id = queue(definition, payload, call.principal.arn)
        return 202, {"x-amzn-RequestId": request_id}, b""
    functions = running()
    chain, context = functions.chain(), _context(str(asked.get("ClientContext") or ""))
    with functions.lock.released():
        answer = functions.invoke(definition, payload, chain, client_context=context)
    return 200, _answer_headers(definition, answer, asked), answer.payload


def _answer_headers(
    definition: Definition, answer: Answer, asked: Mapping[str, Json]
) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "x-amzn-RequestId": answer.request_id,
        "X-Amz-Executed-Version": definition.version,
        **({"X-Amz-Function-Error": answer.error} if answer.error else {}),
        **({"X-Amz-Log-Result": tail(answer.log)} if asked.get("LogType") == "Tail" else {}),
    }


def _payload(call: Call) -> bytes:
    return bytes(call.body)


def _check(kind: str, payload: bytes) -> None:
    if kind not in ("RequestResponse", "Event", "DryRun"):
        raise AwsError(
            "InvalidParameterValueException",
            f"Value '{kind}' at 'invocationType' is not one of RequestResponse, Event, DryRun",
        )
    most = _LARGEST_EVENT if kind == "Event" else LARGEST_ANSWER
    if len(payload) > most:
        raise AwsError(
            "RequestTooLargeException",
            f"Request must be smaller than {most} bytes for the InvokeFunction operation",
            413,
        )
    try:
        json.loads(payload or b"{}")
    except ValueError as error:
        raise AwsError(
            "InvalidRequestContentException",
            f"Could not parse request body into json: {error}",
        ) from error


def _context(text: str) -> Json:
    """What a caller says of itself: base64 of JSON.

    Raises:
        AwsError: it is not.
    """
    if not text:
        return None
    try:
        return json.loads(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError) as error:
        raise AwsError(
            "InvalidRequestContentException", "Client context must be a valid Base64-encoded JSON"
        ) from error
