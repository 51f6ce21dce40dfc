"""A role is not for all users of an identity provider."""

from __future__ import annotations

from revet.iam.symbol import has_symbol
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.identity_providers import trusted_oidc_providers
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import StatementSubject


@check(
    Level.SECURITY_WARNING,
    subject=StatementSubject,
    types=frozenset({PolicyType.TRUST}),
    source="IAM User Guide, IAM policy validation check reference; Create a role for OpenID "
    "Connect federation",
)
def missing_condition_key_for_oidc_principal(statement: StatementSubject) -> Hits:
    """An OpenID Connect provider without a condition on any of its claims.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    trusted = trusted_oidc_providers(statement)
    if not trusted or any(has_symbol(condition.key) for condition in statement.conditions):
        return
    prefixes = {condition.lower.rpartition(":")[0] for condition in statement.conditions}
    for principal, provider in trusted:
        if provider.name not in prefixes:
            yield hit(
                f"Everyone whom {quoted(principal.text)} signs in can assume the role, for any "
                f"application. Add conditions on its claims, such as {quoted(provider.name)} with "
                ":aud and :sub after it.",
                principal.place,
            )
