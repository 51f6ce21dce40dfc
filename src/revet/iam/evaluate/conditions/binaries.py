"""The operator `BinaryEquals`.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators", "Binary condition
operators": bytes are compared; the policy has them in base 64, and so has a request here.
"""

from __future__ import annotations

from revet.iam.compiled import CompiledCondition
from revet.iam.compiled.values import read_bytes
from revet.iam.evaluate.conditions.match import Match
from revet.iam.evaluate.context import Context
from revet.iam.operators import Operator


def match_bytes(condition: CompiledCondition, _used: Operator) -> Match:
    """Match for `BinaryEquals`."""
    wanted = {value.typed for value in condition.values}
    otherwise = None if None in wanted else False

    def match(text: str, _: Context) -> bool | None:
        found = read_bytes(text)
        if found is None:
            return None
        return True if found in wanted else otherwise

    return match
