"""Resource policies of APIs, IAM authorization and authorizers' policies, by revet's own evaluator.

Source: Amazon API Gateway Developer Guide, "How API Gateway resource policies affect authorization
workflow", "Output from an API Gateway Lambda authorizer", "Access policy language overview".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from revet.embedded.call import Json, Principal
from revet.embedded.execute_api.context import NotRunError
from revet.embedded.execute_api.refused import RefusedError
from revet.embedded.execute_api.requests import SOURCE_IP, Exchange
from revet.embedded.policies import Context, name_for_decisions, policies_of, tags_of
from revet.iam.document import PolicyDocument, parse_policy
from revet.iam.evaluate import ANONYMOUS, Outcome, Policies, Request, decide
from revet.model.errors import RevetError

_ACTION = "execute-api:Invoke"
_SHORT = "execute-api:/"


def resource_policy(exchange: Exchange) -> str:
    """The API's policy with whole ARNs, JSON text; empty without one.

    `execute-api:/stage/…` is short for the API's own ARN.

    Args:
        exchange: the request on its way.

    Raises:
        NotRunError: it cannot be read.
    """
    if not exchange.deployed.policy:
        return ""
    try:
        document = json.loads(exchange.deployed.policy)
        statements = _many(document.get("Statement"))
    except (ValueError, AttributeError) as error:
        raise NotRunError(f"a resource policy that cannot be read: {error}") from error
    whole = exchange.arn().split("/")[0]
    for statement in statements:
        if not isinstance(statement, dict):
            raise NotRunError("a resource policy whose statement is not one")
        for member in ("Resource", "NotResource"):
            if member in statement:
                statement[member] = [
                    f"{whole}/{one.removeprefix(_SHORT)}" if str(one).startswith(_SHORT) else one
                    for one in _many(statement[member])
                ]
    return json.dumps(document)


def _many(value: Json) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def context_for(exchange: Exchange) -> Context:
    """Condition keys of a request.

    Args:
        exchange: the request on its way.
    """
    incoming = exchange.incoming
    return {
        "aws:SourceIp": SOURCE_IP,
        "aws:SecureTransport": incoming.encrypted,
        "aws:CurrentTime": incoming.received.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "aws:EpochTime": int(incoming.received.timestamp()),
        "aws:RequestedRegion": exchange.region,
        "aws:UserAgent": incoming.header("User-Agent") or None,
        "aws:Referer": incoming.header("Referer") or None,
        "aws:SourceVpc": None,
        "aws:SourceVpce": None,
        "aws:VpcSourceIp": None,
        "aws:ResourceAccount": exchange.account,
        "aws:ViaAWSService": False,
        "aws:PrincipalIsAWSService": False,
    }


def require_resource_policy(exchange: Exchange, *, authorized_later: bool) -> None:
    """Go on when the API's policy lets a request without a known caller pass.

    Args:
        exchange: the request on its way.
        authorized_later: whether an authorizer decides after it; then only a denial counts.

    Raises:
        RefusedError: it does not.
        NotRunError: it cannot be told.
    """
    text = resource_policy(exchange)
    if not text:
        return
    outcome = _decide(exchange, ANONYMOUS, {}, Policies(resource=_parse(text)))
    if outcome is Outcome.EXPLICITLY_DENIED:
        raise _denied(exchange, "anonymous", explicit=True)
    if outcome is not Outcome.ALLOWED and not authorized_later:
        raise _denied(exchange, "anonymous", explicit=False)


def require_authorizers_policy(
    exchange: Exchange, document: Mapping[str, Any], principal_id: str
) -> None:
    """Go on when what an authorizer answered, with the API's policy, allows a request.

    Args:
        exchange: the request on its way.
        document: the authorizer's policy.
        principal_id: whom it is of.

    Raises:
        RefusedError: it does not.
        NotRunError: it cannot be told.
        ValueError: the policy is not one.
    """
    try:
        own = parse_policy(json.dumps(document))
    except RevetError as error:
        raise ValueError(error.what) from error
    text = resource_policy(exchange)
    policies = Policies(identity=(own,), resource=_parse(text) if text else None)
    who = f"arn:aws:iam::{exchange.account}:user/({_safe(principal_id)})"
    outcome = _decide(exchange, who, {}, policies)
    if outcome is not Outcome.ALLOWED:
        message = "User is not authorized to access this resource"
        if outcome is Outcome.EXPLICITLY_DENIED:
            message += " with an explicit deny"
        raise RefusedError("ACCESS_DENIED", message, why=f"{who}: {outcome.value}")


def _safe(text: str) -> str:
    """A name for whom an authorizer let in, which no user of IAM can have."""
    return "".join(letter if letter.isalnum() else "-" for letter in text)[:64] or "-"


def require_iam(exchange: Exchange, principal: Principal) -> None:
    """Go on when IAM and the API's policy allow a request that was signed.

    Args:
        exchange: the request on its way.
        principal: who signed it.

    Raises:
        RefusedError: they do not.
        NotRunError: it cannot be told.
    """
    text = resource_policy(exchange)
    try:
        policies = policies_of(principal, text)
    except RevetError as error:
        raise NotRunError(f"a policy that cannot be read: {error.what}") from error
    arn = principal.session.issuer_arn if principal.session is not None else principal.arn
    context = {
        "aws:PrincipalArn": arn or principal.arn,
        "aws:PrincipalAccount": principal.account,
        "aws:userid": principal.principal_id,
        "aws:username": principal.name if principal.kind == "user" else None,
        **{f"aws:PrincipalTag/{key}": value for key, value in tags_of(principal).items()},
    }
    outcome = _decide(exchange, name_for_decisions(principal), context, policies)
    if outcome is not Outcome.ALLOWED:
        raise _denied(exchange, principal.arn, explicit=outcome is Outcome.EXPLICITLY_DENIED)


def _decide(exchange: Exchange, who: str, context: Context, policies: Policies) -> Outcome:
    request = Request(
        who,
        _ACTION,
        exchange.arn(),
        {**context_for(exchange), **context},
        resource_account=exchange.account,
    )
    try:
        decision = decide(request, policies)
    except RevetError as error:
        raise NotRunError(f"a policy that cannot be evaluated: {error.what}") from error
    if decision.outcome is Outcome.UNKNOWN:
        reasons = "; ".join(decision.reasons)
        raise NotRunError(f"a policy that cannot be decided: {reasons}")
    return decision.outcome


def _parse(text: str) -> PolicyDocument:
    try:
        return parse_policy(text)
    except RevetError as error:
        raise NotRunError(f"a resource policy that cannot be read: {error.what}") from error


def _denied(exchange: Exchange, who: str, *, explicit: bool) -> RefusedError:
    parts = exchange.arn().split(":", 5)
    shown = f"{':'.join(parts[:4])}:********{parts[4][-4:]}:{parts[5]}"
    message = f"User: {who} is not authorized to perform: {_ACTION} on resource: {shown}"
    if explicit:
        message += " with an explicit deny"
    return RefusedError("ACCESS_DENIED", message)
