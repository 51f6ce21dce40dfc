"""Conditions that let more through than they seem to."""

from __future__ import annotations

from revet.iam.operators import Kind
from revet.iam.symbol import has_symbol
from revet.iam.validate.finding import Hits, Level, check, hit
from revet.iam.validate.guards import covers_action, has_key, is_kind, values_of, with_key
from revet.iam.validate.presence import presence
from revet.iam.validate.written import WrittenCondition


@check(Level.SECURITY_WARNING)
def untrustworthy_condition_key(condition: WrittenCondition) -> Hits:
    """Access should not depend on a value that the caller sets.

    `aws:Referer` and `aws:UserAgent`.
    """
    known = condition.global_key
    if known is not None and known.spoofable:
        yield hit(
            f"Whoever makes the request chooses {condition.key} freely. "
            "Do not grant or deny access by it.",
            condition.key_place,
        )


@check(
    Level.SECURITY_WARNING,
    source="AWS global condition context keys: aws:VpcSourceIp, aws:Ec2InstanceSourcePrivateIPv4",
)
def missing_paired_condition_keys(condition: WrittenCondition) -> Hits:
    """A private address says little without the network that it belongs to.

    None of the keys that belong to it is in the same `Condition`.

    Of a `Deny`, they may stand in another one: AWS's own example denies other addresses in one
    statement and other networks in another.
    """
    known = condition.global_key
    if known is None or not known.paired_with or is_kind(condition, Kind.NULL):
        return
    statement = condition.statement
    together = (
        (other for other in statement.policy.statements if other.denies)
        if statement.denies
        else (statement,)
    )
    pairs = [key.lower() for key in known.paired_with]
    if any(has_key(other, *pairs) for other in together):
        return
    yield hit(
        f"The same {condition.key} exists in many networks. Name the network too, with "
        f"{' or '.join(known.paired_with)} in the same Condition.",
        condition.key_place,
    )


@check(
    Level.SECURITY_WARNING,
    source="Amazon S3 User Guide, Bucket policy examples using condition keys",
    needs="s3:prefix",
)
def s3_prefix_in_negative_context(condition: WrittenCondition) -> Hits:
    """A list of forbidden prefixes does not keep anyone from listing with a shorter one.

    `s3:prefix` denied by value, or allowed but for some values.
    """
    if condition.lower != "s3:prefix":
        return
    used, statement = condition.operator, condition.statement
    if used is None or used.kind is not Kind.STRING or presence(condition) is not None:
        return
    if statement.denies and not used.negated:
        yield hit(
            f"A request with a shorter prefix lists the same objects and is not denied. Deny "
            f"with StringNotLike on {condition.key} what is not permitted.",
            condition.key_place,
        )
    elif statement.allows and used.negated:
        yield hit(
            f"A request with a shorter prefix lists the same objects and is allowed. Allow with "
            f"StringLike on {condition.key} what is permitted.",
            condition.key_place,
        )


_ATTRIBUTES, _SELECT = "dynamodb:attributes", "dynamodb:select"
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
    source="Amazon DynamoDB Developer Guide, Using IAM policy conditions for fine-grained access "
    "control",
    needs="dynamodb:attributes",
)
def dynamodb_attributes_without_select(condition: WrittenCondition) -> Hits:
    """Whoever asks for no attributes in particular gets them all.

    `dynamodb:Attributes` beside an action that reads, with no demand on `dynamodb:Select`.
    """
    statement = condition.statement
    if condition.lower != _ATTRIBUTES or not statement.allows or is_kind(condition, Kind.NULL):
        return
    if any(map(_is_specific, with_key(statement, _SELECT))):
        return
    if any(covers_action(statement, action) for action in _READING):
        yield hit(
            f"{condition.key} judges only requests that name attributes; those that name none "
            "read all of them. Demand SPECIFIC_ATTRIBUTES of dynamodb:Select beside it.",
            condition.key_place,
        )


def _is_specific(condition: WrittenCondition) -> bool:
    if not is_kind(condition, Kind.STRING, negated=False):
        return False
    return values_of(condition) == _SPECIFIC or any(
        has_symbol(value.text) for value in condition.values
    )
