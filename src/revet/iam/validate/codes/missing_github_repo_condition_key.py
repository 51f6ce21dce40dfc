"""A role is not for all of GitHub."""

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
    "Connect federation (configuring a role for GitHub OIDC identity provider)",
    needs="githubusercontent",
)
def missing_github_repo_condition_key(statement: StatementSubject) -> Hits:
    """GitHub Actions' provider without a condition on the subject.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    trusted = trusted_oidc_providers(statement)
    if not trusted or any(has_symbol(condition.key) for condition in statement.conditions):
        return
    keys = {condition.lower for condition in statement.conditions}
    for principal, provider in trusted:
        if provider.is_github and f"{provider.name}:sub" not in keys:
            yield hit(
                "Workflows of any repository on GitHub can assume the role. Add a condition on "
                f"{quoted(provider.name + ':sub')} that names the repository and the branch.",
                principal.place,
            )
