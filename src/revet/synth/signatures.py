"""Classes of jsii show what they take.

They are made by a metaclass whose `__call__` takes anything, and that is what `inspect.signature`
and `help` show, so that neither an editor nor a user learns what a construct takes.
"""

# ruff: noqa: PLC0415 - importing jsii starts Node

from __future__ import annotations

import inspect

_SHOWN = "__signature__"
"""What `inspect.signature` asks an object for first (source: Python, PEP 362)."""


def install_signatures() -> None:
    """Let `inspect.signature` of a jsii class answer with that of its `__init__`.

    Calling it again does nothing. Imports jsii.
    """
    from jsii._runtime import JSIIMeta

    if not hasattr(JSIIMeta, _SHOWN):
        setattr(JSIIMeta, _SHOWN, property(_signature))


def _signature(made: type) -> inspect.Signature:
    whole = inspect.signature(made.__init__)  # type: ignore[misc]  # of the class
    return whole.replace(parameters=list(whole.parameters.values())[1:])
