"""What is decided, or cannot be, without looking at a policy."""

from __future__ import annotations

from typing import NamedTuple

from revet.iam.evaluate.attached import Layer
from revet.iam.evaluate.context import Context
from revet.iam.evaluate.decision import Blocked, Outcome
from revet.iam.evaluate.request import Caller, CallerKind, Request
from revet.iam.evaluate.services import ServiceRules
from revet.iam.evaluate.services.aws_owned import only_aws_changes

_LONG_TERM = frozenset((CallerKind.USER, CallerKind.ROOT))
_ISSUED, _MFA = "aws:tokenissuetime", "aws:multifactorauthpresent"


class Settled(NamedTuple):
    """A decision without policies.

    Args:
        outcome: the decision.
        blocked: why it is denied.
        notes: why it is not known.
    """

    outcome: Outcome
    blocked: tuple[Blocked, ...] = ()
    notes: tuple[str, ...] = ()


def settled(
    request: Request, caller: Caller, service: ServiceRules, action: str, context: Context
) -> Settled | None:
    """Decide what needs no policy.

    Args:
        request: the request.
        caller: who makes it.
        service: the rules of the action's service.
        action: the action in lower case.
        context: the request's context.

    Returns:
        `None` when policies decide.
    """
    if caller.kind is CallerKind.UNREADABLE:
        note = f"`{request.principal}` is not a principal: an ARN, a service name, or `anonymous`"
        return Settled(Outcome.UNKNOWN, notes=(note,))
    if ":" not in action or "*" in action or "?" in action:
        note = f"`{request.action}` is not one action, such as `s3:GetObject`"
        return Settled(Outcome.UNKNOWN, notes=(note,))
    why = _refused(caller, service, action, context)
    if not why and caller.has_account and only_aws_changes(action, request.resource):
        why = f"only AWS changes `{request.resource}`"
    if why:
        return Settled(Outcome.IMPLICITLY_DENIED, (Blocked(Layer.RESOURCE, why=why),))
    if action in service.free and caller.has_account:
        return Settled(Outcome.ALLOWED)
    return None


def _refused(caller: Caller, service: ServiceRules, action: str, context: Context) -> str:
    """Why a service does not take an action from a caller; empty when it does."""
    kind = caller.kind
    taken: frozenset[str] | None = None
    if kind is CallerKind.ANONYMOUS:
        taken = service.unsigned
    elif kind is CallerKind.FEDERATED_USER:
        taken = service.federated
    if kind in service.refused.get(action, ()) or (taken is not None and action not in taken):
        return f"`{action}` is not for the {kind}"
    if kind not in _LONG_TERM or not context.get(_ISSUED):
        return ""
    what = f"credentials of `GetSessionToken` cannot call `{action}`"
    if service.temporary is not None and action not in service.temporary:
        return what
    return f"{what} without MFA" if service.temporary_with_mfa and not _mfa(context) else ""


def _mfa(context: Context) -> bool:
    return context.get(_MFA) == "true"
