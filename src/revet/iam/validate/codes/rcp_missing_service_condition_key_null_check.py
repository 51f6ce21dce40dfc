"""Some services name no source, and must not be hit by a check of it."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.rcp_conditions import demands_source, judges_source
from revet.iam.validate.subject import ConditionSubject


@check(
    Level.WARNING,
    subject=ConditionSubject,
    types=frozenset({PolicyType.RCP}),
    source="IAM User Guide, IAM policy validation check reference; AWS Organizations User Guide, "
    "Resource control policy examples",
)
def rcp_missing_service_condition_key_null_check(condition: ConditionSubject) -> Hits:
    """A key of the source, and no exception for requests without one.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    statement = condition.statement
    if not statement.denies or not judges_source(condition):
        return
    if not demands_source(statement):
        yield hit(
            f"Some integrations of services do not send {condition.key}, and they are denied "
            'too. Add "Null": {"aws:SourceAccount": "false"} or "Null": {"aws:SourceArn": '
            '"false"}.',
            condition.key_place,
        )
