"""Roles that AWS services assume, as the roles' trust policies decide.

Source: IAM User Guide, "Create a role to delegate permissions to an AWS service", "The confused
deputy problem" (`aws:SourceAccount`, `aws:SourceArn`).
"""

from __future__ import annotations

import datetime as dt

from revet.embedded.call import Session
from revet.embedded.credentials import find_role
from revet.embedded.policies import Context
from revet.embedded.session_requests import Asked
from revet.embedded.sessions import HOUR, make_role_session, require_allowed
from revet.embedded.wire_error import AwsError
from revet.iam.document import parse_policy
from revet.iam.evaluate import Policies, Request
from revet.model.errors import RevetError


def assume_as_service(
    service: str,
    role_arn: str,
    name: str,
    source_arn: str,
    now: dt.datetime,
    *,
    kept: bool = True,
) -> Session:
    """Make a session of a role for a service; its calls are decided by the role's policies.

    Args:
        service: service principal, for example `ssm.amazonaws.com`.
        role_arn: of the role.
        name: of the session.
        source_arn: what the service does it for.
        now: the current moment.
        kept: whether requests are signed with it; else what it may do is asked for, no more.

    Raises:
        AwsError: the role does not exist in the account that it is done for, does not trust the
            service, or it is not known whether it does. A role of another account cannot be passed
            to a service (IAM User Guide, "Grant a user permissions to pass a role").
    """
    role = find_role(role_arn)
    denied = AwsError(
        "AccessDenied",
        f"{service} is not authorized to perform: sts:AssumeRole on resource: {role_arn}",
        403,
    )
    source = source_arn.split(":")
    if role is None or str(role.account_id) != source[4]:
        raise denied
    context: Context = {
        "aws:SourceAccount": source[4],
        "aws:SourceArn": source_arn,
        "aws:RequestedRegion": source[3],
        "aws:CurrentTime": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "aws:EpochTime": int(now.timestamp()),
        "aws:SecureTransport": True,
        "sts:ExternalId": None,
        "sts:RoleSessionName": name,
    }
    try:
        policies = Policies(resource=parse_policy(role.assume_role_policy_document))
    except RevetError as error:
        raise AwsError("AccessDenied", f"the trust policy cannot be read: {error.what}") from error
    request = Request(
        service, "sts:AssumeRole", role_arn, context, resource_account=str(role.account_id)
    )
    require_allowed(request, policies, denied)
    return make_role_session(Asked(role, role_arn, name), HOUR, now, enforced=True, kept=kept)
