"""Requests that API Gateway answers itself because it does not pass them on.

Source: Amazon API Gateway Developer Guide, "Gateway response types for API Gateway", "Set up a
gateway response": status, parameters and templates of each type, and `DEFAULT_4XX` and
`DEFAULT_5XX` for those without their own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from revet.embedded.call import Answer
from revet.embedded.execute_api.context import NotRunError, rendered, selected
from revet.embedded.execute_api.requests import Exchange

_JSON = "application/json"
_MESSAGE = '{"message":$context.error.messageString}'
_HEADER = "gatewayresponse.header."
_SERVER_ERROR = 500


class Kind(NamedTuple):
    """One gateway response type.

    Args:
        status: without one of the API's own.
        error: in `x-amzn-ErrorType`.
        message: where nothing more is to be said; none where AWS answers `null`.
    """

    status: int
    error: str
    message: str | None


KINDS: Mapping[str, Kind] = {
    "ACCESS_DENIED": Kind(403, "AccessDeniedException", "User is not authorized"),
    "API_CONFIGURATION_ERROR": Kind(500, "InternalServerErrorException", "Internal server error"),
    "AUTHORIZER_CONFIGURATION_ERROR": Kind(500, "AuthorizerConfigurationException", None),
    "AUTHORIZER_FAILURE": Kind(500, "AuthorizerConfigurationException", None),
    "BAD_REQUEST_BODY": Kind(400, "BadRequestException", "Invalid request body"),
    "BAD_REQUEST_PARAMETERS": Kind(400, "BadRequestException", ""),
    "EXPIRED_TOKEN": Kind(
        403, "ExpiredTokenException", "The security token included in the request is expired"
    ),
    "INTEGRATION_FAILURE": Kind(502, "InternalServerErrorException", "Internal server error"),
    "INTEGRATION_TIMEOUT": Kind(504, "InternalServerErrorException", "Endpoint request timed out"),
    "INVALID_API_KEY": Kind(403, "ForbiddenException", "Forbidden"),
    "INVALID_SIGNATURE": Kind(403, "InvalidSignatureException", ""),
    "MISSING_AUTHENTICATION_TOKEN": Kind(
        403, "MissingAuthenticationTokenException", "Missing Authentication Token"
    ),
    "QUOTA_EXCEEDED": Kind(429, "LimitExceededException", "Limit Exceeded"),
    "REQUEST_TOO_LARGE": Kind(413, "RequestTooLargeException", "Request Too Long"),
    "RESOURCE_NOT_FOUND": Kind(404, "NotFoundException", "Not found"),
    "THROTTLED": Kind(429, "TooManyRequestsException", "Too Many Requests"),
    "UNAUTHORIZED": Kind(401, "UnauthorizedException", "Unauthorized"),
    "UNSUPPORTED_MEDIA_TYPE": Kind(415, "BadRequestException", "Unsupported Media Type"),
    "WAF_FILTERED": Kind(403, "ForbiddenException", "Forbidden"),
}


class RefusedError(Exception):
    """A request that goes no further.

    Args:
        kind: gateway response type.
        message: what the client reads; that of the type without one.
        validation: what validation found, `$context.error.validationErrorString`.
        why: for the execution log.
    """

    def __init__(
        self, kind: str, message: str | None = None, *, validation: str = "", why: str = ""
    ) -> None:
        self.kind = kind
        self.message = KINDS[kind].message if message is None else message
        self.validation = validation
        self.why = why
        super().__init__(why or self.message or kind)


def refusal(exchange: Exchange, error: RefusedError) -> Answer:
    """The answer to a request that goes no further, as the API's gateway responses have it.

    Args:
        exchange: the request on its way; gets the variables of the error.
        error: why.

    Raises:
        NotRunError: the gateway response has a template that is not run here.
    """
    kind = KINDS[error.kind]
    exchange.variables |= {
        "error.message": error.message or "null",
        "error.messageString": json.dumps(error.message),
        "error.responseType": error.kind,
        "error.validationErrorString": error.validation,
    }
    own = exchange.deployed.gateway_responses
    default = "DEFAULT_5XX" if kind.status >= _SERVER_ERROR else "DEFAULT_4XX"
    chosen: Mapping[str, Any] = own.get(error.kind) or own.get(default) or {}
    status = int(chosen.get("statusCode") or kind.status)
    templates: Mapping[str, str] = chosen.get("responseTemplates") or {}
    media, template = _template(templates, exchange.incoming.header("Accept"))
    headers = {
        name.removeprefix(_HEADER): selected(exchange, value)
        for name, value in (chosen.get("responseParameters") or {}).items()
        if name.startswith(_HEADER)
    }
    body = rendered(template, exchange).encode()
    named = {"Content-Type": media, "x-amzn-ErrorType": kind.error, **headers}
    return Answer(status, named, body, kind.error, error.message or "")


def _template(templates: Mapping[str, str], accept: str) -> tuple[str, str]:
    """Media type and template: the one that is asked for, JSON, or the first one."""
    for wanted in (accept.partition(",")[0].partition(";")[0].strip(), _JSON):
        if wanted in templates:
            return wanted, templates[wanted]
    return next(iter(templates.items()), (_JSON, _MESSAGE))


def not_run(error: NotRunError) -> Answer:
    """The answer where an API needs something that is not run here: an error, with its name."""
    message = f"the embedded AWS does not run {error}"
    body = json.dumps({"message": message}).encode()
    named = {"Content-Type": _JSON, "x-amzn-ErrorType": "EmbeddedAwsNotImplemented"}
    return Answer(_SERVER_ERROR, named, body, "EmbeddedAwsNotImplemented", message)
