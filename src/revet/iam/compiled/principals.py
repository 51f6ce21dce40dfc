"""The principals that a statement names.

Source: IAM User Guide, "AWS JSON policy elements: Principal".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from revet.iam.document import Principal
from revet.iam.globs import Glob

_ACCOUNT = re.compile(r"[0-9]{12}")
_UNIQUE_ID = re.compile(r"A[A-Z]{2}A[A-Z0-9]{8,}")
_ARN = re.compile(r"arn:[a-z-]+:(iam|sts)::([0-9]{12}):(.+)", re.DOTALL)


class PrincipalKind(StrEnum):
    """What a principal element names."""

    EVERYONE = "everyone"
    ACCOUNT = "account"
    USER = "user"
    ROLE = "role"
    SESSION = "role session"
    FEDERATED_USER = "federated user"
    SERVICE = "service"
    PROVIDER = "identity provider"
    CANONICAL_USER = "canonical user"
    GONE = "deleted principal"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class PrincipalTerm:
    """One principal of a statement.

    Args:
        kind: what it names.
        text: as written.
        account: the account id, of the kinds that have one.
        name: for a role its name without path (names are unique in an account, and a session's ARN
            has no path); for the other kinds what identifies it.
        problem: why it cannot be evaluated; empty when it can.
    """

    kind: PrincipalKind
    text: str
    account: str = ""
    name: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class PrincipalSet:
    """The principals of a statement.

    Args:
        terms: each of them.
        negated: the set is everything else (`NotPrincipal`).
    """

    terms: tuple[PrincipalTerm, ...]
    negated: bool = False


def compile_principals(principals: tuple[Principal, ...], *, negated: bool) -> PrincipalSet:
    """Compile `Principal` or `NotPrincipal`."""
    return PrincipalSet(tuple(map(compile_principal, principals)), negated)


def compile_principal(principal: Principal) -> PrincipalTerm:
    """Compile one principal."""
    text = principal.value
    if text == "*" and principal.kind in ("*", "AWS"):
        return PrincipalTerm(PrincipalKind.EVERYONE, text)
    if Glob.parse(text).symbols:
        problem = f"`{text}` is not known before the deployment"
        return PrincipalTerm(PrincipalKind.UNREADABLE, text, problem=problem)
    if principal.kind == "AWS":
        return _aws(text)
    kinds = {
        "Service": PrincipalKind.SERVICE,
        "Federated": PrincipalKind.PROVIDER,
        "CanonicalUser": PrincipalKind.CANONICAL_USER,
    }
    kind = kinds.get(principal.kind)
    if kind is None or "*" in text:
        problem = f"`{principal.kind}` `{text}` is not a principal that a policy can name"
        return PrincipalTerm(PrincipalKind.UNREADABLE, text, problem=problem)
    return PrincipalTerm(kind, text, name=text)


def _aws(text: str) -> PrincipalTerm:
    if _ACCOUNT.fullmatch(text):
        return PrincipalTerm(PrincipalKind.ACCOUNT, text, text, text)
    match = _ARN.fullmatch(text)
    if match is not None and "*" not in text and "?" not in text:
        kind, _, name = match[3].partition("/")
        account = match[2]
        if match[1] == "iam" and match[3] == "root":
            return PrincipalTerm(PrincipalKind.ACCOUNT, text, account, account)
        kinds = {
            ("iam", "user"): PrincipalKind.USER,
            ("iam", "role"): PrincipalKind.ROLE,
            ("sts", "assumed-role"): PrincipalKind.SESSION,
            ("sts", "federated-user"): PrincipalKind.FEDERATED_USER,
        }
        found = kinds.get((match[1], kind))
        if found is PrincipalKind.ROLE:
            return PrincipalTerm(found, text, account, name.rpartition("/")[2])
        if found is not None and name:
            return PrincipalTerm(found, text, account, text)
    if _UNIQUE_ID.fullmatch(text):
        return PrincipalTerm(PrincipalKind.GONE, text, name=text)
    problem = f"`{text}` is not a principal that a policy can name"
    return PrincipalTerm(PrincipalKind.UNREADABLE, text, problem=problem)
