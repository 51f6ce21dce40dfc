"""Method of an API that anybody may call."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.values import one_of
from revet.model.finding import Outcome, Severity, Status, compliant, noncompliant
from revet.plan import Inventory, Resource

# Source: API Gateway API reference, `Method`, `authorizationType`.
_TYPES = ("NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS")
_BY_AUTHORIZER = ("CUSTOM", "COGNITO_USER_POOLS")
_PATH = "authorization"


@control(
    title="every method of an API asks who calls it",
    severity=Severity.HIGH,
    resource="aws_api_gateway_method",
    required="`authorization` is not `NONE`, but for `OPTIONS`, which browsers send unauthorized",
    impact="anybody on the internet calls it; an API key identifies, and authenticates nobody",
    fix="""authorization = "CUSTOM"
authorizer_id = aws_api_gateway_authorizer.clients.id""",
    deviations=("open-api-method",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """`ANY` holds the other methods, so that it must ask, too."""
    kind = one_of(resource, _PATH, _TYPES, "API Gateway has no authorization `{}`")
    outcome = _of(resource, kind)
    if outcome.status is Status.PASS:
        api = inventory.target(resource, "rest_api_id")
        if api is not None and api.is_set("body"):
            raise api.doubt("body", "methods in OpenAPI are not read", "write them as resources")
    return outcome


def _of(resource: Resource, kind: str) -> Outcome:
    """What a method itself says."""
    if kind in _BY_AUTHORIZER:
        if resource.is_set("authorizer_id"):
            return compliant("an authorizer decides")
        return noncompliant("it names no authorizer", paths=("authorizer_id",))
    if kind == "AWS_IAM":
        return compliant("IAM decides")
    if resource.get("http_method") == "OPTIONS":
        return compliant("browsers ask with `OPTIONS` before they send")
    return noncompliant("anybody may call it", paths=(_PATH,))
