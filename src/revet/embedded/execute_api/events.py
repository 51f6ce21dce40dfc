"""What a function gets: the event of a proxy integration, and that of an authorizer.

Source: Amazon API Gateway Developer Guide, "Input format of a Lambda function for proxy
integration" and "Input to an API Gateway Lambda authorizer".
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from revet.embedded.execute_api.requests import SOURCE_IP, Exchange

_IDENTITY = (
    *("cognitoIdentityPoolId", "accountId", "cognitoIdentityId", "caller"),
    *("principalOrgId", "accessKey", "cognitoAuthenticationType"),
    *("cognitoAuthenticationProvider", "userArn", "user"),
)
"""Parts of `identity` that are null where nobody signed the request."""

_OF_CONNECTION = frozenset(
    (
        *("connection", "expect", "keep-alive", "proxy-authorization", "proxy-connection", "te"),
        *("trailer", "transfer-encoding", "upgrade", "content-length"),
    )
)


def proxy_event(exchange: Exchange) -> dict[str, Any]:
    """The event of an `AWS_PROXY` integration, format 1.0.

    Args:
        exchange: the request, authorized.
    """
    binary = is_binary(exchange.incoming.header("Content-Type"), exchange.deployed.binary_types)
    body: str | None = None
    if exchange.incoming.body:
        body = (
            base64.b64encode(exchange.incoming.body).decode()
            if binary
            else exchange.incoming.body.decode("utf-8", "replace")
        )
    return {
        **_request(exchange),
        "requestContext": request_context(exchange),
        "body": body,
        "isBase64Encoded": bool(binary and body),
    }


def authorizer_event(exchange: Exchange) -> dict[str, Any]:
    """The event of a `REQUEST` authorizer: the request without its body.

    Args:
        exchange: the request, not authorized yet.
    """
    return {
        "type": "REQUEST",
        "methodArn": exchange.arn(),
        **_request(exchange),
        "requestContext": request_context(exchange),
    }


def _request(exchange: Exchange) -> dict[str, Any]:
    headers = _passed_on(exchange)
    query = exchange.incoming.query()
    path = f"/{exchange.base_path}{exchange.path}" if exchange.base_path else exchange.path
    return {
        "resource": exchange.resource_path,
        "path": path or "/",
        "httpMethod": exchange.incoming.method,
        "headers": _last(headers),
        "multiValueHeaders": headers or None,
        "queryStringParameters": _last(query),
        "multiValueQueryStringParameters": query or None,
        "pathParameters": dict(exchange.path_parameters) or None,
        "stageVariables": dict(exchange.stage.variables or {}) or None,
    }


def _passed_on(exchange: Exchange) -> dict[str, list[str]]:
    """The headers that a function sees: those of the connection are left out, some are added."""
    incoming = exchange.incoming
    found = {
        name: values
        for name, values in incoming.headers_by_name().items()
        if name.lower() not in _OF_CONNECTION
        and not (name.lower() == "authorization" and values[-1].startswith("AWS4-"))
    }
    by_lower = {name.lower(): name for name in found}
    earlier = ", ".join(found.pop(by_lower.get("x-forwarded-for", ""), []))
    for name in ("x-forwarded-port", "x-forwarded-proto", "x-amzn-trace-id"):
        found.pop(by_lower.get(name, ""), None)
    started = f"{int(incoming.received.timestamp()):08x}"
    return {
        **found,
        "X-Amzn-Trace-Id": [f"Root=1-{started}-{incoming.request_id.replace('-', '')[:24]}"],
        "X-Forwarded-For": [f"{earlier}, {SOURCE_IP}" if earlier else SOURCE_IP],
        "X-Forwarded-Port": ["443"],
        "X-Forwarded-Proto": ["https"],
    }


def _last(values: Mapping[str, Sequence[str]]) -> dict[str, str] | None:
    return {name: texts[-1] for name, texts in values.items()} or None


def request_context(exchange: Exchange) -> dict[str, Any]:
    """`requestContext` of either event.

    Args:
        exchange: the request on its way.
    """
    incoming = exchange.incoming
    resource = exchange.resource
    context: dict[str, Any] = {
        "resourceId": resource.id if resource is not None else None,
        "resourcePath": exchange.resource_path,
        "httpMethod": incoming.method,
        "extendedRequestId": incoming.extended_id,
        "requestTime": incoming.received.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "path": incoming.path,
        "accountId": exchange.account,
        "protocol": "HTTP/1.1",
        "stage": exchange.stage_name,
        "domainPrefix": incoming.host.partition(".")[0],
        "requestTimeEpoch": int(incoming.received.timestamp() * 1000),
        "requestId": incoming.request_id,
        "identity": {
            **dict.fromkeys(_IDENTITY),
            "sourceIp": SOURCE_IP,
            "userAgent": incoming.header("User-Agent") or None,
            **exchange.identity,
        },
        "domainName": incoming.host,
        "deploymentId": exchange.deployment_id,
        "apiId": exchange.api_id,
    }
    if exchange.authorizer:
        context["authorizer"] = dict(exchange.authorizer)
    return context


def is_binary(media_types: str, binary_types: Sequence[str]) -> bool:
    """Whether a media type is one of those that an API takes for binary.

    Args:
        media_types: of a header; the first one counts.
        binary_types: of the API, `image/*` for one.
    """
    first = media_types.partition(",")[0].partition(";")[0].strip().lower()
    return bool(first) and any(fnmatchcase(first, one.lower()) for one in binary_types)
