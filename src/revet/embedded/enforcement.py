"""Calls that policies decide: those of sessions that a service runs as a role.

Identity policies of the role, its permissions boundary, session policies, the policy of the
resource and the grants of a key are looked at; service and resource control policies are not
enforced yet. What a call needs is in `revet.iam.operations` and, for the rest, in `actions`.

Sources: IAM User Guide, "Troubleshoot access denied error messages" (their texts); Amazon S3 API
Reference, `GetObject` and `HeadObject` (an object that is not there is a 404 to who may list the
bucket, and a 403 to others).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs

from revet.embedded.actions import Needed, needed_for
from revet.embedded.authorization import Denial, allow_known
from revet.embedded.call import ANY_VERSION, Call, Session
from revet.embedded.policies import Context, context_of, name_for_decisions, policies_of
from revet.embedded.resources import backend_of
from revet.iam.evaluate import (
    Decision,
    Grant,
    Layer,
    Outcome,
    Request,
    UndecidedError,
    authorize,
)
from revet.model.errors import RevetError

_KMS_CODES = {"sqs": "KmsAccessDenied", "sns": "KMSAccessDenied"}
_EACH = ("s3", "DeleteObjects")
"""Answers for each object by itself (Amazon S3 API Reference, DeleteObjects: "Each Error in the
response")."""
_BYPASS = "s3:BypassGovernanceRetention"
_LAYERS = {
    Layer.IDENTITY: "identity-based policy",
    Layer.RESOURCE: "resource-based policy",
}
"""Layers that AWS calls otherwise in its messages."""


def authorize_call(call: Call) -> Denial | None:
    """Whether a call may pass: by its policies where they are enforced, else as `allow_known`."""
    session = call.principal.session
    if session is None or not session.enforced:
        return allow_known(call)
    return _decide(call, session, dt.datetime.now(dt.UTC))


def authorize_needed(call: Call, session: Session, needed: Needed) -> Denial | None:
    """Whether a session may do one thing that an AWS service does for it.

    Args:
        call: what the service does, in the form of a call; its principal is the session's.
        session: of a role that the service assumed.
        needed: action, resource and that resource's policy.
    """
    return _decide_one(call, session, needed, dt.datetime.now(dt.UTC))


def _decide(call: Call, session: Session, now: dt.datetime) -> Denial | None:
    needed = needed_for(call)
    asked = f"{call.boto_service}:{call.operation}"
    if not needed:
        return Denial(
            f"the embedded AWS does not know what a role needs for {asked}", modelled=False
        )
    each = (call.boto_service, call.operation) == _EACH
    refused: dict[tuple[str, str], Denial] = {}
    for one in needed:
        denial = _decide_one(call, session, one, now)
        if denial is not None and each and denial.modelled:
            refused[_object(one)] = denial
        elif denial is not None:
            return denial
    return Denial("some of the objects are refused", objects=refused) if refused else None


def _object(needed: Needed) -> tuple[str, str]:
    """Key and version of the object that something is needed for."""
    every = ANY_VERSION if needed.action == _BYPASS else ""
    return needed.resource.partition("/")[2], str(needed.keys.get("s3:VersionId") or every)


def _decide_one(call: Call, session: Session, needed: Needed, now: dt.datetime) -> Denial | None:
    asked = f"{call.boto_service}:{call.operation}"
    request = Request(
        name_for_decisions(call.principal),
        needed.action,
        needed.resource,
        _context(call, session, needed, now),
        resource_account=needed.account or call.principal.account,
    )
    try:
        policies = policies_of(call.principal, needed.policy, tuple(_grants(needed)))
        decision = authorize(request, policies)
    except UndecidedError as error:
        why = error.got or error.what
        return Denial(f"the embedded AWS cannot decide {asked}: {why}", modelled=False)
    except RevetError as error:
        return Denial(f"the embedded AWS cannot decide {asked}: {error.what}", modelled=False)
    return None if decision.outcome is Outcome.ALLOWED else _denial(call, request, decision)


def _grants(needed: Needed) -> Iterator[Grant]:
    if not needed.action.startswith("kms:"):
        return
    backend = backend_of("kms", needed.resource)
    key = backend.keys.get(needed.resource.rpartition("/")[2]) if backend is not None else None
    for grant in key.grants.values() if key is not None else ():
        constraints = grant.constraints or {}
        equals = constraints.get("EncryptionContextEquals")
        subset = constraints.get("EncryptionContextSubset")
        yield Grant(
            str(grant.grantee_principal),
            tuple(map(str, grant.operations)),
            tuple(equals.items()) if equals is not None else None,
            tuple(subset.items()) if subset is not None else None,
        )


def _denial(call: Call, request: Request, decision: Decision) -> Denial:
    explicit = decision.outcome is Outcome.EXPLICITLY_DENIED
    layers = [one.layer for one in decision.by] if explicit else [b.layer for b in decision.blocked]
    layer = layers[0] if layers else Layer.IDENTITY
    kind = _LAYERS.get(layer, str(layer))
    article = "an" if kind[0] in "aeiou" else "a"
    why = (
        f"with an explicit deny in {article} {kind}"
        if explicit
        else f"because no {kind} allows the {request.action} action"
    )
    quoted = f'"{request.resource}"' if request.action.startswith("s3:") else request.resource
    return Denial(
        f"User: {call.principal.arn} is not authorized to perform: {request.action} on resource: "
        f"{quoted} {why}",
        code=_KMS_CODES.get(call.boto_service, "") if request.action.startswith("kms:") else "",
        details=_details(request, decision),
    )


def _details(request: Request, decision: Decision) -> Mapping[str, Any]:
    return {
        "action": request.action,
        "resource": request.resource,
        "outcome": str(decision.outcome),
        "layers": [str(one.layer) for one in decision.blocked],
        "statements": [
            {
                "layer": str(one.layer),
                "policy": one.policy,
                "statement": one.index,
                "sid": one.sid,
            }
            for one in decision.by
        ],
        "missing_keys": list(decision.missing_keys),
    }


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
        **(_of_s3(call, now) if needed.action.startswith("s3:") else {}),
        **needed.keys,
    }


def _of_s3(call: Call, now: dt.datetime) -> Context:
    """The keys of every request to S3.

    Source: Amazon S3 API Reference, "Amazon S3 Signature Version 4 authentication specific policy
    keys"; the gateway takes TLS 1.2 and higher.
    """
    query = parse_qs(call.target.partition("?")[2])
    presigned = "X-Amz-Signature" in query
    digest = call.headers.get("X-Amz-Content-SHA256")
    return {
        "s3:authType": "REST-QUERY-STRING" if presigned else "REST-HEADER",
        "s3:signatureversion": "AWS4-HMAC-SHA256",
        "s3:signatureAge": _age(query, now) if presigned else None,
        "s3:x-amz-content-sha256": digest or None,
        "s3:TlsVersion": "1.2" if call.encrypted else None,
    }


def _age(query: Mapping[str, list[str]], now: dt.datetime) -> int:
    """Milliseconds since a query was signed."""
    signed = dt.datetime.strptime(query["X-Amz-Date"][0], "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    return int((now - signed).total_seconds() * 1000)
