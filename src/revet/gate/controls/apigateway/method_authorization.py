"""Method of an API that anybody may call."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.values import one_of
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource, Undecided
from revet.plan.values import Unread

# Source: API Gateway API reference, `Method`, `authorizationType`.
_TYPES = ("NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS")
_BY_AUTHORIZER = ("CUSTOM", "COGNITO_USER_POOLS")
_PATH = "authorization"
_API = "aws_api_gateway_rest_api"


def _may_have_methods(resource: Resource) -> bool:
    """A method, or an API with an OpenAPI document; an account shows its methods apart."""
    body = resource.get("body") if resource.type == _API else True
    return not isinstance(body, Unread) and (isinstance(body, Undecided) or bool(body))


@control(
    title="every method of an API asks who calls it",
    severity=Severity.HIGH,
    resource=("aws_api_gateway_method", _API),
    applies=_may_have_methods,
    required="`authorization` is not `NONE`, but for `OPTIONS`, which browsers send unauthorized",
    impact="anybody on the internet calls it; an API key identifies, and authenticates nobody",
    fix="""authorization = "CUSTOM"
authorizer_id = aws_api_gateway_authorizer.clients.id""",
    deviations=("open-api-method",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory) -> Outcome:
    """`ANY` holds the other methods, so that it must ask, too."""
    del inventory
    if resource.type == _API:
        raise resource.doubt("body", "methods in OpenAPI are not read", "write them as resources")
    kind = one_of(resource, _PATH, _TYPES, "API Gateway has no authorization `{}`")
    if kind in _BY_AUTHORIZER:
        if resource.is_set("authorizer_id"):
            return compliant("an authorizer decides")
        return noncompliant("it names no authorizer", paths=("authorizer_id",))
    if kind == "AWS_IAM":
        return compliant("IAM decides")
    if resource.get("http_method") == "OPTIONS":
        return compliant("browsers ask with `OPTIONS` before they send")
    return noncompliant("anybody may call it", paths=(_PATH,))
