"""Where a flow is sent: what it asks of a deployment while it runs."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from revet.model.errors import EmbeddedError
from revet.model.finding import Origin

if TYPE_CHECKING:
    import boto3

    from revet.target.embedded import EmbeddedTarget

QUIET_SECONDS = 600.0
_ROLE = "AssumedRole"
_GIVEN_UP, _HANDED_ON = "given up", "handed on"
_LOST = (_GIVEN_UP, "not allowed", "not delivered", "recursion", "logs not written")
"""Kinds of deliveries, as the embedded AWS names them (`revet.embedded.functions.notes`)."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """How hosts of AWS are reached.

    Args:
        host: of the proxy.
        port: of it.
        ca_path: certificate of the authority that signs those hosts.
    """

    host: str
    port: int
    ca_path: Path


class World(Protocol):
    """A deployment that a flow is sent through; what it answers may change when it is restarted."""

    @property
    def origin(self) -> Origin:
        """Where evidence from it comes from."""

    @property
    def proxy(self) -> Proxy | None:
        """How it is reached now; none for directly."""

    def session(self) -> boto3.Session:
        """The deploying credentials, which an operator of the flow has."""

    def quiet(self) -> None:
        """Wait until everything is done that was set off."""

    def denied(self) -> list[str]:
        """What AWS would have denied so far, one line each, oldest first."""

    def faults(self) -> list[str]:
        """What could not be carried out or decided so far, one line each, oldest first."""

    def undelivered(self) -> list[str]:
        """Events that did not arrive where they should so far, one line each, oldest first."""

    def role_calls(self) -> int:
        """How many calls roles have made so far."""


class EmbeddedWorld:
    """The embedded AWS.

    Args:
        target: started.
        region: of the stack.
    """

    origin = Origin.EMULATED

    def __init__(self, target: EmbeddedTarget, region: str) -> None:
        self._target = target
        self._region = region

    @property
    def proxy(self) -> Proxy:
        """As it is now."""
        daemon = self._target.daemon
        return Proxy("127.0.0.1", daemon.port, daemon.ca_path)

    def session(self) -> boto3.Session:
        """Of the deploying credentials."""
        return self._target.session(self._region)

    def quiet(self) -> None:
        """Wait for functions, then for logs on their way, until neither sets the other off.

        Raises:
            EmbeddedError: it does not come to rest.
        """
        end = time.monotonic() + QUIET_SECONDS
        while time.monotonic() < end:
            self._target.daemon.wait_until_quiet(QUIET_SECONDS)
            done = self._target.daemon.settle()
            if done["quiet"] and not done["moved"]:
                return
        raise EmbeddedError(
            "the embedded AWS did not come to rest",
            where=self._target.daemon.url,
            expected=f"nothing left to do within {QUIET_SECONDS:.0f} seconds",
            do="look for functions that set each other off",
        )

    def denied(self) -> list[str]:
        """Denials of sessions that services run as roles."""
        return [_denial(one) for one in self._target.daemon.denials()]

    def faults(self) -> list[str]:
        """Errors of the embedded AWS itself, and what it does not model."""
        return [str(one["message"]) for one in self._target.daemon.internal_errors()]

    def undelivered(self) -> list[str]:
        """Events that were not delivered, or given up without going to a dead-letter place."""
        return undelivered(self._target.daemon.deliveries())

    def role_calls(self) -> int:
        """Calls of sessions of roles."""
        calls = self._target.daemon.calls()
        return sum(call["userIdentity"].get("type") == _ROLE for call in calls)


def undelivered(deliveries: Sequence[Mapping[str, Any]]) -> list[str]:
    """What of the deliveries of an embedded AWS did not arrive, one line each.

    A try that failed and was made again is none, and an event that was given up is none where it
    went to a dead-letter queue or a destination.

    Args:
        deliveries: as of `Daemon.deliveries`.
    """
    lines: list[str] = []
    given_up: dict[tuple[str, str], list[int]] = {}
    for one in deliveries:
        event = (str(one["function"]), str(one["source"]))
        if one["kind"] == _HANDED_ON and given_up.get(event):
            lines[given_up[event].pop()] = ""
        elif one["kind"] == _GIVEN_UP:
            given_up.setdefault(event, []).append(len(lines))
        if one["kind"] in _LOST:
            lines.append(f"{one['kind']}: {event[0]} from {event[1] or '-'}: {one['message']}")
    return [line for line in lines if line]


def _denial(line: Mapping[str, Any]) -> str:
    """Who, what, and which statement or layer."""
    statements = [
        f"{one['layer']} {one['policy']}, statement {one['statement']}"
        + (f" (`{one['sid']}`)" if one["sid"] else "")
        for one in line.get("statements", ())
    ]
    layers = [f"no {layer} allows it" for layer in line.get("layers", ())]
    return f"{line['message']}; {', '.join(statements or layers)}"
