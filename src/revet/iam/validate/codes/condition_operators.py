"""Condition operators exist, and fit the key and the values."""

from __future__ import annotations

import re

from revet.iam.operators import (
    OPERATORS,
    Kind,
    Qualifier,
    Relation,
    read_operator,
)
from revet.iam.reference.similar import similar
from revet.iam.validate.finding import Hits, Level, check, hit, quoted
from revet.iam.validate.written import WrittenCondition, WrittenStatement


@check(Level.ERROR)
def invalid_condition_operator(statement: WrittenStatement) -> Hits:
    """Conditions use operators that exist.

    A name that is none of AWS's operators, with or without qualifier and `IfExists`.
    """
    for operator in statement.operators:
        if read_operator(operator.name) is None:
            near = similar(operator.name, OPERATORS)
            advice = f" Did you mean {near}?" if near else " Use one of AWS's operators."
            yield hit(
                f"The condition operator {quoted(operator.name)} does not exist.{advice}",
                operator.place,
            )


@check(Level.ERROR, needs="nullifexists")
def null_with_if_exists(statement: WrittenStatement) -> Hits:
    """`Null` asks whether a key is there; `IfExists` cannot be added.

    `NullIfExists`, with or without a qualifier.
    """
    for operator in statement.operators:
        used = read_operator(operator.name)
        if used is not None and used.kind is Kind.NULL and used.if_exists:
            yield hit(
                f"{operator.name} does not exist: Null itself asks whether the key is there. "
                "Remove IfExists.",
                operator.place,
            )


_NULL_RESULT = {Qualifier.FOR_ALL_VALUES: "holds", Qualifier.FOR_ANY_VALUE: "does not hold"}


@check(Level.SUGGESTION, needs=":null")
def null_with_qualifier(statement: WrittenStatement) -> Hits:
    """`Null` asks whether a key is there; how many values it has does not matter.

    `ForAllValues:Null`, which always holds, and `ForAnyValue:Null`, which never does.
    """
    for operator in statement.operators:
        used = read_operator(operator.name)
        if used is not None and used.kind is Kind.NULL and used.qualifier:
            yield hit(
                f"{operator.name} {_NULL_RESULT[used.qualifier]} whatever the request holds. Write "
                "Null alone, or compare the values with StringLike.",
                operator.place,
            )


_FITTING = {
    "String": (Kind.STRING, Kind.ARN),
    "ARN": (Kind.ARN, Kind.STRING),
    "Bool": (Kind.BOOL,),
    "Numeric": (Kind.NUMERIC,),
    "Date": (Kind.DATE,),
    "IPAddress": (Kind.IP_ADDRESS,),
    "Binary": (Kind.BINARY,),
}
_ADVICE = {
    Kind.STRING: "an operator for strings such as StringEquals",
    Kind.ARN: "an operator for ARNs such as ArnLike",
    Kind.BOOL: "Bool",
    Kind.NUMERIC: "an operator for numbers such as NumericEquals",
    Kind.DATE: "an operator for dates such as DateLessThan",
    Kind.IP_ADDRESS: "IpAddress or NotIpAddress",
    Kind.BINARY: "BinaryEquals",
}


@check(Level.WARNING, answers=1)
def type_mismatch(condition: WrittenCondition) -> Hits:
    """The operator fits the type of the condition key.

    Another kind of operator; strings and ARNs may stand for each other.
    """
    used, reference = condition.operator, condition.reference
    if used is None or reference is None or used.kind is Kind.NULL:
        return
    fitting = [kind for name in reference.types for kind in _FITTING.get(name, ())]
    if reference.type not in _FITTING or used.kind in fitting:
        return
    yield hit(
        f"{quoted(condition.key)} is of type {reference.type}. "
        f"Use {_ADVICE[fitting[0]]} instead of {used.name}.",
        condition.key_place,
    )


@check(Level.SECURITY_WARNING, answers=None, needs="like")
def string_like_operator_with_arn_condition_keys(condition: WrittenCondition) -> Hits:
    """ARNs are compared field by field.

    `StringLike` or `StringNotLike` on a key that holds ARNs.
    """
    used, reference = condition.operator, condition.reference
    if (
        used is not None
        and used.kind is Kind.STRING
        and used.relation is Relation.LIKE
        and reference is not None
        and reference.type == "ARN"
    ):
        better = "ArnNotLike" if used.negated else "ArnLike"
        yield hit(
            f"{quoted(condition.key)} holds an ARN, and wildcards of {used.name} reach "
            f"over its fields. Use {better}.",
            condition.key_place,
        )


_VARIABLE = re.compile(r"\$\{[^}]*\}")


@check(Level.WARNING)
def wildcard_without_like_operator(condition: WrittenCondition) -> Hits:
    """Wildcards need an operator with Like.

    `*` or `?` in a value of `StringEquals` and its kin, where they are plain characters.
    """
    used = condition.operator
    if used is None or used.kind is not Kind.STRING or used.relation is Relation.LIKE:
        return
    for value in condition.values:
        if _has_wildcard(value.text):
            yield hit(
                f"{used.name} takes * and ? in {quoted(value.text)} as plain characters. "
                "Use StringLike or StringNotLike if they are wildcards.",
                value.place,
            )


def _has_wildcard(text: str) -> bool:
    if "*" not in text and "?" not in text:
        return False
    outside = _VARIABLE.sub("", text)
    return "*" in outside or "?" in outside
