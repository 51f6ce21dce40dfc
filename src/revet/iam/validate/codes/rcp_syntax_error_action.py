"""A resource control policy names actions of the services that it can govern."""

from __future__ import annotations

from revet.iam.symbol import has_symbol
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.quoted import quoted
from revet.iam.validate.rcp_services import SERVICES
from revet.iam.validate.subject import ActionSubject


@check(
    Level.ERROR,
    subject=ActionSubject,
    types=frozenset({PolicyType.RCP}),
    source="IAM User Guide, IAM policy validation check reference; AWS Organizations User Guide, "
    "RCP syntax; Resource control policies (RCPs)",
)
def rcp_syntax_error_action(action: ActionSubject) -> Hits:
    """An `Action` whose service is not among those that support these policies.

    `*` alone stands in AWS's own policy, which allows everything, and in no other.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if action.negated or action.prefix.lower() in SERVICES or has_symbol(action.text):
        return
    if action.text == "*" and action.statement.allows:
        return
    yield hit(
        f"{quoted(action.text)} does not begin with a service that resource control policies "
        "govern, such as s3, sts or kms. Name actions of such services.",
        action.place,
    )
