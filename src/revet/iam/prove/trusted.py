"""Whom the owner of a resource trusts, and policies that name nobody else.

It is a module of its own, as the prover takes long to load and most policies need no proof.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from revet.iam.compiled.principals import PrincipalKind, PrincipalTerm, compile_principals
from revet.iam.compiled.values import ArnGlob
from revet.iam.document import Condition, PolicyDocument, Statement
from revet.iam.globs import Glob

_ACCOUNT = re.compile(r"[0-9]{12}")
_ORGANIZATION = re.compile(r"o-[a-z0-9]{10,32}")
_PROVIDER = re.compile(r"arn:[a-z-]+:iam::([^:]*):(?:oidc|saml)-provider/(.+)", re.DOTALL)
_OPEN = re.compile(r"[*?$]")
_ARN_FIELDS, _ACCOUNT_FIELD = 6, 4


class Of:
    """Whose a value of a condition key is."""

    ACCOUNT = "account"
    ORGANIZATION = "organization"
    POOL = "identity pool"


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a value of a condition names.

    Args:
        text: an account or an organization, or the pattern that several may fit.
        several: whether it is a pattern.
    """

    text: str
    several: bool = False


def itself(value: object) -> Named | None:
    """Whom a value of a condition names; `None` where it may be anybody."""
    return _named(value) if isinstance(value, Glob) else None


def of_arn(value: object) -> Named | None:
    """Whose account an ARN is of; `None` where it does not have one, or any."""
    if isinstance(value, ArnGlob):
        return _named(value.fields[_ACCOUNT_FIELD])
    return _of_text(value) if isinstance(value, Glob) else None


def _of_text(value: Glob) -> Named | None:
    """Whose account a text that is an ARN is of.

    A wildcard of a text reaches over colons, so behind one nothing is sure: what stands where the
    account should may be the name of something in another account, as in
    `arn:aws:lambda:us-east-1:444455556666:function:111122223333:live`.
    """
    text, fields = value.text, value.text.split(":", _ARN_FIELDS - 1)
    account = "".join(fields[_ACCOUNT_FIELD : _ACCOUNT_FIELD + 1])
    fixed = _OPEN.split(text, maxsplit=1)[0]
    if fixed.count(":") > _ACCOUNT_FIELD:
        return _named(Glob.parse(account))
    if len(fields) == _ARN_FIELDS:
        is_free = not account.strip("*") and not any(map(_ACCOUNT.fullmatch, fields))
    else:
        begins = fixed.count(":") < _ACCOUNT_FIELD or fixed.endswith(":")
        is_free = value.is_literal or (begins and not text.removeprefix(fixed).strip("*:"))
    return None if is_free else Named(text, several=_ACCOUNT.fullmatch(account) is None)


def of_path(value: object) -> Named | None:
    """The organization at the beginning of a path."""
    if not isinstance(value, Glob):
        return None
    organization, slash, _ = value.prefix.partition("/")
    return Named(organization) if slash or value.is_literal else _named(value)


def of_id(value: object) -> Named | None:
    """Whose account a unique id of a caller is of: an account, or what nobody can say of whom."""
    if not isinstance(value, Glob):
        return None
    owner, colon, _ = value.prefix.partition(":")
    return Named(owner) if colon or value.is_literal else _named(value)


def _named(value: Glob) -> Named | None:
    """Whom a pattern of accounts or organizations names."""
    if not value.text.strip("*"):
        return None
    return Named(value.text, several=not value.is_literal)


Reader = Callable[[object], Named | None]
BY_SOURCE: dict[str, tuple[str, Reader]] = {
    "aws:sourceaccount": (Of.ACCOUNT, itself),
    "aws:sourceowner": (Of.ACCOUNT, itself),
    "aws:sourcearn": (Of.ACCOUNT, of_arn),
    "aws:sourceorgid": (Of.ORGANIZATION, itself),
    "aws:sourceorgpaths": (Of.ORGANIZATION, of_path),
}
"""Keys that only requests of services have: a caller of an account cannot set them."""


@dataclass(frozen=True, slots=True)
class Trusted:
    """Whom the owner of a resource trusts.

    Args:
        account: its own account; empty where that is not known, and then an account that is not
            trusted by name may be its own.
        accounts: ids of other accounts, and principals as policies write them.
        organizations: ids of organizations, its own among them; without one, an organization may
            be its own.
        providers: identity providers beside those of the account itself, as policies name them,
            or by what follows `oidc-provider/` or `saml-provider/`; identity pools of Cognito, its
            own among them.
    """

    account: str = ""
    accounts: frozenset[str] = frozenset()
    organizations: frozenset[str] = frozenset()
    providers: frozenset[str] = frozenset()

    def has_account(self, account: str) -> bool | None:
        """Whether an account is trusted; `None` when that is not known."""
        if account in self.accounts or account == (self.account or None):
            return True
        return False if self.account and _ACCOUNT.fullmatch(account) else None

    def has_organization(self, organization: str) -> bool | None:
        """Whether an organization is trusted; `None` when that is not known."""
        if organization in self.organizations:
            return True
        return False if self.organizations and _ORGANIZATION.fullmatch(organization) else None

    def has_provider(self, text: str) -> bool | None:
        """Whether an identity provider is trusted; `None` when that is not known."""
        match = _PROVIDER.fullmatch(text)
        if text in self.providers or (match is not None and match[2] in self.providers):
            return True
        return False if match is None else self.has_account(match[1])

    def has(self, of: str, named: Named) -> bool | None:
        """Whether an account, organization or pool is trusted; `None` when that is not known."""
        if named.several:
            return None
        if of == Of.POOL:  # its id does not say whose it is
            return named.text in self.providers or None
        has = self.has_account if of == Of.ACCOUNT else self.has_organization
        return has(named.text)


def names_only_trusted(policy: PolicyDocument, trusted: Trusted) -> bool:
    """Whether each statement that allows names nobody but those whom the owner surely trusts.

    Then nothing has to be proved. References may still stand in the policy.

    Args:
        policy: the policy of a resource.
        trusted: whom the owner trusts.
    """
    return not policy.oddities and all(
        statement.effect == "Deny" or _names_only(statement, trusted)
        for statement in policy.statements
    )


def _names_only(statement: Statement, trusted: Trusted) -> bool:
    if not statement.principals or statement.not_principals:
        return False
    terms = compile_principals(statement.principals, negated=False).terms
    if not all(is_trusted(term, trusted) for term in terms):
        return False
    services = any(term.kind is PrincipalKind.SERVICE for term in terms)
    return not services or not any(_names_source(one, trusted) for one in statement.conditions)


def is_trusted(term: PrincipalTerm, trusted: Trusted) -> bool:
    """Whether the owner surely trusts a principal; of a service its source says more."""
    if term.kind is PrincipalKind.SERVICE:
        return True
    if term.kind is PrincipalKind.PROVIDER:
        return trusted.has_provider(term.text) is True
    if term.text in trusted.accounts:
        return True
    return bool(term.account) and trusted.has_account(term.account) is True


def _names_source(condition: Condition, trusted: Trusted) -> bool:
    """Whether a service may act for somebody who is named and not surely trusted."""
    key = condition.key.lower()
    if key not in BY_SOURCE:
        return False
    of, read = BY_SOURCE[key]
    named = [read(Glob.parse(value)) for value in condition.values]
    return any("${" in value for value in condition.values) or any(
        one is not None and not trusted.has(of, one) for one in named
    )
