"""Whoever asks for no attributes in particular gets them all."""

from __future__ import annotations

from revet.iam.operators import Kind
from revet.iam.symbol import has_symbol
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.guards import covers_action, is_kind, values_of, with_key
from revet.iam.validate.subject import ConditionSubject

_KEY, _SELECT = "dynamodb:attributes", "dynamodb:select"
_SPECIFIC = frozenset({"specific_attributes"})
_READING = (
    "dynamodb:GetItem",
    "dynamodb:BatchGetItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "dynamodb:PartiQLSelect",
)


@check(
    Level.SECURITY_WARNING,
    subject=ConditionSubject,
    source="IAM User Guide, IAM policy validation check reference; Amazon DynamoDB Developer "
    "Guide, Using IAM policy conditions for fine-grained access control",
    needs="dynamodb:attributes",
)
def dynamodb_attributes_without_select(condition: ConditionSubject) -> Hits:
    """`dynamodb:Attributes` beside an action that reads, with no demand on `dynamodb:Select`.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    statement = condition.statement
    if condition.lower != _KEY or not statement.allows or is_kind(condition, Kind.NULL):
        return
    if any(map(_is_specific, with_key(statement, _SELECT))):
        return
    if any(covers_action(statement, action) for action in _READING):
        yield hit(
            f"{condition.key} judges only requests that name attributes; those that name none "
            "read all of them. Demand SPECIFIC_ATTRIBUTES of dynamodb:Select beside it.",
            condition.key_place,
        )


def _is_specific(condition: ConditionSubject) -> bool:
    if not is_kind(condition, Kind.STRING, negated=False):
        return False
    return values_of(condition) == _SPECIFIC or any(
        has_symbol(value.text) for value in condition.values
    )
