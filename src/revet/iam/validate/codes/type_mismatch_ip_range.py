"""Conditions on IP addresses compare with ranges."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.ip_ranges import compares_addresses, read_range
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject


@check(Level.ERROR, subject=ConditionSubject, needs="ipaddress")
def type_mismatch_ip_range(condition: ConditionSubject) -> Hits:
    """A value that is neither an address nor a range in CIDR notation.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if not compares_addresses(condition):
        return
    for value in condition.values:
        if "${" not in value.text and read_range(value.text) is None:
            yield hit(
                f"{quoted(value.text)} is no IP range. Write an address or a range such as "
                "203.0.113.0/24.",
                value.place,
            )
