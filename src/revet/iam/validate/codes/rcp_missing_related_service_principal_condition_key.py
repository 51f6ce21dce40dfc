"""IAM principals act for no source, and must not be hit by a check of it."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.guards import TRUE
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.rcp_conditions import is_about_services, judges_service
from revet.iam.validate.subject import ConditionSubject


@check(
    Level.WARNING,
    subject=ConditionSubject,
    types=frozenset({PolicyType.RCP}),
    source="IAM User Guide, IAM policy validation check reference; AWS Organizations User Guide, "
    "Resource control policy examples",
)
def rcp_missing_related_service_principal_condition_key(condition: ConditionSubject) -> Hits:
    """A key that only requests of services carry, and no exception for everyone else.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    statement = condition.statement
    if not statement.denies or not judges_service(condition):
        return
    if not is_about_services(statement, TRUE):
        yield hit(
            f"Only requests of AWS's services carry {condition.key}, but IAM principals are "
            'denied too. Add "BoolIfExists": {"aws:PrincipalIsAWSService": "true"}.',
            condition.key_place,
        )
