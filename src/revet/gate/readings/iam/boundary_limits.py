"""Whether a permissions boundary keeps those under it from administering identities.

Whoever administers identities gets around a boundary: by taking it off, by changing what it says,
or by another principal that has none. Delegated administration is no such way where every request
must carry this very boundary.

Sources: IAM User Guide, "Permissions boundaries for IAM entities", "Delegating responsibility to
others using permissions boundaries"; Service Authorization Reference, IAM: which actions know
`iam:PermissionsBoundary`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from revet.gate.readings.iam.administration import (
    Home,
    allowed_for_all,
    denied_for_all,
    denies_all,
    names_action,
    statements_of,
)
from revet.iam.compiled.condition import CompiledCondition
from revet.iam.compiled.policy import CompiledStatement
from revet.iam.document import PolicyDocument, parse_policy
from revet.iam.operators import Kind, Qualifier, Relation

_KEYED = {
    "iam:attachrolepolicy": "role",
    "iam:attachuserpolicy": "user",
    "iam:createrole": "role",
    "iam:createuser": "user",
    "iam:deleterolepolicy": "role",
    "iam:deleteuserpolicy": "user",
    "iam:detachrolepolicy": "role",
    "iam:detachuserpolicy": "user",
    "iam:putrolepermissionsboundary": "role",
    "iam:putrolepolicy": "role",
    "iam:putuserpermissionsboundary": "user",
    "iam:putuserpolicy": "user",
    "iam:updateassumerolepolicy": "role",
}
"""Actions that know the boundary of whom they are about, each with the type of that."""
_OTHERS = {
    "iam:addclientidtoopenidconnectprovider": "oidc-provider",
    "iam:addroletoinstanceprofile": "instance-profile",
    "iam:addusertogroup": "group",
    "iam:attachgrouppolicy": "group",
    "iam:createaccesskey": "user",
    "iam:createloginprofile": "user",
    "iam:createopenidconnectprovider": "oidc-provider",
    "iam:createpolicyversion": "policy",
    "iam:createsamlprovider": "saml-provider",
    "iam:createservicespecificcredential": "user",
    "iam:deactivatemfadevice": "user",
    "iam:deletepolicy": "policy",
    "iam:deletepolicyversion": "policy",
    "iam:deleterolepermissionsboundary": "role",
    "iam:deleteuserpermissionsboundary": "user",
    "iam:putgrouppolicy": "group",
    "iam:resetservicespecificcredential": "user",
    "iam:setdefaultpolicyversion": "policy",
    "iam:updateaccesskey": "user",
    "iam:updateloginprofile": "user",
    "iam:updateopenidconnectproviderthumbprint": "oidc-provider",
    "iam:updatesamlprovider": "saml-provider",
    "iam:updateservicespecificcredential": "user",
    "iam:uploadsshpublickey": "user",
    "rolesanywhere:createtrustanchor": "",
    "rolesanywhere:updatetrustanchor": "",
    "sts:assumeroot": "",
}
_PASS = {"iam:passrole": "role"}
"""A role for another service: to pass some roles, or to some services, is ordinary work."""
_BOUNDARY = "iam:permissionsboundary"


@dataclass(frozen=True, slots=True)
class Loopholes:
    """Actions, in lower case, by which those under a boundary get around it.

    Args:
        certain: allowed, on everything.
        perhaps: allowed on some resources, or under a condition.
    """

    certain: tuple[str, ...]
    perhaps: tuple[str, ...]


def loopholes(boundary: PolicyDocument, name: str, home: Home) -> Loopholes:
    """By which actions those under a boundary get around it.

    Args:
        boundary: what it says.
        name: what its ARN ends with, `:policy/path/name`; empty where that is not known.
        home: where it is.
    """
    return _loopholes(boundary.text, name, home)


@lru_cache(maxsize=256)
def _loopholes(boundary: str, name: str, home: Home) -> Loopholes:
    """The same of a boundary's text, which all roles of a stack may share."""
    statements = statements_of(parse_policy(boundary))
    actions = _KEYED | _OTHERS | _PASS
    closed = denied_for_all(statements, actions, home)
    closed |= {action for action in _KEYED if _needs_boundary(statements, action, name, home)}
    certain = allowed_for_all(statements, actions, home)[0] - closed
    touched = {
        action
        for statement in statements
        if not statement.deny and not _keeps(statement.conditions, name, negated=False)
        for action in _KEYED | _OTHERS
        if names_action(statement, action)
    }
    odd = any(statement.problem for statement in statements)
    perhaps = (set(_KEYED | _OTHERS) if odd else touched) - closed - certain
    return Loopholes(tuple(sorted(certain)), tuple(sorted(perhaps)))


def _needs_boundary(
    statements: Iterable[CompiledStatement], action: str, name: str, home: Home
) -> bool:
    """Whether an action is denied unless it is about somebody with this boundary."""
    return any(
        statement.deny
        and not statement.problem
        and names_action(statement, action)
        and denies_all(statement, _KEYED[action], home)
        and len(statement.conditions) == 1
        and _keeps(statement.conditions, name, negated=True)
        for statement in statements
    )


def _keeps(conditions: Iterable[CompiledCondition], name: str, *, negated: bool) -> bool:
    """Whether a condition compares the boundary with this one alone."""
    return any(
        condition.key == _BOUNDARY
        and condition.used is not None
        and not condition.problem
        and condition.used.kind in (Kind.STRING, Kind.ARN)
        and condition.used.relation in (Relation.EQUALS, Relation.LIKE)
        and condition.used.negated is negated
        and condition.used.qualifier is Qualifier.NONE
        and condition.missing_holds is negated
        and bool(name)
        and bool(condition.values)
        and all(_ends(value.text, name) for value in condition.values)
        for condition in conditions
    )


def _ends(text: str, name: str) -> bool:
    """Whether the ARN of a policy is that of this name, in whatever account it is written with."""
    head, colon, own = text.rpartition(":policy/")
    return bool(colon) and f":policy/{own}" == name and not set("*?") & set(head + own)
