"""A resource control policy names the actions that it is about."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.subject import StatementSubject


@check(
    Level.ERROR,
    subject=StatementSubject,
    types=frozenset({PolicyType.RCP}),
    source="IAM User Guide, IAM policy validation check reference; AWS Organizations User Guide, "
    "RCP syntax",
)
def rcp_syntax_error_notaction(statement: StatementSubject) -> Hits:
    """`NotAction`.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if "NotAction" in statement.members:
        yield hit(
            "A resource control policy has no NotAction. Name the actions with Action.",
            statement.element_place("NotAction"),
        )
