"""The condition operators of AWS's policy language, one record each.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators"; qualifiers: "Set operators
for multivalued context keys". AWS takes operators in any case.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from enum import StrEnum

IF_EXISTS = "IfExists"


class Kind(StrEnum):
    """What an operator compares."""

    STRING = "String"
    NUMERIC = "Numeric"
    DATE = "Date"
    BOOL = "Bool"
    BINARY = "Binary"
    IP_ADDRESS = "IpAddress"
    ARN = "Arn"
    NULL = "Null"


class Qualifier(StrEnum):
    """How a condition treats several values of a request's key."""

    NONE = ""
    FOR_ALL_VALUES = "ForAllValues"
    FOR_ANY_VALUE = "ForAnyValue"


class Relation(StrEnum):
    """How an operator compares one value of the request with one of the policy."""

    EQUALS = "equals"
    EQUALS_IGNORE_CASE = "equals, any case"
    LIKE = "like"
    LESS = "less"
    LESS_EQUALS = "less or equal"
    GREATER = "greater"
    GREATER_EQUALS = "greater or equal"
    IN_RANGE = "in the range"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator.

    Args:
        name: as AWS writes it, without qualifier and `IfExists`.
        kind: what it compares.
        relation: how it compares.
        negated: it holds when the relation holds for none of the policy's values; it also holds
            when the key is missing.
        qualifier: `ForAllValues`, `ForAnyValue` or none, as a condition block writes it.
        if_exists: the condition also holds when the key is missing.
    """

    name: str
    kind: Kind
    relation: Relation
    negated: bool = False
    qualifier: Qualifier = Qualifier.NONE
    if_exists: bool = False

    def __hash__(self) -> int:
        """That of its name, which remembers it: operators are keys of tables."""
        return hash(self.name)

    @property
    def missing_holds(self) -> bool:
        """Whether it holds for a request that does not have the key, unless it is `Null`.

        Source: IAM User Guide, "IAM JSON policy elements: Condition operators" (negated operators
        and `IfExists`) and "Set operators for multivalued context keys" (`ForAllValues` holds
        without the key, `ForAnyValue` does not).
        """
        if self.if_exists or self.qualifier is Qualifier.FOR_ALL_VALUES:
            return True
        return self.negated and self.qualifier is Qualifier.NONE

    @property
    def takes_variables(self) -> bool:
        """Whether policy variables are replaced in its values."""
        return self.kind in (Kind.STRING, Kind.ARN)


OPERATORS = {
    record.name: record
    for record in (
        Operator("StringEquals", Kind.STRING, Relation.EQUALS),
        Operator("StringNotEquals", Kind.STRING, Relation.EQUALS, negated=True),
        Operator("StringEqualsIgnoreCase", Kind.STRING, Relation.EQUALS_IGNORE_CASE),
        Operator(
            "StringNotEqualsIgnoreCase", Kind.STRING, Relation.EQUALS_IGNORE_CASE, negated=True
        ),
        Operator("StringLike", Kind.STRING, Relation.LIKE),
        Operator("StringNotLike", Kind.STRING, Relation.LIKE, negated=True),
        Operator("NumericEquals", Kind.NUMERIC, Relation.EQUALS),
        Operator("NumericNotEquals", Kind.NUMERIC, Relation.EQUALS, negated=True),
        Operator("NumericLessThan", Kind.NUMERIC, Relation.LESS),
        Operator("NumericLessThanEquals", Kind.NUMERIC, Relation.LESS_EQUALS),
        Operator("NumericGreaterThan", Kind.NUMERIC, Relation.GREATER),
        Operator("NumericGreaterThanEquals", Kind.NUMERIC, Relation.GREATER_EQUALS),
        Operator("DateEquals", Kind.DATE, Relation.EQUALS),
        Operator("DateNotEquals", Kind.DATE, Relation.EQUALS, negated=True),
        Operator("DateLessThan", Kind.DATE, Relation.LESS),
        Operator("DateLessThanEquals", Kind.DATE, Relation.LESS_EQUALS),
        Operator("DateGreaterThan", Kind.DATE, Relation.GREATER),
        Operator("DateGreaterThanEquals", Kind.DATE, Relation.GREATER_EQUALS),
        Operator("Bool", Kind.BOOL, Relation.EQUALS),
        Operator("BinaryEquals", Kind.BINARY, Relation.EQUALS),
        Operator("IpAddress", Kind.IP_ADDRESS, Relation.IN_RANGE),
        Operator("NotIpAddress", Kind.IP_ADDRESS, Relation.IN_RANGE, negated=True),
        Operator("ArnEquals", Kind.ARN, Relation.LIKE),
        Operator("ArnLike", Kind.ARN, Relation.LIKE),
        Operator("ArnNotEquals", Kind.ARN, Relation.LIKE, negated=True),
        Operator("ArnNotLike", Kind.ARN, Relation.LIKE, negated=True),
        Operator("Null", Kind.NULL, Relation.ABSENT),
    )
}
_LOWER = {name.lower(): record for name, record in OPERATORS.items()}
_QUALIFIERS = {item.lower(): item for item in Qualifier if item}


@functools.lru_cache(maxsize=1024)
def read_operator(text: str) -> Operator | None:
    """Read an operator as a condition block names it, in any case.

    `NullIfExists` is read as AWS's grammar would have it, though AWS refuses it.

    Args:
        text: for example `ForAllValues:StringLikeIfExists`.

    Returns:
        None when there is no such operator.
    """
    head, colon, tail = text.lower().rpartition(":")
    qualifier = _QUALIFIERS.get(head) if colon else Qualifier.NONE
    if qualifier is None:
        return None
    if_exists = tail.endswith(IF_EXISTS.lower())
    record = _LOWER.get(tail.removesuffix(IF_EXISTS.lower()) if if_exists else tail)
    return None if record is None else replace(record, qualifier=qualifier, if_exists=if_exists)
