"""An identity provider is named by its host name or by the ARN of its provider in IAM."""

from __future__ import annotations

from revet.iam.symbol import has_symbol
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.identity_providers import read_provider
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import PrincipalSubject


@check(
    Level.ERROR,
    subject=PrincipalSubject,
    types=frozenset({PolicyType.TRUST}),
    source="IAM User Guide, IAM policy validation check reference; AWS JSON policy elements: "
    "Principal",
)
def invalid_federated_principal_syntax_in_role_trust_policy(principal: PrincipalSubject) -> Hits:
    """Values under `Federated`; a URL with its scheme is no host name.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if principal.kind != "Federated" or has_symbol(principal.text):
        return
    if read_provider(principal.text) is None:
        yield hit(
            f"{quoted(principal.text)} is no identity provider. Give the ARN of a SAML or OpenID "
            "Connect provider of IAM, or a host name such as cognito-identity.amazonaws.com.",
            principal.place,
        )
