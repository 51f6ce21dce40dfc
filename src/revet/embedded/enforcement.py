"""Calls that policies decide: those of sessions that a service runs as a role.

Identity policies of the role, its permissions boundary and the policy of the resource are looked
at; service and resource control policies are not enforced yet.
"""

from __future__ import annotations

import datetime as dt

from revet.embedded.actions import Needed, needed_for
from revet.embedded.authorization import Denial, allow_known
from revet.embedded.call import Call, Session
from revet.embedded.policies import Context, context_of, name_for_decisions, policies_of
from revet.iam.evaluate import Decision, Outcome, Request, UndecidedError, authorize
from revet.model.errors import RevetError


def authorize_call(call: Call) -> Denial | None:
    """Whether a call may pass: by its policies where they are enforced, else as `allow_known`."""
    session = call.principal.session
    if session is None or not session.enforced:
        return allow_known(call)
    return _decide(call, session, dt.datetime.now(dt.UTC))


def authorize_needed(
    call: Call, session: Session, needed: Needed, context: Context
) -> Denial | None:
    """Whether a session may do one thing that an AWS service does for it.

    Args:
        call: what the service does, in the form of a call; its principal is the session's.
        session: of a role that the service assumed.
        needed: action, resource and that resource's policy.
        context: condition keys beside those that every call has.
    """
    return _decide_one(call, session, needed, dt.datetime.now(dt.UTC), context)


def _decide(call: Call, session: Session, now: dt.datetime) -> Denial | None:
    needed = needed_for(call)
    asked = f"{call.boto_service}:{call.operation}"
    if not needed:
        return Denial(
            f"the embedded AWS does not know what a role needs for {asked}", modelled=False
        )
    for one in needed:
        denial = _decide_one(call, session, one, now)
        if denial is not None:
            return denial
    return None


def _decide_one(
    call: Call, session: Session, needed: Needed, now: dt.datetime, context: Context | None = None
) -> Denial | None:
    asked = f"{call.boto_service}:{call.operation}"
    request = Request(
        name_for_decisions(call.principal),
        needed.action,
        needed.resource,
        {**_context(call, session, needed, now), **(context or {})},
        resource_account=needed.account or call.principal.account,
    )
    try:
        decision = authorize(request, policies_of(call.principal, needed.policy))
    except UndecidedError as error:
        why = error.got or error.what
        return Denial(f"the embedded AWS cannot decide {asked}: {why}", modelled=False)
    except RevetError as error:
        return Denial(f"the embedded AWS cannot decide {asked}: {error.what}", modelled=False)
    return None if decision.outcome is Outcome.ALLOWED else _denial(call, request, decision)


def _denial(call: Call, request: Request, decision: Decision) -> Denial:
    explicit = decision.outcome is Outcome.EXPLICITLY_DENIED
    why = "with an explicit deny" if explicit else f"because no policy allows {request.action}"
    return Denial(
        f"User: {call.principal.arn} is not authorized to perform: {request.action} on resource: "
        f"{request.resource} {why}"
    )


def _context(call: Call, session: Session, needed: Needed, now: dt.datetime) -> Context:
    return {
        **context_of(call, now),
        "aws:PrincipalArn": session.issuer_arn,
        "aws:PrincipalAccount": session.account,
        "aws:ResourceAccount": needed.account or session.account,
        "aws:ViaAWSService": False,
        "aws:CalledVia": None,
        "aws:SourceVpc": None,
        "aws:SourceVpce": None,
        "aws:VpcSourceIp": None,
        "aws:MultiFactorAuthAge": None,
        **({"iam:PassedToService": needed.passed_to} if needed.passed_to else {}),
    }
