"""IP address operators.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators", "IP address condition
operators": addresses and CIDR ranges of version 4 and 6, an address alone is a range of one.
"""

from __future__ import annotations

from revet.iam.compiled import CompiledCondition, Network
from revet.iam.compiled.values import read_address
from revet.iam.evaluate.conditions.match import Match
from revet.iam.evaluate.context import Context
from revet.iam.operators import Operator


def match_address(condition: CompiledCondition, _used: Operator) -> Match:
    """Match for `IpAddress` and `NotIpAddress`."""
    networks = tuple(v.typed for v in condition.values if isinstance(v.typed, Network))
    otherwise = None if len(networks) < len(condition.values) else False

    def match(text: str, _: Context) -> bool | None:
        address = read_address(text)
        if address is None:
            return None
        for network in networks:
            if network.holds(address):
                return True
        return otherwise

    return match
