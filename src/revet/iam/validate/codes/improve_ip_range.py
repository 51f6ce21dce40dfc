"""The bits of an address after its mask do not count."""

from __future__ import annotations

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.ip_ranges import better_range, compares_addresses
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject


@check(Level.SUGGESTION, subject=ConditionSubject, needs="ipaddress")
def improve_ip_range(condition: ConditionSubject) -> Hits:
    """A range that does not start at its own first address.

    Rests on AWS's page of checks: none of its answers on its own policies is of this kind.
    """
    if not compares_addresses(condition):
        return
    for value in condition.values:
        better = better_range(value.text)
        if better is not None:
            yield hit(
                f"The bits of {quoted(value.text)} after its mask are ignored. Write {better}.",
                value.place,
            )
