"""Services have no properties of IAM principals, and must not be hit by a check of them."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.guards import FALSE
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.quoted import quoted
from revet.iam.validate.rcp_conditions import is_about_services, judges_principal
from revet.iam.validate.subject import ConditionSubject


@check(
    Level.WARNING,
    subject=ConditionSubject,
    types=frozenset({PolicyType.RCP}),
    source="IAM User Guide, IAM policy validation check reference; AWS Organizations User Guide, "
    "Resource control policy examples",
)
def rcp_missing_related_principal_condition_key(condition: ConditionSubject) -> Hits:
    """A key of the principal, and no exception for services.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    statement = condition.statement
    if not statement.denies or not judges_principal(condition):
        return
    if not is_about_services(statement, FALSE):
        yield hit(
            f"{quoted(condition.key)} is a property of IAM principals, but services are denied "
            'too. Add "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}.',
            condition.key_place,
        )
