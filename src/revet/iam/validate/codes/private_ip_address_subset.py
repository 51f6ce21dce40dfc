"""`aws:SourceIp` holds public addresses only; private ranges among others never match."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.ip_ranges import private_sources
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject


@check(Level.SUGGESTION, subject=ConditionSubject, needs="ipaddress")
def private_ip_address_subset(condition: ConditionSubject) -> Hits:
    """`IpAddress` with private and public ranges.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    private, only = private_sources(condition, negated=False)
    if private and not only:
        shown = ", ".join(quoted(value.text) for value in private)
        yield hit(
            f"{shown} is private, but {condition.key} holds public addresses only: it never "
            "matches. Use aws:VpcSourceIp for private addresses.",
            *(value.place for value in private),
        )
