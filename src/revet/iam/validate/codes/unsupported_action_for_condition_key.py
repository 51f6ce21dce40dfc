"""A condition on a key that the action's requests do not carry."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.key_support import is_listed, without_key
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject


@check(
    Level.ERROR,
    subject=ConditionSubject,
    source="IAM User Guide, IAM policy validation check reference; AWS CLI Command Reference, "
    "accessanalyzer validate-policy (example)",
)
def unsupported_action_for_condition_key(condition: ConditionSubject) -> Hits:
    """Actions written out that do not carry a key of `key_support`, unless it is optional.

    Rests on AWS's page of checks and on answers that people quote (see `key_support`): none of its
    answers on its own policies is of this kind.
    """
    used = condition.operator
    if used is None or used.if_exists or not is_listed(condition):
        return
    actions = without_key(condition)
    if actions:
        names = ", ".join(quoted(action.text) for action in actions)
        yield hit(
            f"Requests for {names} do not carry {quoted(condition.key)}, so the condition does not "
            "judge them. Move these actions to a statement without the key.",
            *(action.place for action in actions),
            condition.value_place,
        )
