"""Temporary credentials: who gets them, for how long, with what.

Sources: AWS STS API Reference, AssumeRole, AssumeRoleWithWebIdentity, GetSessionToken and
GetFederationToken; IAM User Guide, "Methods to assume a role", "Pass session tags in AWS STS",
"Monitor and control actions taken with assumed roles" and "Troubleshoot IAM roles".
"""

from __future__ import annotations

import datetime as dt
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from revet.embedded.call import Call, Moto, Principal, Session
from revet.embedded.credentials import find_role, keep_session, new_key
from revet.embedded.policies import context_of, name_for_decisions, policies_of, role_tags
from revet.embedded.wire_error import NOT_IMPLEMENTED, AwsError
from revet.iam.document import parse_policy
from revet.iam.evaluate import Outcome, Policies, Request, decide
from revet.model.errors import RevetError

HOUR = 3600
SHORTEST = 900
LONGEST_USER = 36 * HOUR
"""Seconds: GetSessionToken and GetFederationToken of a user."""
_TWELVE_HOURS = 12 * HOUR
_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_FEDERATED_NAME = re.compile(r"[\w+=,.@-]{2,32}", re.ASCII)
_EXTERNAL_ID = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)
_POLICY_SIZE = 2048
_MOST_POLICIES = 10
_MOST_TAGS = 50
_TAG_KEY = 128
_TAG_VALUE = 256


@dataclass(frozen=True, slots=True)
class Asked:
    """What AssumeRole and its like are asked for, after it was checked.

    Args:
        role: moto's role; none when it does not exist.
        role_arn: as it was asked for.
        name: of the session.
        policies: session policies, JSON texts.
        tags: session tags, with those that an earlier session hands on.
        transitive: keys of tags that go on.
        source_identity: empty without one.
        external_id: empty without one.
    """

    role: Moto | None
    role_arn: str
    name: str
    policies: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    transitive: tuple[str, ...] = ()
    source_identity: str = ""
    external_id: str = ""

    @property
    def actions(self) -> list[str]:
        """What the trust policy must allow besides assuming the role."""
        found = ["TagSession"] if self.tags else []
        return found + (["SetSourceIdentity"] if self.source_identity else [])


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
    name = _matching(_FEDERATED_NAME, parameters.get("Name"), "name")
    longest = HOUR if principal.kind == "root" else LONGEST_USER
    seconds = _of_user(call, "GetFederationToken", longest)
    policies = _policies(parameters)
    tags, _ = _tags(parameters, principal)
    partition = principal.arn.split(":")[1]
    arn = f"arn:{partition}:sts::{principal.account}:federated-user/{name}"
    user_id = f"{principal.account}:{name}"
    return _keep(
        "federated", principal, arn, user_id, name, seconds, now, policies=policies, tags=tags
    )


def read_asked(parameters: Mapping[str, Any], principal: Principal | None) -> Asked:
    """Check what all ways to assume a role have in common.

    Args:
        parameters: of the operation.
        principal: who asks; none where that is an identity provider.

    Raises:
        AwsError: something is not valid.
    """
    arn = str(parameters.get("RoleArn") or "")
    if not re.fullmatch(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[\x21-\x7e]+", arn):
        raise AwsError("ValidationError", f"{arn} is invalid")
    tags, transitive = _tags(parameters, principal)
    external_id = str(parameters.get("ExternalId") or "")
    session = principal.session if principal is not None else None
    earlier = session.source_identity if session is not None else ""
    identity = str(parameters.get("SourceIdentity") or "")
    if identity:
        _matching(_NAME, identity, "sourceIdentity")
    if earlier and identity not in ("", earlier):
        raise AwsError(
            "AccessDenied",
            "The source identity of a session cannot be changed by a later one.",
            403,
        )
    return Asked(
        find_role(arn),
        arn,
        _matching(_NAME, parameters.get("RoleSessionName"), "roleSessionName"),
        _policies(parameters),
        tags,
        transitive,
        identity or earlier,
        _matching(_EXTERNAL_ID, external_id, "externalId") if external_id else "",
    )


def asked_context(asked: Asked) -> dict[str, Any]:
    """The condition keys of assuming a role."""
    return {
        "sts:RoleSessionName": asked.name,
        "sts:ExternalId": asked.external_id or None,
        "sts:SourceIdentity": asked.source_identity or None,
        "sts:TransitiveTagKeys": list(asked.transitive) or None,
        "aws:TagKeys": list(asked.tags) or None,
        **{f"aws:RequestTag/{key}": text for key, text in asked.tags.items()},
        **(role_tags(asked.role) if asked.role is not None else {}),
    }


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
    asked: Asked, seconds: int, now: dt.datetime, *, provider: str = ""
) -> Session:
    """Hand out the keys of a role that may be assumed.

    Args:
        asked: what was asked for and allowed.
        seconds: how long it lasts.
        now: the current moment.
        provider: of a web identity, who issued it.
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
    )
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


def _matching(pattern: re.Pattern[str], given: object, name: str) -> str:
    text = str(given or "")
    if not pattern.fullmatch(text):
        raise AwsError(
            "ValidationError",
            f"1 validation error detected: Value '{text}' at '{name}' failed to satisfy "
            f"constraint: Member must satisfy regular expression pattern: {pattern.pattern}",
        )
    return text


def _policies(parameters: Mapping[str, Any]) -> tuple[str, ...]:
    texts = [str(parameters["Policy"])] if parameters.get("Policy") else []
    if texts and len(texts[0]) > _POLICY_SIZE:
        raise AwsError("PackedPolicyTooLarge", "Serialized policy is too large.")
    for text in texts:
        try:
            json.loads(text)
            parse_policy(text)
        except (ValueError, RevetError) as error:
            raise AwsError(
                "MalformedPolicyDocument", "This policy contains invalid Json"
            ) from error
    arns = [str(item.get("arn") or "") for item in parameters.get("PolicyArns") or ()]
    if len(arns) > _MOST_POLICIES:
        raise AwsError("ValidationError", f"at most {_MOST_POLICIES} managed policies are taken")
    return (*texts, *(_managed(arn) for arn in arns))


def _managed(arn: str) -> str:
    from revet.embedded.credentials import ACCOUNT, iam_backend  # noqa: PLC0415 - rarely needed

    parts = (arn.split(":", 5) + [""] * 6)[:6]
    backend = iam_backend(ACCOUNT if parts[4] == "aws" else parts[4], parts[1])
    policy = backend.managed_policies.get(arn) if backend is not None else None
    if policy is None:
        raise AwsError("ValidationError", f"the managed policy {arn} does not exist")
    return str(policy.document)


def _tags(
    parameters: Mapping[str, Any], principal: Principal | None
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Session tags and the keys of the transitive ones, with what an earlier session hands on."""
    given = [(str(item["Key"]), str(item["Value"])) for item in parameters.get("Tags") or ()]
    tags = dict(given)
    keys = tuple(str(key) for key in parameters.get("TransitiveTagKeys") or ())
    lowered = [key.lower() for key, _ in given]
    if (
        len(given) > _MOST_TAGS
        or len(set(lowered)) != len(given)
        or any(not 0 < len(key) <= _TAG_KEY or len(text) > _TAG_VALUE for key, text in given)
        or any(key.startswith("aws:") for key in lowered)
        or not set(keys) <= set(tags)
    ):
        raise AwsError("ValidationError", "the session tags are not valid")
    session = principal.session if principal is not None else None
    if session is None:
        return tags, keys
    handed_on = {key: session.tags[key] for key in session.transitive}
    if {key.lower() for key in handed_on} & set(lowered):
        raise AwsError(
            "InvalidParameterValue",
            "One of the specified transitive tag keys can't be set because it conflicts with a "
            "transitive tag key from the calling session.",
        )
    return {**tags, **handed_on}, (*keys, *handed_on)


def _undecided(why: str) -> AwsError:
    return AwsError(
        NOT_IMPLEMENTED, f"the embedded AWS cannot tell whether the role may be assumed: {why}"
    )
