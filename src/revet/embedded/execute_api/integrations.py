"""What answers a request that was let through: a function, or API Gateway itself.

Source: Amazon API Gateway Developer Guide, "Lambda proxy integrations in API Gateway" (output
format; anything else is 502), "Mock integrations", "Set up an integration response", "Content type
conversions in API Gateway", "Amazon API Gateway important notes" (headers that are remapped).
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from revet.embedded.execute_api.calling import FunctionTimedOutError, call_function
from revet.embedded.execute_api.context import NotRunError, rendered, selected
from revet.embedded.execute_api.events import is_binary, proxy_event
from revet.embedded.execute_api.permission import function_of, require_call
from revet.embedded.execute_api.refused import RefusedError
from revet.embedded.execute_api.requests import Exchange
from revet.embedded.function_calls import FunctionCalls
from revet.embedded.lock import StateLock
from revet.embedded.wire_error import AwsError

_JSON = "application/json"
_MILLIS = 29_000
_LARGEST_EVENT = 6 * 1024 * 1024
"""Bytes of what a function is called with (AWS Lambda Developer Guide, "Lambda quotas")."""
_LARGEST = 10 * 1024 * 1024
_REMAPPED = frozenset(
    (
        *("authorization", "connection", "content-length", "content-md5", "date", "expect"),
        *("host", "max-forwards", "server", "te", "trailer", "transfer-encoding", "upgrade"),
        *("via", "www-authenticate"),
    )
)
_RESPONSE_HEADER = "method.response.header."
_STATUS = range(100, 600)


class Response(NamedTuple):
    """What goes back to the client.

    Args:
        status: HTTP status.
        headers: name and value; a name may come more than once.
        body: of the response.
    """

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def integrate(exchange: Exchange, lock: StateLock, calls: FunctionCalls) -> Response:
    """Answer a request as its method's integration says.

    Args:
        exchange: the request, let through.
        lock: of the state; not held while a function runs.
        calls: of functions.

    Raises:
        RefusedError: the integration failed.
        NotRunError: it is of a kind that is not run here.
    """
    integration = exchange.method.get("methodIntegration")
    if not integration:
        raise RefusedError("API_CONFIGURATION_ERROR", why="No integration defined for method")
    if integration["type"] == "MOCK":
        return _mock(exchange, integration)
    if integration["type"] == "AWS_PROXY":
        return _function(exchange, integration, lock, calls)
    raise NotRunError(f"integrations of the type {integration['type']}")


def _mock(exchange: Exchange, integration: Mapping[str, Any]) -> Response:
    templates = integration.get("requestTemplates") or {}
    template = templates.get(exchange.incoming.media_type)
    if template is None:
        behaviour = integration.get("passthroughBehavior") or "WHEN_NO_MATCH"
        if behaviour == "NEVER" or (behaviour == "WHEN_NO_TEMPLATES" and templates):
            raise RefusedError("UNSUPPORTED_MEDIA_TYPE")
        template = exchange.incoming.body.decode("utf-8", "replace")
    text = rendered(template, exchange)
    found = re.search(r"""["']?statusCode["']?\s*:\s*["']?(\d{3})""", text)
    if found is None:
        raise RefusedError(
            "API_CONFIGURATION_ERROR",
            why="Unable to parse statusCode. It should be an integer that is defined in the "
            "request template",
        )
    return _response(exchange, integration, found[1])


def _response(exchange: Exchange, integration: Mapping[str, Any], status: str) -> Response:
    """The integration response for a status: the one whose pattern matches, else the default."""
    responses = list((integration.get("integrationResponses") or {}).values())
    matching = [
        one
        for one in responses
        if one.get("selectionPattern") and re.fullmatch(one["selectionPattern"], status)
    ]
    chosen = next(
        iter(matching or [one for one in responses if not one.get("selectionPattern")]), None
    )
    if chosen is None:
        raise RefusedError(
            "API_CONFIGURATION_ERROR", why=f"No match for output mapping and no default: {status}"
        )
    headers = []
    for name, value in (chosen.get("responseParameters") or {}).items():
        if value.startswith("integration.response."):
            raise NotRunError(f"the mapping `{value}` of a mock integration")
        headers.append((name.removeprefix(_RESPONSE_HEADER), selected(exchange, value)))
    templates = chosen.get("responseTemplates") or {}
    media, template = next(iter(templates.items()), (_JSON, ""))
    if _JSON in templates:
        media, template = _JSON, templates[_JSON]
    body = rendered(template or "", exchange).encode()
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", media))
    return Response(int(chosen["statusCode"]), headers, body)


def _function(
    exchange: Exchange, integration: Mapping[str, Any], lock: StateLock, calls: FunctionCalls
) -> Response:
    function = function_of(integration.get("uri") or "", exchange)
    payload = json.dumps(proxy_event(exchange)).encode()
    if len(payload) > _LARGEST_EVENT:
        raise RefusedError("REQUEST_TOO_LARGE")
    source = exchange.arn(exchange.resource_path.lstrip("/"))
    seconds = int(integration.get("timeoutInMillis") or _MILLIS) / 1000
    exchange.steps.append(f"Endpoint request URI: {integration['uri']}")
    try:
        require_call(exchange, function, source, integration.get("credentials") or "")
        ran = call_function(lock, calls, function, payload, seconds)
    except AwsError as error:
        raise RefusedError(
            "API_CONFIGURATION_ERROR",
            why=f"Execution failed due to configuration error: {error.message}",
        ) from error
    except FunctionTimedOutError as error:
        raise RefusedError(
            "INTEGRATION_TIMEOUT", why="Execution failed due to a timeout error"
        ) from error
    exchange.variables |= {
        "integrationLatency": str(round(ran.seconds * 1000)),
        "integration.latency": str(round(ran.seconds * 1000)),
        "integration.requestId": ran.request_id,
        "integration.status": "200",
        "awsEndpointRequestId": ran.request_id,
        "awsEndpointRequestId2": "",
    }
    if ran.error:
        exchange.variables["integration.error"] = "The function failed"
        raise RefusedError(
            "INTEGRATION_FAILURE",
            why="Lambda execution failed with status 200 due to customer function error",
        )
    response = _read(exchange, ran.payload)
    status = str(response.status)
    exchange.variables |= {"integrationStatus": status, "integration.integrationStatus": status}
    return response


def _read(exchange: Exchange, payload: bytes) -> Response:
    """What a function answered.

    Raises:
        RefusedError: it has another form.
    """
    try:
        answer = json.loads(payload or b"null")
        response = _parsed(exchange, answer)
    except (ValueError, TypeError, KeyError) as error:
        raise RefusedError(
            "INTEGRATION_FAILURE",
            why=f"Execution failed due to configuration error: Malformed Lambda proxy response "
            f"({error})",
        ) from error
    if len(response.body) > _LARGEST:
        raise RefusedError("INTEGRATION_FAILURE", why="Execution failed: the response is too large")
    return response


def _parsed(exchange: Exchange, answer: Any) -> Response:  # noqa: ANN401 - a JSON value
    if not isinstance(answer, dict):
        raise TypeError("not an object")
    status = answer["statusCode"]
    if isinstance(status, bool) or not isinstance(status, (int, str)) or int(status) not in _STATUS:
        raise ValueError("`statusCode` is not one")
    body = answer.get("body")
    if body is not None and not isinstance(body, str):
        raise TypeError("`body` is not a text")
    encoded = answer.get("isBase64Encoded", False)
    if not isinstance(encoded, bool):
        raise TypeError("`isBase64Encoded` is not true or false")
    headers = [*_single(answer.get("headers")), *_multiple(answer.get("multiValueHeaders"))]
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", _JSON))
    content = (body or "").encode()
    accepted = exchange.incoming.header("Accept") or "*/*"
    if encoded and is_binary(accepted, exchange.deployed.binary_types):
        try:
            content = base64.b64decode(content, validate=True)
        except binascii.Error as error:
            raise ValueError("`body` is not Base64") from error
    return Response(int(status), [_remapped(name, text) for name, text in headers], content)


def _single(headers: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - a JSON value
    if headers is None:
        return []
    if not isinstance(headers, dict):
        raise TypeError("`headers` is not an object")
    return [(name, _scalar(value)) for name, value in headers.items() if value is not None]


def _multiple(headers: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - a JSON value
    if headers is None:
        return []
    if not isinstance(headers, dict) or not all(isinstance(one, list) for one in headers.values()):
        raise TypeError("`multiValueHeaders` is not an object of lists")
    return [(name, _scalar(value)) for name, values in headers.items() for value in values]


def _scalar(value: Any) -> str:  # noqa: ANN401 - a JSON value
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, (str, int, float)):
        raise TypeError("a header is not a text")
    if any(letter in str(value) for letter in "\r\n\0"):
        raise ValueError("a header has a line break")
    return str(value)


def _remapped(name: str, text: str) -> tuple[str, str]:
    if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
        raise ValueError("the name of a header is not one")
    return (f"x-amzn-Remapped-{name}" if name.lower() in _REMAPPED else name), text
