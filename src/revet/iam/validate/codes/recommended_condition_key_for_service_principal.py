"""The source of a service's request has keys of its own."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.quoted import quoted
from revet.iam.validate.service_sources import names_source, services_of, stand_ins
from revet.iam.validate.subject import StatementSubject

_MOST = 5
"""Services that a message names."""


@check(
    Level.SUGGESTION,
    subject=StatementSubject,
    types=frozenset({PolicyType.RESOURCE}),
    source="IAM User Guide, IAM policy validation check reference; The confused deputy problem",
)
def recommended_condition_key_for_service_principal(statement: StatementSubject) -> Hits:
    """A service is restricted by `aws:Referer`.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if not statement.allows:
        return
    services = services_of(statement)
    if not services or names_source(statement):
        return
    for condition in stand_ins(statement):
        names = ", ".join(quoted(service.text) for service in services[:_MOST])
        yield hit(
            f"{quoted(condition.key)} is not made to say for whom {names} acts. Use aws:SourceArn, "
            "aws:SourceAccount, aws:SourceOrgID or aws:SourceOrgPaths instead.",
            condition.key_place,
        )
