"""API keys and usage plans.

Source: Amazon API Gateway Developer Guide, "Usage plans and API keys for REST APIs", "Choose an API
key source": a key identifies a client of a plan; it authenticates nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from revet.embedded.call import Moto
from revet.embedded.execute_api.limits import Limits, count_in_quota, require_rate
from revet.embedded.execute_api.refused import RefusedError
from revet.embedded.execute_api.requests import Exchange

_OF_PLAN = ("rateLimit", "burstLimit")
_OF_STAGE = ("throttlingRateLimit", "throttlingBurstLimit")


def require_key(exchange: Exchange, backend: Moto, limits: Limits) -> None:
    """Go on when a method that asks for a key gets one, and its plan leaves room.

    Args:
        exchange: the request on its way; gets the key's identity.
        backend: moto's API Gateway of the API.
        limits: the token buckets.

    Raises:
        RefusedError: there is no key, or it is unknown, disabled or of no plan of the stage; or too
            many requests came.
    """
    if not exchange.method["apiKeyRequired"]:
        exchange.steps.append("The method does not require an API key")
        return
    from_authorizer = exchange.deployed.key_source == "AUTHORIZER"
    value = exchange.usage_key if from_authorizer else exchange.incoming.header("x-api-key")
    key = next((one for one in backend.keys.values() if value and one.value == value), None)
    if key is None or not key.enabled:
        raise RefusedError("INVALID_API_KEY", why="API key is missing, unknown or disabled")
    exchange.identity |= {"apiKey": value, "apiKeyId": str(key.id)}
    plan, place = _plan(exchange, backend, key.id)
    if plan is None:
        raise RefusedError("INVALID_API_KEY", why="API key is of no usage plan of this stage")
    name = f"{exchange.resource_path.lstrip('/')}/{exchange.incoming.method}"
    own = _by_method(place.get("throttle") or {}).get(name)
    if own is not None:
        require_rate(limits, ("plan", plan.id, key.id, name), own, _OF_PLAN)
    else:
        require_rate(limits, ("plan", plan.id, key.id), plan.throttle or {}, _OF_PLAN)
    count_in_quota(backend, plan.id, key.id, plan.quota or {}, exchange.incoming.received)
    exchange.steps.append(f"Usage Plan check succeeded for API Key {_masked(value)}")


def _plan(exchange: Exchange, backend: Moto, key: str) -> tuple[Moto | None, Mapping[str, Any]]:
    for plan in backend.usage_plans.values():
        if key not in backend.usage_plan_keys.get(plan.id, {}):
            continue
        for place in plan.api_stages:
            if (place["apiId"], place["stage"]) == (exchange.api_id, exchange.stage_name):
                return plan, place
    return None, {}


def _by_method(throttle: Mapping[str, Any]) -> dict[str, Any]:
    """`/orders/{id}/GET` to `orders/{id}/GET`, however the slash is written."""
    return {name.replace("~1", "/").lstrip("/"): one for name, one in throttle.items()}


def _masked(value: str) -> str:
    return f"{'*' * max(len(value) - 6, 0)}{value[-6:]}"


def require_stage_rate(exchange: Exchange, limits: Limits) -> None:
    """Go on when the limits of the method or stage leave room.

    Args:
        exchange: the request on its way.
        limits: the token buckets.

    Raises:
        RefusedError: too many requests came.
    """
    place, settings = exchange.method_settings()
    bucket = ("stage", exchange.api_id, exchange.stage_name, place)
    require_rate(limits, bucket, settings, _OF_STAGE)
