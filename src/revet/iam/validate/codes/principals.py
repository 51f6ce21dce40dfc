"""Principals: who may be named, where and how."""

from __future__ import annotations

from revet.iam.policy_type import OF_IDENTITIES, WITH_PRINCIPAL, PolicyType
from revet.iam.symbol import around_symbols, has_symbol
from revet.iam.validate.finding import Hits, Level, check, hit, quoted
from revet.iam.validate.identity_providers import read_provider
from revet.iam.validate.principal_elements import PRINCIPAL_KEYS, principal_values
from revet.iam.validate.written import WrittenPrincipal, WrittenStatement


@check(Level.ERROR, types=WITH_PRINCIPAL, source="Grammar of the IAM JSON policy language")
def invalid_principal_format(statement: WrittenStatement) -> Hits:
    """A principal is `"*"` or a map from its kind to its values.

    Another bare string, or a list; an empty list is `EMPTY_ARRAY_PRINCIPAL`.
    """
    for name, value in principal_values(statement):
        bare = value.string
        if any(value.items()) if bare is None else bare != "*" and not has_symbol(bare):
            yield hit(
                f'{name} does not say what kind of principal it names. Write {{"AWS": …}}, or "*".',
                value.place,
            )


@check(Level.ERROR, types=WITH_PRINCIPAL)
def invalid_principal_key(statement: WrittenStatement) -> Hits:
    """A principal's kind is one that the policy language knows.

    Any other key, in exactly this case.
    """
    for _, value in principal_values(statement):
        for key in value.keys:
            if key.name not in PRINCIPAL_KEYS:
                yield hit(
                    f"There is no kind of principal {quoted(key.name)}. Use "
                    f"{', '.join(PRINCIPAL_KEYS)}.",
                    key.place,
                )


@check(Level.ERROR, types=WITH_PRINCIPAL, source="AWS JSON policy elements: Principal")
def unsupported_wildcard_in_principal(principal: WrittenPrincipal) -> Hits:
    """A principal is named in full; only `{"AWS": "*"}` stands for everyone.

    `*` or `?` in a value, except `*` alone under `AWS`.

    The bare `"Principal": "*"` is legal, and in a trust policy
    `ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL`.
    """
    text = principal.text
    if "*" not in text and "?" not in text:
        return
    if principal.kind not in PRINCIPAL_KEYS or (principal.kind == "AWS" and text == "*"):
        return
    around = around_symbols(text)
    if "*" in around or "?" in around:
        yield hit(
            f"{quoted(text)} under {principal.kind} has a wildcard. Name the principal in full; to "
            "match several, use a condition such as aws:PrincipalArn.",
            principal.place,
        )


@check(Level.ERROR, types=OF_IDENTITIES)
def unsupported_principal(statement: WrittenStatement) -> Hits:
    """An identity policy names no principals: whom it is attached to says it.

    `Principal` or `NotPrincipal`.
    """
    for name, value in principal_values(statement):
        yield hit(
            f"An identity policy holds for whom it is attached to. Remove {name}.", value.place
        )


@check(Level.ERROR, types={PolicyType.RESOURCE})
def federated_principal_not_supported(principal: WrittenPrincipal) -> Hits:
    """Only a role's trust policy names identity providers.

    Values under the principal key `Federated` of a resource's policy.

    In an identity policy the element itself is `UNSUPPORTED_PRINCIPAL`.
    """
    if principal.kind == "Federated":
        yield hit(
            f"Only trust policies know the identity provider {quoted(principal.text)}. Name the "
            "role that its users assume.",
            principal.place,
        )


@check(
    Level.SECURITY_WARNING, types=WITH_PRINCIPAL, source="AWS JSON policy elements: NotPrincipal"
)
def allow_with_not_principal(statement: WrittenStatement) -> Hits:
    """Nobody is allowed something by not being named.

    `Allow` with `NotPrincipal`: everyone else is allowed, the anonymous included.

    In a trust policy `ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL` is reported beside it.
    """
    if statement.allows and "NotPrincipal" in statement.elements:
        yield hit(
            "The statement allows everyone but those it names, the anonymous included. Name with "
            "Principal who is allowed.",
            statement.elements["NotPrincipal"].place,
        )


_IDENTIFIERS = "IAM identifiers"


def _is_unique_id(principal: WrittenPrincipal, prefix: str, what: str) -> Hits:
    """An id that a stored policy holds once what it named was deleted: it names nobody.

    Source of the prefixes: IAM User Guide, "IAM identifiers", section "Unique identifiers".
    """
    text = principal.text
    if principal.kind == "AWS" and text.startswith(prefix) and text.isascii() and text.isalnum():
        yield hit(
            f"{quoted(text)} is the unique id of a {what}. Name the ARN instead; IAM turns it into "
            "the id by itself.",
            principal.place,
        )


@check(Level.WARNING, types=WITH_PRINCIPAL, source=_IDENTIFIERS, needs="aroa")
def invalid_role_reference(principal: WrittenPrincipal) -> Hits:
    """A principal names a role by its ARN, not by its unique id."""
    return _is_unique_id(principal, "AROA", "role")


@check(Level.WARNING, types=WITH_PRINCIPAL, source=_IDENTIFIERS, needs="aida")
def invalid_user_reference(principal: WrittenPrincipal) -> Hits:
    """A principal names a user by its ARN, not by its unique id."""
    return _is_unique_id(principal, "AIDA", "user")


@check(Level.ERROR, types={PolicyType.TRUST}, source="AWS JSON policy elements: Principal")
def invalid_federated_principal_syntax_in_role_trust_policy(principal: WrittenPrincipal) -> Hits:
    """An identity provider is named by its host name or by the ARN of its provider in IAM.

    Values under `Federated`; a URL with its scheme is not a host name.
    """
    if principal.kind != "Federated" or has_symbol(principal.text):
        return
    if read_provider(principal.text) is None:
        yield hit(
            f"{quoted(principal.text)} is not an identity provider. Give the ARN of a SAML or "
            "OpenID Connect provider of IAM, or a host name such as "
            "cognito-identity.amazonaws.com.",
            principal.place,
        )
