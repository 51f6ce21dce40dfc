"""Each kind of principal assumes a role with its own action."""

from __future__ import annotations

from collections.abc import Callable

from revet.iam.policy_type import PolicyType
from revet.iam.validate.finding import Hits, Level, check, hit, quoted
from revet.iam.validate.identity_providers import Protocol, provider_of
from revet.iam.validate.written import WrittenAction, WrittenPrincipal, WrittenStatement


def _is_not_federated(principal: WrittenPrincipal) -> bool:
    return principal.kind != "Federated"


def _is_saml(principal: WrittenPrincipal) -> bool:
    return _is_provider(principal, Protocol.SAML)


def _is_oidc(principal: WrittenPrincipal) -> bool:
    return _is_provider(principal, Protocol.OIDC)


def _is_provider(principal: WrittenPrincipal, protocol: Protocol) -> bool:
    if principal.kind != "Federated":
        return principal.kind == "AWS" and principal.text == "*"
    provider = provider_of(principal)
    return provider is None or provider.protocol is protocol


_FITS: dict[str, Callable[[WrittenPrincipal], bool]] = {
    "sts:assumerole": _is_not_federated,
    "sts:assumerolewithsaml": _is_saml,
    "sts:assumerolewithwebidentity": _is_oidc,
}
"""Whether a principal can use an action; one whose kind is not known can."""
_MOST = 5
"""Principals that a message names."""


@check(
    Level.ERROR,
    types={PolicyType.TRUST},
    source="AWS CLI Command Reference, accessanalyzer validate-policy (example)",
)
def mismatched_action_for_principal(statement: WrittenStatement) -> Hits:
    """An action that none of the principals can use, or principals that can use none of them.

    Actions with wildcards are not judged; others than those of `_FITS` go with any principal.
    """
    actions: dict[str, WrittenAction] = {}
    for item in statement.actions:
        if not item.negated and item.text.lower() in _FITS:
            actions.setdefault(item.text.lower(), item)
    if not actions:
        return
    principals = [item for item in statement.principals if item.kind and not item.negated]
    fitting = {
        name: [principal for principal in principals if _FITS[name](principal)] for name in actions
    }
    used = {id(principal) for found in fitting.values() for principal in found}
    if any(item.negated or item.known.has_wildcard for item in statement.actions):
        lost = []
    else:
        lost = [principal for principal in principals if id(principal) not in used]
    for name, action in actions.items():
        wrong = lost if fitting[name] else principals
        if wrong:
            names = ", ".join(quoted(principal.text) for principal in wrong[:_MOST])
            yield hit(
                f"{names} cannot use {quoted(action.text)}. A SAML provider under Federated goes "
                "with sts:AssumeRoleWithSAML, an OpenID Connect provider under Federated with "
                "sts:AssumeRoleWithWebIdentity, everyone else with sts:AssumeRole.",
                action.place,
                *(principal.place for principal in wrong),
            )
