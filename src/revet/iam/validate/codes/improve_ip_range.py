"""The bits of an address after its mask do not count."""

from __future__ import annotations

from ipaddress import ip_address

from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.ip_ranges import compares_addresses, read_range
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ConditionSubject


@check(Level.SUGGESTION, subject=ConditionSubject)
def improve_ip_range(condition: ConditionSubject) -> Hits:
    """A range that does not start at its own first address."""
    if not compares_addresses(condition):
        return
    for value in condition.values:
        text = value.text
        network = read_range(text) if "/" in text else None
        if network is not None and network.network_address != ip_address(text.partition("/")[0]):
            yield hit(
                f"The bits of {quoted(text)} after its mask are ignored. Write {network}.",
                value.place,
            )
