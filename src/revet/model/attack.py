"""A request that must be denied, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Attack:
    """One request that is sent with real credentials and must be denied.

    Args:
        id: stable within its blueprint.
        requirement: id of the requirement that it attacks.
        principal: output or address of the role whose credentials send it.
        action: IAM action, `service:Operation`.
        resource: ARN, or the output that holds it.
        context: condition keys that the request carries.
    """

    id: str
    requirement: str
    principal: str
    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict)
