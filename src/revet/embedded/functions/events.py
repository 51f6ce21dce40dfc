"""Events that wait for their function; they are part of the state, so that a restart keeps them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from moto.awslambda.models import LambdaBackend, lambda_backends

from revet.embedded.changes import touch, watching

EVENTS = "revet_events"
"""Attribute of Lambda's backends that holds their events by id."""


@dataclass(slots=True)
class Event:
    """An event that was accepted.

    Args:
        id: request id of its invocations.
        account: of the function.
        region: likewise.
        function: its ARN, with version or alias.
        payload: JSON.
        source: ARN or name of what it comes from.
        chain: how often each function was invoked on the way to it, by ARN.
        attempts: invocations so far.
        age: seconds that would have passed since it was accepted, had it waited as AWS waits.
    """

    id: str
    account: str
    region: str
    function: str
    payload: bytes
    source: str
    chain: Mapping[str, int] = field(default_factory=dict)
    attempts: int = 0
    age: float = 0.0


def keep(event: Event) -> None:
    """Make an event, or what has become of it, part of the state; the state's lock is held."""
    backend = _backend(event)
    _kept(backend)[event.id] = event
    touch(backend, EVENTS)


def drop(event: Event) -> None:
    """Take an event out of the state; the state's lock is held."""
    backend = _backend(event)
    _kept(backend).pop(event.id, None)
    touch(backend, EVENTS)


def kept_events() -> Iterator[Event]:
    """All events of the state, oldest first in each account and region."""
    for _, regions in sorted(dict.items(lambda_backends)):
        for _, backend in sorted(dict.items(regions)):
            yield from list(_kept(backend).values())


def _backend(event: Event) -> LambdaBackend:
    with watching():  # of the backend, nothing but its events changes
        return lambda_backends[event.account][event.region]


def _kept(backend: LambdaBackend) -> dict[str, Event]:
    found: dict[str, Event] = vars(backend).setdefault(EVENTS, {})
    return found
