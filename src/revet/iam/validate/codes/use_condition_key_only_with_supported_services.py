"""Few services know who owns the VPC endpoint that a request came through."""

from __future__ import annotations

from revet.iam.validate.attached import governed_by
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.subject import ActionSubject, ConditionSubject

_KEYS = frozenset({"aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths"})


@check(
    Level.WARNING,
    subject=ConditionSubject,
    source="IAM User Guide, IAM policy validation check reference; AWS global condition context "
    "keys: aws:VpceAccount, aws:VpceOrgID, aws:VpceOrgPaths",
    needs="aws:vpce",
)
def use_condition_key_only_with_supported_services(condition: ConditionSubject) -> Hits:
    """Such a key beside `NotAction`, `*` or an action of a service that does not send it.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if condition.lower not in _KEYS:
        return
    known = condition.global_key
    if known is not None and not all(
        _is_sent(action, known.services) for action in condition.statement.actions
    ):
        yield hit(
            f"Only some services send {condition.key}, and the statement is about others too. "
            "Name only actions of services that send it.",
            condition.key_place,
        )


def _is_sent(action: ActionSubject, services: frozenset[str]) -> bool:
    if action.negated:
        return False
    prefix = action.prefix.lower()
    if prefix == "*":
        governed = governed_by(action.statement.policy)
        return governed is not None and governed.service in services
    if action.service is None and "*" not in prefix and "?" not in prefix:
        return True
    return prefix in services
