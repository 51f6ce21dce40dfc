"""IAM: which credentials reach it.

Source: AWS STS API Reference, "GetSessionToken" (its credentials reach IAM only with MFA) and
"GetFederationToken" (its credentials reach IAM only from a console session); IAM User Guide,
"Compare AWS STS credentials".
"""

from __future__ import annotations

from revet.iam.evaluate.context import Context
from revet.iam.evaluate.request import Caller, CallerKind, Request
from revet.iam.evaluate.services.rules import ServiceRules


def doubt(_request: Request, caller: Caller, _action: str, _context: Context) -> str:
    """Why an allowance may not be one: a request does not say whether it is from the console."""
    if caller.kind is CallerKind.FEDERATED_USER:
        return "a federated user reaches IAM only from a session of the console"
    return ""


IAM = ServiceRules(prefix="iam", temporary_with_mfa=True, doubt=doubt)
