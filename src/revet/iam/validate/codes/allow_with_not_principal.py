"""Nobody is allowed something by not being named."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import WITH_PRINCIPAL
from revet.iam.validate.subject import StatementSubject


@check(
    Level.SECURITY_WARNING,
    subject=StatementSubject,
    types=WITH_PRINCIPAL,
    source="IAM User Guide, IAM policy validation check reference; AWS JSON policy elements: "
    "NotPrincipal",
)
def allow_with_not_principal(statement: StatementSubject) -> Hits:
    """`Allow` with `NotPrincipal`: everyone else is allowed, the anonymous included.

    In a trust policy `ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL` stands beside it.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if statement.allows and "NotPrincipal" in statement.members:
        yield hit(
            "The statement allows everyone but those it names, the anonymous included. Name with "
            "Principal who is allowed.",
            statement.element_place("NotPrincipal"),
        )
