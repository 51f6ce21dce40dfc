"""Key policies that keep out whom they must let in."""

from __future__ import annotations

from revet.iam.policy_type import PolicyType
from revet.iam.validate.condition_keys import SOURCE_KEYS
from revet.iam.validate.finding import Hits, Level, check, hit
from revet.iam.validate.guards import covers_action, with_key
from revet.iam.validate.written import WrittenPolicy, WrittenStatement

_KMS_KEY = "AWS::KMS::Key"
_MANAGING = "kms:PutKeyPolicy"


@check(
    Level.SECURITY_WARNING,
    types={PolicyType.RESOURCE},
    source="AWS KMS Developer Guide, Default key policy: Reduces the risk of the KMS key "
    "becoming unmanageable",
)
def revet_key_policy_locks_out(policy: WrittenPolicy) -> Hits:
    """A key policy under which nobody can change the key policy.

    The key can then be neither repaired nor deleted without AWS's support.

    No `Allow` of `kms:PutKeyPolicy` without a condition for an account, user or role.
    """
    if policy.resource_type != _KMS_KEY or not policy.statements:
        return
    if not any(_manages(statement) for statement in policy.statements):
        yield hit(
            f"No statement lets the account manage the key: without {_MANAGING} nobody can repair "
            "this policy. Allow kms:* to the account's root principal.",
            policy.place,
        )


def _manages(statement: WrittenStatement) -> bool:
    return (
        statement.allows
        and not statement.conditions
        and any(item.kind in ("AWS", "") and not item.negated for item in statement.principals)
        and covers_action(statement, _MANAGING)
    )


_EVENTBRIDGE = "events.amazonaws.com"


@check(
    Level.WARNING,
    types={PolicyType.RESOURCE},
    source="Amazon SNS Developer Guide, Enable compatibility between event sources from AWS "
    "services and encrypted topics",
    needs=_EVENTBRIDGE,
)
def revet_key_policy_stops_events(statement: WrittenStatement) -> Hits:
    """A key policy that keeps EventBridge from publishing to an encrypted topic or queue.

    EventBridge sends neither `aws:SourceArn` nor `aws:SourceAccount` nor `aws:SourceOrgID` to KMS;
    with such a condition its messages are dropped without an error.

    An `Allow` of KMS actions for EventBridge alone under a condition on the source.
    """
    if not statement.allows or {item.text for item in statement.principals} != {_EVENTBRIDGE}:
        return
    if not all(item.known.prefix.lower() == "kms" for item in statement.actions):
        return
    for condition in with_key(statement, *SOURCE_KEYS):
        if condition.operator is not None and not condition.operator.if_exists:
            yield hit(
                f"EventBridge does not send {condition.key} to KMS, so that this allows nothing "
                "and its messages are dropped. Leave the condition out.",
                condition.key_place,
            )
