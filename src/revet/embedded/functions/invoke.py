"""Invoke functions: what other services of the embedded AWS use.

`invoke` runs a function and waits for its answer; `invoke_later` queues an event. Both may be
called while the state's lock is held: it is let go of while a function runs.
"""

from __future__ import annotations

from collections.abc import Callable

from revet.embedded.functions.definition import Definition, find_function
from revet.embedded.functions.delivery import Delivery
from revet.embedded.functions.engine import Answer, Functions
from revet.embedded.wire_error import NOT_IMPLEMENTED, AwsError

__all__ = [
    "Answer",
    "chain",
    "connect",
    "in_background",
    "invoke",
    "invoke_later",
    "is_running",
    "queue",
    "running",
]

_RUNNING: list[tuple[Functions, Delivery]] = []


def connect(functions: Functions, delivery: Delivery) -> None:
    """Say what runs functions from now on.

    Args:
        functions: of this process's embedded AWS.
        delivery: of events to them.
    """
    _RUNNING[:] = [(functions, delivery)]


def running() -> Functions:
    """What runs functions.

    Raises:
        AwsError: nothing does, in this process.
    """
    if not _RUNNING:
        raise AwsError(NOT_IMPLEMENTED, "this embedded AWS does not run functions")
    return _RUNNING[0][0]


def chain() -> dict[str, int]:
    """How often each function was invoked on the way to the call that is served now."""
    return _RUNNING[0][0].chain() if _RUNNING else {}


def invoke(account: str, region: str, function: str, payload: bytes) -> Answer:
    """Run a function and wait for its answer; whether the caller may is its own business.

    Args:
        account: twelve digits; of the function, unless `function` is an ARN.
        region: of the function.
        function: name or ARN, each with or without a version or alias.
        payload: the event, JSON.

    Raises:
        AwsError: there is no such function, it cannot be run, or it is throttled.
    """
    functions = running()
    with functions.lock:
        definition = find_function(account, region, function)
        before = functions.chain()
    with functions.lock.released():
        return functions.invoke(definition, payload, before)


def invoke_later(account: str, region: str, function: str, payload: bytes, source: str) -> None:
    """Queue an event for a function; nothing that becomes of it reaches the caller.

    Args:
        account: as of `invoke`.
        region: likewise.
        function: likewise.
        payload: the event, JSON.
        source: ARN or name of what the event comes from.

    Raises:
        AwsError: there is no such function.
    """
    functions = running()
    with functions.lock:
        definition = find_function(account, region, function)
    queue(definition, payload, source)


def is_running() -> bool:
    """Whether this process runs functions."""
    return bool(_RUNNING)


def in_background(key: str, run: Callable[[], None]) -> None:
    """Do something as soon as possible, in a thread of its own, after what is done now.

    Args:
        key: of it; of one key nothing is done twice at once.
        run: does it; the state's lock is not held.
    """
    running()
    _RUNNING[0][1].background(key, run)


def queue(definition: Definition, payload: bytes, source: str) -> str:
    """Queue an event for a function that was found.

    Args:
        definition: of the function.
        payload: the event, JSON.
        source: ARN or name of what the event comes from.

    Returns:
        The request id of its invocations.
    """
    running()
    return _RUNNING[0][1].accept(definition, payload, source)
