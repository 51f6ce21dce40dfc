"""Trust in OpenID Connect providers is limited to some of their users."""

from __future__ import annotations

import re

from revet.iam.operators import Kind
from revet.iam.policy_type import PolicyType
from revet.iam.symbol import has_symbol
from revet.iam.validate.finding import Hits, Level, check, hit, quoted
from revet.iam.validate.guards import is_kind
from revet.iam.validate.identity_providers import IdentityProvider, trusted_oidc_providers
from revet.iam.validate.place import Text
from revet.iam.validate.written import WrittenCondition, WrittenPrincipal, WrittenStatement


def _trusted(
    statement: WrittenStatement,
) -> tuple[tuple[WrittenPrincipal, IdentityProvider], ...]:
    """The providers that a statement trusts; none where a condition's key is not known yet."""
    trusted = trusted_oidc_providers(statement)
    if trusted and any(has_symbol(condition.key) for condition in statement.conditions):
        return ()
    return trusted


@check(
    Level.SECURITY_WARNING,
    types={PolicyType.TRUST},
    source="Create a role for OpenID Connect federation",
)
def missing_condition_key_for_oidc_principal(statement: WrittenStatement) -> Hits:
    """A role is not for all users of an identity provider.

    An OpenID Connect provider without a condition on any of its claims.
    """
    prefixes = {condition.lower.rpartition(":")[0] for condition in statement.conditions}
    for principal, provider in _trusted(statement):
        if provider.name not in prefixes:
            yield hit(
                f"Everyone whom {quoted(principal.text)} signs in can assume the role, for any "
                f"application. Add conditions on its claims, such as {quoted(provider.name)} with "
                ":aud and :sub after it.",
                principal.place,
            )


@check(
    Level.SECURITY_WARNING,
    types={PolicyType.TRUST},
    source="Create a role for OpenID Connect federation (configuring a role for GitHub OIDC "
    "identity provider)",
    needs="githubusercontent",
)
def missing_github_repo_condition_key(statement: WrittenStatement) -> Hits:
    """A role is not for all of GitHub.

    GitHub Actions' provider without a condition on the subject.
    """
    keys = {condition.lower for condition in statement.conditions}
    for principal, provider in _trusted(statement):
        if provider.is_github and f"{provider.name}:sub" not in keys:
            yield hit(
                "Workflows of any repository on GitHub can assume the role. Add a condition on "
                f"{quoted(provider.name + ':sub')} that names the repository and the branch.",
                principal.place,
            )


_REPOSITORY = re.compile(r"repo:[^:/*?]+/[^:/*?]+:")
_BRANCH = "refs/"
"""In a subject `repo:owner/name:ref:refs/heads/main`, and in the claim `ref`."""


@check(
    Level.WARNING,
    types={PolicyType.TRUST},
    source="GitHub Docs, OpenID Connect reference (example subject claims)",
    needs="githubusercontent",
)
def specific_github_repo_and_branch_recommended(statement: WrittenStatement) -> Hits:
    """A role for GitHub's workflows is for one repository and one branch.

    Subjects with a wildcard or without a branch.

    The branch may stand in a condition on `ref` instead; subjects of GitHub environments and pull
    requests never name one.
    """
    names = {
        provider.name: None
        for _, provider in trusted_oidc_providers(statement)
        if provider.is_github
    }
    claims: dict[str, list[WrittenCondition]] = {}
    for condition in statement.conditions if names else ():
        claims.setdefault(condition.lower, []).append(condition)
    for name in names:
        subjects = claims.get(f"{name}:sub", [])
        branch = any(
            _is_comparison(condition) and all(map(_is_exact, condition.values))
            for condition in claims.get(f"{name}:ref", ())
        )
        comparisons = [condition for condition in subjects if _is_comparison(condition)]
        loose = [
            [value for value in condition.values if not _is_specific(value, branch=branch)]
            for condition in comparisons
        ]
        if not all(loose):
            continue
        places = [value.place for values in loose for value in values]
        for place in places or [condition.key_place for condition in subjects]:
            yield hit(
                f"The condition on {quoted(name + ':sub')} lets in more workflows than "
                "those of one repository and branch. Write the subject in full, as in "
                "repo:owner/name:ref:refs/heads/main, or name the branch in a condition on "
                f"{quoted(name + ':ref')}.",
                place,
            )


def _is_comparison(condition: WrittenCondition) -> bool:
    return bool(condition.values) and is_kind(condition, Kind.STRING, negated=False)


def _is_exact(value: Text) -> bool:
    return has_symbol(value.text) or not ("*" in value.text or "?" in value.text)


def _is_specific(value: Text, *, branch: bool) -> bool:
    text = value.text
    if has_symbol(text):
        return True
    if _is_exact(value):
        return branch or _BRANCH in text
    return branch and _REPOSITORY.match(text) is not None
