"""What stays after a destroy because AWS itself deletes it later or not at all.

Only what AWS cannot delete at once has `stays` in the table of Terraform types: a secret with a
recovery window, for instance, can be (`ForceDeleteWithoutRecovery`), so one that stays is left
behind.
"""

from __future__ import annotations

from collections.abc import Iterable

from revet.plan.address import type_of
from revet.plan.terraform_types import terraform_type


def staying(addresses: Iterable[str]) -> dict[str, str]:
    """What AWS keeps of some resources, address → what and until when, with its source.

    Args:
        addresses: of what was destroyed.
    """
    kept = {address: terraform_type(type_of(address)).stays for address in sorted(addresses)}
    return {address: f"{row.what} ({row.source})" for address, row in kept.items() if row}
