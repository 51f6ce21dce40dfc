"""The operator fits the type of the condition key."""

from __future__ import annotations

from revet.iam.operators import Kind
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject

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


@check(Level.WARNING, subject=ConditionSubject)
def type_mismatch(condition: ConditionSubject) -> Hits:
    """Another kind of operator; strings and ARNs may stand for each other.

    Rests on AWS's page of checks and on 1 of its answers on its own policies.
    """
    used, reference = condition.operator, condition.reference
    if used is None or reference is None or used.operator.kind is Kind.NULL:
        return
    fitting = [kind for name in reference.types for kind in _FITTING.get(name, ())]
    if reference.type not in _FITTING or used.operator.kind in fitting:
        return
    yield hit(
        f"{quoted(condition.key)} is of type {reference.type}. "
        f"Use {_ADVICE[fitting[0]]} instead of {used.operator.name}.",
        condition.key_place,
    )
