"""Whether API Gateway may call a function, and by what.

Source: Amazon API Gateway Developer Guide, "Set up Lambda proxy integrations": the function's
policy admits `apigateway.amazonaws.com` for the method's ARN, or the integration has a role with
`lambda:InvokeFunction`.
"""

from __future__ import annotations

import re

from revet.embedded.execute_api.context import NotRunError
from revet.embedded.execute_api.requests import Exchange
from revet.embedded.function_calls import FunctionCalls
from revet.embedded.service_access import service_may
from revet.embedded.service_roles import ServiceRole
from revet.embedded.wire_error import AwsError

SERVICE = "apigateway.amazonaws.com"
_URI = re.compile(
    r"arn:[a-z-]+:apigateway:[a-z0-9-]+:lambda:path/[0-9-]+/functions/(?P<arn>.+)/invocations"
)
_STAGE_VARIABLE = re.compile(r"\$\{stageVariables\.(?P<name>[A-Za-z0-9_]+)\}")


def function_of(uri: str, exchange: Exchange) -> str:
    """ARN of the function that an integration's or authorizer's URI names.

    Args:
        uri: may hold stage variables.
        exchange: the request on its way.

    Raises:
        NotRunError: it is another URI.
    """
    variables = exchange.stage.variables or {}
    filled = _STAGE_VARIABLE.sub(lambda found: str(variables.get(found["name"], "")), uri or "")
    match = _URI.fullmatch(filled)
    if match is None:
        raise NotRunError(f"integrations with `{filled}`")
    return match["arn"]


def require_call(exchange: Exchange, function: str, source: str, credentials: str) -> None:
    """Go on when API Gateway may call a function.

    Args:
        exchange: the request on its way.
        function: its ARN.
        source: ARN of what calls: the method, or the authorizer.
        credentials: role that calls; empty where the function's own policy decides.

    Raises:
        AwsError: it may not, or there is no such function.
        NotRunError: the caller's own credentials are to call.
    """
    if credentials:
        if ":user/" in credentials:
            raise NotRunError("integrations with the caller's credentials")
        api = f"arn:aws:apigateway:{exchange.region}:{exchange.account}:/restapis/{exchange.api_id}"
        policy = FunctionCalls.policy_of(function)
        role = ServiceRole(SERVICE, credentials, api)
        role.require("lambda:InvokeFunction", function, policy=policy, account=_account(function))
        return
    context = {"aws:sourcearn": source, "aws:sourceaccount": exchange.account}
    policy = FunctionCalls.policy_of(function)
    if not service_may(policy, SERVICE, "lambda:InvokeFunction", function, context):
        raise AwsError(
            "AccessDenied", f"the policy of {function} does not let {SERVICE} call it", 403
        )


def _account(arn: str) -> str:
    return arn.split(":")[4]
