"""Roles that are linked to a service: RCPs do not reach requests for one.

Source: AWS Organizations User Guide, "Resource control policies (RCPs)", "Resources and entities
not restricted by RCPs".
"""

from __future__ import annotations

from functools import cache

from revet.iam.evaluate.request import SERVICE_LINKED_PATH
from revet.iam.reference.regions import partitions

_ACCOUNT = "?" * 12


@cache
def linked_roles() -> tuple[str, ...]:
    """Their ARNs as patterns of `Resource`; no wildcard of them leaves its field."""
    return tuple(f"arn:{name}:iam::{_ACCOUNT}{SERVICE_LINKED_PATH}*" for name in partitions())
