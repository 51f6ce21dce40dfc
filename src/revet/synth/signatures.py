"""Classes of jsii show what they take.

They are made by a metaclass whose `__call__` takes anything, and that is what `inspect.signature`
and `help` show, so that neither an editor nor a user learns what a construct takes.
"""

from __future__ import annotations

import inspect


def install_signatures() -> None:
    """Let `inspect.signature` of a jsii class answer with that of its `__init__`.

    Calling it again does nothing. Imports jsii.
    """
    from jsii._runtime import JSIIMeta  # noqa: PLC0415 - only who synthesizes needs it

    if not hasattr(JSIIMeta, "__signature__"):
        JSIIMeta.__signature__ = property(_signature)


def _signature(made: type) -> inspect.Signature:
    whole = inspect.signature(made.__init__)  # type: ignore[misc] - of the class, not of an object
    return whole.replace(parameters=list(whole.parameters.values())[1:])
