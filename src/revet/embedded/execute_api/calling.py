"""Calls of functions that API Gateway waits for only so long."""

from __future__ import annotations

import threading

from revet.embedded.function_calls import FunctionCalls
from revet.embedded.functions.invoke import Answer
from revet.embedded.lock import StateLock


class FunctionTimedOutError(Exception):
    """A function did not answer in time; it goes on all the same."""


def call_function(
    lock: StateLock, calls: FunctionCalls, function: str, payload: bytes, seconds: float
) -> Answer:
    """Call a function, and wait for a while.

    Args:
        lock: of the state; let go of meanwhile.
        calls: of functions.
        function: its ARN.
        payload: the event.
        seconds: to wait.

    Raises:
        AwsError: it cannot be called.
        FunctionTimedOutError: it did not answer in time.
    """
    answers: list[Answer] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            answers.append(calls.call(function, payload))
        except Exception as error:  # noqa: BLE001 - raised where it is waited for
            errors.append(error)

    thread = threading.Thread(target=run, name="api call", daemon=True)
    with lock.released():
        thread.start()
        thread.join(seconds)
    if errors:
        raise errors[0]
    if not answers:
        raise FunctionTimedOutError
    return answers[0]
