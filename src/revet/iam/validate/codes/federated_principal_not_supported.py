"""Only a role's trust policy names identity providers."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import PrincipalSubject


@check(Level.ERROR, subject=PrincipalSubject, types=frozenset({PolicyType.RESOURCE}))
def federated_principal_not_supported(principal: PrincipalSubject) -> Hits:
    """Values under the principal key `Federated` of a resource's policy.

    In an identity policy the element itself is `UNSUPPORTED_PRINCIPAL`.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if principal.kind == "Federated":
        yield hit(
            f"Only trust policies know the identity provider {quoted(principal.text)}. Name the "
            "role that its users assume.",
            principal.place,
        )
