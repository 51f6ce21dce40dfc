"""One request, and who makes it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from revet.iam.evaluate.context import Given

ANONYMOUS = "anonymous"

_ARN = re.compile(r"arn:[a-z-]+:(iam|sts)::([0-9]{12}):([a-z-]+)(?:/(.+))?", re.DOTALL)
_SERVICE = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?")
_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(/.*)?")
_SERVICE_LINKED = "AWSServiceRoleFor"
SERVICE_LINKED_PATH = ":role/aws-service-role/"
"""What the ARN of a role linked to a service holds; RCPs do not touch its trust policy."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request to AWS.

    Args:
        principal: an ARN (a role session by its assumed-role ARN), a service name, the name or ARN
            of an identity provider, or `anonymous`.
        action: one action, `service:Name`.
        resource: an ARN, or `*` for an action without resource.
        context: condition keys, in any case, with a value or a list of values; `None` says that the
            key is missing. What follows from the request is added where it is not given, see
            `revet.iam.evaluate.derive`.
        principal_account: the principal's account; read from its ARN when empty.
        resource_account: the account that owns the resource; read from its ARN when empty.
    """

    principal: str
    action: str
    resource: str
    context: Mapping[str, Given | Sequence[Given]] = field(default_factory=dict)
    principal_account: str = ""
    resource_account: str = ""


class CallerKind(StrEnum):
    """Who makes a request."""

    ROOT = "root user"
    USER = "user"
    SESSION = "role session"
    FEDERATED_USER = "federated user"
    SERVICE = "service"
    PROVIDER = "identity provider"
    ANONYMOUS = "anonymous"
    UNREADABLE = "unreadable"


class Caller(NamedTuple):
    """Who makes a request, read from its principal.

    Args:
        kind: what it is.
        text: the principal as given.
        account: its account; empty for those that have none.
        role: the name of its role, without path.
        role_arn: that role's ARN with its path; empty where only the session is known.
        name: user name or session name.
        service_linked: whether its role is linked to a service; `None` where that is not known.
    """

    kind: CallerKind
    text: str
    account: str = ""
    role: str = ""
    role_arn: str = ""
    name: str = ""
    service_linked: bool | None = False

    @property
    def has_account(self) -> bool:
        """Whether it belongs to an account whose policies apply to it."""
        return self.kind in _WITH_ACCOUNT


_WITH_ACCOUNT = frozenset(
    (CallerKind.ROOT, CallerKind.USER, CallerKind.SESSION, CallerKind.FEDERATED_USER)
)


def read_caller(text: str, role_arn: str = "") -> Caller:
    """Who a principal is.

    Source: IAM User Guide, "AWS JSON policy elements: Principal", "IAM identifiers" and "Service-
    linked roles": their path is reserved and begins with `aws-service-role/`, their names begin
    with `AWSServiceRoleFor`, and nothing reserves the names.

    Args:
        text: the principal.
        role_arn: the ARN of its role, where the request's context gives it.
    """
    caller = _caller(text)
    match = _ARN.fullmatch(role_arn)
    if caller.kind is not CallerKind.SESSION or match is None or match[3] != "role":
        return caller
    if match[2] != caller.account or match[4].rpartition("/")[2] != caller.role:
        return caller
    linked = SERVICE_LINKED_PATH in role_arn
    return caller._replace(role_arn=role_arn, service_linked=linked)


@lru_cache(maxsize=4096)
def _caller(text: str) -> Caller:
    match = _ARN.fullmatch(text)
    if match is None:
        return _nameless(text)
    prefix, account, kind, name = match.groups()
    found: Caller | None = None
    if prefix == "iam":
        found = _identity(text, account, kind, name)
    elif kind == "assumed-role" and name:
        role, _, session = name.partition("/")
        if role and session:
            linked = None if role.startswith(_SERVICE_LINKED) else False
            found = Caller(CallerKind.SESSION, text, account, role, "", session, linked)
    elif kind == "federated-user" and name:
        found = Caller(CallerKind.FEDERATED_USER, text, account, name=name)
    return found or Caller(CallerKind.UNREADABLE, text)


def _identity(text: str, account: str, kind: str, name: str | None) -> Caller | None:
    if name is None:
        return Caller(CallerKind.ROOT, text, account) if kind == "root" else None
    if kind == "user":
        return Caller(CallerKind.USER, text, account, name=name.rpartition("/")[2])
    if kind == "role":
        linked = SERVICE_LINKED_PATH in text
        role = name.rpartition("/")[2]
        return Caller(CallerKind.SESSION, text, account, role, text, service_linked=linked)
    if kind in ("saml-provider", "oidc-provider"):
        return Caller(CallerKind.PROVIDER, text)
    return None


def _nameless(text: str) -> Caller:
    if text == ANONYMOUS:
        return Caller(CallerKind.ANONYMOUS, text)
    if _SERVICE.fullmatch(text):
        return Caller(CallerKind.SERVICE, text, name=text)
    if _HOST.fullmatch(text):
        return Caller(CallerKind.PROVIDER, text, name=text)
    return Caller(CallerKind.UNREADABLE, text)
