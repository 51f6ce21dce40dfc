"""What Lambda does for a function by its role, without a request: whether the role allows it."""

from __future__ import annotations

import datetime as dt

from revet.embedded.call import Call, Principal, Session
from revet.embedded.policies import context_of, name_for_decisions, policies_of
from revet.embedded.wire_error import AwsError
from revet.iam.evaluate import Outcome, Request, decide
from revet.model.errors import RevetError


def require_allowed(session: Session, action: str, resource: str, region: str) -> None:
    """Go on when a role's session may do something; the state's lock is held.

    Args:
        session: of the role.
        action: for example `dynamodb:GetRecords`.
        resource: ARN, of the role's account.
        region: that it is done in.

    Raises:
        AwsError: it may not, or that cannot be told.
    """
    principal = Principal(
        "role",
        session.access_key,
        session.account,
        session.arn,
        region,
        session.principal_id,
        session.name,
        session,
    )
    service, _, operation = action.partition(":")
    call = Call("POST", "", "/", {}, b"", service, service, operation, {}, "", principal, region)
    context = {
        **context_of(call, dt.datetime.now(dt.UTC)),
        "aws:PrincipalArn": session.issuer_arn,
        "aws:PrincipalAccount": session.account,
        "aws:ResourceAccount": resource.split(":")[4],
        "aws:ViaAWSService": False,
        "aws:CalledVia": None,
        "aws:SourceVpc": None,
        "aws:SourceVpce": None,
        "aws:VpcSourceIp": None,
        "aws:MultiFactorAuthAge": None,
    }
    asked = f"{session.arn} is not authorized to perform: {action} on resource: {resource}"
    try:
        request = Request(
            name_for_decisions(principal),
            action,
            resource,
            context,
            resource_account=resource.split(":")[4],
        )
        decision = decide(request, policies_of(principal, ""))
    except RevetError as error:
        raise AwsError("AccessDeniedException", f"{asked} ({error.what})", 403) from error
    if decision.outcome is not Outcome.ALLOWED:
        raise AwsError("AccessDeniedException", f"User: {asked}", 403)
