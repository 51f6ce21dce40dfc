"""Session longer than allowed."""

from __future__ import annotations

from revet.gate.catalog import control
from revet.gate.readings.values import one_of
from revet.model.finding import Outcome, Severity, compliant, noncompliant
from revet.plan import Inventory, Resource

_PATH = "max_session_duration"
_HOUR = 3600
_DURATIONS = range(_HOUR, 12 * _HOUR + 1)
"""Seconds. Source: IAM API Reference, `CreateRole`, `MaxSessionDuration`."""


@control(
    title="sessions of roles end in time",
    severity=Severity.MEDIUM,
    resource="aws_iam_role",
    required="`max_session_duration` is at most `seconds` seconds, an hour where it is not set",
    impact="credentials of a session that leak work for up to twelve hours",
    fix="max_session_duration = 3600",
    construct="""iam.Role(
    scope,
    "reports",
    description="Writes the reports",
    assumed_by=iam.InstancePrincipal(),
)""",
    deviations=("long-session",),
    on_request=True,
)
def rule(resource: Resource, inventory: Inventory, *, seconds: int = _HOUR) -> Outcome:
    """It limits who assumes the role through STS: people, roles and federated identities.

    A service that runs something as the role renews its credentials by itself.
    """
    del inventory
    longest = _HOUR
    if resource.get(_PATH) is not None:
        longest = one_of(resource, _PATH, _DURATIONS, "IAM takes no session of {} seconds")
    if longest > seconds:
        why = f"its sessions last up to {longest} seconds, not {seconds}"
        return noncompliant(why, paths=(_PATH,))
    return compliant(f"its sessions last at most {longest} seconds")
