"""A key policy that keeps EventBridge from publishing to an encrypted topic or queue.

EventBridge sends neither `aws:SourceArn` nor `aws:SourceAccount` nor `aws:SourceOrgID` to KMS;
with such a condition its messages are dropped without an error.
"""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.guards import with_key
from revet.iam.validate.policy_type import PolicyType
from revet.iam.validate.subject import StatementSubject

_SERVICE = "events.amazonaws.com"


@check(
    Level.WARNING,
    subject=StatementSubject,
    types=frozenset({PolicyType.RESOURCE}),
    source="Amazon SNS Developer Guide, Enable compatibility between event sources from AWS "
    "services and encrypted topics",
    needs=_SERVICE,
)
def key_policy_stops_events(statement: StatementSubject) -> Hits:
    """An `Allow` of KMS actions for EventBridge alone under a condition on the source."""
    if not statement.allows or {item.text for item in statement.principals} != {_SERVICE}:
        return
    if not all(item.prefix.lower() == "kms" for item in statement.actions):
        return
    for condition in with_key(
        statement, "aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"
    ):
        if condition.operator is not None and not condition.operator.if_exists:
            yield hit(
                f"EventBridge does not send {condition.key} to KMS, so that this allows nothing "
                "and its messages are dropped. Leave the condition out.",
                condition.key_place,
            )
