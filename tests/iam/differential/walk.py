"""All statements of a case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.iam.differential.naive_conditions import as_list
from tests.iam.differential.shrink import Case


def all_statements(case: Case) -> Iterator[tuple[dict[str, Any], str]]:
    """All statements of a case with the version of their policy."""
    for field in ("resource_policy", "permissions_boundary", "vpc_endpoint_policy"):
        yield from statements_in(case.get(field))
    for field in ("identity_policies", "session_policies"):
        for policy in case.get(field) or ():
            yield from statements_in(policy)
    for field in ("service_control_policies", "resource_control_policies"):
        for level in case.get(field) or ():
            for policy in level:
                yield from statements_in(policy)


def statements_in(policy: dict[str, Any] | None) -> Iterator[tuple[dict[str, Any], str]]:
    if policy:
        for statement in as_list(policy["Statement"]):
            yield statement, policy.get("Version", "2008-10-17")
