"""Services exist, and have the actions that policies name."""

from __future__ import annotations

import datetime as dt
from functools import cache

from revet.iam.reference.arn_fields import is_arn_namespace
from revet.iam.reference.services import data_date, retired_action, services
from revet.iam.reference.similar import similar
from revet.iam.reference.tables import Service
from revet.iam.validate.finding import Hit, Hits, Level, check, hit, quoted
from revet.iam.validate.place import Place
from revet.iam.validate.resource_arn import is_open
from revet.iam.validate.variables import OPENING
from revet.iam.validate.written import WrittenAction, WrittenStatement

_GLOBAL = "aws"
_SIGNS_OF_A_PROVIDER = (".", "/")
"""Keys of identity providers begin with a domain: `token.actions.githubusercontent.com:sub`."""


@check(Level.ERROR)
def invalid_service(statement: WrittenStatement) -> Hits:
    """The service of an ARN or a condition key exists.

    The third field of an ARN, or what comes before the colon of a condition key.

    The prefix of an action is `INVALID_SERVICE_IN_ACTION`.
    """
    for resource in statement.resources:
        read = resource.read
        if read is None or read.arn.service in services() or is_open(read.arn.service):
            continue
        if not is_arn_namespace(read.arn.service.lower()):
            yield _unknown_service(read.arn.service, read.place("service"))
    for condition in statement.conditions:
        prefix, colon, _ = condition.lower.partition(":")
        if not colon or not prefix or prefix == _GLOBAL or prefix in services() or is_open(prefix):
            continue
        of_a_provider = any(sign in prefix for sign in _SIGNS_OF_A_PROVIDER)
        if not of_a_provider and condition.reference is None:
            yield _unknown_service(condition.key.partition(":")[0], condition.key_place)


def _unknown_service(written: str, place: Place) -> Hit:
    guess = similar(written, services())
    advice = f" Did you mean {quoted(guess)}?" if guess else ""
    return hit(f"There is no service {quoted(written)}.{advice}", place)


@check(Level.ERROR, answers=2)
def invalid_service_in_action(action: WrittenAction) -> Hits:
    """The service of an action exists.

    A prefix that no service has or had, written without wildcards.

    Both of AWS's answers of this kind are on one of its policies.
    """
    if action.known.service is not None or ":" not in action.text or OPENING in action.text:
        return
    if "*" in action.known.prefix or "?" in action.known.prefix:
        return
    guess = similar(action.known.prefix, services())
    advice = f" Did you mean {quoted(guess)}?" if guess else ""
    yield hit(
        f"No service has the prefix {quoted(action.known.prefix)} of the action "
        f"{quoted(action.text)}.{advice}",
        action.place,
    )


@check(Level.SUGGESTION)
def wildcard_in_service_name(statement: WrittenStatement) -> Hits:
    """The service of an action or an ARN is written out.

    A wildcard before the colon of an action, or in the third field of an ARN.
    """
    for action in statement.wild_actions:
        if ":" in action.text and _is_pattern(action.known.prefix):
            yield _wild_service(action.known.prefix, action.substring(0, len(action.known.prefix)))
    for resource in statement.resources:
        read = resource.read
        if read is not None and not read.has_symbol and _is_pattern(read.arn.service):
            yield _wild_service(read.arn.service, read.place("service"))


def _is_pattern(text: str) -> bool:
    return "*" in text or "?" in text


def _wild_service(written: str, place: Place) -> Hit:
    return hit(
        f"The service {quoted(written)} has a wildcard and also covers other services, those to "
        "come too. Write the service out.",
        place,
    )


_DELAY = dt.timedelta(days=365)
"""Access Analyzer goes on accepting an action for months after the reference has lost it: observed
in 2026-03 for actions last seen in 2026-02, no longer for actions last seen in 2025-03."""

_MOST_GUESSES = 500
"""A guess takes a millisecond: hostile input gets none."""


@check(Level.ERROR, answers=3)
def invalid_action(action: WrittenAction) -> Hits:
    """Actions exist in their service.

    An action, or a pattern, that no action of a known service meets.

    A pattern of wildcards alone names every service; any other entry names its service before a
    colon (IAM User Guide, "Grammar of the IAM JSON policy language").
    """
    if action.known.exists or action.text == "*" or OPENING in action.text or action.string is None:
        return
    service = action.known.service
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
    guess = (
        similar(action.known.name, _names(service))
        if few and not action.known.has_wildcard
        else None
    )
    advice = f" Did you mean {quoted(f'{service.prefix}:{guess}')}?" if guess else ""
    yield hit(
        f"{service.name} has no action {quoted(action.text)}.{advice}",
        action.place,
    )


@cache
def _names(service: Service) -> tuple[str, ...]:
    return tuple(action.name for action in service.actions.values())
