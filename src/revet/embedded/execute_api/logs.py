"""The logs of a stage: what its access log is to say, and what happened to a request.

API Gateway writes both as the role of the account's settings; without one it writes neither. Access
logs may go to a delivery stream instead, by API Gateway's own service-linked role.

Source: Amazon API Gateway Developer Guide, "Set up CloudWatch logging for REST APIs in API
Gateway", "Log REST API calls to Amazon Data Firehose" (the stream's name begins with
`amazon-apigateway-`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence

from moto.firehose.models import firehose_backends
from moto.logs.models import logs_backends

from revet.embedded.call import Moto
from revet.embedded.execute_api.context import for_log
from revet.embedded.execute_api.permission import SERVICE
from revet.embedded.execute_api.requests import Exchange
from revet.embedded.log_delivery.buffers import put_records
from revet.embedded.service_roles import ServiceRole
from revet.embedded.wire_error import AwsError

_STREAM_PREFIX = "amazon-apigateway-"
_PAYLOAD = 1024
Undelivered = Callable[[str], None]


def write_logs(exchange: Exchange, backend: Moto, undelivered: Undelivered) -> None:
    """Write what the stage is to log of a request that was answered.

    Args:
        exchange: the request, answered.
        backend: moto's API Gateway of the API.
        undelivered: called with a line for each log that could not be written.
    """
    role = str(backend.account.cloudwatch_role_arn or "")
    settings = exchange.stage.access_log_settings or {}
    if settings.get("destinationArn") and settings.get("format"):
        line = for_log(settings["format"], exchange)
        destination = str(settings["destinationArn"])
        try:
            if destination.split(":")[2] == "firehose":
                _to_stream(destination, line)
            else:
                _to_group(exchange, role, destination, [line])
        except AwsError as error:
            undelivered(f"the access log of {_name(exchange)}: {error.message}")
    lines = _execution(exchange)
    if not lines or not role:
        return
    try:
        _to_group(exchange, role, "", lines)
    except AwsError as error:
        undelivered(f"the execution log of {_name(exchange)}: {error.message}")


def _name(exchange: Exchange) -> str:
    return f"{exchange.api_id}/{exchange.stage_name}"


def _execution(exchange: Exchange) -> list[str]:
    """The lines of the execution log, as the method's settings have it."""
    _, settings = exchange.method_settings()
    level = settings.get("loggingLevel") or "OFF"
    status = exchange.variables.get("status", "")
    failed = exchange.variables.get("error.responseType", "")
    identity = exchange.incoming.request_id
    if level == "ERROR":
        steps = exchange.steps[-1:] if failed else []
        lines = [*steps, f"Method completed with status: {status}"] if failed else []
    elif level == "INFO":
        lines = [
            f"Extended Request Id: {exchange.incoming.extended_id}",
            f"Starting execution for request: {identity}",
            f"HTTP Method: {exchange.incoming.method}, Resource Path: {exchange.resource_path}",
            *(_payloads(exchange) if settings.get("dataTraceEnabled") else ()),
            *exchange.steps,
            f"Successfully completed execution{'' if not failed else f' with {failed}'}",
            f"Method completed with status: {status}",
        ]
    else:
        return []
    return [f"({identity}) {line}" for line in lines]


def _payloads(exchange: Exchange) -> Sequence[str]:
    body = exchange.incoming.body[:_PAYLOAD].decode("utf-8", "replace")
    headers = {name: values[-1] for name, values in exchange.incoming.headers_by_name().items()}
    return (
        f"Method request path: {dict(exchange.path_parameters)}",
        f"Method request query string: {exchange.incoming.query()}",
        f"Method request headers: {headers}",
        f"Method request body before transformations: {body}",
    )


def _to_stream(arn: str, line: str) -> None:
    _, _, _, region, account, rest = arn.split(":", 5)
    name = rest.rpartition("/")[2]
    backend = firehose_backends[account][region]
    stream = backend.delivery_streams.get(name)
    if stream is None or not name.startswith(_STREAM_PREFIX):
        raise AwsError("NotFound", f"{arn} is not a delivery stream that API Gateway writes to")
    put_records(backend, stream, [f"{line}\n".encode()])


def _to_group(exchange: Exchange, role_arn: str, group_arn: str, lines: Sequence[str]) -> None:
    """Put lines into a log group by the account's role.

    Args:
        exchange: the request.
        role_arn: of the account's settings; empty without one.
        group_arn: of the group; empty for that of the execution log, which is made if need be.
        lines: to put.

    Raises:
        AwsError: the role may not, or there is no role or no group.
    """
    if not role_arn:
        raise AwsError("BadRequestException", "the account's settings name no CloudWatch role")
    backend = logs_backends[exchange.account][exchange.region]
    source = f"arn:aws:apigateway:{exchange.region}:{exchange.account}:/account"
    role = ServiceRole(SERVICE, role_arn, source)
    name = group_arn.partition(":log-group:")[2].removesuffix(":*")
    if not name:
        name = f"API-Gateway-Execution-Logs_{exchange.api_id}/{exchange.stage_name}"
        if name not in backend.groups:
            arn = f"arn:aws:logs:{exchange.region}:{exchange.account}:log-group:{name}"
            role.require("logs:CreateLogGroup", arn)
            backend.create_log_group(name, {})
    group = backend.groups.get(name)
    if group is None:
        raise AwsError("ResourceNotFoundException", f"the log group {name} does not exist")
    stream = hashlib.md5(_name(exchange).encode(), usedforsecurity=False).hexdigest()
    if stream not in group.streams:
        role.require("logs:CreateLogStream", group.arn)
        group.create_log_stream(stream)
    role.require("logs:PutLogEvents", f"{group.arn}:log-stream:{stream}")
    now = int(dt.datetime.now(dt.UTC).timestamp() * 1000)
    group.put_log_events(stream, [{"timestamp": now, "message": line} for line in lines])
