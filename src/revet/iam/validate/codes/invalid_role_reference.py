"""A principal names a role by its ARN, not by its unique id."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import WITH_PRINCIPAL
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import PrincipalSubject

PREFIX = "AROA"
"""Source: IAM User Guide, "IAM identifiers", section "Unique identifiers"."""


@check(
    Level.WARNING,
    subject=PrincipalSubject,
    types=WITH_PRINCIPAL,
    source="IAM User Guide, IAM policy validation check reference; IAM identifiers",
    needs="aroa",
)
def invalid_role_reference(principal: PrincipalSubject) -> Hits:
    """An id stands in a stored policy when a role was deleted: it then names nobody.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    text = principal.text
    if principal.kind == "AWS" and text.startswith(PREFIX) and text.isascii() and text.isalnum():
        yield hit(
            f"{quoted(text)} is the unique id of a role. Name the ARN instead; IAM turns it into "
            "the id by itself.",
            principal.place,
        )
