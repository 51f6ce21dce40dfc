"""AWS Config's managed rules over what exists in the embedded AWS, one file a group of services.

Each file has a table `RULES`: identifier → `ManagedRule`. What no table has is not evaluated, and
answers so. Source of every rule: AWS Config Developer Guide, "List of AWS Config Managed Rules",
the page of the rule.
"""

from __future__ import annotations

from collections.abc import Mapping

from revet.embedded.managed_rules import account, data, identity, logging, network, s3, tags
from revet.embedded.managed_rules.rule import (
    ACCOUNT_TYPE,
    Finding,
    ManagedRule,
    Outcome,
    ParameterError,
    Place,
    Subject,
)

RULES: Mapping[str, ManagedRule] = {
    **account.RULES,
    **data.RULES,
    **identity.RULES,
    **logging.RULES,
    **network.RULES,
    **s3.RULES,
    **tags.RULES,
}
"""The managed rules that are evaluated, by identifier."""

__all__ = [
    "ACCOUNT_TYPE",
    "RULES",
    "Finding",
    "ManagedRule",
    "Outcome",
    "ParameterError",
    "Place",
    "Subject",
]
