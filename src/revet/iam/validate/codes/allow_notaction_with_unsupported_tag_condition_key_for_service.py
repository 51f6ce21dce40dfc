"""`NotAction` allows actions whose requests carry no tags, but a condition asks for one."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.resource_tags import tag_demands
from revet.iam.validate.subject import StatementSubject


@check(
    Level.SUGGESTION,
    subject=StatementSubject,
    source="IAM User Guide, IAM policy validation check reference; AWS global condition context "
    "keys: aws:ResourceTag",
    needs="notaction",
)
def allow_notaction_with_unsupported_tag_condition_key_for_service(
    statement: StatementSubject,
) -> Hits:
    """`Allow`, `NotAction` and `aws:ResourceTag`; one finding for each condition.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if not statement.allows or "NotAction" not in statement.members:
        return
    for condition in tag_demands(statement):
        yield hit(
            f"Many of the actions that NotAction leaves do not carry {quoted(condition.key)}; "
            "those are not allowed. Name the actions that you mean in Action.",
            statement.element_place("NotAction"),
            condition.key_place,
        )
