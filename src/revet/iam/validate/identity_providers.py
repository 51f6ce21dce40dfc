"""Identity providers as a trust policy names them under `Federated`.

Source: IAM User Guide, "AWS JSON policy elements: Principal" (SAML session principals, OIDC session
principals) and "Available keys for AWS OIDC federation".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from revet.iam.symbol import has_symbol
from revet.iam.validate.guards import covers_action
from revet.iam.validate.written import WrittenPrincipal, WrittenStatement

GITHUB = "token.actions.githubusercontent.com"
"""GitHub Actions' provider; an enterprise's own has a path after it."""

_HOST = r"[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::[0-9]+)?(?:/[^\s*?]*)?"
_OIDC_NAME = re.compile(_HOST, re.IGNORECASE)
_OIDC_ARN = re.compile(rf"arn:aws[a-z-]*:iam::[0-9]{{12}}:oidc-provider/({_HOST})", re.IGNORECASE)
_SAML_ARN = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:saml-provider/[\w+=,.@-]+")
_WEB_IDENTITY = ("sts:AssumeRoleWithWebIdentity", "sts:AssumeRole")


class Protocol(StrEnum):
    """How an identity provider vouches for its users."""

    OIDC = "OpenID Connect"
    SAML = "SAML"


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """An identity provider.

    Args:
        protocol: how it vouches for its users.
        name: host name and path of an OpenID Connect provider, in lower case: what the condition
            keys of its claims begin with; empty for SAML.
    """

    protocol: Protocol
    name: str

    @property
    def is_github(self) -> bool:
        """Whether the users are workflows of GitHub Actions."""
        return self.name == GITHUB or self.name.startswith(f"{GITHUB}/")


def read_provider(text: str) -> IdentityProvider | None:
    """Read a value that appears under `Federated`.

    Args:
        text: for example `cognito-identity.amazonaws.com`, or the ARN of a provider.

    Returns:
        None when it does not have the form of an identity provider.
    """
    if _SAML_ARN.fullmatch(text) is not None:
        return IdentityProvider(Protocol.SAML, "")
    found = _OIDC_ARN.fullmatch(text)
    if found is not None:
        return IdentityProvider(Protocol.OIDC, found[1].lower())
    if _OIDC_NAME.fullmatch(text) is not None:
        return IdentityProvider(Protocol.OIDC, text.lower())
    return None


def provider_of(principal: WrittenPrincipal) -> IdentityProvider | None:
    """The identity provider that a principal is; None for others, and when it is not known."""
    if principal.kind != "Federated" or has_symbol(principal.text):
        return None
    return read_provider(principal.text)


def trusted_oidc_providers(
    statement: WrittenStatement,
) -> tuple[tuple[WrittenPrincipal, IdentityProvider], ...]:
    """The OpenID Connect providers whose users a statement lets assume the role.

    A statement that only lets them tag their sessions is not meant: their claims are not part of
    such requests.
    """
    if not statement.allows:
        return ()
    found = [
        (principal, provider)
        for principal in statement.principals
        if not principal.negated
        and (provider := provider_of(principal)) is not None
        and provider.protocol is Protocol.OIDC
    ]
    return tuple(found) if found and _lets_assume(statement) else ()


def _lets_assume(statement: WrittenStatement) -> bool:
    if any(item.text in _WEB_IDENTITY and not item.negated for item in statement.actions):
        return True
    return any(covers_action(statement, action) for action in _WEB_IDENTITY)
