"""Operators that read the request's value: numbers, dates, truth values, bytes, IP addresses.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators", one section a kind. Bytes
are in base 64 in the policy, and so they are in a request here; an address alone is a range of one.
Whether `Bool` takes policy variables is answered both ways on AWS's pages ("Condition operators"
and "Variables and tags"), so such a value cannot be evaluated.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from revet.iam.compiled.condition import CompiledCondition
from revet.iam.compiled.values import (
    read_address,
    read_bool,
    read_bytes,
    read_instant,
    read_number,
)
from revet.iam.evaluate.conditions.match import Match
from revet.iam.evaluate.context import Context
from revet.iam.operators import Kind, Operator, Relation

_READERS: dict[Kind, Callable[[str], object]] = {
    Kind.NUMERIC: read_number,
    Kind.DATE: read_instant,
    Kind.BOOL: read_bool,
    Kind.BINARY: read_bytes,
    Kind.IP_ADDRESS: read_address,
}
_COMPARE: dict[Relation, Callable[[Any, Any], bool]] = {
    Relation.EQUALS: operator.eq,
    Relation.LESS: operator.lt,
    Relation.LESS_EQUALS: operator.le,
    Relation.GREATER: operator.gt,
    Relation.GREATER_EQUALS: operator.ge,
    Relation.IN_RANGE: lambda address, network: network.holds(address),
}


def match_value(condition: CompiledCondition, used: Operator) -> Match:
    """Match for the operators whose values are not texts."""
    read, compare = _READERS[used.kind], _COMPARE[used.relation]
    wanted = tuple(value.typed for value in condition.values if value.typed is not None)
    otherwise = None if len(wanted) < len(condition.values) else False

    def match(text: str, _: Context) -> bool | None:
        given = read(text)
        if given is None:
            return None
        for value in wanted:
            if compare(given, value):
                return True
        return otherwise

    return match
