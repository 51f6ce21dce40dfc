"""Whoever assumes a role may pass tags or a source identity only with a permission for that."""

from __future__ import annotations

from revet.iam.operators import Kind, Qualifier
from revet.iam.symbol import has_symbol
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.guards import FALSE, covers_action, values_of
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject, StatementSubject

_ASSUMING = frozenset({"sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity"})
_SETTING = {
    "sts:sourceidentity": "sts:SetSourceIdentity",
    "sts:transitivetagkeys": "sts:TagSession",
    "aws:tagkeys": "sts:TagSession",
}
_TAG, _TAGGING = "aws:requesttag/", "sts:TagSession"


@check(
    Level.ERROR,
    subject=ConditionSubject,
    source="IAM User Guide, IAM policy validation check reference; Pass session tags in AWS STS; "
    "Monitor and control actions taken with assumed roles",
)
def missing_action_for_condition_key(condition: ConditionSubject) -> Hits:
    """A role may be assumed only with what nobody is allowed to pass.

    The permission may stand in another statement that allows.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    statement = condition.statement
    if not statement.allows:
        return
    setting = _TAGGING if condition.lower.startswith(_TAG) else _SETTING.get(condition.lower)
    if setting is None or not _demands(condition) or not _assumes(statement):
        return
    others = statement.policy.statements
    if not any(other.allows and _may_cover(other, setting) for other in others):
        yield hit(
            f"Nobody can pass {quoted(condition.key)} without the permission {setting}, so that "
            f"this allows nothing. Add {setting} to Action.",
            statement.element_place("Action"),
            condition.key_place,
        )


def _may_cover(statement: StatementSubject, action: str) -> bool:
    unknown = any(has_symbol(item.text) for item in statement.actions)
    return unknown or covers_action(statement, action)


def _assumes(statement: StatementSubject) -> bool:
    return any(
        not action.negated and action.text.lower() in _ASSUMING for action in statement.actions
    )


def _demands(condition: ConditionSubject) -> bool:
    used = condition.operator
    if used is None or used.if_exists or used.operator.negated:
        return False
    if used.qualifier is Qualifier.FOR_ALL_VALUES:
        return False
    return used.operator.kind is not Kind.NULL or values_of(condition) == FALSE
