"""`aws:SourceIp` holds public addresses only, so excluding private ranges excludes nothing."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.ip_ranges import private_sources
from revet.iam.validate.subject import ConditionSubject


@check(Level.ERROR, subject=ConditionSubject, needs="ipaddress")
def private_not_ip_address(condition: ConditionSubject) -> Hits:
    """`NotIpAddress` with nothing but private ranges.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    private, only = private_sources(condition, negated=True)
    if private and only:
        yield hit(
            f"The ranges are private, but {condition.key} holds public addresses only: this "
            "always matches. Use aws:VpcSourceIp, or public addresses.",
            condition.value_place,
        )
