"""The call that this thread serves: what happens meanwhile happens because of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from revet.embedded.call import Call

_CALL: ContextVar[Call | None] = ContextVar("call", default=None)


@contextmanager
def serving(call: Call) -> Iterator[None]:
    """Say which call is served meanwhile.

    Args:
        call: whose sender is known.
    """
    token = _CALL.set(call)
    try:
        yield
    finally:
        _CALL.reset(token)


def current_call() -> Call | None:
    """The call that is served; none in a thread that serves none."""
    return _CALL.get()
