"""The policies that bear on a principal of the embedded AWS, and what is known of its requests."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any

from revet.embedded.call import Call, Moto, Principal
from revet.embedded.credentials import find_role, iam_backend
from revet.iam.document import parse_policy
from revet.iam.evaluate import Grant, Policies

Context = dict[str, Any]
_EVERYTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}


def name_for_decisions(principal: Principal) -> str:
    """The principal as the evaluator knows it.

    AWS refuses AssumeRole to root users. The deploying credentials are the account's root, and
    assume roles all the same, as its administrator would: a user of a name that no user can have.
    """
    if principal.kind != "root":
        return principal.arn
    return f"{principal.arn.removesuffix(':root')}:user/(deployer)"


def policies_of(principal: Principal, policy: str, grants: tuple[Grant, ...] = ()) -> Policies:
    """The policies for requests of a principal for a resource.

    Service and resource control policies are not among them: they are not enforced yet.

    Args:
        principal: who asks; not anonymous.
        policy: of the resource, a role's trust policy for one, JSON text; empty without one.
        grants: of a KMS key.

    Raises:
        PolicyError: one of them cannot be read.
    """
    resource = parse_policy(policy) if policy else None
    if principal.kind == "root":
        return Policies(identity=(parse_policy(_EVERYTHING),), resource=resource)
    session = principal.session
    entity = _entity(principal)
    boundary = _boundary(principal, entity)
    return Policies(
        identity=tuple(parse_policy(text) for text in _documents(principal, entity)),
        resource=resource,
        boundary=parse_policy(boundary) if boundary else None,
        session=tuple(parse_policy(text) for text in (session.policies if session else ())),
        grants=grants,
    )


def context_of(call: Call, now: dt.datetime) -> Context:
    """The condition keys of a request that do not depend on its action.

    Args:
        call: the request; its principal is known.
        now: the current moment.
    """
    principal = call.principal
    context: Context = {
        "aws:SourceIp": "127.0.0.1",
        "aws:SecureTransport": call.encrypted,
        "aws:CurrentTime": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "aws:EpochTime": int(now.timestamp()),
        "aws:RequestedRegion": call.region,
        "aws:UserAgent": call.headers.get("User-Agent") or None,
    }
    if principal.kind == "anonymous":
        return context
    context["aws:userid"] = principal.principal_id
    context |= {f"aws:PrincipalTag/{key}": text for key, text in tags_of(principal).items()}
    if principal.kind == "root":
        context |= {
            "aws:PrincipalArn": principal.arn,
            "aws:PrincipalType": "Account",
            "aws:username": None,
        }
    if principal.session is not None:
        issued = dt.datetime.fromtimestamp(principal.session.issued, dt.UTC)
        context["aws:TokenIssueTime"] = issued.strftime("%Y-%m-%dT%H:%M:%SZ")
        context["aws:MultiFactorAuthPresent"] = False
        if principal.session.source_identity:
            context["aws:SourceIdentity"] = principal.session.source_identity
    return context


def tags_of(principal: Principal) -> Mapping[str, str]:
    """Tags of the user or role, with those of the session, which win."""
    entity = _entity(principal)
    tags = dict(_pairs(getattr(entity, "tags", None)))
    if principal.kind == "user" and entity is not None:
        backend = iam_backend(principal.account, principal.arn.split(":")[1])
        tags |= _pairs(backend.tagger.list_tags_for_resource(entity.arn)["Tags"] if backend else ())
    return {**tags, **(principal.session.tags if principal.session else {})}


def role_tags(role: Moto) -> Mapping[str, str]:
    """Tags of a role, as condition keys of requests for it."""
    tags = _pairs(getattr(role, "tags", None))
    return {f"{prefix}:ResourceTag/{key}": text for key, text in tags.items() for prefix in _TAGGED}


_TAGGED = ("aws", "iam")


def _pairs(tags: Moto) -> dict[str, str]:
    """Tags, of which moto keeps a list or a dictionary of pairs."""
    items = tags.values() if isinstance(tags, Mapping) else tags or ()
    return {str(item["Key"]): str(item["Value"]) for item in items}


def _entity(principal: Principal) -> Moto | None:
    if principal.kind == "role" and principal.session is not None:
        return find_role(principal.session.issuer_arn)
    backend = iam_backend(principal.account, principal.arn.partition(":")[2].partition(":")[0])
    if principal.kind == "user" and backend is not None:
        return backend.users.get(principal.name)
    return None


def _documents(principal: Principal, entity: Moto | None) -> Iterator[str]:
    if entity is None:
        return
    holders = [entity]
    if principal.kind == "user":
        backend = iam_backend(principal.account, principal.arn.split(":")[1])
        holders += backend.get_groups_for_user(principal.name) if backend is not None else []
    for holder in holders:
        for text in holder.policies.values():
            yield text if isinstance(text, str) else json.dumps(text)
        for policy in holder.managed_policies.values():
            yield _default_version(policy)


def _boundary(principal: Principal, entity: Moto | None) -> str:
    arn = getattr(entity, "permissions_boundary_arn", None)
    if not arn:
        return ""
    backend = iam_backend(principal.account, principal.arn.split(":")[1])
    policy = backend.managed_policies.get(arn) if backend is not None else None
    return _default_version(policy) if policy is not None else json.dumps(_NOTHING)


def _default_version(policy: Moto) -> str:
    """What a managed policy says: its default version counts, whichever is newest."""
    return str(next(one.document for one in policy.versions if one.is_default))


_NOTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}],
}
"""In the place of a boundary that is gone (IAM User Guide: then nothing is allowed)."""
