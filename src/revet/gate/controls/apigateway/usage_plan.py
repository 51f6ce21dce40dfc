"""Usage plan without a limit, or for an API whose methods ask for no key."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.needed import planned
from revet.gate.readings.values import one_of
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts
from revet.plan.element_paths import blocks

_LIMITS = ("rate_limit", "burst_limit")
_BURSTS = range(1, 2**31)
"""Source: API Gateway API Reference, `ThrottleSettings`: a whole number, of 32 bits."""


@control(
    title="usage plans limit every key, and their APIs ask for one",
    severity=Severity.MEDIUM,
    resource="aws_api_gateway_usage_plan",
    required=(
        "`throttle_settings` has `rate_limit`, at most `rate`, and `burst_limit`; every method but "
        "`OPTIONS` of the APIs in `api_stages` has `api_key_required`"
    ),
    impact="one client takes the capacity of all, and requests without a key are not counted",
    fix="""throttle_settings {
  rate_limit  = 1000
  burst_limit = 1000
}""",
    deviations=("unlimited-client",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory, *, rate: int = 10000) -> Outcome:
    """What is above the account's own limit, 10,000 requests each second, limits nothing."""
    throttles = blocks(resource, "throttle_settings")
    if not throttles:
        return noncompliant("it has no `throttle_settings`", paths=("throttle_settings",))
    for path in (f"{throttles[0]}.{name}" for name in _LIMITS):
        if not resource.is_set(path) or not resource.get(path) > 0:
            return noncompliant(f"it has no `{path.rpartition('.')[2]}`", paths=(path,))
    path = f"{throttles[0]}.rate_limit"
    if resource.get(path) > rate:
        return noncompliant(f"it allows {resource.get(path)} requests each second", paths=(path,))
    one_of(resource, f"{throttles[0]}.burst_limit", _BURSTS, "API Gateway takes no burst of {}")
    stages = blocks(resource, "api_stages")
    if not stages:
        return noncompliant("it is for no stage", paths=("api_stages",))
    doubts = Doubts()
    for stage in stages:
        with doubts:
            found = _without_key(resource, f"{stage}.api_id", inventory, doubts)
            if found:
                why = f"`{found}` asks for no key"
                return noncompliant(why, paths=("api_stages",), related=(found,))
    return doubts.settled(compliant("every key is limited, and every method asks for one"))


def _without_key(plan: Resource, path: str, inventory: Inventory, doubts: Doubts) -> str:
    """A method of an API that asks for no key; empty where none is certain."""
    api = planned(plan, path, inventory, "aws_api_gateway_rest_api")
    if api.is_set("body"):
        raise api.doubt("body", "methods in OpenAPI are not read", "write them as resources")
    strong, perhaps = inventory.attachments(api, "aws_api_gateway_method", via="rest_api_id")
    for method in strong:
        with doubts:
            if method.get("http_method") != "OPTIONS" and not method.get("api_key_required"):
                return method.address
    if perhaps:
        with doubts:
            inventory.attached(api, "aws_api_gateway_method", via="rest_api_id", every=True)
    return ""
