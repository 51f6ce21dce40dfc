"""A `Deny` that asks for a tag denies nothing for requests that carry none."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.resource_tags import tag_demands, untagged
from revet.iam.validate.subject import StatementSubject


@check(
    Level.SECURITY_WARNING,
    subject=StatementSubject,
    source="IAM User Guide, IAM policy validation check reference; AWS global condition context "
    "keys: aws:ResourceTag",
    needs="resourcetag",
)
def deny_with_unsupported_tag_condition_key_for_service(statement: StatementSubject) -> Hits:
    """`aws:ResourceTag` beside actions that do not carry it; one finding for each service.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if not statement.denies:
        return
    for condition in tag_demands(statement):
        for service, actions in untagged(statement).items():
            yield hit(
                f"Requests for these actions of {quoted(service)} do not carry "
                f"{quoted(condition.key)}, so this denies none of them. Deny them in a statement "
                "without the key, on the resources that you mean.",
                *(action.place for action in actions),
                condition.key_place,
            )
