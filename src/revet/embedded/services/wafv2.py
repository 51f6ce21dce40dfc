"""WAF: what a web ACL stands before.

moto keeps it, and answers it of a resource alone. (WAF API reference, ListResourcesForWebACL.)
"""

from __future__ import annotations

import json

from moto.wafv2.models import wafv2_backends

from revet.embedded.call import CALL, Call, Moto
from revet.embedded.routes import OWN_OPERATIONS
from revet.embedded.wire_error import AwsError

_JSON = {"Content-Type": "application/x-amz-json-1.1"}
_SERVICES = {
    "APPLICATION_LOAD_BALANCER": "elasticloadbalancing",
    "API_GATEWAY": "apigateway",
    "APPSYNC": "appsync",
    "COGNITO_USER_POOL": "cognito-idp",
    "APP_RUNNER_SERVICE": "apprunner",
    "VERIFIED_ACCESS_INSTANCE": "ec2",
    "AMPLIFY": "amplify",
}
_BY_DEFAULT = "APPLICATION_LOAD_BALANCER"


def install() -> None:
    """Put the operation in place."""
    OWN_OPERATIONS["wafv2", "ListResourcesForWebACL"] = _resources


def _resources(request: Moto, _url: str, _headers: Moto) -> tuple[int, dict[str, str], str]:
    call: Call = request.environ[CALL]
    arn = str(call.parameters["WebACLArn"])
    service = _SERVICES[str(call.parameters.get("ResourceType") or _BY_DEFAULT)]
    backend = wafv2_backends[call.principal.account][call.region]
    found = next((one for one in backend.wacls.values() if one.arn == arn), None)
    if found is None:
        raise AwsError("WAFNonexistentItemException", "AWS WAF couldn't find the web ACL")
    arns = [one for one in found.associated_resources if one.split(":")[2] == service]
    return 200, _JSON, json.dumps({"ResourceArns": sorted(arns)})
