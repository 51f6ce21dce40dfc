"""Actions exist in their service."""

from __future__ import annotations

import datetime as dt
from functools import cache

from revet.iam.reference import Service, data_date, retired_action, similar
from revet.iam.validate.catalog import Hits, check, hit
from revet.iam.validate.finding import Level
from revet.iam.validate.quoted import quoted
from revet.iam.validate.subject import ActionSubject
from revet.iam.validate.variables import OPENING

_DELAY = dt.timedelta(days=365)
"""Access Analyzer goes on accepting an action for months after the reference has lost it: observed
in 2026-03 for actions last seen in 2026-02, no longer for actions last seen in 2025-03."""

_MOST_GUESSES = 500
"""A guess takes a millisecond: hostile input gets none."""


@check(Level.ERROR, subject=ActionSubject)
def invalid_action(action: ActionSubject) -> Hits:
    """An action, or a pattern, that no action of a known service meets.

    A pattern of wildcards alone names every service; any other entry names its service before a
    colon (IAM User Guide, "Grammar of the IAM JSON policy language").

    Rests on AWS's page of checks and on 3 of its answers on its own policies.
    """
    if action.known.exists or action.text == "*" or OPENING in action.text or not action.is_string:
        return
    service = action.service
    if service is None:
        if ":" not in action.text and action.text.strip("*?"):
            yield hit(
                f"The action {quoted(action.text)} does not name its service. "
                "Write it as service:Action.",
                action.place,
            )
        return
    if service.retired or action.matches:
        return
    last_seen = retired_action(action.text)
    if last_seen is not None and last_seen > data_date() - _DELAY:
        return
    few = len(action.statement.actions) <= _MOST_GUESSES
    guess = similar(action.name, _names(service)) if few and not action.has_wildcard else None
    advice = f" Did you mean {quoted(f'{service.prefix}:{guess}')}?" if guess else ""
    yield hit(
        f"{service.name} has no action {quoted(action.text)}.{advice}",
        action.place,
    )


@cache
def _names(service: Service) -> tuple[str, ...]:
    return tuple(action.name for action in service.actions.values())
