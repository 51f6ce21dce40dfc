"""A service that acts for others is told for whom."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.quoted import quoted
from revet.iam.validate.service_sources import names_source, services_of, stand_ins
from revet.iam.validate.subject import StatementSubject


@check(
    Level.SECURITY_WARNING,
    subject=StatementSubject,
    types=frozenset({PolicyType.RESOURCE}),
    source="IAM User Guide, IAM policy validation check reference; The confused deputy problem",
)
def restrict_access_to_service_principal(statement: StatementSubject) -> Hits:
    """A service is allowed something whoever asks it.

    Not in trust policies: a role is passed to a service within its account only, the trust policies
    that AWS's consoles write for Lambda or EC2 name no source, and AWS's validation is silent about
    them. What names a stand-in for the source is `RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL`.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if not statement.allows:
        return
    services = services_of(statement)
    if services and not names_source(statement) and not any(stand_ins(statement)):
        for service in services:
            yield hit(
                f"{quoted(service.text)} may do this for anyone who asks it. Add a condition on "
                "aws:SourceArn, aws:SourceAccount, aws:SourceOrgID or aws:SourceOrgPaths.",
                service.place,
            )
