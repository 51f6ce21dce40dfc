"""API whose answers pages of any site may read."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.apigateway.cors import PARAMETERS, fault_of_block, fault_of_headers
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource

_API, _HTTP, _URL = "aws_api_gateway_rest_api", "aws_apigatewayv2_api", "aws_lambda_function_url"
_DESCRIBED = (_API, _HTTP)


@control(
    title="only pages of named origins read what an API answers",
    severity=Severity.MEDIUM,
    resource=(
        "aws_api_gateway_gateway_response",
        "aws_api_gateway_integration_response",
        _API,
        _HTTP,
        _URL,
    ),
    required=(
        "the header `Access-Control-Allow-Origin` of every response, and each of "
        "`allow_origins`, is one of `origins`; it is never `*`, nor the origin of whoever asks, "
        "where credentials are allowed"
    ),
    impact="a page of somebody else calls the API from the browser of whoever looks at it",
    fix="""response_parameters = {
  "method.response.header.Access-Control-Allow-Origin" = "'https://app.example.com'"
}""",
    deviations=("any-origin",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory, *, origins: tuple[str, ...]) -> Outcome:
    """What a function answers by itself, as behind a proxy integration, only its code says."""
    del inventory
    if resource.type in _DESCRIBED and resource.is_set("body"):
        raise resource.doubt("body", "what OpenAPI says is not read", "write resources instead")
    if resource.type == _API:
        return compliant("its responses are resources of their own")
    if resource.type in (_HTTP, _URL):
        block = "cors" if resource.type == _URL else "cors_configuration"
        fault, paths = fault_of_block(resource, block, origins)
    else:
        fault, paths = fault_of_headers(resource, origins), (PARAMETERS,)
    return noncompliant(fault, paths=paths) if fault else compliant("it lets no other page in")
