"""`$context` variables, and the texts that hold them.

Source: Amazon API Gateway Developer Guide, "Variables for access logging for API Gateway" and
"Variables for data transformations for API Gateway": a variable that a request does not have is `-`
in an access log, and empty elsewhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from revet.embedded.execute_api.requests import SOURCE_IP, Exchange

_VARIABLE = re.compile(
    r"\$(?:\{(?P<braced>(?:context|stageVariables)\.[A-Za-z0-9_.-]+)\}"
    r"|(?P<plain>(?:context|stageVariables)(?:\.[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*)+))"
)
_DIRECTIVE = re.compile(r"(?<![\w&])#(?:set|if|elseif|else|end|foreach|macro|parse|include|stop)\b")
_OTHER = re.compile(r"\$!?\{?[A-Za-z]")


class NotRunError(Exception):
    """Something of an API that the embedded AWS does not run; the text says what."""


def context_of(exchange: Exchange) -> dict[str, str]:
    """All variables that a request has, as texts.

    Args:
        exchange: the request on its way.
    """
    incoming = exchange.incoming
    found = {
        "accountId": exchange.account,
        "apiId": exchange.api_id,
        "deploymentId": exchange.deployment_id,
        "domainName": incoming.host,
        "domainPrefix": incoming.host.partition(".")[0],
        "extendedRequestId": incoming.extended_id,
        "httpMethod": incoming.method,
        "path": incoming.path,
        "protocol": "HTTP/1.1",
        "requestId": incoming.request_id,
        "requestTime": incoming.received.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "requestTimeEpoch": str(int(incoming.received.timestamp() * 1000)),
        "resourcePath": exchange.resource_path,
        "stage": exchange.stage_name,
        "identity.sourceIp": SOURCE_IP,
        "identity.userAgent": incoming.header("User-Agent"),
        **({"resourceId": exchange.resource.id} if exchange.resource is not None else {}),
        **({"customDomain.basePathMatched": exchange.base_path} if exchange.base_path else {}),
        **{f"identity.{name}": text for name, text in exchange.identity.items()},
        **{f"authorizer.{name}": _text(value) for name, value in exchange.authorizer.items()},
        **exchange.variables,
    }
    return {name: text for name, text in found.items() if text != ""}


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def for_log(template: str, exchange: Exchange) -> str:
    """A line of an access log.

    Args:
        template: the format of the stage's `accessLogSettings`.
        exchange: the request, answered.
    """
    return _filled(template, exchange, "-")


def rendered(template: str, exchange: Exchange) -> str:
    """A template without directives, with its variables in place.

    Args:
        template: of a gateway response, or of an integration.
        exchange: the request on its way.

    Raises:
        NotRunError: it has directives, or variables that are not of the context or the stage.
    """
    left = _VARIABLE.sub("", template)
    if _DIRECTIVE.search(left) or _OTHER.search(left):
        raise NotRunError("mapping templates of Velocity, with directives or `$input`")
    return _filled(template, exchange, "")


def _filled(template: str, exchange: Exchange, missing: str) -> str:
    context = context_of(exchange)
    variables: Mapping[str, str] = exchange.stage.variables or {}

    def value(found: re.Match[str]) -> str:
        kind, _, name = (found["braced"] or found["plain"]).partition(".")
        if kind == "stageVariables":
            return str(variables.get(name, missing))
        return context.get(name, missing)

    return _VARIABLE.sub(value, template)


def selected(exchange: Exchange, expression: str) -> str:
    """What a mapping expression such as `method.request.header.X` has; empty without it.

    Args:
        exchange: the request on its way.
        expression: of the request, `context.…`, `stageVariables.…`, or a text in single quotes.
    """
    if len(expression) > 1 and expression[0] == expression[-1] == "'":
        return expression[1:-1]
    kind, _, name = expression.partition(".")
    if kind == "stageVariables":
        return str((exchange.stage.variables or {}).get(name, ""))
    if kind == "context":
        return context_of(exchange).get(name, "")
    return _of_method(exchange, name) if kind == "method" else ""


def _of_method(exchange: Exchange, name: str) -> str:
    place, _, wanted = name.removeprefix("request.").partition(".")
    if place == "header":
        return exchange.incoming.header(wanted)
    if place in ("querystring", "multivaluequerystring"):
        return exchange.incoming.query().get(wanted, [""])[-1]
    return exchange.path_parameters.get(wanted, "") if place == "path" else ""
