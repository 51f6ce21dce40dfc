"""How the kinds of policies hang together."""

from __future__ import annotations

from revet.iam.policy_type import PolicyType
from revet.iam.validate.catalog import load_checks


def test_a_managed_policy_is_judged_more_strictly_than_a_boundary() -> None:
    """Whoever does not know which of the two a policy is takes it for a managed policy."""
    lost = [
        check.code
        for check in load_checks().values()
        if PolicyType.BOUNDARY in check.types and PolicyType.MANAGED not in check.types
    ]
    assert lost == []
