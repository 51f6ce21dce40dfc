"""The operator `Bool`.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators", "Boolean condition
operators". Whether `Bool` takes policy variables is answered both ways on AWS's pages ("Condition
operators" and "Variables and tags"), so such a value cannot be evaluated.
"""

from __future__ import annotations

from revet.iam.compiled import CompiledCondition
from revet.iam.compiled.values import read_bool
from revet.iam.evaluate.conditions.match import Match
from revet.iam.evaluate.context import Context
from revet.iam.operators import Operator


def match_truth(condition: CompiledCondition, _used: Operator) -> Match:
    """Match for `Bool`."""
    wanted = {value.typed for value in condition.values}
    otherwise = None if None in wanted else False

    def match(text: str, _: Context) -> bool | None:
        truth = read_bool(text)
        if truth is None:
            return None
        return True if truth in wanted else otherwise

    return match
