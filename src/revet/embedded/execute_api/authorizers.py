"""Lambda authorizers: who may pass, asked of a function, and remembered for a while.

Source: Amazon API Gateway Developer Guide, "Use API Gateway Lambda authorizers", "Input to" and
"Output from an API Gateway Lambda authorizer", "Configure an API Gateway Lambda authorizer" (the
identity source is validated, and is the key of what is remembered); API reference,
`CreateAuthorizer`.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from revet.embedded.execute_api.calling import FunctionTimedOutError, call_function
from revet.embedded.execute_api.context import NotRunError, selected
from revet.embedded.execute_api.events import authorizer_event
from revet.embedded.execute_api.permission import function_of, require_call
from revet.embedded.execute_api.policy import require_authorizers_policy
from revet.embedded.execute_api.refused import RefusedError
from revet.embedded.execute_api.requests import Exchange
from revet.embedded.function_calls import FunctionCalls
from revet.embedded.lock import StateLock
from revet.embedded.wire_error import AwsError

Clock = Callable[[], float]
_HEADER = "method.request.header.Authorization"
_TTL = 300
_MOST = 10_000
_SECONDS = 29.0
"""For a function to decide; API Gateway's own limit for an integration, too."""


class _Answered(NamedTuple):
    """What an authorizer's function answered, checked.

    Args:
        principal_id: whom it let in.
        policy: that it answered.
        context: for the integration.
        usage_key: value of an API key; empty without one.
    """

    principal_id: str
    policy: Mapping[str, Any]
    context: Mapping[str, Any]
    usage_key: str


class Authorizers:
    """Asks authorizers, and remembers what they answered.

    Args:
        lock: of the state; not held while a function runs.
        calls: of functions.
        clock: seconds, which never go back.
    """

    def __init__(
        self, lock: StateLock, calls: FunctionCalls, clock: Clock = time.monotonic
    ) -> None:
        self._state = lock
        self._calls = calls
        self._clock = clock
        self._lock = threading.Lock()
        self._remembered: dict[tuple[str, ...], tuple[float, _Answered]] = {}

    def require(self, exchange: Exchange) -> None:
        """Go on when the method's authorizer lets a request pass.

        Args:
            exchange: the request on its way; gets what the authorizer said.

        Raises:
            RefusedError: it does not, or cannot be asked.
            NotRunError: it is of a kind that is not run here.
        """
        configured = exchange.deployed.authorizers.get(exchange.method.get("authorizerId") or "")
        if configured is None:
            raise _wrong("the method names an authorizer that is not there")
        if configured["type"] not in ("TOKEN", "REQUEST"):
            raise NotRunError(f"authorizers of the type {configured['type']}")
        exchange.steps.append(f"Starting authorizer: {configured['id']}")
        identity = _identity(exchange, configured)
        ttl = configured.get("authorizerResultTtlInSeconds")
        seconds = _TTL if ttl is None else int(ttl)
        answered = self._answer(exchange, configured, identity, seconds if identity else 0)
        exchange.authorizer = {"principalId": answered.principal_id, **answered.context}
        exchange.usage_key = answered.usage_key
        try:
            require_authorizers_policy(exchange, answered.policy, answered.principal_id)
        except ValueError as error:
            raise _wrong(f"its policy is not one: {error}") from error
        exchange.steps.append("Successfully completed authorizer execution")

    def _answer(
        self, exchange: Exchange, configured: Mapping[str, Any], identity: list[str], seconds: int
    ) -> _Answered:
        key = (
            *(exchange.api_id, exchange.stage_name, exchange.deployment_id),
            *(str(configured["id"]), *identity),
        )
        with self._lock:
            until, remembered = self._remembered.get(key, (0.0, None))
            if remembered is not None and self._clock() < until:
                exchange.steps.append("Using valid authorizer policy for principal")
                return remembered
        answered = self._ask(exchange, configured, identity)
        if seconds:
            with self._lock:
                if len(self._remembered) > _MOST:
                    self._remembered.clear()
                self._remembered[key] = (self._clock() + seconds, answered)
        return answered

    def _ask(
        self, exchange: Exchange, configured: Mapping[str, Any], identity: list[str]
    ) -> _Answered:
        event: Mapping[str, Any] = authorizer_event(exchange)
        if configured["type"] == "TOKEN":
            event = {
                "type": "TOKEN",
                "authorizationToken": identity[0],
                "methodArn": exchange.arn(),
            }
        function = function_of(configured.get("authorizerUri") or "", exchange)
        source = f"{exchange.arn().split('/', maxsplit=1)[0]}/authorizers/{configured['id']}"
        payload = json.dumps(event).encode()
        try:
            role = configured.get("authorizerCredentials") or ""
            require_call(exchange, function, source, role)
            ran = call_function(self._state, self._calls, function, payload, _SECONDS)
        except AwsError as error:
            raise _wrong(f"its function cannot be called: {error.message}") from error
        except FunctionTimedOutError as error:
            raise RefusedError("AUTHORIZER_FAILURE", why="the authorizer timed out") from error
        return _read(ran.payload, ran.error)


def _wrong(why: str) -> RefusedError:
    return RefusedError(
        "AUTHORIZER_CONFIGURATION_ERROR", why=f"Execution failed due to configuration error: {why}"
    )


def _identity(exchange: Exchange, configured: Mapping[str, Any]) -> list[str]:
    """The values of the identity sources; all of them must be there.

    Raises:
        RefusedError: one is missing, or does not look as it must; the function is not asked.
    """
    is_token = configured["type"] == "TOKEN"
    sources = configured.get("identitySource") or (_HEADER if is_token else "")
    found = [selected(exchange, source.strip()) for source in sources.split(",") if source.strip()]
    expression = configured.get("identityValidationExpression")
    if not all(found) or (
        is_token and expression and not re.fullmatch(expression, found[0] if found else "")
    ):
        raise RefusedError("UNAUTHORIZED", why="an identity source is missing or not valid")
    return found


def _read(payload: bytes, error: str) -> _Answered:
    """What a function answered.

    Raises:
        RefusedError: it failed, or its answer has another form.
    """
    try:
        answer = json.loads(payload or b"null")
    except ValueError:
        answer = None
    if error:
        if isinstance(answer, dict) and answer.get("errorMessage") == "Unauthorized":
            raise RefusedError("UNAUTHORIZED", why="the authorizer answered Unauthorized")
        raise _wrong("Authorizer function failed")
    if not isinstance(answer, dict):
        raise _wrong("its answer is not an object")
    principal_id, policy = answer.get("principalId"), answer.get("policyDocument")
    context, usage_key = answer.get("context") or {}, answer.get("usageIdentifierKey") or ""
    if not isinstance(principal_id, str) or not principal_id:
        raise _wrong("its answer has no `principalId`")
    if not isinstance(policy, dict) or not _has_statements(policy.get("Statement")):
        raise _wrong("its answer has no `policyDocument` that is a policy")
    if not isinstance(context, dict) or not all(
        isinstance(value, (str, int, float, bool)) for value in context.values()
    ):
        raise _wrong("`context` of its answer is not a map of texts, numbers and booleans")
    if not isinstance(usage_key, str):
        raise _wrong("`usageIdentifierKey` of its answer is not a text")
    texts = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in context.items()
    }
    return _Answered(principal_id, policy, texts, usage_key)


def _has_statements(listed: Any) -> bool:  # noqa: ANN401 - a JSON value
    """Whether a policy has statements, or none of them, of the form that they have."""
    return all(
        isinstance(one, dict)
        and one.get("Effect") in ("Allow", "Deny")
        and ("Action" in one or "NotAction" in one)
        and ("Resource" in one or "NotResource" in one)
        for one in (listed if isinstance(listed, list) else [listed])
    )
