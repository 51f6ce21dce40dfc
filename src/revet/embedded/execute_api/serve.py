"""From a request for a deployed API to its answer."""

from __future__ import annotations

import json
import re
import time
import traceback
from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from werkzeug.datastructures import Headers

from revet.embedded import faults
from revet.embedded.authentication import Asked, Authenticator
from revet.embedded.call import Answer, Moto
from revet.embedded.execute_api.authorizers import Authorizers
from revet.embedded.execute_api.context import NotRunError
from revet.embedded.execute_api.firewall import Firewall
from revet.embedded.execute_api.hosts import Unaddressed, find_stage, serves
from revet.embedded.execute_api.iam import require_signed
from revet.embedded.execute_api.integrations import Response, integrate
from revet.embedded.execute_api.keys import require_key, require_stage_rate
from revet.embedded.execute_api.limits import Limits
from revet.embedded.execute_api.logs import write_logs
from revet.embedded.execute_api.metrics import put_metrics
from revet.embedded.execute_api.policy import require_resource_policy
from revet.embedded.execute_api.refused import RefusedError, not_run, refusal
from revet.embedded.execute_api.requests import Exchange, Incoming
from revet.embedded.execute_api.routing import find_route
from revet.embedded.execute_api.validation import require_valid
from revet.embedded.faults import Faults
from revet.embedded.function_calls import FunctionCalls
from revet.embedded.lock import StateLock
from revet.embedded.wire_error import INTERNAL

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_FORBIDDEN = 403
_ERROR = 500
LARGEST = 10 * 1024 * 1024
"""Bytes of a payload (Amazon API Gateway Developer Guide, "Quotas")."""


class ExecuteApi:
    """Answers requests for deployed APIs.

    Args:
        lock: of the state; not held while a function runs.
        faults: where what is not run, or not logged, is written down.
        authenticator: verifies signatures.
        calls: of functions.
    """

    def __init__(
        self, lock: StateLock, faults: Faults, authenticator: Authenticator, calls: FunctionCalls
    ) -> None:
        self._lock = lock
        self._faults = faults
        self._authenticator = authenticator
        self._calls = calls
        self._authorizers = Authorizers(lock, calls)
        self._limits = Limits()
        self._firewall = Firewall()
        self._told: set[str] = set()

    def serves(self, host: str) -> bool:
        """Whether a host is a domain name of an API; the state's lock is held."""
        return serves(host)

    def answer(self, asked: Asked) -> Answer:
        """Answer one request.

        Args:
            asked: as it came from the connection; its body is read up to API Gateway's limit.
        """
        started = time.monotonic()
        asked.body.seek(0)
        incoming = Incoming(
            asked.method,
            asked.host,
            asked.target,
            asked.headers,
            asked.body.read(LARGEST + 1),
            asked.encrypted,
        )
        with self._lock:
            found = find_stage(incoming)
            if isinstance(found, Unaddressed):
                return self._unaddressed(incoming, found)
            exchange = found.exchange
            answer = self._answer(exchange, found.backend, asked)
            exchange.variables |= {
                "status": str(answer.status),
                "responseLength": str(len(answer.body)),
                "responseLatency": str(round((time.monotonic() - started) * 1000)),
            }
            if len(incoming.body) <= LARGEST:  # API Gateway writes no log of those
                write_logs(exchange, found.backend, self._not_delivered)
                put_metrics(exchange, str(found.backend.apis[exchange.api_id].name))
        return answer

    def _unaddressed(self, incoming: Incoming, found: Unaddressed) -> Answer:
        if found.not_run:
            return self._not_run(incoming, NotRunError(found.not_run))
        body = json.dumps({"message": "Forbidden"}).encode()
        named = {"Content-Type": "application/json", "x-amzn-ErrorType": "ForbiddenException"}
        named["x-amzn-RequestId"] = incoming.request_id
        return Answer(_FORBIDDEN, named, body, "ForbiddenException", found.why)

    def _answer(self, exchange: Exchange, backend: Moto, asked: Asked) -> Answer:
        try:
            try:
                answer = _as_answer(self._respond(exchange, backend, asked))
            except RefusedError as error:
                exchange.steps.append(error.why or error.kind)
                answer = refusal(exchange, error)
        except NotRunError as error:
            exchange.steps.append(f"the embedded AWS does not run {error}")
            answer = self._not_run(exchange.incoming, error)
        except Exception as error:  # noqa: BLE001 - becomes a named error, and is recorded
            answer = self._crashed(exchange.incoming, error)
        ids = {
            "x-amzn-RequestId": exchange.incoming.request_id,
            "x-amz-apigw-id": exchange.incoming.extended_id,
        }
        pairs = [*ids.items(), *((name, _one_line(text)) for name, text in answer.headers.items())]
        return replace(answer, headers=cast("Mapping[str, str]", Headers(pairs)))

    def _respond(self, exchange: Exchange, backend: Moto, asked: Asked) -> Response:
        incoming = exchange.incoming
        route = find_route(exchange.deployed.resources, exchange.path, incoming.method)
        if route is not None:
            exchange.resource, exchange.method = route.resource, route.method
            exchange.path_parameters = route.parameters
        self._firewall.require(exchange)
        if len(incoming.body) > LARGEST:
            raise RefusedError("REQUEST_TOO_LARGE")
        if exchange.method is None:
            raise RefusedError("MISSING_AUTHENTICATION_TOKEN", why="No such resource and method")
        self._authorize(exchange, asked)
        require_key(exchange, backend, self._limits)
        require_stage_rate(exchange, self._limits)
        require_valid(exchange)
        return integrate(exchange, self._lock, self._calls)

    def _authorize(self, exchange: Exchange, asked: Asked) -> None:
        kind = exchange.method.get("authorizationType") or "NONE"
        if kind == "AWS_IAM":
            require_signed(exchange, asked, self._authenticator)
            return
        if kind not in ("NONE", "CUSTOM"):
            raise NotRunError(f"methods with the authorization {kind}")
        require_resource_policy(exchange, authorized_later=kind == "CUSTOM")
        if kind == "CUSTOM":
            self._authorizers.require(exchange)

    def _not_run(self, incoming: Incoming, error: NotRunError) -> Answer:
        answer = not_run(error)
        where = f"{incoming.method} {incoming.host}{incoming.path}"
        self._faults.add(
            faults.UNMODELLED, f"{answer.error_message} ({where})", service="execute-api"
        )
        return answer

    def _crashed(self, incoming: Incoming, error: Exception) -> Answer:
        message = (
            "internal error of the embedded AWS, not of your configuration, at "
            f"{incoming.method} {incoming.host}{incoming.path}: {type(error).__name__}: {error}"
        )
        details = "".join(traceback.format_exception(error))
        self._faults.add(faults.INTERNAL, message, service="execute-api", traceback=details)
        body = json.dumps({"message": message}).encode()
        named = {"Content-Type": "application/json", "x-amzn-ErrorType": INTERNAL}
        return Answer(_ERROR, named, body, INTERNAL, message)

    def _not_delivered(self, line: str) -> None:
        if line not in self._told:
            self._told.add(line)
            self._faults.add(faults.NOT_DELIVERED, f"delivery not made: {line}")


def _one_line(text: str) -> str:
    """A header's value: what a client sent may be part of it, decoded."""
    return _CONTROL.sub(" ", text)


def _as_answer(response: Response) -> Answer:
    pairs = [(name, _one_line(text)) for name, text in response.headers]
    headers = cast("Mapping[str, str]", Headers(pairs))
    return Answer(response.status, headers, response.body)
