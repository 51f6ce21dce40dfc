"""Temporary credentials: who gets them, for how long, with what.

Sources: AWS STS API Reference, AssumeRole, AssumeRoleWithWebIdentity, GetSessionToken and
GetFederationToken; IAM User Guide, "Methods to assume a role", "Pass session tags in AWS STS",
"Monitor and control actions taken with assumed roles" and "Troubleshoot IAM roles".
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Mapping
from typing import Any

from revet.embedded.call import Call, Moto, Principal, Session
from revet.embedded.credentials import keep_session, new_key
from revet.embedded.policies import context_of, name_for_decisions, policies_of
from revet.embedded.session_requests import (
    Asked,
    asked_context,
    matching,
    read_asked,
    session_policies,
    session_tags,
)
from revet.embedded.wire_error import NOT_IMPLEMENTED, AwsError
from revet.iam.evaluate import Outcome, Policies, Request, decide
from revet.model.errors import RevetError

HOUR = 3600
SHORTEST = 900
LONGEST_USER = 36 * HOUR
"""Seconds: GetSessionToken and GetFederationToken of a user."""
_TWELVE_HOURS = 12 * HOUR
_FEDERATED_NAME = re.compile(r"[\w+=,.@-]{2,32}", re.ASCII)


def assume_role(call: Call, now: dt.datetime) -> Session:
    """Decide AssumeRole, and make the session.

    Args:
        call: the request, its principal known.
        now: the current moment.

    Raises:
        AwsError: it is refused.
    """
    parameters = call.parameters
    if parameters.get("SerialNumber") or parameters.get("TokenCode"):
        raise AwsError(NOT_IMPLEMENTED, "the embedded AWS does not model codes of MFA devices")
    if parameters.get("ProvidedContexts"):
        raise AwsError(NOT_IMPLEMENTED, "the embedded AWS does not model provided contexts")
    asked = read_asked(parameters, call.principal)
    seconds = _seconds(parameters, HOUR, _TWELVE_HOURS)
    denied = AwsError(
        "AccessDenied",
        f"User: {call.principal.arn} is not authorized to perform: sts:AssumeRole on resource: "
        f"{asked.role_arn}",
        403,
    )
    if asked.role is None:
        raise denied
    context = {**context_of(call, now), **asked_context(asked)}
    try:
        policies = policies_of(call.principal, asked.role.assume_role_policy_document)
    except RevetError as error:
        raise _undecided(f"a policy cannot be read: {error.what}") from error
    for action in ["AssumeRole", *asked.actions]:
        who = name_for_decisions(call.principal)
        request = Request(
            who, f"sts:{action}", asked.role_arn, context, resource_account=asked.role.account_id
        )
        require_allowed(request, policies, denied)
    check_duration(asked.role, seconds, chained=call.principal.kind == "role")
    return make_role_session(asked, seconds, now)


def get_session_token(call: Call, now: dt.datetime) -> Session:
    """Make a session of the calling user, or of the deploying credentials.

    Raises:
        AwsError: it is refused.
    """
    principal = call.principal
    if call.parameters.get("SerialNumber") or call.parameters.get("TokenCode"):
        raise AwsError(NOT_IMPLEMENTED, "the embedded AWS does not model codes of MFA devices")
    longest = HOUR if principal.kind == "root" else LONGEST_USER
    seconds = _of_user(call, "GetSessionToken", longest)
    return _keep(
        principal.kind,
        principal,
        principal.arn,
        principal.principal_id,
        principal.name,
        seconds,
        now,
    )


def get_federation_token(call: Call, now: dt.datetime) -> Session:
    """Make a session of a federated user.

    Raises:
        AwsError: it is refused.
    """
    principal, parameters = call.principal, call.parameters
    name = matching(_FEDERATED_NAME, parameters.get("Name"), "name")
    longest = HOUR if principal.kind == "root" else LONGEST_USER
    seconds = _of_user(call, "GetFederationToken", longest)
    policies = session_policies(parameters)
    tags, _ = session_tags(parameters, principal)
    partition = principal.arn.split(":")[1]
    arn = f"arn:{partition}:sts::{principal.account}:federated-user/{name}"
    user_id = f"{principal.account}:{name}"
    return _keep(
        "federated", principal, arn, user_id, name, seconds, now, policies=policies, tags=tags
    )


def require_allowed(request: Request, policies: Policies, denied: AwsError) -> None:
    """Go on when the evaluator allows a request.

    Raises:
        AwsError: it does not, or it cannot tell.
    """
    try:
        decision = decide(request, policies)
    except RevetError as error:
        raise _undecided(error.what) from error
    if decision.outcome is Outcome.UNKNOWN:
        raise _undecided("; ".join(decision.reasons))
    if decision.outcome is not Outcome.ALLOWED:
        raise denied


def check_duration(role: Moto, seconds: int, *, chained: bool) -> None:
    """Refuse a session that is to last longer than its role allows.

    Raises:
        AwsError: it is.
    """
    if chained and seconds > HOUR:
        raise AwsError(
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by "
            "role chaining",
        )
    if seconds > int(role.max_session_duration or HOUR):
        raise AwsError(
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role",
        )


def make_role_session(
    asked: Asked,
    seconds: int,
    now: dt.datetime,
    *,
    provider: str = "",
    enforced: bool = False,
    kept: bool = True,
) -> Session:
    """Hand out the keys of a role that may be assumed.

    Args:
        asked: what was asked for and allowed.
        seconds: how long it lasts.
        now: the current moment.
        provider: of a web identity, who issued it.
        enforced: whether its calls are decided by the role's policies.
        kept: whether requests can be signed with its keys; one that is not kept leaves no trace.
    """
    role: Moto = asked.role
    arn = (
        f"arn:{role.partition}:sts::{role.account_id}:assumed-role/"
        f"{asked.role_arn.rpartition('/')[2]}/{asked.name}"
    )
    key, secret = new_key("ASIA")
    started = now.timestamp()
    session = Session(
        key,
        secret,
        secrets.token_urlsafe(192),
        str(role.account_id),
        str(role.partition),
        "role",
        arn,
        f"{role.id}:{asked.name}",
        asked.name,
        started,
        started + seconds,
        asked.role_arn,
        str(role.id),
        asked.policies,
        asked.tags,
        asked.transitive,
        asked.source_identity,
        provider,
        enforced,
    )
    if kept:
        keep_session(session, started)
    return session


def duration(parameters: Mapping[str, Any]) -> int:
    """Seconds that a role's session is asked for."""
    return _seconds(parameters, HOUR, _TWELVE_HOURS)


def _keep(
    kind: str,
    principal: Principal,
    arn: str,
    principal_id: str,
    name: str,
    seconds: int,
    now: dt.datetime,
    *,
    policies: tuple[str, ...] = (),
    tags: Mapping[str, str] | None = None,
) -> Session:
    key, secret = new_key("ASIA")
    started = now.timestamp()
    session = Session(
        key,
        secret,
        secrets.token_urlsafe(192),
        principal.account,
        principal.arn.split(":")[1],
        kind,
        arn,
        principal_id,
        name,
        started,
        started + seconds,
        principal.arn if principal.kind == "user" else "",
        principal.principal_id if principal.kind == "user" else "",
        policies,
        dict(tags or {}),
    )
    keep_session(session, started)
    return session


def _of_user(call: Call, operation: str, longest: int) -> int:
    if call.principal.session is not None or call.principal.kind not in ("root", "user"):
        raise AwsError("AccessDenied", f"Cannot call {operation} with session credentials", 403)
    return _seconds(call.parameters, min(_TWELVE_HOURS, longest), LONGEST_USER, longest)


def _seconds(
    parameters: Mapping[str, Any], default: int, most: int, longest: int | None = None
) -> int:
    given = parameters.get("DurationSeconds")
    seconds = default if given is None else int(given)
    for holds, words in (
        (seconds >= SHORTEST, f"greater than or equal to {SHORTEST}"),
        (seconds <= most, f"less than or equal to {most}"),
    ):
        if not holds:
            raise AwsError(
                "ValidationError",
                f"1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to "
                f"satisfy constraint: Member must have value {words}",
            )
    return min(seconds, longest) if longest is not None else seconds


def _undecided(why: str) -> AwsError:
    return AwsError(
        NOT_IMPLEMENTED, f"the embedded AWS cannot tell whether the role may be assumed: {why}"
    )
