"""Method of an API that anybody may call."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.apigateway.integrations import API, integrations_of
from revet.gate.readings.values import one_of
from revet.model.finding import Outcome, Severity, Status, compliant, noncompliant
from revet.plan import Inventory, Resource
from revet.plan.doubts import Doubts

# Source: API Gateway API reference, `Method`, `authorizationType`.
_TYPES = ("NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS")
_BY_AUTHORIZER = ("CUSTOM", "COGNITO_USER_POOLS")
_PATH = "authorization"


@control(
    title="every method of an API asks who calls it",
    severity=Severity.HIGH,
    resource="aws_api_gateway_method",
    required=(
        "`authorization` is not `NONE`, but for an `OPTIONS` of type `MOCK`, which browsers send "
        "unauthorized, and behind which nothing runs"
    ),
    impact="anybody on the internet calls it; an API key identifies, and authenticates nobody",
    fix="""authorization = "CUSTOM"
authorizer_id = aws_api_gateway_authorizer.clients.id""",
    deviations=("open-api-method",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """`ANY` holds the other methods, so that it must ask, too."""
    kind = one_of(resource, _PATH, _TYPES, "API Gateway has no authorization `{}`")
    api = inventory.target(resource, "rest_api_id")
    outcome = _of(resource, kind, api, inventory)
    if outcome.status is Status.PASS and api is not None and api.is_set("body"):
        raise api.doubt("body", "methods in OpenAPI are not read", "write them as resources")
    return outcome


def _of(resource: Resource, kind: str, api: Resource | None, inventory: Inventory) -> Outcome:
    """What a method itself says."""
    if kind in _BY_AUTHORIZER:
        if resource.is_set("authorizer_id"):
            return compliant("an authorizer decides")
        return noncompliant("it names no authorizer", paths=("authorizer_id",))
    if kind == "AWS_IAM":
        return compliant("IAM decides")
    if resource.get("http_method") == "OPTIONS":
        return _preflight(resource, api, inventory)
    return noncompliant("anybody may call it", paths=(_PATH,))


def _preflight(resource: Resource, api: Resource | None, inventory: Inventory) -> Outcome:
    """What a browser asks before it sends; an integration may run anything all the same."""
    if api is None:
        why = f"its API is not part of this {inventory.reading}, nor what runs behind it"
        raise resource.doubt("rest_api_id", why, "judge it with its API")
    if api.type != API:
        why = f"it names `{api.address}`, which is not an API"
        raise resource.doubt("rest_api_id", why, f"name an `{API}`")
    doubts = Doubts()
    for found in integrations_of(resource, api, inventory, doubts):
        with doubts:
            kind = found.get("type")
            if kind != "MOCK":
                why = f"anybody may call it, and `{found.address}` of type `{kind}` runs behind it"
                return noncompliant(why, paths=(_PATH,), related=(found.address,))
    return doubts.settled(compliant("browsers ask with `OPTIONS`, and nothing runs behind it"))
