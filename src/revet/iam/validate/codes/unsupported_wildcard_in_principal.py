"""A principal is named in full; only `{"AWS": "*"}` stands for everyone."""

from __future__ import annotations

from revet.iam.symbol import around_symbols
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import WITH_PRINCIPAL
from revet.iam.validate.principal_elements import PRINCIPAL_KEYS
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import PrincipalSubject


@check(
    Level.ERROR,
    subject=PrincipalSubject,
    types=WITH_PRINCIPAL,
    source="IAM User Guide, IAM policy validation check reference; AWS JSON policy elements: "
    "Principal",
)
def unsupported_wildcard_in_principal(principal: PrincipalSubject) -> Hits:
    """`*` or `?` in a value, except `*` alone under `AWS`.

    The bare `"Principal": "*"` is legal, and in a trust policy
    `ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL`.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
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
